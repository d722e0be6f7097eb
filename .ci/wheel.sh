#!/usr/bin/env bash
# Build the wheel, install it in an environment of its own, and do the main job there, offline.
# Usage: .ci/wheel.sh PYTHON [tests]
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" --version
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip wheel --quiet --no-deps --wheel-dir "$work/dist" .
"$work/venv/bin/python" -m pip install --quiet "$work"/dist/*.whl
if [ "${2:-}" = tests ]; then
  # The tests against the installed wheel, from a folder without the package's source.
  "$work/venv/bin/python" -m pip install --quiet hypothesis pypdf pytest pytest-randomly pytest-xdist trustme
  mkdir "$work/project"
  cp -r pyproject.toml tests README.md "$work/project/"
  if [ -d ../shared ]; then ln -s "$(cd ../shared && pwd)" "$work/shared"; fi
  cd "$work/project"
  # Figures, worst texts, hostile texts by the hundred and cuts in twenty episodes are no matter of
  # the Python: once is enough.
  if ! "$work/venv/bin/python" -m pytest -q -n 0 tests --ignore=tests/eval \
      --ignore=tests/text/test_worst_case.py --ignore=tests/speak/test_torture.py \
      --ignore=tests/end_to_end/test_verify.py --ignore=tests/end_to_end/test_hear.py >"$work/log" 2>&1; then
    tail -n 80 "$work/log"
    exit 1
  fi
  tail -n 1 "$work/log"
else
  "$work/venv/bin/python" .ci/prove_wheel.py "$work"
fi
