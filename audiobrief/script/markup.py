"""Markdown that a person has typed into a script file: taken off, or refused; pure."""

from __future__ import annotations

import re

from audiobrief.errors import SourceError

#: Stars and underlines around words; a star between blanks is a sign of its own. The bounds keep
#: a long line without a partner cheap.
_EMPHASIS = (
    re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*]{1,400})(?<=[^\s*])\1(?![\w*])"),
    re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])([^_]{1,400})(?<=[^\s_])\1(?!\w)"),
    re.compile(r"(?<!`)(`)([^`]{1,400})`(?!`)"),
)
_TAG_INSIDE = re.compile(r"\[ {0,3}(?:host|narrator|quote) {0,3}(?:[\]\u00b7|]|- )", re.IGNORECASE)
_ONLY_WORDS = "write only the words that are to be heard"
#: What nobody can read aloud, with what it is and how to mend it; the first that fits counts.
_REFUSED_INSIDE = (
    (_TAG_INSIDE, "a tag stands inside the line", "let every tag begin a line of its own"),
    (re.compile(r"\]\(|\]\["), "a link", _ONLY_WORDS),
    (re.compile(r"\[\^"), "a footnote", _ONLY_WORDS),
    (re.compile(r"</?(?:https?:|[a-z])[^<>]{0,300}>", re.IGNORECASE), "HTML", _ONLY_WORDS),
    (re.compile(r"<!--|-->"), "a comment inside the line", "give it a line of its own"),
    (re.compile(r"~~"), "struck-out words", "remove them, with the marks"),
)
_AS_LINES = "write plain sentences, or begin the line with [narrator]"
_REFUSED_AT_THE_START = (
    (re.compile(r"#{2}[^#\s]|#{1,6}$"), "a heading", 'write a chapter as "## " and its title'),
    (re.compile(r"#{1,6} "), "a heading", 'write a chapter as "## " and its title, or plain words'),
    (re.compile(r"[-*+\u2022] \["), "a line from below the rule", "write [narrator] and its words"),
    (re.compile(r"[-*+\u2022](?: |$)"), "a list", _AS_LINES),
    (re.compile(r">"), "a quotation mark of Markdown", "write [quote \u00b7 VOICE \u00b7 SPEAKER]"),
    (re.compile(r"\|"), "a table", _AS_LINES),
    (re.compile(r"```|~~~"), "a block of code", _AS_LINES),
)
_MERGE = re.compile(r"(?:<{7}|>{7}|\|{7})(?: |$)|={7}$")


def refuse_merge_marks(row: str, place: str) -> None:
    """Refuse what a version control system leaves where two versions meet.

    Raises:
        SourceError: The row is such a mark.
    """
    if _MERGE.match(row):
        raise SourceError(
            f'a merge has left its marks: "{row[:20]}"',
            place,
            remedy="keep one of the two versions, and remove the marks",
        )


def refuse_structure(row: str, place: str) -> None:
    """Refuse Markdown that makes a row something else than a sentence.

    Raises:
        SourceError: It is a heading, a list, a table and the like.
    """
    for pattern, what, remedy in _REFUSED_AT_THE_START:
        if pattern.match(row):
            raise SourceError(f'{what} cannot be spoken: "{row[:40]}"', place, remedy=remedy)


def plain_words(text: str, place: str) -> str:
    """Return a person's words without emphasis.

    Args:
        text: One line, without its tag.
        place: Where it stands, for errors.

    Raises:
        SourceError: There is Markdown in it that has no spoken form.

    >>> plain_words("The **old** pier is 2 * 3 m, _they_ said.", "script.md:9")
    'The old pier is 2 * 3 m, they said.'
    """
    for pattern, what, remedy in _REFUSED_INSIDE:
        if pattern.search(text):
            raise SourceError(f'{what} cannot be spoken: "{text[:60]}"', place, remedy=remedy)
    for pattern in _EMPHASIS:
        text = pattern.sub(r"\2", text)
    return text
