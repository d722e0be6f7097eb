"""Print the table of all figures, and hold them against the committed floors."""

from __future__ import annotations

import sys

from tests.eval.floors import main

sys.exit(main(sys.argv[1:]))
