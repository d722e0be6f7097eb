"""Times, lengths and shares in the words of a report (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.publish.report_view import Share
from audiobrief.text.printable import printable, printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A step stands out if it took this share of the time.
_MOSTLY = 0.5


def in_words(seconds: float) -> str:
    """Return how long something took.

    >>> [in_words(s) for s in (0.0004, 0.26, 12.44, 125.0, 7384.0)]
    ['under 1 ms', '260 ms', '12.4 s', '2 min 5 s', '2 h 3 min']
    """
    if seconds < 0.9995:
        return f"{round(seconds, 3) * 1000:.0f} ms" if seconds >= 0.0005 else "under 1 ms"
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def length(ms: int) -> str:
    """Return a length of sound, rounded down as players do.

    >>> length(247_900), length(3_725_999)
    ('4:07', '1:02:05')
    """
    minutes, seconds = divmod(ms // 1000, 60)
    if minutes < 60:
        return f"{minutes}:{seconds:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def percent(part: float, whole: float) -> str:
    """Return a share in words; a little is never nothing.

    >>> percent(1, 300), percent(0, 5), percent(2, 3), percent(0, 0), percent(299, 300)
    ('under 1 %', '0 %', '67 %', '0 %', '99 %')
    """
    if not part or not whole:
        return "0 %"
    share = 100 * part / whole
    if share < 1:
        return "under 1 %"
    return f"{round(share) if part >= whole else min(99, round(share))} %"


def counted(count: int, one: str, many: str = "") -> str:
    """Return a number of things.

    >>> counted(1, "clip"), counted(1200, "clip"), counted(0, "story", "stories")
    ('1 clip', '1,200 clips', '0 stories')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def shares_of(times: Sequence[tuple[str, float]]) -> tuple[Share, ...]:
    """Return the parts of a time; none if there was none."""
    total = sum(seconds for _, seconds in times)
    if not total:
        return ()
    most = max(seconds for _, seconds in times)
    return tuple(
        Share(
            label,
            in_words(seconds),
            round(100 * seconds / total, 1),
            seconds == most and seconds >= _MOSTLY * total,
        )
        for label, seconds in times
    )


def heading_of(reason: str) -> str:
    """Return a reason as a heading.

    >>> heading_of("page furniture: below the article")
    'Page furniture: below the article'
    """
    reason = printable_line(reason)
    return reason[:1].upper() + reason[1:]


def shortened_text(text: str, letters: int) -> str:
    """Return a text as one line, cut if it is longer than that."""
    text = " ".join(printable(text).split())
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"
