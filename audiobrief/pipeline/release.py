"""Episodes to feed: identity, cover, pages, feed; then, and only then, what nothing names goes."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from audiobrief.errors import WorkspaceError
from audiobrief.model.episode import State
from audiobrief.model.show import Show
from audiobrief.pipeline.companions import (
    COMPANIONS,
    SCRIPT_NAME,
    render_companions,
    render_page,
)
from audiobrief.pipeline.covers import (
    Cover,
    choose_cover,
    collect_old_covers,
    draw,
    with_covers,
)
from audiobrief.pipeline.cut_off import begin_release, end_release
from audiobrief.pipeline.feeds import feed_digest, numbered, withdraw, write_feed
from audiobrief.pipeline.frequency import frequency_of
from audiobrief.pipeline.listener_folders import refresh_listeners
from audiobrief.pipeline.looks import look_of
from audiobrief.pipeline.retention import retained
from audiobrief.pipeline.superseded import has_superseded, remove_superseded, sounds_on
from audiobrief.publish.cover_name import plain_name
from audiobrief.publish.cover_seal import is_intact
from audiobrief.publish.paging import newest_first
from audiobrief.store.files import (
    atomic_write,
    make_lasting_folder,
    write_if_changed,
)
from audiobrief.store.library import (
    Identity,
    feed_guid,
    has_sound,
    read_identity,
    render_identity,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from audiobrief.model.card import Card
    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.register import Register
    from audiobrief.pipeline.workshop import Workshop
    from audiobrief.store.index import Filed
    from audiobrief.workspace.load import Workspace

__all__ = [
    "FEED_NAME",
    "INDEX_NAME",
    "Cover",
    "choose_cover",
    "describe_show",
    "identify",
    "release",
    "settle",
]

IDENTITY_NAME = "show.json"
#: Episodes that are kept whole while pages are rendered, of 50 kB each.
_MOST_WHOLE = 250
FEED_NAME = "feed.xml"
INDEX_NAME = "index.html"


def identify(workspace: Workspace) -> Identity:
    """Return the show's identity; a new show gets one made of its feed URL (feed rule F10)."""
    identity = read_identity(workspace.episodes / IDENTITY_NAME)
    return identity or Identity(feed_guid(workspace.settings.show.base_url + FEED_NAME))


def describe_show(workspace: Workspace, identity: Identity, cover: Cover) -> Show:
    """Return the show as the settings and its identity say.

    Raises:
        WorkspaceError: The category is none of Apple's, or the base URL no address.
    """
    from audiobrief.publish.address import web_address  # noqa: PLC0415 - only for builds
    from audiobrief.publish.categories import parse_category  # noqa: PLC0415

    settings = workspace.settings.show
    title = workspace.show_title
    try:
        parse_category(settings.category)
    except WorkspaceError as error:
        place = workspace.place_of("show.category")
        problem = f'{error.problem}: "{settings.category}"'
        raise WorkspaceError(problem, place, remedy=error.remedy) from error
    if web_address(settings.base_url) is None:
        raise WorkspaceError(
            f'no feed can be served from "{settings.base_url}"',
            workspace.place_of("show.base_url"),
            remedy='write an address such as "https://example.org/show/"',
        )
    rule, words = frequency_of(settings)
    return Show(
        title=title,
        description=settings.description or f"{title}: articles, read aloud.",
        author=settings.author or title,
        email=settings.email,
        base_url=settings.base_url,
        guid=identity.guid,
        language=settings.language,
        category=settings.category,
        explicit=settings.explicit,
        ai_disclosure=settings.ai_disclosure,
        cover_file=cover.file,
        is_cover_drawn=cover.content is None,
        is_serial=settings.type == "serial",
        update_rule=rule,
        update_words=words,
        funding_url=settings.funding or "",
        funding_words=settings.funding_text if settings.funding else "",
        new_feed_url=settings.new_feed_url or "",
        # A hub would tell everybody.
        hub_url="" if workspace.settings.publish.private else workspace.settings.publish.hub or "",
        is_private=workspace.settings.publish.private,
    )


def settle(
    workspace: Workspace, show: Show, identity: Identity, cover: Cover
) -> tuple[Identity, bytes, tuple[str, ...]]:
    """Write identity and cover where they are missing or old.

    Returns:
        The identity and the cover's content as they are now, and warnings.
    """
    make_lasting_folder(workspace.episodes)
    path = workspace.episodes / cover.file
    content, warnings = cover_content(workspace, show, identity, cover)
    write_if_changed(path, content)
    # Under the name that people and other programs expect; the feed names the one with the digest.
    write_if_changed(path.with_name(plain_name(cover.file)), content)
    identity = replace(identity, cover=cover.digest)
    write_if_changed(workspace.episodes / IDENTITY_NAME, render_identity(identity))
    return identity, content, warnings


def cover_content(
    workspace: Workspace, show: Show, identity: Identity, cover: Cover
) -> tuple[bytes, tuple[str, ...]]:
    """Return the cover as JPEG or PNG, and warnings; nothing is written."""
    if cover.content is not None:
        return cover.content, ()
    path = workspace.episodes / cover.file
    again: tuple[str, ...] = ()
    if identity.cover == cover.digest and path.is_file():
        content = path.read_bytes()
        if is_intact(content):
            return content, ()
        where = f"{workspace.episodes_name}/{cover.file}"
        again = (f"{where} was not what was made, and is drawn again",)
    content, warnings = draw(show, workspace.settings.show.author or "")
    return content, (*again, *warnings)


