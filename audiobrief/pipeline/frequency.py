"""How often a show has something new, as apps are told: an RFC 5545 rule, and words (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

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
_ON_DAYS = "FREQ=WEEKLY;BYDAY="
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
    rule = show.update_frequency
    if rule is None:
        return _on_days([_DAYS[day][0] for day in show.days])
    codes = rule.removeprefix(_ON_DAYS).split(",")
    if rule.startswith(_ON_DAYS) and set(codes) <= {code for code, _ in _DAYS.values()}:
        return rule, _on_days(codes)[1]
    return rule, _WORDS.get(rule, "")


def _on_days(codes: Collection[str]) -> tuple[str, str]:
    """Return the rule and the words of days of the week, in whatever order they come."""
    days = [(code, name) for code, name in _DAYS.values() if code in codes]
    if not days:
        return "", ""
    if len(days) == len(_DAYS):
        return _DAILY
    names = [name for _, name in days]
    words = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"{_ON_DAYS}{','.join(code for code, _ in days)}", f"Every {words}"
