"""Which files may be served: known names below ``episodes/``, of episodes that are published."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import stat
from collections import OrderedDict
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from audiobrief.errors import StoreError
from audiobrief.model.episode import State
from audiobrief.serve.kind import Kind, episode_kind, show_kind
from audiobrief.store.files import mapping_os_errors
from audiobrief.store.manifest import MANIFEST_NAME, read_bytes, understand

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: A name of ours: no dot file, no way up, nothing that a file system reads otherwise.
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9_-])?")
_IDENTITY_NAME: Final = "show.json"
_INDEX: Final = "index.html"
#: Episodes whose manifests are held; one takes about 830 bytes.
_MOST_KNOWN: Final = 5000
#: Never followed where the system can be told so; a pipe without a writer must not hold us up.
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_FLAGS |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)

#: There is no file, or none that is a file: all else is trouble of the system's.
_NO_SUCH_FILE: Final = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO}
    | ({errno.EACCES, errno.EINVAL} if os.name == "nt" else set())
)
#: What tells a file from what was or will be at its path.
Stamp = tuple[int, int, int, int]
#: Of no file.
_NEVER: Final[Stamp] = (-1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was found, open: what is told of it stays true when its path is replaced."""

    path: Path
    kind: Kind
    stream: IO[bytes]
    size: int
    #: Seconds since 1970, whole, as HTTP tells it.
    modified_s: int
    stamp: Stamp
    #: SHA-256 as its manifest has it; empty: the manifest does not name it, or another size.
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class _Episode:
    """What a manifest says that matters here."""

    stamp: Stamp
    is_public: bool
    #: Sound by name: its length in bytes, its SHA-256.
    sounds: Mapping[str, tuple[int, str]]


class Shelf:
    """Finds files.

    Args:
        root: ``episodes/``. It may be a link itself; what lies below it may not.
        shows: Folders of the shows besides the first; ``None``: all that have an identity.
    """

    def __init__(self, root: Path, *, shows: frozenset[str] | None = None) -> None:
        self._root = root
        self._shows = shows
        #: By folder, as text: a `Path` takes five times as much.
        self._episodes: OrderedDict[str, _Episode] = OrderedDict()

    async def find(self, segments: tuple[str, ...]) -> Opened | None:
        """Return the file of a path; ``None``: there is none that is public.

        Args:
            segments: Of the path, decoded; the last one may be empty, for a folder's page.

        Raises:
            StoreError: The system does not let it be looked at: nothing is known of it now.
        """
        *folders, name = segments
        name = name or _INDEX
        if not all(_NAME.fullmatch(each) for each in (*folders, name)) or len(folders) > 2:
            return None
        folder = self._root.joinpath(*folders)
        if self._is_show(folders):
            kind = show_kind(name)
            return self._open(folder / name, kind) if kind is not None else None
        kind = episode_kind(name)
        if kind is None or not self._is_show(folders[:-1]):
            return None
        episode = await self._episode(folder)
        if episode is None or not episode.is_public:
            return None
        return self._open(folder / name, kind, episode.sounds.get(name))

    async def has_page(self, segments: tuple[str, ...]) -> bool:
        """Tell whether a path names a show or an episode, and lacks its closing slash."""
        file = await self.find((*segments, "")) if segments[-1] else None
        if file is not None:
            file.stream.close()
        return file is not None

    def _is_show(self, folders: list[str]) -> bool:
        """Tell whether a folder is one of a show: the first one's, or one beside its episodes."""
        if not folders:
            return True
        if self._shows is not None and folders[0] not in self._shows:
            return False
        if len(folders) != 1:
            return False
        facts = _looked_at(self._root.joinpath(*folders, _IDENTITY_NAME))
        return facts is not None and stat.S_ISREG(facts.st_mode)

    async def _episode(self, folder: Path) -> _Episode | None:
        name = os.fspath(folder)
        facts = _looked_at(folder / MANIFEST_NAME)
        if facts is None:
            self._episodes.pop(name, None)
            return None
        stamp = stamp_of(facts)
        known = self._episodes.get(name)
        if known is None or known.stamp != stamp:
            known = await asyncio.to_thread(_read, folder, stamp)
            self._episodes[name] = known
            while len(self._episodes) > _MOST_KNOWN:
                self._episodes.popitem(last=False)
        return known

    def _folders_of(self, path: Path) -> list[Path]:
        """Return the folders between the root and a file."""
        depth = len(path.parts) - len(self._root.parts) - 1
        return list(path.parents[:depth])

    def _open(self, path: Path, kind: Kind, sound: tuple[int, str] | None = None) -> Opened | None:
        """Open a file, and only then ask what it is: its path may be replaced at any moment."""
        if any(os.path.islink(f) for f in self._folders_of(path)):  # noqa: PTH114 - for each request
            return None
        try:
            descriptor = os.open(path, _FLAGS)
        except (OSError, ValueError) as error:
            _require_absence(path, error)
            return None
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or (os.name == "nt" and path.is_symlink()):
            os.close(descriptor)
            return None
        size = facts.st_size
        return Opened(
            path=path,
            kind=kind,
            stream=os.fdopen(descriptor, "rb", buffering=0),
            size=size,
            modified_s=int(facts.st_mtime),
            stamp=stamp_of(facts),
            sha256=sound[1] if sound is not None and sound[0] == size else "",
        )


def stamp_of(facts: os.stat_result) -> Stamp:
    """Return what changes whenever a file does."""
    return facts.st_size, facts.st_mtime_ns, facts.st_ino, facts.st_ctime_ns


def _looked_at(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path)  # noqa: PTH116 - for each request
    except (OSError, ValueError) as error:
        _require_absence(path, error)
        return None


def _require_absence(path: Path, error: OSError | ValueError) -> None:
    """Raise what says anything else than that there is no such file.

    An app that is told "not found" may forget a feed for good: it is only told so if that is known.
    """
    if isinstance(error, ValueError) or error.errno in _NO_SUCH_FILE:
        return
    with mapping_os_errors("read", path):
        raise error


def _read(folder: Path, stamp: Stamp) -> _Episode:
    """Read a manifest; a damaged one is not public, as it is left out of the feed."""
    path = folder / MANIFEST_NAME
    try:
        content = read_bytes(path)
    except StoreError as error:
        if isinstance(error.__cause__, FileNotFoundError):  # it has gone at this moment
            return _Episode(_NEVER, is_public=False, sounds={})
        raise
    try:
        episode = understand(content, path).episode
    except StoreError:
        return _Episode(stamp, is_public=False, sounds={})
    sounds = (episode.enclosure, *episode.deliveries)
    return _Episode(
        stamp,
        is_public=episode.state is State.PUBLISHED,
        sounds={sound.file: (sound.bytes, sound.sha256) for sound in sounds},
    )
