"""Which files of a show listeners get: what its feeds name, with what lies beside it."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from audiobrief.errors import PublishError
from audiobrief.model.episode import State
from audiobrief.pipeline.release import FEED_NAME, INDEX_NAME
from audiobrief.publish.cover_name import is_cover
from audiobrief.serve.kind import FEED, Kind, episode_kind, show_kind
from audiobrief.store.files import mapping_os_errors
from audiobrief.store.library import has_sound
from audiobrief.upload.name import is_safe
from audiobrief.upload.plan import Local, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from audiobrief.model.card import Card
    from audiobrief.pipeline.editions import Edition

_STEPS: Final = {
    "audio": Step.SOUND,
    "image": Step.SOUND,
    "transcript": Step.TEXT,
    "chapters": Step.TEXT,
    "page": Step.PAGE,
    "feed": Step.OLDER_FEED,
}
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class _Feed:
    """What the feeds of a show say, all pages of them."""

    #: With a closing slash: where the folder of the feed is on the web.
    base_url: str
    #: Names of files below it.
    named: frozenset[str]


def released(edition: Edition, episodes: Iterable[Card]) -> tuple[Local, ...]:
    """Return the files of a show that listeners get; nothing else leaves the machine.

    That is: the feeds, pages and covers of the show, and sound, transcripts, chapters, pictures and
    page of every episode that is published and in the feed. Manifests and scripts are not among
    them: they say where an article lies, and what was left out of it.

    Raises:
        PublishError: There is no feed, or it names what is not there.
        StoreError: A file cannot be read.
    """
    folder = edition.folder
    where = edition.shown(str(folder / FEED_NAME))
    if not (folder / FEED_NAME).is_file():
        raise PublishError(
            "there is no feed to publish",
            where,
            remedy='build one first: "audiobrief build article.txt"',
        )
    own = {n: kind for n in _names_in(folder) if (kind := _show_kind(n)) is not None}
    feed = _read_feeds(edition, [name for name, kind in own.items() if kind is FEED])
    files = [_local(folder, name, kind) for name, kind in own.items()]
    for episode in episodes:
        if _is_public(folder, episode, feed):
            files += _files_of(folder, episode)
    missing = sorted(feed.named - {file.name for file in files})
    if missing:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise PublishError(
            f"the feed names what is not there: {', '.join(missing[:_SHOWN])}{more}",
            where,
            remedy='run "audiobrief build" to mend it',
        )
    return tuple(files)


def _names_in(folder: Path) -> list[str]:
    """Return the names of the regular files in a folder; links are none."""
    with mapping_os_errors("read the folder", folder):
        return sorted(p.name for p in folder.iterdir() if stat.S_ISREG(p.lstat().st_mode))


def _show_kind(name: str) -> Kind | None:
    """Return what a file of the show is; ``None``: it is none that is public."""
    return show_kind(name) or (episode_kind(name) if is_cover(name) else None)


def _is_public(folder: Path, episode: Card, feed: _Feed) -> bool:
    name = f"{episode.directory}/{episode.enclosure.file}"
    is_own_folder = not (folder / episode.directory).is_symlink()
    in_feed = episode.state is State.PUBLISHED and name in feed.named
    return in_feed and is_own_folder and has_sound(folder, episode)


def _files_of(folder: Path, episode: Card) -> Iterator[Local]:
    """Give the files of an episode: of its sound, only what its manifest names."""
    sounds = dict([(episode.enclosure.file, episode.enclosure.sha256), *episode.deliveries])
    for file in _names_in(folder / episode.directory):
        kind = episode_kind(file)
        name = f"{episode.directory}/{file}"
        if kind is not None and is_safe(name) and (kind.name != "audio" or file in sounds):
            yield _local(folder, name, kind, sounds.get(file, ""))


def _local(folder: Path, name: str, kind: Kind, digest: str = "") -> Local:
    path = folder / name
    with mapping_os_errors("read", path):
        content = None if digest else path.read_bytes()
        size = path.stat().st_size if content is None else len(content)
    return Local(
        name=name,
        path=path,
        step=Step.FEED if name == FEED_NAME else _STEPS[kind.name],
        content_type=kind.content_type,
        cache=kind.cache,
        size_bytes=size,
        sha256=digest or sha256(content or b"").hexdigest(),
    )


def _read_feeds(edition: Edition, pages: list[str]) -> _Feed:
    """Read what the feeds name, wherever in them it stands."""
    base_url, named = "", set[str]()
    for page in pages:
        root = _parsed(edition, page)
        # What the feed calls itself counts: the settings may say something else since.
        own = (e.get("href", "") for e in root.iter("{*}link") if e.get("rel") == "self")
        base_url = next(own, base_url).rpartition("/")[0] + "/"
        named |= {_name_of(url, base_url) for url in _urls(root) if url.startswith(base_url)}
    return _Feed(base_url, frozenset(named))


def _parsed(edition: Edition, page: str) -> Any:
    from lxml import etree  # noqa: PLC0415 - keeps --help fast

    path = edition.folder / page
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        with mapping_os_errors("read", path):
            return etree.fromstring(path.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        raise PublishError(
            f"the feed is no XML: {error.msg}",
            edition.shown(str(path)),
            remedy='run "audiobrief build" to mend it',
        ) from error


def _urls(root: Any) -> Iterator[str]:
    for element in root.iter("*"):
        yield from (str(value) for value in element.attrib.values())
        text = (element.text or "").strip()
        # A description may begin with an address; an address has no blanks.
        if text and not any(c.isspace() or c == "<" for c in text):
            yield text


def _name_of(url: str, base_url: str) -> str:
    """Return the name of the file behind an address: a folder's is its page."""
    path = unquote(urlsplit(url).path.removeprefix(urlsplit(base_url).path))
    return f"{path}{INDEX_NAME}" if not path or path.endswith("/") else path