def release(
    shop: Workshop, identity: Identity, register: Register, now: datetime
) -> tuple[str | None, tuple[str, ...]]:
    """Write everything that is about more than one episode, the feed last.

    Args:
        shop: What the run shares.
        identity: Of the show.
        register: Knows all episodes.
        now: Aware: how old an episode is.

    Returns:
        The feed's path relative to the workspace (``None``: nothing is published), and warnings.
    """
    workspace, show = shop.workspace, shop.show
    # In the order of directories, not of making: the digest of the same feed is the same.
    whole, warnings = _only_whole(shop, register)
    files = {filed.card.guid: filed for filed in whole}
    cards = tuple(filed.card for filed in whole)
    public = tuple(_publish(register, card) for card in cards if _may_publish(workspace, card))
    if not public:
        gone = withdraw(workspace.episodes)
        return None, (*warnings, *gone, *refresh_listeners(workspace, ()))
    if show.is_serial:
        count = _counting(workspace, show, register)
        public = numbered(public, workspace.settings.show.season, count)
    public = retained(public, workspace.settings.publish, now)
    public = with_covers(shop, newest_first(public), files)
    if identity.feed != feed_digest(workspace, show, public):
        begin_release(workspace)
        identity = _refresh_pages(workspace, show, identity, cards, register)
        # Feed and list have the same episodes on their first pages.
        whole_of = lru_cache(_MOST_WHOLE)(partial(_as_published, register))
        write_feed(workspace, show, public, whole_of)
        for card in cards:
            # No feed names earlier states of it any more.
            if has_superseded(files[card.guid].names, card):
                remove_superseded(workspace.episodes / card.directory, sounds_on(card))
        collect_old_covers(workspace, show, public, files)
        identity = replace(identity, feed=feed_digest(workspace, show, public))
        write_if_changed(workspace.episodes / IDENTITY_NAME, render_identity(identity))
    warnings = (*warnings, *refresh_listeners(workspace, public))
    end_release(workspace)
    return f"{workspace.episodes_name}/{FEED_NAME}", warnings


def _only_whole(shop: Workshop, register: Register) -> tuple[tuple[Filed, ...], tuple[str, ...]]:
    """Keep from the feed whatever lacks its sound, and say so."""
    workspace, episodes = shop.workspace, shop.workspace.episodes
    whole: list[Filed] = []
    warnings: list[str] = []
    for filed in register.filed():
        if has_sound(episodes, filed.card):
            whole.append(filed)
            if not all(map(filed.names.__contains__, _BETWEEN_SLASHES)):
                _mend(shop, filed, register)
        else:
            warnings.append(
                f"{workspace.directory_of(filed.card)} lacks its sound and is left out of the "
                "feed; build its article again to mend it"
            )
    return tuple(whole), tuple(warnings)


_RENDERED = tuple(name for name in COMPANIONS if name != SCRIPT_NAME)
#: As `Filed.has` looks for them, of ten thousand episodes.
_BETWEEN_SLASHES = tuple(f"/{name}/" for name in _RENDERED)


def _mend(shop: Workshop, filed: Filed, register: Register) -> None:
    """Render what the feed will name beside the sound, where it is missing."""
    folder = shop.workspace.episodes / filed.card.directory
    texts = render_companions(shop.show, register.whole(filed.card))
    for name in _RENDERED:
        if not filed.has(name):
            atomic_write(folder / name, texts[name].encode())


def _may_publish(workspace: Workspace, card: Card) -> bool:
    return not workspace.settings.publish.require_approval or card.state is State.PUBLISHED


def _publish(register: Register, card: Card) -> Card:
    if card.state is State.PUBLISHED:
        return card
    register.rewrite(replace(register.whole(card), state=State.PUBLISHED))
    return card._replace(state=State.PUBLISHED)


def _as_published(register: Register, card: Card) -> Episode:
    """Return an episode as feed and list tell of it."""
    return replace(register.whole(card), cover_file=card.cover_file)


def _counting(workspace: Workspace, show: Show, register: Register) -> Callable[[Card], None]:
    """Return what keeps an episode that was given its number: in its page, then in its manifest."""

    def count(card: Card) -> None:
        episode = replace(register.whole(card), number=card.number, season=card.season)
        page = workspace.episodes / episode.directory / INDEX_NAME
        write_if_changed(page, render_page(show, episode).encode())
        register.rewrite(episode)

    return count


def _refresh_pages(
    workspace: Workspace,
    show: Show,
    identity: Identity,
    cards: Iterable[Card],
    register: Register,
) -> Identity:
    """Render all pages again when the show or the look has changed, and only then.

    Those that this run has rendered look so already.
    """
    digest = look_of(show)
    if identity.pages == digest:
        return identity
    for card in cards:
        if register.is_rendered(card):
            continue
        page = workspace.episodes / card.directory / INDEX_NAME
        write_if_changed(page, render_page(show, register.whole(card)).encode())
    return replace(identity, pages=digest)
