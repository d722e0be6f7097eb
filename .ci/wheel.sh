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
  "$work/venv/bin/python" -m pip install --quiet --requirement .ci/locked/wheel.in
  mkdir "$work/project"
  cp -r pyproject.toml tests README.md "$work/project/"
  if [ -d ../shared ]; then ln -s "$(cd ../shared && pwd)" "$work/shared"; fi
  cd "$work/project"
  # What a Python can break runs on each: syntax, imports and types, text and its patterns, files,
  # locks and processes, threads, zip, XML, sockets and TLS, and the command from end to end. Left
  # out is what takes long and measures something else: how voices and sounds are, by thousands of
  # clips; how good texts are, by hundreds of pages; what apps and browsers of others do; what a programme says;
  # each setting and each moment of a kill by whole builds; faults and bad inputs from outside; what waits
  # for something to happen. Those come from C libraries, tables and clocks. And what the checkout alone has: locks, recipes.
  measured=(
    eval bench browser clients supply recipes torture bad_inputs fuzz scale sound
    brief/test_real_articles.py text/test_worst_case.py
    pool/test_dask.py pool/test_dask_tls.py pool/test_shards.py
    end_to_end/test_pool_build.py end_to_end/test_shared_store.py
    assemble/test_delivery.py assemble/test_music.py assemble/test_passage.py
    assemble/test_parts.py publish/test_picture.py
    speak/test_torture.py speak/test_random_kills.py speak/test_openai_under_load.py
    speak/test_lengths.py speak/test_doubt.py
    pipeline/test_brief.py pipeline/test_wording.py pipeline/test_thirty_articles.py
    pipeline/test_whole_press.py
    end_to_end/test_fetch_crash.py end_to_end/test_verify.py end_to_end/test_hear.py
    end_to_end/test_finished_sound.py end_to_end/test_changes_around.py
    end_to_end/test_sound_settings.py end_to_end/test_edited_script.py end_to_end/test_watch.py
    end_to_end/test_crash.py pipeline/test_watch.py pipeline/test_watch_shows.py
    pipeline/test_watch_sources.py pipeline/test_publish.py pipeline/test_standing.py
    pipeline/test_release.py publish/test_cover.py speak/test_clip_check.py speak/test_openai.py
    text/test_spoken.py brief/test_copies.py brief/test_grounded.py
  )
  for path in "${measured[@]}"; do
    # A name that is gone would leave out nothing, and say so to nobody.
    [ -e "tests/$path" ] || { echo "tests/$path is not there" >&2; exit 1; }
  done
  if ! "$work/venv/bin/python" -m pytest -q -n 0 tests "${measured[@]/#/--ignore=tests/}" \
      >"$work/log" 2>&1; then
    tail -n 80 "$work/log"
    exit 1
  fi
  tail -n 1 "$work/log"
else
  "$work/venv/bin/python" .ci/prove_wheel.py "$work"
fi
