"""Private shows on web space that runs nothing: a folder for each listener, called as its token.

It has the listener's own feed and pages, and hard links to all that is the same for everybody. Such
a folder, below ``episodes/l/``, is all that may be put on the web of a private show.
"""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from audiobrief.errors import StoreError
from audiobrief.model.episode import State
from audiobrief.pipeline.cards import cards_of
from audiobrief.pipeline.retention import retained
from audiobrief.pipeline.superseded import sounds_on
from audiobrief.publish.address import FEED_FILE, web_address
from audiobrief.serve.kind import Kind, episode_kind, show_kind
from audiobrief.serve.readdress import DOOR, KINDS, Edition
from audiobrief.store.files import (
    make_lasting_folder,
    mapping_os_errors,
    remove_if_there,
    temporary_beside,
    write_if_changed,
)
from audiobrief.store.library import has_sound
from audiobrief.store.listeners import LISTENERS_NAME, TOKEN, digest_of, read_listeners
from audiobrief.workspace.load import load_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from audiobrief.model.card import Card
    from audiobrief.store.listeners import Listener
    from audiobrief.workspace.load import Workspace

#: What is named comes before what names it; the feed is the last of all.
_ORDER: Final = {"page": 1, "feed": 2}
_HEAD: Final = b'<meta name="referrer" content="no-referrer">'
_NO_INDEX: Final = b'\n<meta name="robots" content="noindex">'


@dataclass(frozen=True, slots=True)
class _File:
    """A file that listeners get."""

    #: Below the folder of the show, POSIX separators.
    name: str
    path: Path
    kind: Kind


def refresh_listeners(show: Workspace, public: Iterable[Card]) -> tuple[str, ...]:
    """Bring the folders of a show's listeners up to date; what is so already is not touched.

    Only for the holder of the workspace's lock, after the feed was written.

    Args:
        show: The workspace as the show sees it.
        public: The episodes of its feed; none: there is no feed.

    Returns:
        Warnings.

    Raises:
        StoreError: The list of listeners is damaged, or a file cannot be written.
    """
    folders = _folders(show)
    if not folders:
        return ()
    listeners = {each.sha256: each for each in read_listeners(show.root / LISTENERS_NAME)}
    files, edition = _files(show, public), _edition(show)
    warnings: list[str] = []
    for folder in folders:
        listener = listeners.get(digest_of(folder.name))
        if listener is None:
            warnings.append(
                f"{show.episodes_name}/{DOOR}/{folder.name[:4]}… is nobody's folder: remove it"
            )
        elif listener.is_active:
            with _hiding(folder.name):
                _fill(folder, files, replace(edition, token=folder.name))
        else:
            _remove(folder)
    return tuple(warnings)


def add_folder(show: Workspace, token: str, now: datetime) -> None:
    """Make the folder of a new listener; where there is no feed yet, a build fills it.

    Args:
        show: The workspace as the show sees it.
        token: Of the listener.
        now: Aware.

    Raises:
        StoreError: It cannot be written; nothing of it is left.
    """
    whole = [
        card
        for card in cards_of(show)
        if card.state is State.PUBLISHED and has_sound(show.episodes, card)
    ]
    folder = show.episodes / DOOR / token
    try:
        with _hiding(token):
            make_lasting_folder(folder)
            files = _files(show, retained(whole, show.settings.publish, now))
            _fill(folder, files, replace(_edition(show), token=token))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def remove_folder(show: Workspace, listener: Listener) -> None:
    """Remove the folder of a listener.

    Raises:
        StoreError: It cannot be removed.
    """
    for folder in _folders(show):
        if digest_of(folder.name) == listener.sha256:
            _remove(folder)


def _folders(show: Workspace) -> list[Path]:
    """Return the folders that are called as tokens are; links are none of ours."""
    door = show.episodes / DOOR
    if not door.is_dir() or door.is_symlink():
        return []
    with mapping_os_errors("read the folder", door):
        found = sorted(path for path in door.iterdir() if TOKEN.fullmatch(path.name))
        return [path for path in found if stat.S_ISDIR(path.lstat().st_mode)]


def _files(show: Workspace, public: Iterable[Card]) -> list[_File]:
    """Return what listeners get, in the order in which it is to be written."""
    files = [
        _File(name, show.episodes / name, kind)
        for name in _names_in(show.episodes)
        if (kind := show_kind(name)) is not None
    ]
    for episode in public:
        files += _files_of(show.episodes, episode)
    return sorted(files, key=lambda f: (_ORDER.get(f.kind.name, 0), f.name == FEED_FILE, f.name))


