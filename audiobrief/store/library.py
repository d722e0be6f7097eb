"""The episodes of a workspace: which there are, and what new ones are called."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import unicodedata
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiobrief.errors import StoreError
from audiobrief.model.card import Card
from audiobrief.store.files import mapping_os_errors
from audiobrief.store.manifest import MANIFEST_NAME, read_manifest
from audiobrief.store.seal import opened, sealed

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from pathlib import Path

    from audiobrief.model.article import Article
    from audiobrief.model.episode import Episode

#: GUIDs of episodes are made in it from the text of their first article.
EPISODE_NAMESPACE = uuid.UUID("5d2f6a4e-8c1b-5b77-9a43-0f6f5b3d9c21")
#: Namespace of podcast:guid (feed rule F10).
FEED_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What lies in ``episodes/``."""

    episodes: tuple[Episode, ...]
    #: Manifests that could not be read: their folders are left alone.
    damaged: tuple[StoreError, ...]


def read_shelf(folder: Path) -> Shelf:
    """Read all manifests below ``episodes/``, ordered by directory.

    Of two with one GUID (a folder that was copied) the first counts, the other is damaged.
    """
    episodes: dict[str, Episode] = {}
    damaged: list[StoreError] = []
    for path in sorted(folder.glob(f"*/{MANIFEST_NAME}")):
        try:
            episode = read_manifest(path)
        except StoreError as error:
            damaged.append(error)
            continue
        if episode.guid in episodes:
            first = episodes[episode.guid].directory
            remedy = f"remove this folder, or move it out of {folder.name}/"
            damaged.append(
                StoreError(f'a copy of the episode in "{first}"', str(path), remedy=remedy)
            )
        else:
            episodes[episode.guid] = episode
    return Shelf(tuple(episodes.values()), tuple(damaged))


def has_sound(folder: Path, episode: Episode | Card) -> bool:
    """Say whether an episode's sound lies below ``episodes/``, of the length that is told.

    Raises:
        StoreError: The disk does not say. That is no reason to take an episode from a feed.
    """
    if isinstance(episode, Card):
        file, size = episode.sound_file, episode.sound_bytes
    else:
        file, size = episode.enclosure.file, episode.enclosure.bytes
    try:
        # A Path for each of 100,000 costs more than the call.
        facts = os.stat(f"{folder}{os.sep}{episode.directory}{os.sep}{file}")  # noqa: PTH116
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError as error:
        path = folder / episode.directory / file
        if error.errno in (errno.ELOOP, errno.ENAMETOOLONG):
            return False  # no such file can be made
        with mapping_os_errors("read", path):
            raise
    return stat.S_ISREG(facts.st_mode) and facts.st_size == size


def seems_heard(folder: Path, episode: Episode | Card) -> bool:
    """Say as `has_sound` whether there is sound, for lists: what cannot be seen is not there."""
    try:
        return has_sound(folder, episode)
    except StoreError:
        return False


def new_guid(article: Article, taken: Collection[str], *, show: str = "") -> str:
    """Return the GUID of a new episode: made of its first text, so that no clock decides it.

    Args:
        article: What it is made of.
        taken: GUIDs that the show has already.
        show: Name of the show; the first one of a workspace has none.
    """
    guid = guid_of_text(article.id, show=show)
    while guid in taken:
        # The text is that of an episode which has since been edited into another.
        guid = str(uuid.uuid5(EPISODE_NAMESPACE, guid))
    return guid


def guid_of_text(text: str, *, show: str = "") -> str:
    """Return the GUID of the first episode that was made of a text.

    Args:
        text: Its digest, the id of the article.
        show: As `new_guid` takes it.
    """
    return str(uuid.uuid5(EPISODE_NAMESPACE, f"{show}\0{text}" if show else text))


def programme_guid(show_guid: str, name: str, day: date) -> str:
    """Return the GUID of a show's programme of a day: the same whenever it is made."""
    return str(uuid.uuid5(EPISODE_NAMESPACE, f"{show_guid}\0{name}\0{day.isoformat()}"))


def new_directory(title: str, published: datetime, guid: str, taken: Collection[str]) -> str:
    """Return the name of a new episode's directory: date, slug, and the GUID where both repeat."""
    name = f"{published:%Y-%m-%d}-{slug(title)}"
    return name if name not in taken else f"{name}-{guid[:8]}"


def slug(title: str, *, limit: int = 80) -> str:
    """Return a title as part of a file name: ASCII, safe on every file system.

    >>> slug("Free Syrian Army rejects Russian proposal to help")
    'free-syrian-army-rejects-russian-proposal-to-help'
    >>> slug("../../x"), slug("🎉")
    ('x', 'episode')
    """
    plain = unicodedata.normalize("NFKD", title[: 4 * limit]).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", ""))
    text = "-".join(words)
    if len(text) > limit:
        text = text[: limit + 1].rpartition("-")[0] or text[:limit]
    return text or "episode"


def feed_guid(feed_url: str) -> str:
    """Return the podcast:guid of a feed URL (feed rule F10).

    >>> feed_guid("https://podnews.net/rss")
    '9b024349-ccf0-5f69-a609-6b82873eab3c'
    """
    return str(uuid.uuid5(FEED_NAMESPACE, feed_url.partition("://")[2].rstrip("/")))


@dataclass(frozen=True, slots=True)
class Identity:
    """What the show keeps for good: ``episodes/show.json``."""

    guid: str
    #: Digest of what the shown cover was drawn from.
    cover: str = ""
    #: Digest of what all pages were rendered with.
    pages: str = ""
    #: Digest of the feed and of what it was made of.
    feed: str = ""
    #: What has become of the file, after its name; it is not written. Empty: nothing.
    news: str = field(default="", compare=False)


def read_identity(path: Path) -> Identity | None:
    """Read ``show.json``; ``None`` when there is none yet.

    Raises:
        StoreError: It is damaged: a new identity would cost the show its subscribers.
    """
    try:
        with mapping_os_errors("read", path):
            found = opened(path.read_bytes())
        data = json.loads(found.content)
        return Identity(
            guid=str(uuid.UUID(data["guid"])),
            cover=str(data.get("cover", "")),
            pages=str(data.get("pages", "")),
            feed=str(data.get("feed", "")),
            news=found.news,
        )
    except StoreError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return None
        raise
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise StoreError(
            "the show's identity is damaged",
            str(path),
            remedy='write {"guid": "…"} into it, with the podcast:guid of the published feed',
        ) from error


def render_identity(identity: Identity) -> bytes:
    """Return ``show.json``."""
    data = {name: getattr(identity, name) for name in ("guid", "cover", "pages", "feed")}
    return sealed((json.dumps(data, indent=1) + "\n").encode())
