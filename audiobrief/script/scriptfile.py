"""The script as a Markdown file that a person reads; pure.

Each segment is one line, ``[role · voice · speaker] text``; each dropped sentence one line,
``- [reason] text``. Text never holds a line break, and the tags no closing bracket, so that the
file can be read back without a guess. The last line seals it.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobrief.model.article import Article
    from audiobrief.model.script import Script, Segment

_SEAL = re.compile(r"<!-- audiobrief: ([0-9a-f]{64}) -->\n?\Z")


def render_script(script: Script, article: Article) -> str:
    """Return the script as Markdown: what is spoken by whom, and what is not, and why.

    Deterministic: the same script gives the same bytes.
    """
    lines = [f"# {_flat(script.title)}", ""]
    about = [
        ("Source", article.locator),
        ("By", article.byline),
        ("Outlet", article.outlet),
        ("Published", article.published.isoformat() if article.published else None),
        ("URL", article.url),
    ]
    lines += [f"- {name}: {_flat(value)}" for name, value in about if value]
    paragraph = -1
    for segment in script.segments:
        if segment.chapter is not None:
            lines += ["", f"## {_flat(segment.chapter)}"]
        if segment.chapter is not None or segment.paragraph != paragraph:
            lines.append("")
        paragraph = segment.paragraph
        lines.append(f"[{_tag(segment)}] {_flat(segment.text)}")
    dropped = [row for row in script.ledger if row.reason is not None]
    if dropped:
        lines += ["", "## Not spoken", ""]
        lines += [f"- [{_safe(row.reason or '')}] {_flat(row.text)}" for row in dropped]
    notes = (*article.notes, *script.notes)
    if notes:
        lines += ["", "## Notes", ""]
        lines += [f"- {_flat(note)}" for note in notes]
    above = "\n".join((*lines, "", ""))
    return f"{above}<!-- audiobrief: {_digest(above)} -->\n"


def is_untouched(text: str) -> bool:
    """Tell whether a script file is as ``render_script`` wrote it.

    Line ends do not count: an editor or a checkout may have changed them.
    """
    text = text.replace("\r\n", "\n")
    match = _SEAL.search(text)
    return match is not None and match[1] == _digest(text[: match.start()])


def _tag(segment: Segment) -> str:
    parts = (segment.role.value, segment.voice, segment.speaker)
    return " \u00b7 ".join(_safe(part) for part in parts if part)


def _safe(text: str) -> str:
    return _flat(text).replace("[", "(").replace("]", ")").replace(" \u00b7 ", " - ")


def _flat(text: str) -> str:
    return " ".join(text.split())


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()
