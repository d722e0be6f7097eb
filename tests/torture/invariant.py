"""What must hold after every fault, and after the run that recovers from it.

The feed is read by two parsers that are not the product's, and everything it names is held to the
bytes on disk; manifests are read as JSON, not by the product's types.
"""

import hashlib
import json
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import feedparser

from audiobrief.store.clips import parse_clip

#: A file without these fields is no manifest.
FIELDS = ("guid", "title", "published", "state", "articles", "enclosure", "segments", "ledger")
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
#: How files of ours are called until they are whole.
UNFINISHED = ("-tmp", ".tmp", ".new", ".making", ".part", ".part.mp3", "-journal", "~")
#: These tell the moment of what people and publishers did.
TIMED = ("review.json", "history.json", "published.json")
#: Locks are no leftovers, and neither are the files of an open database.
KEPT = (".publishing.lock",)


def violations(episodes):
    """Return what is wrong with a folder that is served, at any moment: nothing.

    The feed parses; whatever it names is there; each enclosure has its length and its digest, which
    its name and, where there is one, its manifest tell.
    """
    feed = episodes / "feed.xml"
    if not feed.exists():
        return []
    try:
        items = list(ET.fromstring(feed.read_bytes()).iter("item"))
    except ET.ParseError as error:
        return [f"the feed does not parse: {error}"]
    parsed = feedparser.parse(feed.read_bytes())
    wrong = []
    if parsed.bozo or len(parsed.entries) != len(items) or not items:
        wrong.append(f"two parsers disagree about the feed: {parsed.get('bozo_exception')}")
    guids = [item.findtext("guid") for item in items]
    if len(set(guids)) != len(guids):
        wrong.append("the feed has a GUID twice")
    for item in items:
        wrong += _of_item(episodes, item)
    for image in ET.fromstring(feed.read_bytes()).iter(f"{ITUNES}image"):
        wrong += _is_there(episodes, image.get("href"))
    return wrong


def _of_item(episodes, item):
    guid = item.findtext("guid")
    enclosure = item.find("enclosure")
    path = _path_of(episodes, enclosure.get("url"))
    for tag, name in (("transcript", "url"), ("chapters", "url")):
        for element in item.iter(f"{PODCAST}{tag}"):
            yield from _is_there(episodes, element.get(name))
    if not path.is_file():
        yield f"{path.name} is named by the feed but missing"
        return
    content = path.read_bytes()
    if len(content) != int(enclosure.get("length")):
        yield f"{path.name} has {len(content)} bytes, the feed says {enclosure.get('length')}"
    digest = hashlib.sha256(content).hexdigest()
    if digest[:8] != path.stem[-8:]:
        yield f"{path.name} is not what its name says"
    manifest = path.parent / "episode.json"
    if not manifest.exists():
        # What is published has no manifests.
        return
    try:
        told = json.loads(manifest.read_bytes())
    except ValueError as error:
        yield f"{manifest.parent.name}/episode.json is torn: {error}"
        return
    if told["guid"] != guid:
        yield f"{path.name}: the feed says {guid}, the manifest {told['guid']}"
    # Between the manifest and the feed of a new sound, the feed still names the old one.
    sounds = {told["enclosure"]["file"]: told["enclosure"]}
    if path.name in sounds and sounds[path.name]["sha256"] != digest:
        yield f"{path.name} has another sha256 than its manifest says"


def _path_of(episodes, url):
    return episodes.joinpath(*unquote(urlsplit(url).path).strip("/").split("/")[-2:])


def _is_there(episodes, url):
    parts = unquote(urlsplit(url).path).strip("/").split("/")
    if not any(episodes.joinpath(*parts[-n:]).is_file() for n in (1, 2)):
        yield f"{'/'.join(parts[-2:])} is named by the feed but missing"


def deep_violations(episodes, cache, guids=None):
    """Return what is wrong after the run that recovers.

    The above; besides, each manifest is whole, names files that are there with their digests, and
    has a ledger that sums; the feed names what the manifests name; clips are whole; GUIDs are those
    of before.

    Args:
        episodes: The folder that is served.
        cache: The workspace's cache.
        guids: Of the feed before, by directory; what is not in it is new.
    """
    wrong = violations(episodes)
    told = {}
    for path in sorted(episodes.glob("*/episode.json")):
        try:
            told[path.parent.name] = json.loads(path.read_bytes())
        except ValueError as error:
            wrong.append(f"{path.parent.name}/episode.json is torn: {error}")
    for name, manifest in told.items():
        wrong += [f"{name}: {line}" for line in _of_manifest(episodes / name, manifest)]
    now = released_guids(episodes)
    for name, guid in (guids or {}).items():
        if now.get(name) != guid:
            wrong.append(f"{name}: the GUID {guid} is {now.get(name)} now")
    named = {path.name for path in _sounds(episodes)}
    for name, manifest in told.items():
        if name in now and manifest["enclosure"]["file"] not in named:
            wrong.append(f"{name}: the feed names an older sound than the manifest")
    return [*wrong, *_of_cache(cache)]


