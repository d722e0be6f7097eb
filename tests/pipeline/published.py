"""A workspace as builds leave it, made without speaking; and what must hold where it goes."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from lxml import etree

from audiobrief.model.episode import State
from audiobrief.pipeline.publish import publish
from audiobrief.publish.feed import render_feed
from audiobrief.store.manifest import render_manifest
from audiobrief.workspace.load import load_workspace
from tests.publish.shows import make_episode, make_show

BASE_URL = "https://pod.example/"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
TEXTS = ("transcript.vtt", "transcript.srt", "transcript.json", "transcript.html", "chapters.json")


def write_workspace(root, settings='to = "folder:../www"'):
    """Write settings; return the folder."""
    root.mkdir(parents=True, exist_ok=True)
    text = f'[show]\nbase_url = "{BASE_URL}"\n[publish]\n{settings}\n'
    (root / "audiobrief.toml").write_text(text, encoding="utf-8")
    return root


def write_show(root, episodes, *, name="", states=None):
    """Write a show: feed, pages, and of each episode what a build writes.

    Args:
        root: The workspace.
        episodes: Name of each episode to what is in its sound.
        name: Of the show.
        states: Name of an episode to its state; published otherwise.
    """
    folder = root / "episodes" / name
    folder.mkdir(parents=True, exist_ok=True)
    show = make_show(base_url=f"{BASE_URL}{name}/" if name else BASE_URL, cover_file="cover.jpg")
    made = []
    for number, (slug, sound) in enumerate(episodes.items()):
        state = (states or {}).get(slug, State.PUBLISHED)
        made.append(write_episode(folder, slug, sound.encode() * 500, number, state))
    public = [e for e in made if e.state is State.PUBLISHED]
    (folder / "cover.jpg").write_bytes(b"cover")
    (folder / "show.json").write_text(f'{{"guid": "{show.guid}"}}', encoding="utf-8")
    page = "".join(e.title for e in public)
    (folder / "index.html").write_text(page, encoding="utf-8")
    (folder / "feed.xml").write_bytes(render_feed(show, public))
    return made


def write_episode(folder, slug, content, number, state=State.PUBLISHED):
    """Write one episode, whose other sounds go, as after a build."""
    directory = f"2026-02-0{number + 1}-{slug}"
    (folder / directory).mkdir(exist_ok=True)
    for old in (folder / directory).glob("*.mp3"):
        old.unlink()
    digest = sha256(content).hexdigest()
    file = f"{slug}-{digest[:8]}.mp3"
    plain = make_episode()
    enclosure = replace(plain.enclosure, file=file, bytes=len(content), sha256=digest)
    episode = replace(
        plain,
        guid=f"guid-{slug}",
        title=f"About {slug}",
        directory=directory,
        enclosure=enclosure,
        published=plain.published + timedelta(days=number),
        state=state,
    )
    (folder / directory / file).write_bytes(content)
    for text in (*TEXTS, "index.html"):
        said = f"{text} of {file}"
        is_json = text.endswith(".json")
        content = json.dumps({"version": "1.2.0", "title": said}) if is_json else said
        (folder / directory / text).write_text(content, encoding="utf-8")
    (folder / directory / "script.md").write_text("what was left out", encoding="utf-8")
    (folder / directory / "episode.json").write_bytes(render_manifest(episode))
    return episode


def run(root, *, show="", now=NOW, number=[0], check=lambda _folder: [], **options):  # noqa: B006 - a counter
    """Publish as the command does; return the report."""
    workspace = load_workspace(root)
    number[0] += 1
    view = workspace.of_show(show) if show else workspace
    return publish(view, now=now, run=f"run-{number[0]}", check=check, **options)


def only(report):
    """Return the one delivery of a report, which went well."""
    (delivery,) = report.deliveries
    assert delivery.error is None, delivery.error
    return delivery


def broken(www):
    """Return what is wrong with a published folder: nothing, whatever happened.

    The feed parses, and each file that it names is there; sound with its length and its digest.
    """
    feed = www / "feed.xml"
    if not feed.exists():
        return []
    return broken_feed(feed.read_bytes(), lambda name: _content(www / name))


def _content(path):
    return path.read_bytes() if path.is_file() else None


def broken_feed(content, fetch):
    """Return what is wrong with a feed, asking for each file that it names."""
    wrong = []
    for url, length in named(content):
        body = fetch(url.removeprefix(BASE_URL))
        if body is None:
            wrong.append(f"{url} is missing")
        elif length and len(body) != length:
            wrong.append(f"{url} has {len(body)} bytes, not {length}")
        elif length and sha256(body).hexdigest()[:8] not in url:
            wrong.append(f"{url} is not what its name says")
    return wrong


def named(content):
    """Return the addresses of files in a feed, with the length of each sound."""
    root = etree.fromstring(content)
    found = {}
    for element in root.iter("*"):
        url = element.get("url") or element.get("href") or ""
        if url.startswith(BASE_URL) and re.search(r"\.\w+$", url):
            found[url] = max(found.get(url, 0), int(element.get("length") or 0))
    return found.items()
