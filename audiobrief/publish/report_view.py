"""What the report of a build shows, in words (pure); `report_page` makes a page of it."""

from __future__ import annotations

from typing import NamedTuple


class Total(NamedTuple):
    """A figure of the whole run."""

    name: str
    value: str
    more: str


class Trouble(NamedTuple):
    """What went wrong, and how to mend it."""

    about: str
    problem: str
    #: Empty: what it is about says it.
    subject: str
    remedy: str


class Share(NamedTuple):
    """A part of a time."""

    label: str
    time: str
    percent: float
    #: It stands out.
    is_most: bool


class Counted(NamedTuple):
    """How often something was left out for a reason."""

    reason: str
    sentences: str
    share: str


class Dropped(NamedTuple):
    """What was left out of one article for one reason."""

    reason: str
    #: Its headline, in a programme of several.
    article: str
    texts: tuple[str, ...]


class Voice(NamedTuple):
    """How loud a voice gave its clips."""

    name: str
    clips: str
    mean: str
    softest: str
    loudest: str


class Details(NamedTuple):
    """All that is told of an episode that was made."""

    shares: tuple[Share, ...]
    #: SVG.
    wave: str
    #: The same.
    levels: str
    voices: tuple[Voice, ...]
    after: str
    target: str
    peak: str
    ceiling: str
    #: Empty: not measured.
    range: str
    source: str
    dropped: tuple[Dropped, ...]
    not_shown: int
    #: Text and reason.
    added: tuple[tuple[str, str], ...]
    encoded: str
    #: One of many: sentences instead of tables.
    is_short: bool


class Line(NamedTuple):
    """What is told of every article."""

    title: str
    #: Empty where the title says it.
    locator: str
    length: str
    #: Relative addresses; empty: there is none.
    page: str
    script: str


class Row(NamedTuple):
    """An article with which something was done."""

    number: int
    line: Line
    outcome: str
    is_failed: bool
    #: RFC 5646; empty: not known.
    language: str
    words: str
    left_out: str
    clips: str
    took: str
    seconds: float
    #: The step that took most of it; empty: none did.
    mostly: str
    is_slow: bool
    before: str
    after: str
    notes: tuple[str, ...]
    doubtful: tuple[str, ...]
    details: Details | None


class Story(NamedTuple):
    """A story of a programme."""

    headline: str
    locator: str
    length: str
    told: str
    reasons: str
    others: str


class View(NamedTuple):
    """The whole report."""

    heading: str
    shows: str
    #: For people, and for machines.
    when: str
    moment: str
    took: str
    totals: tuple[Total, ...]
    troubles: tuple[Trouble, ...]
    warnings: tuple[str, ...]
    stories: tuple[Story, ...]
    rows: tuple[Row, ...]
    steps: tuple[Share, ...]
    slowest: tuple[Row, ...]
    reasons: tuple[Counted, ...]
    unchanged: tuple[Line, ...]
    unchanged_count: int
    #: Details stand open.
    is_open: bool
