"""What is on disk beside a feed: its cover, its sounds and texts (a room's reader)."""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from audiobrief.check.facts import FeedFacts, ItemFacts
from audiobrief.check.urls import host_of, path_of
from audiobrief.errors import AudiobriefError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiobrief.check.node import Node

#: No transcript of a day has more.
_MOST_TEXT_BYTES = 20_000_000
#: 10,000 episodes have 90,000.
_MOST_FILES = 1_000_000
_MANIFEST = "episode.json"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with a feed, and where the feed says it is on the web."""

    #: Resolved.
    path: Path
    #: Host of the feed's own address.
    host: str
    #: Path of its folder on the web, with a slash at its end.
    web_path: str
    #: What is in it: paths below it with slashes, those of folders with one at their end.
    files: frozenset[str]
    #: Whether the sounds should be here: then one that is not is missing.
    has_sounds: bool = False
    #: Whether files may lie elsewhere below than their addresses say.
    is_loose: bool = True

    def find(self, url: str) -> Path | None:
        """Return where a URL of the feed lies on disk; ``None``: nowhere below the folder.

        What comes after the folder of the feed's own link is the path below this one. In feeds of
        others, whose files may have been on another host, any end of the path will do.
        """
        path = unquote(path_of(url))
        if not self.files or not path or path.endswith("/"):
            return None
        if path.startswith(self.web_path):
            own = path[len(self.web_path) :]
            if own in self.files:
                return self._inside(own)
        if not self.is_loose:
            return None
        parts = path.split("/")
        ends = ("/".join(parts[start:]) for start in range(len(parts)))
        found = next((end for end in ends if end in self.files), None)
        return None if found is None else self._inside(found)

    def expect(self, url: str) -> str | None:
        """Return the path at which a URL must lie, there or not; ``None``: not below here."""
        path = unquote(path_of(url))
        is_here = host_of(url) in {"", self.host} and path.startswith(self.web_path)
        if not url or "\x00" in path or not is_here:
            return None
        plain = posixpath.normpath(path[len(self.web_path) :])
        return None if plain.startswith(("..", "/")) else plain

    def has_folder(self, path: str) -> bool:
        """Return whether there is anything in the folder of a path."""
        folder = posixpath.dirname(path)
        return not folder or f"{folder}/" in self.files

    def _inside(self, relative: str) -> Path | None:
        """Return a file, unless it is a link that leads out."""
        found = self.path / relative
        try:
            is_below = found.resolve().is_relative_to(self.path)
        except OSError:
            return None
        return found if is_below else None


def folder_of(feed: FeedFacts, path: Path) -> Folder:
    """Return how the feed's addresses map to a folder."""
    links = feed.node.links("self")
    own = links[0].get("href", "") if links else ""
    folder = Folder(
        path.resolve(),
        host_of(own),
        unquote(path_of(own)).rpartition("/")[0] + "/",
        files_below(path),
        is_loose=not feed.is_ours,
    )
    has_sounds = feed.is_ours or any(folder.find(url) for url in feed.totals.enclosures)
    return replace(folder, has_sounds=has_sounds)


def files_below(folder: Path) -> frozenset[str]:
    """Return what is below a folder, with slashes: one look instead of 50,000."""
    names: set[str] = set()
    for here, _, files in os.walk(folder):
        below = Path(here).relative_to(folder).as_posix()
        prefix = "" if below == "." else f"{below}/"
        names.update(f"{prefix}{name}" for name in files)
        names.add(prefix)
        if len(names) > _MOST_FILES:
            break
    return frozenset(names)


def with_cover(feed: FeedFacts, folder: Folder) -> FeedFacts:
    """Return the facts with what directories say to the cover."""
    url = feed.node.attribute("itunes:image", "href")
    cover = folder.find(url) if url else None
    if cover is None:
        problem = "the cover's URL names no file below the feed's folder: build the feed again"
        return replace(feed, cover_problem=problem if url and feed.is_ours else "")
    return judge_cover(feed, cover)


