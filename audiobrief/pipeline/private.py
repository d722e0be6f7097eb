"""Private shows: who may hear them, and what their apps have asked for."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.errors import WorkspaceError
from audiobrief.pipeline.listener_folders import add_folder, remove_folder
from audiobrief.publish.address import FEED_FILE, web_address
from audiobrief.serve.readdress import Edition
from audiobrief.store.listened import LISTENED_NAME, Heard, read_listened
from audiobrief.store.listeners import (
    LISTENERS_NAME,
    Listener,
    add_listener,
    changing_listeners,
    clean_name,
    digest_of,
    find_listener,
    new_token,
    read_listeners,
    revoke_listener,
    write_listeners,
)
from audiobrief.store.lock import locked

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from audiobrief.workspace.load import Workspace


@dataclass(frozen=True, slots=True)
class Added:
    """A new listener, with what is told only once."""

    listener: Listener
    #: Of the feed, with the token in it.
    address: str
    #: The password of HTTP Basic, to the address of the feed without it.
    token: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A listener, and what their apps have asked for."""

    listener: Listener
    heard: Heard


def base_of(show: Workspace) -> str:
    """Return where a show is on the web, as its feed writes it.

    Raises:
        WorkspaceError: The settings name no address.
    """
    written = show.settings.show.base_url
    base = web_address(written)
    if base is None:
        raise WorkspaceError(
            f'no feed can be served from "{written}"',
            show.place_of("show.base_url"),
            remedy='write an address such as "https://example.org/show/"',
        )
    return f"{base.rstrip('/')}/"


def add(show: Workspace, name: str, now: datetime, *, is_static: bool = False) -> Added:
    """Give somebody an address of their own.

    Args:
        show: The workspace as a private show sees it.
        name: Of the listener.
        now: Aware.
        is_static: Also make a folder of files, for web space that runs nothing.

    Raises:
        WorkspaceError: The show is not private, or has a listener of this name.
        StoreError: The list is damaged, or cannot be written.
        LockedError: Another command changes it, or a build runs that would change the folder.
    """
    _require_private(show)
    token, base = new_token(), base_of(show)
    new = Listener(
        clean_name(name), digest_of(token), now, show=show.show, is_static=is_static
    )  # fmt: skip
    path = show.root / LISTENERS_NAME
    with _building(show, is_static=is_static), changing_listeners(show.cache):
        listeners = add_listener(read_listeners(path), new)
        if is_static:
            add_folder(show, token, now)
        write_listeners(path, listeners)
    return Added(new, Edition(base, token).address(f"{base}{FEED_FILE}"), token)


def revoke(show: Workspace, name: str, now: datetime) -> Listener:
    """Take somebody's address away: a server that runs gives them nothing from now on.

    Args:
        show: The workspace as the show sees it; it need not be private any more.
        name: Of the listener.
        now: Aware.

    Raises:
        WorkspaceError: The show has no such listener.
        StoreError: The list is damaged, or cannot be written; or a folder cannot be removed.
        LockedError: Another command changes it, or a build runs that would write the folder.
    """
    path, name = show.root / LISTENERS_NAME, clean_name(name)
    known = find_listener(read_listeners(path), show.show, name)
    is_static = known is not None and known.is_static
    with _building(show, is_static=is_static), changing_listeners(show.cache):
        listeners, revoked = revoke_listener(read_listeners(path), show.show, name, now)
        write_listeners(path, listeners)
        if revoked.is_static:
            remove_folder(show, revoked)
    return revoked


def count_listeners(workspace: Workspace) -> tuple[Counted, ...]:
    """Return all listeners of all shows, also those that were revoked, in the order of adding.

    Raises:
        StoreError: The list is damaged.
    """
    heard = read_listened(workspace.cache / LISTENED_NAME)
    return tuple(
        Counted(each, heard.get(each.sha256, Heard()))
        for each in read_listeners(workspace.root / LISTENERS_NAME)
    )


def _require_private(show: Workspace) -> None:
    if show.settings.publish.private:
        return
    table = f"shows.{show.show}.publish" if show.show else "publish"
    private = [f"--show {each.show}" for each in _others(show) if each.settings.publish.private]
    remedy = f"write into audiobrief.toml: [{table}] private = true"
    raise WorkspaceError(
        "this show is for everybody: an address of one's own would open nothing more",
        show.place_of("publish.private"),
        remedy=f"{remedy}; or add to a private one: {', '.join(private)}" if private else remedy,
    )


def _others(show: Workspace) -> tuple[Workspace, ...]:
    return show.shows[1:] if not show.show else ()


def _building(show: Workspace, *, is_static: bool) -> AbstractContextManager[None]:
    """Keep builds away from the folders of listeners."""
    return locked(show.cache / "lock") if is_static else nullcontext()
