"""Covers of a show and of its episodes: chosen first, drawn once, under a name of their own."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.errors import WorkspaceError
from audiobrief.pipeline.events import Event, Stage
from audiobrief.store.files import atomic_write, names_in, remove_if_there

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from audiobrief.model.card import Card
    from audiobrief.model.episode import Episode
    from audiobrief.model.show import Show
    from audiobrief.pipeline.workshop import Workshop
    from audiobrief.store.index import Filed
    from audiobrief.workspace.load import Workspace

#: Part of what the MP3 is made of: another number makes every listener load all episodes again.
_DESIGN_VERSION = 1


@dataclass(frozen=True, slots=True)
class Cover:
    """The show's picture, decided but not yet drawn."""

    #: Name below ``episodes/``.
    file: str
    #: Of what it is drawn from, or of the user's file.
    digest: str
    #: The user's picture; ``None``: it is drawn.
    content: bytes | None


def choose_cover(workspace: Workspace) -> Cover:
    """Decide on the cover: the user's file, or one drawn from title and author.

    Raises:
        WorkspaceError: The user's file is missing, or no cover.
        StoreError: It cannot be read.
    """
    from audiobrief.publish.cover_name import cover_name, drawn_name  # noqa: PLC0415 - for builds

    settings = workspace.settings.show
    if settings.cover is not None:
        from audiobrief.publish.cover import load_cover  # noqa: PLC0415 - Pillow

        path = workspace.root / settings.cover
        if not path.is_file():
            raise WorkspaceError(
                f'there is no cover "{settings.cover}"',
                workspace.place_of("show.cover"),
                remedy="put the picture there, or remove the line to have a cover drawn",
            )
        loaded = load_cover(path)
        digest = sha256(loaded.content).hexdigest()
        return Cover(cover_name(digest, loaded.suffix), digest, loaded.content)
    drawn = (_DESIGN_VERSION, workspace.show_title, settings.author)
    name = drawn_name(workspace.show_title, settings.author or "")
    return Cover(name, sha256(repr(drawn).encode()).hexdigest(), None)


def draw(show: Show, author: str) -> tuple[bytes, tuple[str, ...]]:
    """Draw the show's cover; say where it cannot show the title as it is written."""
    from audiobrief.publish.cover import draw_cover  # noqa: PLC0415 - Pillow
    from audiobrief.publish.lettering import missing_glyphs  # noqa: PLC0415

    content = draw_cover(show.title, author)
    missing = missing_glyphs(show.title)
    if not missing:
        return content, ()
    remedy = "set [show] cover to a picture of yours"
    return content, (f"the drawn cover cannot show {missing!r}: {remedy}",)


def cover_notes(show: Show, episode: Episode) -> tuple[str, ...]:
    """Say, when an episode is made, that its title cannot be drawn; not where no title can be."""
    from audiobrief.publish.cover_name import episode_cover_name  # noqa: PLC0415 - for builds
    from audiobrief.publish.plain_letters import is_drawable  # noqa: PLC0415

    if not show.is_cover_drawn or not is_drawable(show.title) or episode_cover_name(show, episode):
        return ()
    return (f"no cover can show {episode.title!r}: the episode has the show's",)


def with_covers(
    shop: Workshop, ordered: Iterable[Card], files: Mapping[str, Filed]
) -> tuple[Card, ...]:
    """Return episodes with the names of the covers that they have; draw those that are missing.

    Drawn are those of ``feed.xml``: apps show them, and a show of thousands of episodes is not
    held up by pictures that nobody sees. An episode that has left the first page keeps its own.

    Args:
        shop: What a run shares.
        ordered: The newest first.
        files: What lies in the folder of each episode, by its GUID.
    """
    show, episodes = shop.show, tuple(ordered)
    first = shop.workspace.settings.publish.feed_items
    missing = []
    covered = list(episodes)
    for place, episode in enumerate(episodes):
        here = files[episode.guid]
        if place >= first and "/cover-" not in here.names:
            continue
        name = _cover_of(show, episode, here)
        if not name:
            continue
        if here.has(name):
            covered[place] = episode._replace(cover_file=name)
        elif place < first:
            missing.append(place)
    for done, place in enumerate(missing):
        episode = episodes[place]
        name = _cover_of(show, episode, files[episode.guid])
        shop.tell(Event(Stage.PUBLISH, "", done, len(missing), episode.title))
        path = shop.workspace.episodes / episode.directory / name
        _write_cover(shop, episode, path)
        covered[place] = episode._replace(cover_file=name)
    return tuple(covered)


def _cover_of(show: Show, episode: Card, here: Filed) -> str:
    """Return the name of an episode's own cover; empty: it has none."""
    from audiobrief.publish.cover_name import (  # noqa: PLC0415 - for builds
        drawn_name,
        episode_cover_name,
    )

    # What lies there was drawn once, so it can be drawn: to ask the fonts takes a while.
    drawn = drawn_name(show.title, episode.title) if show.is_cover_drawn else ""
    return drawn if here.has(drawn) else episode_cover_name(show, episode)


def _write_cover(shop: Workshop, episode: Card, path: Path) -> None:
    """Write an episode's cover: as it was drawn beside the sound, or drawn now."""
    content = shop.drawn.take(episode.directory, path.name)
    if content is None:
        _, content = draw_own(shop.show, episode.title)
    atomic_write(path, content)


def draw_own(show: Show, title: str) -> tuple[str, bytes]:
    """Draw an episode's own cover; return its name and its bytes."""
    from audiobrief.publish.cover import draw_episode_cover  # noqa: PLC0415 - Pillow
    from audiobrief.publish.cover_name import drawn_name  # noqa: PLC0415 - for builds

    return drawn_name(show.title, title), draw_episode_cover(show.title, title)


def lacks_cover(workspace: Workspace, show: Show, title: str, directory: str) -> bool:
    """Say whether the release will draw a cover of an episode, if that is on the first page."""
    from audiobrief.publish.cover_name import drawn_name  # noqa: PLC0415 - for builds
    from audiobrief.publish.plain_letters import is_drawable  # noqa: PLC0415

    if workspace.settings.publish.require_approval or not show.is_cover_drawn:
        return False
    name = drawn_name(show.title, title)
    return is_drawable(title) and not (workspace.episodes / directory / name).is_file()


def collect_old_covers(
    workspace: Workspace,
    show: Show,
    episodes: Iterable[Card],
    files: Mapping[str, Filed],
) -> None:
    """Remove the covers that no feed names any more, of ours alone.

    Args:
        workspace: As the show sees it.
        show: The show.
        episodes: Those of the feed.
        files: What lies in the folder of each episode, by its GUID.
    """
    from audiobrief.publish.cover_name import is_cover, plain_name  # noqa: PLC0415 - for builds

    own = workspace.settings.show.cover
    # The user's own picture may lie right there.
    kept = (workspace.root / own).resolve() if own else None
    named = {show.cover_file, plain_name(show.cover_file)}
    names = names_in(workspace.episodes)
    found = [workspace.episodes / n for n in names if n.startswith("cover") and n not in named]
    for episode in episodes:
        here = files[episode.guid]
        if here.names.count("/cover") > here.has(episode.cover_file):
            folder = workspace.episodes / episode.directory
            found += [folder / n for n in here.names.split("/") if n != episode.cover_file]
    for path in found:
        if is_cover(path.name) and path.resolve() != kept:
            remove_if_there(path)