def judge_cover(feed: FeedFacts, cover: Path) -> FeedFacts:
    """Return the facts with what directories say to a picture on disk."""
    from audiobrief.publish.cover import load_cover  # noqa: PLC0415 - Pillow

    try:
        return replace(feed, cover_suffix=load_cover(cover).suffix)
    except AudiobriefError as error:
        remedy = "save a square RGB JPEG or PNG of 1400 to 3000 pixels"
        return replace(feed, cover_problem=f"{error.problem}: {remedy}")


def sound_of(node: Node, folder: Folder) -> Path | None:
    """Return where the sound of an item lies on disk."""
    url = node.attribute("enclosure", "url")
    return folder.find(url) if url else None


def read_item(feed: FeedFacts, node: Node, folder: Folder) -> ItemFacts:
    """Read the files that belong to an item; what cannot be read becomes a problem by name."""
    item = ItemFacts(feed, node)
    url = item.enclosure_url
    mp3 = sound_of(node, folder)
    if mp3 is None:
        problem = ""
        if url and folder.has_sounds and folder.expect(url) is not None:
            problem = "the feed names an MP3 that is not there"
        elif url and feed.is_ours:
            problem = "the feed names an MP3 outside its own folder"
        item = replace(item, problems={"mp3": problem} if problem else {})
        expected = folder.expect(url)
        is_built = feed.is_ours and expected is not None and folder.has_folder(expected)
        return _with_texts(item, folder, is_ours=is_built)
    return _with_texts(_with_sound(item, mp3), folder, is_ours=feed.is_ours)


def _with_sound(item: ItemFacts, path: Path) -> ItemFacts:
    from audiobrief.assemble.probe import measure, probe  # noqa: PLC0415 - numpy, soundfile
    from audiobrief.store.manifest import read_manifest  # noqa: PLC0415 - with them
    from audiobrief.tag.id3 import read_tag_version, read_tags  # noqa: PLC0415 - mutagen

    problems: dict[str, str] = {}

    def attempt(name: str, read: Callable[[Path], Any], path: Path) -> Any:
        try:
            return read(path)
        except AudiobriefError as error:
            problems[name] = error.problem
        except (OSError, ValueError) as error:
            problems[name] = str(error)
        return None

    size_and_hash = attempt("mp3", _size_and_hash, path) or (None, "")
    item = replace(item, mp3_bytes=size_and_hash[0], mp3_sha256=size_and_hash[1])
    if path.suffix.lower() == ".mp3":
        item = replace(
            item,
            mp3=attempt("frames", probe, path),
            loudness=attempt("loudness", measure, path),
            tags=attempt("tags", read_tags, path),
            tag_version=attempt("tags", read_tag_version, path) or (),
        )
    manifest = path.parent / _MANIFEST
    # What is published leaves its manifests at home.
    if item.is_ours and manifest.exists():
        item = replace(item, manifest=attempt("manifest", read_manifest, manifest))
    return replace(item, problems=problems)


def _with_texts(item: ItemFacts, folder: Folder, *, is_ours: bool) -> ItemFacts:
    """Return the facts with the transcripts and chapters that the item names."""
    problems, texts = dict(item.problems), {}
    for url in text_urls(item.node):
        path = folder.find(url)
        if path is None:
            if is_ours:
                problems[url] = "the feed names it, but it is not there"
            continue
        try:
            if path.stat().st_size > _MOST_TEXT_BYTES:
                problems[url] = "it is larger than 20 MB"
                continue
            texts[url] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            problems[url] = str(error)
    return replace(item, problems=problems, texts=texts) if problems or texts else item


def text_urls(node: Node) -> Iterator[str]:
    """Return the addresses of an item's transcripts and chapters."""
    for name in ("podcast:transcript", "podcast:chapters"):
        for element in node.all(name):
            if element.get("url"):
                yield element.get("url")


def _size_and_hash(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, file_digest(file, "sha256").hexdigest()
