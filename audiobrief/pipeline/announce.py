"""What is new in the feed is told: to a program of the user's, to a hub, then to an address.

What was told lies in the cache folder, for each of them. So a run that changes nothing tells
nothing, and what could not be told, or was cut off by a kill, is told by the next run.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from audiobrief.errors import AnnounceError, NetworkError
from audiobrief.pipeline.cards import cards_of
from audiobrief.pipeline.events import Event, Stage, Tell
from audiobrief.pipeline.feeds import further_pages
from audiobrief.pipeline.hook import LIMIT_S, run_hook
from audiobrief.pipeline.release import FEED_NAME
from audiobrief.publish.address import PAGE_FILE, episode_address, show_address
from audiobrief.store.files import atomic_write, make_folder, mapping_os_errors
from audiobrief.store.library import has_sound
from audiobrief.store.manifest import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from audiobrief.model.card import Card
    from audiobrief.model.show import Show
    from audiobrief.workspace.load import Workspace

#: In the cache folder, for each show; without it, what is in its feed now counts as told.
TOLD_NAME = "announced.json"
_ENCLOSURE = re.compile(rb'<enclosure (?:[a-z]+="[^"<>]*" )*?url="([^"<>]*)"')
EPISODES_VARIABLE = "AUDIOBRIEF_EPISODES"
LEFT_OUT_VARIABLE = "AUDIOBRIEF_EPISODES_LEFT_OUT"
#: Linux takes 131,072 bytes a variable, Windows 32,767 characters for all of them.
_VARIABLE_BYTES = 24_000 if os.name == "nt" else 100_000


@dataclass(frozen=True, slots=True)
class NewEpisode:
    """An episode that is new in the feed, or has changed."""

    guid: str
    title: str
    #: RFC 3339, UTC.
    published: str
    #: Paths relative to the workspace, POSIX separators.
    directory: str
    enclosure: str
    #: Of its page, and of its sound.
    url: str
    enclosure_url: str
    bytes: int
    mime_type: str
    duration_ms: int
    #: ``False``: it was told before, and is another now.
    is_new: bool


@dataclass(frozen=True, slots=True)
class News:
    """What has changed since the last time."""

    feed: str
    #: The newest first; empty: only the show, or what is gone, has changed.
    episodes: tuple[NewEpisode, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What one of the two was told."""

    #: Digest of the feed; empty: there was none.
    feed: str
    #: GUID to digest.
    episodes: Mapping[str, str]


def is_told_by_builds(workspace: Workspace) -> bool:
    """Tell whether a build's feed is at once where listeners get it; else `publish` tells of it."""
    return not workspace.settings.publish.to


def keep_start(workspace: Workspace, episodes: Iterable[Card]) -> None:
    """Note what is public before a run changes it, for those that were never told anything.

    Raises:
        StoreError: The note cannot be read or written.
    """
    told = _read(workspace)
    missing = [name for name in _ways(workspace) if name not in told]
    if missing:
        now = _Told(_feed_digest(workspace), _digests(workspace, episodes))
        _write(workspace, told | dict.fromkeys(missing, now))


def announce(workspace: Workspace, show: Show, tell: Tell, *, limit_s: float = LIMIT_S) -> None:
    """Tell what the feed has that was not told.

    The address is told after the program, and not before that has succeeded: it may be the program
    that puts on the web what the address is told of.

    Args:
        workspace: Where episodes and settings are.
        show: As the feed has it.
        tell: Called while the program runs.
        limit_s: What the program is given.

    Raises:
        AnnounceError: One of them failed.
        StoreError: What was told is not known, or cannot be noted.
    """
    told, digest = _read(workspace), _feed_digest(workspace)
    nothing = _Told(digest, {})
    owed = {n: way for n, way in _ways(workspace).items() if told.get(n, nothing).feed != digest}
    if not owed:
        return
    episodes = in_feed(workspace, cards_of(workspace))
    now = _Told(digest, _digests(workspace, episodes))
    for name, way in owed.items():
        way(_news(workspace, show, episodes, now, told[name]), workspace, tell, limit_s)
        told[name] = now
        _write(workspace, told)


def _ways(workspace: Workspace) -> dict[str, Callable[[News, Workspace, Tell, float], None]]:
    """Return who is to be told, in this order."""
    settings = workspace.settings.publish
    ways: dict[str, Callable[[News, Workspace, Tell, float], None]] = {}
    ways |= {"hook": _tell_program} if settings.hook else {}
    # A hub would tell everybody.
    ways |= {"hub": _tell_hub} if settings.hub and not settings.private else {}
    return ways | ({"webhook": _tell_address} if settings.webhook else {})


def _tell_program(news: News, workspace: Workspace, tell: Tell, limit_s: float) -> None:
    rows = [asdict(episode) for episode in news.episodes]
    shown, left_out = _that_fit(rows)
    event = Event(Stage.ANNOUNCE, workspace.settings.publish.hook[0], 0, 1)
    run_hook(
        workspace.settings.publish.hook,
        workspace.root,
        given=json.dumps(rows).encode(),
        environment={EPISODES_VARIABLE: shown, LEFT_OUT_VARIABLE: str(left_out)},
        look=lambda: tell(event),
        limit_s=limit_s,
    )


