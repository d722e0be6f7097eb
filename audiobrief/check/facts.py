"""What is on disk, read once: the feed, and every file that it names (the room's only reader)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from audiobrief.assemble.probe import Mp3Facts, measure, probe
from audiobrief.errors import AudiobriefError, StoreError
from audiobrief.publish.cover import load_cover
from audiobrief.publish.feed import CHAPTERS_FILE, TRANSCRIPTS
from audiobrief.store.manifest import MANIFEST_NAME, read_manifest
from audiobrief.tag.id3 import Tags, read_tag_version, read_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from audiobrief.model.audio import Loudness
    from audiobrief.model.episode import Episode

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
}
# 10,000 episodes make 25 MB.
_MAX_FEED_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """The feed, and what belongs to the whole show."""

    content: bytes
    #: The ``rss`` element; ``None`` when the feed is no XML.
    root: Any
    #: Why it is no XML.
    syntax_error: str
    #: Aware; what lies later is the future.
    now: datetime
    #: Extension that the format of the cover calls for, ``""`` when directories refuse it.
    cover_suffix: str = ""
    #: Why directories refuse the cover.
    cover_problem: str = ""

    @property
    def channel(self) -> Any:
        """The channel element; an empty one when there is none, so that rules stay simple."""
        found = None if self.root is None else self.root.find("channel")
        return etree.Element("channel") if found is None else found

    @property
    def items(self) -> list[Any]:
        """The item elements, in order."""
        return list(self.channel.findall("item"))


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item of the feed, and the files of its episode; ``None`` is what could not be read."""

    feed: FeedFacts
    #: The ``item`` element.
    element: Any
    #: Why files could not be read, by what they are: ``mp3``, ``tags``, ``manifest`` ...
    problems: Mapping[str, str]
    #: Size and SHA-256 of the MP3 on disk.
    mp3_bytes: int | None = None
    mp3_sha256: str = ""
    mp3: Mp3Facts | None = None
    loudness: Loudness | None = None
    tags: Tags | None = None
    tag_version: tuple[int, ...] = ()
    manifest: Episode | None = None
    #: Text of transcripts and chapters by file name.
    texts: Mapping[str, str] | None = None

    def text(self, name: str) -> str:
        """Return the text of a file; empty when it is not there."""
        return (self.texts or {}).get(name, "")

    @property
    def enclosure_url(self) -> str:
        """Where the MP3 is on the web."""
        return str(attribute(self.element, "enclosure", "url"))


def text_of(element: Any, path: str) -> str:
    """Return the text of the first element at a path; empty when there is none."""
    return str(element.findtext(path, "", NAMESPACES)).strip()


def all_at(element: Any, path: str) -> list[Any]:
    """Return the elements at a path."""
    return list(element.findall(path, NAMESPACES))


def attribute(element: Any, path: str, name: str) -> str:
    """Return an attribute of the first element at a path; empty when there is none."""
    found = element.find(path, NAMESPACES)
    return "" if found is None else str(found.get(name, ""))


def parse_feed(content: bytes, *, now: datetime) -> FeedFacts:
    """Parse a feed that may be hostile: no entities, no network, no huge trees."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        return FeedFacts(content, None, str(error), now)
    return FeedFacts(content, root, "", now)


def read_feed(episodes: Path, *, now: datetime | None = None) -> FeedFacts:
    """Read ``feed.xml`` and the cover that it names.

    Raises:
        StoreError: There is no feed, or it cannot be read.
    """
    path = episodes / "feed.xml"
    try:
        if path.stat().st_size > _MAX_FEED_BYTES:
            raise StoreError("the feed is larger than 200 MB", str(path), remedy="build it again")
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise StoreError(
            "there is no feed", str(path), remedy="audiobrief build ARTICLE"
        ) from error
    except OSError as error:
        raise StoreError(
            f"the feed cannot be read: {error.strerror}", str(path), remedy="check its permissions"
        ) from error
    feed = parse_feed(content, now=now or datetime.now(UTC))
    if feed.root is None:
        return feed
    cover = find_file(feed, episodes, attribute(feed.channel, "itunes:image", "href"))
    if cover is None:
        problem = "the cover's URL names no file below the feed's folder"
        return FeedFacts(content, feed.root, "", feed.now, cover_problem=problem)
    try:
        suffix = load_cover(cover).suffix
    except AudiobriefError as error:
        return FeedFacts(content, feed.root, "", feed.now, cover_problem=error.problem)
    return FeedFacts(content, feed.root, "", feed.now, cover_suffix=suffix)


def find_file(feed: FeedFacts, episodes: Path, url: str) -> Path | None:
    """Return where a URL of the feed lies on disk: below the folder of the feed's own URL."""
    own = attribute(feed.channel, "atom:link[@rel='self']", "href")
    folder = unquote(urlsplit(own).path).rpartition("/")[0] + "/"
    path = unquote(urlsplit(url).path)
    if not url or "\x00" in path or not path.startswith(folder):
        return None
    found = (episodes / path.removeprefix(folder)).resolve()
    return found if found.is_relative_to(episodes.resolve()) else None


def read_item(feed: FeedFacts, element: Any, episodes: Path) -> ItemFacts:
    """Read the files that belong to an item; what cannot be read becomes a problem by name."""
    problems: dict[str, str] = {}
    mp3_path = find_file(feed, episodes, attribute(element, "enclosure", "url"))
    if mp3_path is None:
        problems["mp3"] = "the feed names an MP3 outside its own folder"
        return ItemFacts(feed, element, problems)

    def attempt(name: str, read: Callable[[Path], Any], path: Path) -> Any:
        try:
            return read(path)
        except AudiobriefError as error:
            problems[name] = error.problem
        except (OSError, UnicodeError) as error:
            problems[name] = str(error)
        return None

    names = (*(name for name, _ in TRANSCRIPTS), CHAPTERS_FILE)
    present = [name for name in names if (mp3_path.parent / name).is_file()]
    texts = {name: attempt(name, _read_text, mp3_path.parent / name) or "" for name in present}
    manifest = attempt("manifest", read_manifest, mp3_path.parent / MANIFEST_NAME)
    if not mp3_path.is_file():
        problems["mp3"] = "the feed names an MP3 that is not there"
        return ItemFacts(feed, element, problems, manifest=manifest, texts=texts)
    size_and_hash = attempt("mp3", _size_and_hash, mp3_path) or (None, "")
    return ItemFacts(
        feed,
        element,
        problems,
        mp3_bytes=size_and_hash[0],
        mp3_sha256=size_and_hash[1],
        mp3=attempt("frames", probe, mp3_path),
        loudness=attempt("loudness", measure, mp3_path),
        tags=attempt("tags", read_tags, mp3_path),
        tag_version=attempt("tags", read_tag_version, mp3_path) or (),
        manifest=manifest,
        texts=texts,
    )


def _size_and_hash(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, file_digest(file, "sha256").hexdigest()


def _read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def parse_json(text: str) -> Any:
    """Return what a JSON file holds, or ``None`` when it is none.

    >>> parse_json('{"a": 1}'), parse_json("{"), parse_json("NaN"), parse_json("[" * 100_000)
    ({'a': 1}, None, None, None)
    """
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _no_number(name: str) -> None:
    """Refuse ``NaN`` and ``Infinity``, which Python reads and JSON does not have."""
    raise ValueError(name)
