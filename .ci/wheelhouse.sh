#!/usr/bin/env bash
# Fetch what is locked into a folder: from then on pip needs no index, and finds nothing but that.
# Usage: .ci/wheelhouse.sh PYTHON FOLDER BUILD_LOCK LOCK...
#
# The hashes are checked here, once, file by file. They cannot be handed to the installs themselves:
# with one hash in sight pip demands one of everything, and a checkout (`pip install .`,
# `--editable .`) is a folder, which has none. So the installs run with PIP_NO_INDEX and
# PIP_FIND_LINKS=FOLDER, and the README's commands stay as they stand there.
set -euo pipefail
python=$1 folder=$2 build=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work/venv"
pip() { "$work/venv/bin/python" -m pip "$@"; }
# The builders first: what is published as sources is built with them, not with what an index has today.
pip install --quiet --no-deps --only-binary :all: --require-hashes --requirement "$build"
locks=(--requirement "$build")
for lock in "$@"; do
  locks+=(--requirement "$lock")
done
mkdir -p "$folder"
if ! pip download --quiet --no-deps --no-build-isolation --require-hashes --dest "$folder" "${locks[@]}" \
  2>"$work/told"; then
  grep -v '^WARNING' "$work/told" >&2
  echo 'fix: if the lock is out of date, write it again: .ci/lock' >&2
  exit 1
fi