def _that_fit(rows: list[dict[str, Any]]) -> tuple[str, int]:
    """Return as many as a variable takes, as JSON, and how many it does not."""
    count, size = 0, 2
    for row in rows:
        size += len(json.dumps(row)) + 2
        if size > _VARIABLE_BYTES:
            break
        count += 1
    return json.dumps(rows[:count]), len(rows) - count


def _tell_hub(news: News, workspace: Workspace, tell: Tell, _limit_s: float) -> None:
    """Tell a WebSub hub that the feed has changed, in the form that hubs have agreed on."""
    from audiobrief.net.answer import Limit  # noqa: PLC0415 - httpx
    from audiobrief.pipeline.network import client_for  # noqa: PLC0415

    hub = workspace.settings.publish.hub or ""
    tell(Event(Stage.ANNOUNCE, "hub", 0, 1))
    form = {"hub.mode": "publish", "hub.url": news.feed, "hub.topic": news.feed}
    try:
        with client_for(workspace) as client:
            client.post(hub, form=form, limit=Limit(("*/*",), 65_536, is_cut=True))
    except NetworkError as error:
        raise AnnounceError(
            f"the hub was not told: {error.problem}",
            workspace.place_of("publish.hub"),
            remedy=error.remedy,
        ) from error


def _tell_address(news: News, workspace: Workspace, tell: Tell, _limit_s: float) -> None:
    # httpx takes a while to import: only where there is something to tell.
    from audiobrief.net.answer import Limit  # noqa: PLC0415
    from audiobrief.pipeline.network import client_for  # noqa: PLC0415

    url = workspace.settings.publish.webhook or ""
    tell(Event(Stage.ANNOUNCE, "webhook", 0, 1))
    try:
        with client_for(workspace) as client:
            # Whatever it answers: that it did not refuse is enough.
            client.post(url, json=asdict(news), limit=Limit(("*/*",), 65_536, is_cut=True))
    except NetworkError as error:
        raise AnnounceError(
            f"the webhook was not told: {error.problem}",
            # Whoever knows the address may use it: only its place is shown.
            workspace.place_of("publish.webhook"),
            remedy=error.remedy,
        ) from error


def _news(
    workspace: Workspace, show: Show, episodes: Iterable[Card], now: _Told, before: _Told
) -> News:
    changed = [e for e in episodes if now.episodes[e.guid] != before.episodes.get(e.guid)]
    changed.sort(key=lambda e: (e.published, e.guid), reverse=True)
    rows = (
        _row(show, e, workspace.directory_of(e), is_new=e.guid not in before.episodes)
        for e in changed
    )
    return News(show_address(show, FEED_NAME), tuple(rows))


def _row(show: Show, episode: Card, folder: str, *, is_new: bool) -> NewEpisode:
    sound = episode.enclosure
    return NewEpisode(
        guid=episode.guid,
        title=episode.title,
        published=rfc3339(episode.published),
        directory=folder,
        enclosure=f"{folder}/{sound.file}",
        url=episode_address(show, episode, PAGE_FILE),
        enclosure_url=episode_address(show, episode, sound.file),
        bytes=sound.bytes,
        mime_type=sound.mime_type,
        duration_ms=sound.duration_ms,
        is_new=is_new,
    )


def in_feed(workspace: Workspace, episodes: Iterable[Card]) -> list[Card]:
    """Return the episodes that the feed has as they are now, on any of its pages."""
    pages = (workspace.episodes / FEED_NAME, *further_pages(workspace.episodes))
    sounds = {sound for page in pages for sound in _sounds_in(page)}
    return [
        e
        for e in episodes
        if f"{e.directory}/{e.enclosure.file}" in sounds and has_sound(workspace.episodes, e)
    ]


def _sounds_in(page: Path) -> list[str]:
    """Return folder and name of each enclosure: both are ours, and mean themselves in XML."""
    with mapping_os_errors("read", page):
        found = _ENCLOSURE.findall(page.read_bytes()) if page.is_file() else []
    return [b"/".join(url.split(b"/")[-2:]).decode() for url in found]


def _digests(workspace: Workspace, episodes: Iterable[Card]) -> dict[str, str]:
    """Return of each public episode what changes with what listeners get of it."""
    return {e.guid: e.heard for e in in_feed(workspace, episodes)}


def _feed_digest(workspace: Workspace) -> str:
    path = workspace.episodes / FEED_NAME
    with mapping_os_errors("read", path):
        return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _path(workspace: Workspace) -> Path:
    name = f"{workspace.show}-{TOLD_NAME}" if workspace.show else TOLD_NAME
    return workspace.cache / name


def _read(workspace: Workspace) -> dict[str, _Told]:
    """Return what was told; a note that is missing or damaged says nothing.

    Raises:
        StoreError: It is there, and cannot be read: whatever were told now might be told twice.
    """
    path = _path(workspace)
    try:
        with mapping_os_errors("read", path):
            content = path.read_bytes() if path.exists() else b""
        data = json.loads(content)
        return {
            name: _Told(str(told["feed"]), {str(k): str(v) for k, v in told["episodes"].items()})
            for name, told in data.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write(workspace: Workspace, told: Mapping[str, _Told]) -> None:
    make_folder(workspace.cache)
    content = json.dumps({name: asdict(one) for name, one in told.items()}, indent=1)
    atomic_write(_path(workspace), content.encode())
