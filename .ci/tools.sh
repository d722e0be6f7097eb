#!/usr/bin/env bash
# Make the environment of the tools that look at the supply chain and at the recipes.
# Usage: .ci/tools.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
python3 -m venv "$1"
"$1/bin/python" -m pip install --quiet --no-deps --require-hashes --requirement .ci/locked/tools.txt
