"""A programme that lasts as long as was asked for: before synthesis by estimates, then by clips."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobrief.brief.draft import Draft, fill_up, meet
from audiobrief.brief.plan import Part, Plan
from audiobrief.brief.shorten import fill, kept_of
from audiobrief.model.article import BlockKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiobrief.brief.choice import Choice
    from audiobrief.brief.plan import Telling

#: A story is told in so much time at least, if it has that much to say: no list of headlines.
LEAST_S = 20.0
#: The second sentence of a story may bring so much along.
_ONE_MORE_S = 15.0
_EPSILON_S = 1e-6


def fit(
    tellings: Sequence[Telling],
    budget_s: float,
    *,
    overhead_s: float = 0.0,
    least_s: float = LEAST_S,
) -> Plan:
    """Choose stories and sentences for a time.

    Stories are taken in their order as long as a least of each fits: its first sentence and one
    more, or ``least_s``. The rest of the time is shared out so that the longest are shortened
    first; what is left over goes to whole sentences wherever they fit best.

    Args:
        tellings: Ranked stories, the first is told first.
        budget_s: How long the programme shall be; above 0.
        overhead_s: What is heard besides the stories.
        least_s: Seconds that a story gets at least, where it has as much to say. If not one story
            fits so, the first is told in less.

    Returns:
        A plan within 5 % of the time whenever the sentences allow it, and a note where not.

    Raises:
        ValueError: The time is not above 0, or two stories have one key.
    """
    if not budget_s > 0.0:
        message = f"a programme lasts more than 0 seconds: {budget_s}"
        raise ValueError(message)
    if len({t.key for t in tellings}) != len(tellings):
        message = "every story has a key of its own"
        raise ValueError(message)
    order = tuple(t.key for t in tellings)
    draft = Draft(budget_s, overhead_s, order, [t for t in tellings if _has_text(t)])
    _take_leasts(draft, least_s)
    _share_out(draft)
    fill_up(draft)
    meet(draft)
    silent = [t for t in tellings if not _has_text(t)]
    dropped = sorted([*draft.waiting, *silent], key=lambda t: order.index(t.key))
    return _plan_of(draft, dropped, {})


def adjust(
    plan: Plan,
    real_s: Mapping[tuple[str, int], float],
    *,
    overhead_s: float | None = None,
    extra_s: Mapping[str, float] | None = None,
) -> Plan:
    """Add or remove whole sentences so that a programme keeps its time with real clips.

    Sentences that nobody has spoken yet are guessed by how far those that were spoken are off.
    Have the new ones spoken and adjust again until nothing changes: twice is mostly enough.

    Args:
        plan: What was planned; it may have been adjusted before, what is known is kept.
        real_s: Lengths of sentences as spoken, the pause after each included, by the story's key
            and the sentence's index.
        overhead_s: The real length of what is heard besides the stories, where known.
        extra_s: The real length of what is said around a story, by its key.

    Returns:
        The same plan with real lengths, if it keeps its time; else one with other sentences.
    """
    draft, known = _as_spoken(plan, real_s, overhead_s, extra_s)
    meet(draft)
    return _plan_of(draft, [*draft.waiting, *_silent(plan)], known)


def as_spoken(
    plan: Plan,
    real_s: Mapping[tuple[str, int], float],
    *,
    overhead_s: float | None = None,
    extra_s: Mapping[str, float] | None = None,
) -> Plan:
    """Return a plan with the same sentences and their real lengths; arguments as of `adjust`."""
    draft, known = _as_spoken(plan, real_s, overhead_s, extra_s)
    return _plan_of(draft, [*draft.waiting, *_silent(plan)], known)


def _as_spoken(
    plan: Plan,
    real_s: Mapping[tuple[str, int], float],
    overhead_s: float | None,
    extra_s: Mapping[str, float] | None,
) -> tuple[Draft, dict[tuple[str, int], float]]:
    """Return what is told, and all lengths that are known, as far as they are."""
    known = {**plan.real_s, **real_s}
    factor = _factor(plan, known)
    extras = extra_s or {}

    def measured(telling: Telling) -> Telling:
        sentences = tuple(
            replace(s, seconds=known.get((telling.key, i), s.seconds * factor))
            for i, s in enumerate(telling.sentences)
        )
        extra = extras.get(telling.key, telling.extra_s)
        return replace(telling, sentences=sentences, extra_s=extra)

    draft = Draft(
        plan.budget_s,
        plan.overhead_s if overhead_s is None else overhead_s,
        tuple(t.key for t in (*(p.telling for p in plan.parts), *plan.dropped)),
        [measured(t) for t in plan.dropped if _has_text(t)],
    )
    for part in plan.parts:
        reasons = dict(zip(part.kept.indices, part.kept.reasons, strict=True))
        draft.tell(measured(part.telling), reasons)
    return draft, known


def _silent(plan: Plan) -> list[Telling]:
    """Return what was dropped since it has no text."""
    return [t for t in plan.dropped if not _has_text(t)]


def _take_leasts(draft: Draft, least_s: float) -> None:
    """Take stories in their order until the least of one does not fit."""
    for telling in list(draft.waiting):
        choice = draft.tell(telling)
        _take_least(choice, least_s)
        if draft.missing_s < -_EPSILON_S:
            draft.untell(telling)
            if draft.told:
                return
    for fewest_s in (0.0, -1.0):
        for telling in list(draft.waiting):
            _take_least(draft.tell(telling), fewest_s)
            if draft.missing_s >= -draft.tolerance_s:
                return
            draft.untell(telling)
    if draft.waiting:
        draft.tell(draft.waiting[0])


def _take_least(choice: Choice, least_s: float) -> None:
    """Add to the first sentence one more and up to so much time; below 0: nothing."""
    while (choice.seconds < least_s or len(choice.reasons) < 2) and least_s >= 0.0:
        found = choice.best_addition(max(_ONE_MORE_S, 2 * least_s - choice.seconds))
        if found is None:
            return
        choice.add(choice.group_of(found.index), found.index)


def _share_out(draft: Draft) -> None:
    """Give every story the same time, or all it has to say: so the longest are shortened first."""
    whole = [choice.seconds_of(choice.open) for _, choice in draft.told]
    free_s = draft.budget_s - draft.overhead_s - sum(t.extra_s for t, _ in draft.told)
    for count, seconds in zip(range(len(whole), 0, -1), sorted(whole), strict=True):
        level_s = free_s / count
        if seconds > level_s:
            break
        free_s -= seconds
    else:
        level_s = max(whole, default=0.0)
    for _, choice in draft.told:
        fill(choice, level_s)


def _plan_of(
    draft: Draft, dropped: Sequence[Telling], known: Mapping[tuple[str, int], float]
) -> Plan:
    parts = tuple(Part(telling, kept_of(choice)) for telling, choice in draft.told)
    plan = Plan(draft.budget_s, draft.overhead_s, parts, tuple(dropped), (), known)
    if plan.is_met:
        return plan
    total, asked = f"{plan.total_s:.0f} s", f"{plan.budget_s:.0f} s were asked for"
    if plan.total_s > plan.budget_s and len(parts) < 2:
        note = f"the least that can be told lasts {total}, {asked}"
    elif not dropped and draft.is_whole:
        note = f"all there is to tell lasts {total}, {asked}"
    else:
        note = f"no choice of whole sentences comes nearer than {total}, {asked}"
    return replace(plan, notes=(note,))


def _factor(plan: Plan, known: Mapping[tuple[str, int], float]) -> float:
    """Return how much longer than guessed sentences are that were spoken since."""
    guessed = real = 0.0
    for telling in (*(p.telling for p in plan.parts), *plan.dropped):
        for i, sentence in enumerate(telling.sentences):
            key = (telling.key, i)
            if key in known and key not in plan.real_s:
                guessed += sentence.seconds
                real += known[key]
    return real / guessed if guessed > 0.0 else 1.0


def _has_text(telling: Telling) -> bool:
    return any(s.kind is not BlockKind.HEADING for s in telling.sentences)
