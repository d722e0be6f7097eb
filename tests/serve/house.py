"""A folder of episodes for servers, and servers for it."""

import os
import random
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from threading import Thread

from audiobrief.model.episode import Enclosure, State
from audiobrief.serve.app import App
from audiobrief.serve.server import Server, listen
from audiobrief.store.manifest import render_manifest
from tests.publish.shows import make_episode

DAY = "2024-05-17-ferry-returns"
DRAFT = "2024-05-18-not-yet"
#: Everything was written then: Fri, 17 May 2024 06:30:00 GMT.
WRITTEN_S = 1715927400
SOUND = random.Random(7).randbytes(10_000)
MP3 = f"ferry-{sha256(SOUND).hexdigest()[:8]}.mp3"
FEED = (
    b"<?xml version='1.0'?><rss version='2.0'>"
    + b"<item>harbor ferry pier</item>" * 400
    + b"</rss>"
)
VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nThe ferry returns.\n" * 20


def put(path: Path, content: bytes):
    """Write a file with the time that all have."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (WRITTEN_S, WRITTEN_S))


def put_episode(folder: Path, *, state=State.PUBLISHED, sound=SOUND):
    """Write an episode."""
    name = f"ferry-{sha256(sound).hexdigest()[:8]}.mp3"
    enclosure = Enclosure(name, len(sound), "audio/mpeg", 2000, sha256(sound).hexdigest())
    episode = replace(make_episode(), enclosure=enclosure, directory=folder.name, state=state)
    put(folder / "episode.json", render_manifest(episode))
    put(folder / name, sound)
    put(folder / "transcript.vtt", VTT)
    put(folder / "transcript.html", b"<!doctype html><title>Ferry</title><p>Pier.</p>")
    put(folder / "transcript.json", b'{"segments": []}')
    put(folder / "chapters.json", b'{"version": "1.2.0", "chapters": []}')
    put(folder / "index.html", b"<!doctype html><title>Ferry</title>" + b"<p>Pier.</p>" * 80)
    put(folder / "script.md", b"narrator: The ferry returns.\n")


def put_house(root: Path):
    """Write ``episodes/`` with a show, an episode, a draft, and what is nobody's business."""
    put(root / "feed.xml", FEED)
    put(root / "index.html", b"<!doctype html><title>Show</title>" + b"<p>Harbor.</p>" * 80)
    put(root / "feed-2.xml", FEED)
    put(root / "feeds.opml", b"<opml version='2.0'><body/></opml>")
    put(root / "cover.jpg", b"\xff\xd8\xff" + bytes(500))
    put(root / "show.json", b'{"guid": "x"}')
    put(root / ".secret", b"secret")
    put(root / ".feed.xml.audiobrief-tmp", b"half")
    put_episode(root / DAY)
    put_episode(root / DRAFT, state=State.DRAFT)
    put(root / "long-read" / "feed.xml", FEED)
    put(root / "long-read" / "show.json", b'{"guid": "y"}')
    put_episode(root / "long-read" / DAY)
    put(root / "stray" / "feed.xml", FEED)
    put(root / "stray" / "note.mp3", b"no episode")
    put(root.parent / "secret.txt", b"secret")


@dataclass
class Running:
    """A server on a thread."""

    port: int
    root: Path
    served: list = field(default_factory=list)
    troubles: list = field(default_factory=list)


@contextmanager
def running(root: Path, **options):
    """Run a server for a folder until the block ends; it must have met no defect."""
    listening = listen("127.0.0.1", 0)
    run = Running(listening.getsockname()[1], root)
    app = App(root, log=run.served.append, report=run.troubles.append, **options)
    server = Server(app, listening)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield run
    finally:
        server.stop()
        thread.join()
    assert run.troubles == []
