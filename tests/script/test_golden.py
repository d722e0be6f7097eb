"""Whole articles beside the scripts that they must give.

After a change that is meant: ``UPDATE_GOLDEN=1 pytest tests/script``; read the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audiobrief.ingest import extract, gather, read
from audiobrief.script import Casting, Frame, plan, render_script

CASES = sorted((Path(__file__).parents[1] / "golden").glob("*/input.*"))
CASTING = Casting("anchor", ("guest-1", "guest-2"))


@pytest.mark.parametrize("source", CASES, ids=lambda path: path.parent.name)
def test_articles_give_their_scripts(source: Path) -> None:
    """Who says what, what is dropped and why: word for word."""
    (candidate,) = gather([source], root=source.parent)
    article = extract(read(candidate))
    script = plan(article, CASTING, frame=Frame(ai_disclosure=True))
    spoken = "".join(f"    {s.pause_after_ms:4} ms  {s.spoken}\n" for s in script.segments)
    actual = f"{render_script(script, article)}\nAs sent to the engine:\n\n{spoken}"
    golden = source.with_name("script.md")
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(actual, encoding="utf-8", newline="\n")
    assert actual == golden.read_text(encoding="utf-8")


def test_there_are_cases() -> None:
    """A glob that finds nothing would prove nothing."""
    assert len(CASES) >= 5
