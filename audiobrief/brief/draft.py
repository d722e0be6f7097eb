"""A programme while sentences come and go until it lasts as long as it shall."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from audiobrief.brief.choice import Choice
from audiobrief.brief.plan import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from audiobrief.brief.choice import Option
    from audiobrief.brief.plan import Telling

_EPSILON_S = 1e-6
#: Nearer than this, a programme is left as it is: rounding and encoding must not break the promise.
_KEPT = TOLERANCE - 0.005
#: What is changed shall come so near: the sound has pauses and music besides.
_AIM = 0.02
#: So many stories that wait are tried where the time is not met without them.
_TRIED = 12


class _Change(NamedTuple):
    """A sentence of a story that may come or go."""

    choice: Choice
    option: Option

    def add(self) -> None:
        self.choice.add(self.choice.group_of(self.option.index), self.option.index)

    def remove(self) -> None:
        self.choice.remove(self.choice.dependents(self.option.index))


@dataclass(slots=True)
class Draft:
    """A programme while it is being fitted."""

    budget_s: float
    overhead_s: float
    #: The keys of all stories, in the order of telling.
    order: tuple[str, ...]
    #: Stories that are not told, in that order.
    waiting: list[Telling]
    #: Stories that are, in that order.
    told: list[tuple[Telling, Choice]] = field(default_factory=list)

    @property
    def missing_s(self) -> float:
        """Seconds up to the time asked for; below 0: there are too many."""
        told_s = sum(t.extra_s + c.seconds for t, c in self.told)
        return self.budget_s - self.overhead_s - told_s

    @property
    def tolerance_s(self) -> float:
        """How far the time may be missed before anything is changed."""
        return _KEPT * self.budget_s

    @property
    def is_met(self) -> bool:
        """The time is kept."""
        return abs(self.missing_s) <= self.tolerance_s

    @property
    def is_whole(self) -> bool:
        """Every story that is told is told to its end."""
        return all(choice.is_whole for _, choice in self.told)

    def tell(self, telling: Telling, kept: Mapping[int, str] | None = None) -> Choice:
        """Tell a story: some sentences, or the first and what it needs."""
        choice = Choice(
            telling.sentences, title=telling.title, language=telling.language, kept=kept
        )
        self.waiting = [t for t in self.waiting if t.key != telling.key]
        self.told.append((telling, choice))
        self.told.sort(key=lambda row: self.order.index(row[0].key))
        return choice

    def untell(self, telling: Telling) -> None:
        """Let a story wait again."""
        self.told = [row for row in self.told if row[0].key != telling.key]
        self.waiting.append(telling)
        self.waiting.sort(key=lambda t: self.order.index(t.key))

    def changes(self, find: Callable[[Choice], Option | None]) -> Iterator[_Change]:
        """Yield what is found in each story that is told."""
        for _, choice in self.told:
            option = find(choice)
            if option is not None:
                yield _Change(choice, option)


def fill_up(draft: Draft) -> None:
    """Add the worthiest sentences of all stories until no more fit into the time."""
    while found := _worthiest(draft, draft.missing_s):
        found.add()


def meet(draft: Draft) -> None:
    """Bring a programme that misses its time as near to it as whole sentences can.

    One that keeps it is left as it is. What was tried in vain is undone.
    """
    while draft.missing_s < -draft.tolerance_s and (_cut(draft) or _drop_last(draft)):
        pass
    if draft.missing_s > draft.tolerance_s:
        fill_up(draft)
    if not draft.is_met and not draft.is_whole:
        _swap(draft)
    for telling in draft.waiting[:_TRIED]:
        if draft.missing_s <= draft.tolerance_s:
            return
        _try(draft, telling)


def _worthiest(draft: Draft, most_s: float, least_s: float = 0.0) -> _Change | None:
    found = draft.changes(lambda choice: choice.best_addition(most_s, least_s))
    return max(found, key=lambda change: change.option.density, default=None)


def _cut(draft: Draft) -> bool:
    """Remove the sentence that is missed least; false: none can go and the time come nearer."""
    over_s, slack_s, aim_s = -draft.missing_s, draft.tolerance_s, _AIM * draft.budget_s
    # One that is enough by itself, else one that is not, else one that is just enough or too much.
    windows = ((over_s + aim_s, over_s - aim_s), (over_s, 0.0), (over_s + slack_s, over_s))
    for most_s, least_s in windows:
        found = draft.changes(lambda c, m=most_s, s=least_s: c.best_removal(m, s))  # type: ignore[misc]
        best = min(found, key=lambda change: change.option.density, default=None)
        if best is not None:
            best.remove()
            return True
    if _swap(draft):
        return True
    options = [_Change(c, o) for _, c in draft.told for o in c.removals()]
    least = min(options, key=lambda change: change.option.seconds, default=None)
    if least is None or least.option.seconds >= 2 * over_s:
        return False
    least.remove()
    return True


def _drop_last(draft: Draft) -> bool:
    """Drop the story that is told last, if that brings the time nearer; never the only one."""
    if len(draft.told) < 2:
        return False
    telling, choice = draft.told[-1]
    over_s = -draft.missing_s
    whole_s = sum(c.seconds_of(c.open) - c.seconds for _, c in draft.told[:-1])
    # What is dropped may be made up for by the others.
    least_s = telling.extra_s + choice.seconds - whole_s
    if least_s >= 2 * over_s:
        return False
    draft.untell(telling)
    return True


def _swap(draft: Draft) -> bool:
    """Change a sentence for another, or add one that is a little too long, so that time is kept."""
    tolerance_s, missing_s = draft.tolerance_s, draft.missing_s
    found = _worthiest(draft, missing_s + tolerance_s, missing_s - tolerance_s)
    if missing_s > 0 and found is not None:
        found.add()
        return True
    for change in [_Change(c, o) for _, c in draft.told for o in c.removals()]:
        choice, before = change.choice, dict(change.choice.reasons)
        change.remove()
        open_s = draft.missing_s
        found = _worthiest(draft, open_s + tolerance_s, max(0.0, open_s - tolerance_s))
        if found is not None:
            found.add()
            return True
        choice.reset(before)
    return False


def _try(draft: Draft, telling: Telling) -> None:
    """Tell one more story if the time is nearer then, others shortened for it."""
    before = [(c, dict(c.reasons)) for _, c in draft.told]
    missing_s = draft.missing_s
    draft.tell(telling)
    while draft.missing_s < -draft.tolerance_s and _cut(draft):
        pass
    fill_up(draft)
    if abs(draft.missing_s) < missing_s:
        return
    draft.untell(telling)
    for choice, told in before:
        choice.reset(told)