def _files_of(episodes: Path, episode: Card) -> Iterator[_File]:
    folder = episodes / episode.directory
    sounds = sounds_on(episode)
    for name in _names_in(folder):
        kind = episode_kind(name)
        if kind is not None and (kind.name != "audio" or name in sounds):
            yield _File(f"{episode.directory}/{name}", folder / name, kind)


def _names_in(folder: Path) -> list[str]:
    """Return the names of the regular files in a folder."""
    with mapping_os_errors("read the folder", folder), os.scandir(folder) as entries:
        return [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]


def _fill(folder: Path, files: Iterable[_File], edition: Edition) -> None:
    wanted: set[str] = set()
    made: set[Path] = set()
    for file in files:
        target = folder / file.name
        wanted.add(str(target))
        if target.parent not in made:
            make_lasting_folder(target.parent)
            made.add(target.parent)
        if file.kind.name not in KINDS:
            _link(file.path, target)
        elif not _is_of_now(file.path, target):
            _render(file, target, edition)
    _sweep(folder, wanted)


def _sweep(folder: Path, wanted: set[str]) -> None:
    """Remove what is not wanted any more, and folders that are empty then."""
    for place, _, names in os.walk(folder, topdown=False):
        unwanted = [name for name in names if f"{place}{os.sep}{name}" not in wanted]
        for name in unwanted:
            remove_if_there(Path(place, name))
        is_empty = len(unwanted) == len(names) and not any(Path(place).iterdir())
        if is_empty and Path(place) != folder:
            with mapping_os_errors("remove", Path(place)):
                Path(place).rmdir()


def _edition(show: Workspace) -> Edition:
    """Return a view without a token; all shows are asked of the first one, which may be another."""
    shows = load_workspace(show.root).shows
    bases = [web_address(each.settings.show.base_url) for each in shows]
    slashed = [f"{base.rstrip('/')}/" for base in bases if base is not None]
    own = f"{(web_address(show.settings.show.base_url) or '').rstrip('/')}/"
    return Edition(own, "", tuple(base for base in slashed if base != own))


def _render(file: _File, target: Path, edition: Edition) -> None:
    with mapping_os_errors("read", file.path):
        made_ns = file.path.stat().st_mtime_ns
        content = file.path.read_bytes()
    try:
        own = edition.render(content, file.kind.name)
    except ValueError as error:
        raise StoreError(
            f"there are no addresses of listeners in this: {error}",
            str(file.path),
            remedy='run "audiobrief build" to mend it',
        ) from error
    # A server says so in a header. No text of others can look like this.
    own = own.replace(_HEAD, _HEAD + _NO_INDEX, 1)
    if own == content:
        _link(file.path, target)
        return
    write_if_changed(target, own)
    # So that the next build sees what it was made of: with many listeners, there are many.
    with mapping_os_errors("write", target):
        os.utime(target, ns=(made_ns, made_ns))


def _link(source: Path, target: Path) -> None:
    """Let a file be in two places; where that cannot be, copy it."""
    if _is_same(source, target):
        return
    temporary = temporary_beside(target)
    remove_if_there(temporary)
    with mapping_os_errors("write", target):
        try:
            os.link(source, temporary)
        # Another disk, or a file system without links.
        except OSError:
            shutil.copy2(source, temporary)
        temporary.replace(target)


def _is_of_now(source: Path, target: Path) -> bool:
    """Tell whether a file was made of another as that is now; whole files only have its time."""
    try:
        return target.lstat().st_mtime_ns == source.lstat().st_mtime_ns
    except OSError:
        return False


def _is_same(source: Path, target: Path) -> bool:
    try:
        before, now = target.lstat(), source.lstat()
    except OSError:
        return False
    if (before.st_ino, before.st_dev) == (now.st_ino, now.st_dev):
        return True
    return (before.st_size, before.st_mtime_ns) == (now.st_size, now.st_mtime_ns)


@contextmanager
def _hiding(token: str) -> Iterator[None]:
    """Leave the token out of what is told of an error."""
    try:
        yield
    except StoreError as error:
        where = error.subject.replace(token, "***")
        raise StoreError(error.problem, where, remedy=error.remedy) from None


def _remove(folder: Path) -> None:
    with _hiding(folder.name), mapping_os_errors("remove", folder):
        shutil.rmtree(folder)
    if not any(folder.parent.iterdir()):
        folder.parent.rmdir()
