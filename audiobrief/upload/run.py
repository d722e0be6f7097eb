"""A plan, carried out: at every moment, the feed that is there names only files that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from audiobrief.errors import OvertakenError, UploadError
from audiobrief.upload.state import (
    STATE_LIMIT_BYTES,
    STATE_NAME,
    Published,
    parse_state,
    render_state,
)
from audiobrief.upload.target import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiobrief.upload.plan import Plan
    from audiobrief.upload.target import Stored, Target

_PRIVATE: Final = "no-store"
_FEED: Final = "feed.xml"


def carry_out(
    plan: Plan, target: Target, *, run: str, progress: Callable[[int, int, str], None]
) -> bool:
    """Send what is new, the feed last; then remove what nobody needs.

    Before anything is changed, the state at the target says what is about to be; so a run that is
    killed leaves nothing that the next one takes for something else. This first step fails where
    another publisher took it since the plan was made, and so does the feed.

    Args:
        plan: Made for this target.
        target: Where to.
        run: Different for every run.
        progress: Called with files done, files in all and a name.

    Returns:
        Whether all is done; ``False``: another publisher is at work, so that what is old stays.

    Raises:
        OvertakenError: Another publisher was faster; the feed that is there is its own.
        UploadError: The place cannot be written; the same run again goes on from there.
    """
    if plan.is_empty:
        return True
    total, finished = len(plan.sent), 0

    def done(name: str) -> None:
        nonlocal finished
        finished += 1
        progress(finished, total, name)

    changing = {upload.name: upload.size_bytes for upload in plan.sent}
    note = _put_state(target, plan.before.before(changing), run, plan.state_before)
    for group in plan.groups:
        if group:
            target.send(group, done)
    if plan.feed is not None:
        target.replace(plan.feed, plan.feed_before)
        done(plan.feed.name)
    try:
        if plan.removed:
            # Whoever has changed the state since may want what is old by ours.
            note = _put_state(target, plan.before.before(changing), f"{run}-feed", note)
            target.delete(plan.removed)
        _put_state(target, plan.after, f"{run}-end", note)
    except OvertakenError:
        return False
    return True


def withdraw(target: Target, show: str, *, dry_run: bool) -> tuple[str, ...]:
    """Remove all that was published of a show, the feed first.

    Args:
        target: Where it may be.
        show: GUID of the show; what is another one's stays.
        dry_run: Only look.

    Returns:
        The names.

    Raises:
        UploadError: Its feed is there, and nothing says which other files are.
    """
    listing = target.listing()
    known = STATE_NAME in listing
    state = parse_state(target.read(STATE_NAME, STATE_LIMIT_BYTES)) if known else Published({})
    if not show or state.show != show:
        _require_none(target, listing, show if not state.show else "")
        return ()
    ours = sorted(name for name in state.files if name in listing)
    feeds = [name for name in ours if name.endswith(".xml")]
    others = [name for name in ours if name not in feeds]
    for names in (feeds, others, [STATE_NAME]):
        if names and not dry_run:
            target.delete(names)
    return (*feeds, *others)


def _require_none(target: Target, listing: Mapping[str, Stored], show: str) -> None:
    """Refuse to say that nothing is there, where the list of what was sent is lost."""
    if show and _FEED in listing and show.encode() in target.read(_FEED, STATE_LIMIT_BYTES):
        raise UploadError(
            f"this show lies here for everybody, and {STATE_NAME} does not say which files are its",
            target.place,
            remedy="remove feed.xml there by hand, and everything else of the show",
        )


def _put_state(target: Target, state: Published, run: str, expected: Stored | None) -> Stored:
    content = render_state(state, run)
    file = Upload(STATE_NAME, "application/json", _PRIVATE, len(content), content)
    return target.replace(file, expected)
