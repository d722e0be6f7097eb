"""Which episode is meant, and who speaks of it."""

from __future__ import annotations

import difflib
import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audiobrief.errors import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.model.episode import Episode
    from audiobrief.store.library import Shelf
    from audiobrief.workspace.load import Workspace

by_option = click.option(
    "--by", metavar="NAME", help="Who does it; default: your name on this machine."
)
_MOST_CHARACTERS = 64


def reviewer(given: str | None) -> str:
    """Return the name under which somebody hears and approves.

    Raises:
        WorkspaceError: The given one is empty, or too long.
    """
    if given is None:
        return _clean(_user()) or "somebody"
    name = _clean(given)
    if not name or len(name) > _MOST_CHARACTERS:
        raise WorkspaceError(
            "this cannot be the name of a person",
            given[:_MOST_CHARACTERS] or "an empty name",
            remedy=f"write one of 1 to {_MOST_CHARACTERS} characters after --by",
        )
    return name


def _clean(name: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())


def _user() -> str:
    try:
        return getpass.getuser()[:_MOST_CHARACTERS]
    except (OSError, KeyError, ImportError):  # a number without a name, as in containers
        return ""


def place_of(show: Workspace, episode: Episode) -> str:
    """Return the folder of an episode below ``episodes/``: its name on the command line."""
    return show.directory_of(episode).removeprefix("episodes/")


def find_episode(workspace: Workspace, name: str) -> tuple[Workspace, Episode]:
    """Return the episode of any show that a person means, with its show.

    Args:
        workspace: As the first show sees it.
        name: A folder or how it begins, a title, a GUID, or a path to the folder or into it.

    Raises:
        WorkspaceError: It is none's, or that of several.
    """
    from audiobrief.store.library import read_shelf  # noqa: PLC0415 - keeps --help fast

    shelves = [(show, read_shelf(show.episodes)) for show in workspace.shows]
    return find_on(shelves, name)


def find_on(shelves: Sequence[tuple[Workspace, Shelf]], name: str) -> tuple[Workspace, Episode]:
    """Return the episode of these shelves that a person means, as `find_episode` does."""
    episodes = [(show, e) for show, shelf in shelves for e in shelf.episodes]
    found = _found(episodes, name)
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(place_of(*each) for each in found[:5])
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise WorkspaceError(
            f"{len(found)} episodes are called so", name, remedy=f"say which: {listed}{more}"
        )
    _tell_damage(shelves, name)
    raise WorkspaceError("there is no such episode", name, remedy=_likely(episodes, name))


def _found(
    episodes: Sequence[tuple[Workspace, Episode]], name: str
) -> list[tuple[Workspace, Episode]]:
    """Return what fits best: exactly, else by how it begins."""
    wanted = name.strip().rstrip("/\\").removeprefix("episodes/")
    title = wanted.casefold()
    exact = [(s, e) for s, e in episodes if wanted in {place_of(s, e), e.directory, e.guid}]
    by_path = exact or [(s, e) for s, e in episodes if _is_path_to(s, e, name)]
    titled = by_path or [(s, e) for s, e in episodes if e.title.casefold() == title]
    if titled or not wanted:
        return titled
    return [
        (s, e)
        for s, e in episodes
        if any(
            text.startswith(title)
            for text in (place_of(s, e), e.directory, e.directory[11:], e.title.casefold())
        )
    ]


def _is_path_to(show: Workspace, episode: Episode, name: str) -> bool:
    """Tell whether a path leads to an episode's folder or into it, from here or the workspace."""
    if not name or "\0" in name:
        return False
    folder = (show.episodes / episode.directory).resolve()
    return any(
        (base / name).resolve() == folder or (base / name).resolve().parent == folder
        for base in (Path.cwd(), show.root)
    )


def _tell_damage(shelves: Iterable[tuple[Workspace, Shelf]], name: str) -> None:
    """Raise what is wrong with the very episode that is meant, if its manifest is damaged."""
    for _show, shelf in shelves:
        for error in shelf.damaged:
            if name and name.rstrip("/") in error.subject:
                raise error


def _likely(episodes: Sequence[tuple[Workspace, Episode]], name: str) -> str:
    if not episodes:
        return '"audiobrief build article.txt" makes one'
    known = {place_of(*each): place_of(*each) for each in episodes}
    known |= {each[1].directory[11:]: place_of(*each) for each in episodes}
    known |= {each[1].title.casefold(): place_of(*each) for each in episodes}
    close = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.5)
    if close:
        return f'did you mean "{known[close[0]]}"?'
    return '"audiobrief status --json" lists the folders'
