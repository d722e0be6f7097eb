"""A document's properties, believed as far as its text says the same: templates fill them, too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.ingest.author import printed_as_author
from audiobrief.ingest.stated import Stated
from audiobrief.text.page.byline import is_person, join_names, split_names
from audiobrief.text.page.headline import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A title stands among the first lines.
_TITLE_LINES = 15
_SIGNED_CHARACTERS = 120
#: Titles that programs give: the file's name, or that of the program.
_NO_TITLE = re.compile(
    r"\A(?:(?:microsoft (?:word|powerpoint)|untitled|document ?\d*|dokument ?\d*|slide 1|print\b)"
    r"|.*\.(?:docx?|rtf|odt|indd|qxd|pdf|tex|dvi|pptx?|pages|txt|html?)$|\S*[/\\_]\S*$)",
    re.IGNORECASE,
)


def confirm(declared: Stated, lines: Sequence[str], *, title: str | None = None) -> Stated:
    """Return what of a document's properties is certain.

    Args:
        declared: The properties.
        lines: The text, in order.
        title: What the document's form shows to be its title; it counts more.
    """
    first = lines[:_TITLE_LINES]
    own = declared.title if declared.title and not _NO_TITLE.match(declared.title) else None
    if title is None and own and words_of(own) in {words_of(line) for line in first}:
        title = own
    names = [name for name in split_names(declared.byline or "") if name]
    byline = join_names(names) if names and all(map(is_person, names)) else None
    short = [line for line in lines if len(line) <= _SIGNED_CHARACTERS]
    if byline and not printed_as_author(byline, short):
        byline = None
    return Stated(title=title, byline=byline)
