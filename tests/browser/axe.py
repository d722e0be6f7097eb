"""What axe-core finds on a page; and that it looks for more than colors."""

from functools import cache
from pathlib import Path

import axe_playwright_python

#: All of WCAG 2.2 AA that a program can find, and what axe-core's authors advise.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _script():
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(page):
    """Return what is wrong with a page as it is shown now, one line each."""
    if not page.evaluate("() => !!window.axe"):
        page.evaluate(_script())
    found = page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", TAGS)[
        "violations"
    ]
    return [
        f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:240]}"
        for one in found
        for node in one["nodes"]
    ]
