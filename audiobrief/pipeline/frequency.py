"""How often a show has something new, as apps are told: an RFC 5545 rule, and words (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobrief.workspace.settings import ShowSettings

_DAYS = {
    "mon": ("MO", "Monday"),
    "tue": ("TU", "Tuesday"),
    "wed": ("WE", "Wednesday"),
    "thu": ("TH", "Thursday"),
    "fri": ("FR", "Friday"),
    "sat": ("SA", "Saturday"),
    "sun": ("SU", "Sunday"),
}
_DAILY = ("FREQ=DAILY", "Every day")
#: What a rule says that has words of its own; of others apps read the rule alone.
_WORDS = {
    "FREQ=DAILY": "Every day",
    "FREQ=WEEKLY": "Every week",
    "FREQ=WEEKLY;INTERVAL=2": "Every two weeks",
    "FREQ=MONTHLY": "Every month",
    "FREQ=YEARLY": "Every year",
}


def frequency_of(show: ShowSettings) -> tuple[str, str]:
    """Return the rule and the words; both empty: nothing is promised.

    >>> from audiobrief.workspace.settings import ShowSettings
    >>> frequency_of(ShowSettings(days=["fri", "mon"]))
    ('FREQ=WEEKLY;BYDAY=MO,FR', 'Every Monday and Friday')
    """
    if show.update_frequency is not None:
        return show.update_frequency, _WORDS.get(show.update_frequency, "")
    days = [day for day in _DAYS if day in show.days]
    if not days:
        return "", ""
    if len(days) == len(_DAYS):
        return _DAILY
    names = [_DAYS[day][1] for day in days]
    words = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"FREQ=WEEKLY;BYDAY={','.join(_DAYS[day][0] for day in days)}", f"Every {words}"