def _of_manifest(folder, manifest):
    missing = [name for name in FIELDS if name not in manifest]
    if missing:
        yield f"the manifest lacks {', '.join(missing)}"
        return
    for sound in (manifest["enclosure"], *manifest.get("deliveries", ())):
        path = folder / sound["file"]
        content = path.read_bytes() if path.is_file() else b""
        if len(content) != sound["bytes"] or _digest(content) != sound["sha256"]:
            yield f"{path.name} is not what the manifest says"
    for name, digest in manifest["files"].items():
        path = folder / name
        if not path.is_file() or _digest(path.read_bytes()) != digest:
            yield f"{name} is not what the manifest says"
    yield from _of_ledger(folder.parent.parent, manifest)


def _of_ledger(root, manifest):
    known = {segment["id"] for segment in manifest["segments"]}
    for row in manifest["ledger"]:
        if row["spoken"] != bool(row["segments"]) or not (row["segments"] or row["reason"]):
            yield f"the ledger leaves open what became of {row['text'][:40]!r}"
        if not known.issuperset(row["segments"]):
            yield f"the ledger names segments that there are not: {row['segments']}"
    for number, article in enumerate(manifest["articles"]):
        source = root / article["locator"]
        rows = [row["text"] for row in manifest["ledger"] if row["article"] == number]
        if source.suffix == ".txt" and source.is_file():
            text = "".join(source.read_text(encoding="utf-8").split())
            if "".join("".join(row.split()) for row in rows) != text:
                yield f"the ledger does not sum to {article['locator']}"


def _of_cache(cache):
    for path in sorted((cache / "clips").glob("??/*.wav")):
        if parse_clip(path.read_bytes()) is None:
            yield f"the clip {path.name[:12]} is not whole"
    for path in sorted((cache / "encoded").glob("??/*.mp3part")):
        content = path.read_bytes()
        if hashlib.sha256(content[32:]).digest() != content[:32]:
            yield f"the encoded clip {path.name[:12]} is not whole"


def _digest(content):
    return hashlib.sha256(content).hexdigest()


def manifests(episodes):
    """Return all manifests, by directory."""
    return {p.parent.name: json.loads(p.read_bytes()) for p in episodes.glob("*/episode.json")}


def _sounds(episodes):
    feed = episodes / "feed.xml"
    if feed.exists():
        for enclosure in ET.fromstring(feed.read_bytes()).iter("enclosure"):
            yield _path_of(episodes, enclosure.get("url"))


def released_guids(episodes):
    """Return the GUIDs in the feed, by the directory of their sound."""
    feed = episodes / "feed.xml"
    if not feed.exists():
        return {}
    items = ET.fromstring(feed.read_bytes()).iter("item")
    return {
        _path_of(episodes, item.find("enclosure").get("url")).parent.name: item.findtext("guid")
        for item in items
    }


def whole_clips(cache):
    """Return the keys of the clips that are finished."""
    found = (cache / "clips").glob("??/*.wav")
    return {path.stem for path in found if parse_clip(path.read_bytes()) is not None}


def needed_clips(episodes):
    """Return the keys of the clips that the finished episodes are made of."""
    return {s["clip"] for m in manifests(episodes).values() for s in m["segments"] if s["clip"]}


def shared_clips(episodes):
    """Return the keys of the clips that are in more than one of the finished episodes."""
    used = [{s["clip"] for s in m["segments"]} for m in manifests(episodes).values()]
    return {clip for clips in used for clip in clips if sum(clip in other for other in used) > 1}


def leftovers(root):
    """Return the unfinished files that are left below a folder: none after the recovery."""
    wrong = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.name in KEPT:
            continue
        in_work = name.startswith(".audiobrief/work/")
        if name.startswith("store/") and path.name.endswith(".part"):
            continue  # another machine may write it: it is swept after a day
        hidden = path.name.startswith(".") and path.is_file()
        if path.name.endswith(UNFINISHED) or in_work or (hidden and "episodes" in name.split("/")):
            wrong.append(f"{name} is left")
    return wrong


def tree(folder):
    """Return size, time, number and digest of all files below a folder."""
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_size,
            path.stat().st_mtime_ns,
            path.stat().st_ino,
            _digest(path.read_bytes()),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def touched(before, after):
    """Return what differs between two such looks."""
    return [
        f"{'makes' if n not in before else 'removes' if n not in after else 'touches'} {n}"
        for n in sorted(before.keys() | after.keys())
        if before.get(n) != after.get(n)
    ]


def content(episodes):
    """Return the digest of each file that is served, by name, as if nothing had been disturbed.

    Of manifests without what tells how much of the sound was there already; of what tells when
    somebody did something, only that it is there and whole.
    """
    found = {}
    for path in sorted(p for p in episodes.rglob("*") if p.is_file() and p.name not in KEPT):
        told = path.read_bytes()
        if path.name == "episode.json":
            manifest = json.loads(told)
            manifest["build"] = {**manifest["build"], "synthesized": 0, "cached": 0}
            # It is of these numbers, too; `deep_violations` reads the rest of it.
            manifest.pop("seal", None)
            told = json.dumps(manifest, sort_keys=True).encode()
        if path.name in TIMED:
            told = json.dumps(sorted(json.loads(told))).encode()
        found[path.relative_to(episodes).as_posix()] = _digest(told)
    return found
