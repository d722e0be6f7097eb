"""Episodes to feed: identity, cover, pages, feed; then, and only then, what nothing names goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.errors import WorkspaceError
from audiobrief.model.episode import State
from audiobrief.model.show import Show
from audiobrief.pipeline.produce import directory_of, render_companions
from audiobrief.store.files import atomic_write, make_folder, remove_if_there, write_if_changed
from audiobrief.store.library import Identity, feed_guid, read_identity, render_identity
from audiobrief.store.manifest import MANIFEST_NAME, render_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.produce import Workshop
    from audiobrief.workspace.load import Workspace

IDENTITY_NAME = "show.json"
FEED_NAME = "feed.xml"
#: Raised by one whenever drawn covers or rendered pages change.
LOOK_VERSION = 1


@dataclass(frozen=True, slots=True)
class Cover:
    """The show's picture, decided but not yet drawn."""

    #: Name below ``episodes/``.
    file: str
    #: Of what it is drawn from, or of the user's file.
    digest: str
    #: The user's picture; ``None``: it is drawn.
    content: bytes | None


def identify(workspace: Workspace) -> Identity:
    """Return the show's identity; a new show gets one made of its feed URL (feed rule F10)."""
    identity = read_identity(workspace.episodes / IDENTITY_NAME)
    return identity or Identity(feed_guid(workspace.settings.show.base_url + FEED_NAME))


def choose_cover(workspace: Workspace) -> Cover:
    """Decide on the cover: the user's file, or one drawn from title and author."""
    settings = workspace.settings.show
    if settings.cover is not None:
        from audiobrief.publish.cover import load_cover  # noqa: PLC0415 - Pillow

        path = workspace.root / settings.cover
        if not path.is_file():
            raise WorkspaceError(
                f'there is no cover "{settings.cover}"',
                "audiobrief.toml  show.cover",
                remedy="put the picture there, or remove the line to have a cover drawn",
            )
        loaded = load_cover(path)
        name = f"cover{loaded.suffix}"
        return Cover(name, sha256(loaded.content).hexdigest(), loaded.content)
    drawn = (LOOK_VERSION, workspace.show_title, settings.author)
    return Cover("cover.jpg", sha256(repr(drawn).encode()).hexdigest(), None)


def describe_show(workspace: Workspace, identity: Identity, cover: Cover) -> Show:
    """Return the show as the settings and its identity say.

    Raises:
        WorkspaceError: The category is none of Apple's, or the base URL no address.
    """
    from audiobrief.publish.address import web_address  # noqa: PLC0415 - only for builds
    from audiobrief.publish.categories import parse_category  # noqa: PLC0415

    settings = workspace.settings.show
    title = workspace.show_title
    parse_category(settings.category)
    if web_address(settings.base_url) is None:
        raise WorkspaceError(
            f'no feed can be served from "{settings.base_url}"',
            "audiobrief.toml  show.base_url",
            remedy='write an address such as "https://example.org/show/"',
        )
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
    )


def settle(
    workspace: Workspace, show: Show, identity: Identity, cover: Cover
) -> tuple[Identity, bytes]:
    """Write identity and cover where they are missing or old; return both as they are now."""
    make_folder(workspace.episodes)
    path = workspace.episodes / cover.file
    content = cover.content
    if content is None and identity.cover == cover.digest and path.is_file():
        content = path.read_bytes()
    if content is None:
        from audiobrief.publish.cover import draw_cover  # noqa: PLC0415 - Pillow

        author = workspace.settings.show.author
        content = draw_cover(show.title, author or "")
    write_if_changed(path, content)
    identity = replace(identity, cover=cover.digest)
    write_if_changed(workspace.episodes / IDENTITY_NAME, render_identity(identity))
    return identity, content


def release(
    shop: Workshop, identity: Identity, episodes: Iterable[Episode]
) -> tuple[str | None, tuple[str, ...]]:
    """Write everything that is about more than one episode, the feed last.

    Returns:
        The feed's path relative to the workspace (``None``: nothing is published), and warnings.
    """
    from audiobrief.publish.feed import render_feed  # noqa: PLC0415 - feedgen, lxml
    from audiobrief.publish.pages import render_index_page  # noqa: PLC0415 - Jinja2

    workspace, show = shop.workspace, shop.show
    whole, warnings = _only_whole(workspace, episodes)
    warnings += _cover_warnings(workspace)
    public = tuple(_publish(workspace, e) for e in whole if _may_publish(workspace, e))
    _refresh_pages(workspace, show, identity, whole)
    write_if_changed(workspace.episodes / "index.html", render_index_page(show, public).encode())
    if not public:
        return None, warnings
    write_if_changed(workspace.episodes / FEED_NAME, render_feed(show, public))
    for episode in whole:
        _collect_garbage(workspace, episode)
    return f"episodes/{FEED_NAME}", warnings


def _cover_warnings(workspace: Workspace) -> tuple[str, ...]:
    """Say where the drawn cover cannot show the title as it is written."""
    from audiobrief.publish.lettering import missing_glyphs  # noqa: PLC0415 - Pillow

    missing = missing_glyphs(workspace.show_title)
    if workspace.settings.show.cover is not None or not missing:
        return ()
    return (f"the drawn cover cannot show {missing!r}: set [show] cover to a picture of yours",)


def _only_whole(
    workspace: Workspace, episodes: Iterable[Episode]
) -> tuple[tuple[Episode, ...], tuple[str, ...]]:
    """Keep from the feed whatever lacks its sound, and say so."""
    whole: list[Episode] = []
    warnings: list[str] = []
    for episode in episodes:
        path = workspace.episodes / episode.directory / episode.enclosure.file
        if path.is_file() and path.stat().st_size == episode.enclosure.bytes:
            whole.append(episode)
        else:
            warnings.append(
                f"{directory_of(episode)} lacks its sound and is left out of the feed; "
                "build its article again to mend it"
            )
    return tuple(whole), tuple(warnings)


def _may_publish(workspace: Workspace, episode: Episode) -> bool:
    return not workspace.settings.publish.require_approval or episode.state is State.PUBLISHED


def _publish(workspace: Workspace, episode: Episode) -> Episode:
    if episode.state is State.PUBLISHED:
        return episode
    episode = replace(episode, state=State.PUBLISHED)
    atomic_write(workspace.episodes / episode.directory / MANIFEST_NAME, render_manifest(episode))
    return episode


def _refresh_pages(
    workspace: Workspace, show: Show, identity: Identity, episodes: Iterable[Episode]
) -> None:
    """Render all pages again when the show or the look has changed, and only then."""
    digest = sha256(repr((LOOK_VERSION, show)).encode()).hexdigest()
    if identity.pages == digest:
        return
    for episode in episodes:
        folder = workspace.episodes / episode.directory
        write_if_changed(
            folder / "index.html", render_companions(show, episode)["index.html"].encode()
        )
    changed = replace(identity, pages=digest)
    write_if_changed(workspace.episodes / IDENTITY_NAME, render_identity(changed))


def _collect_garbage(workspace: Workspace, episode: Episode) -> None:
    """Remove the sound of earlier states of an episode, which no feed names any more."""
    folder = workspace.episodes / episode.directory
    for path in folder.glob("*.mp3"):
        if path.name != episode.enclosure.file:
            remove_if_there(path)
