"""What listeners get, and how two states of it differ."""

import json

from lxml import etree

#: They say what this run did, not what the episode is.
PASSING = ("synthesized", "cached")


def contents(folder):
    """Return every file below a folder with its bytes; of manifests what is there to stay."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
        content = path.read_bytes()
        if path.name == "episode.json":
            content = lasting(content)
        found[path.relative_to(folder).as_posix()] = content
    return found


def lasting(manifest):
    """Return a manifest without what it says of the run that wrote it; torn, it stays as it is."""
    try:
        told = json.loads(manifest)
        for name in PASSING:
            told["build"].pop(name, None)
        told.pop("seal", None)
        return json.dumps(told).encode()
    except (ValueError, KeyError, TypeError, AttributeError):
        return manifest


def differing(before, now):
    """Return the names of the files that are not the same in two states."""
    return sorted(n for n in before.keys() | now.keys() if before.get(n) != now.get(n))


def items_of(feed):
    """Return each item of a feed by its GUID, as XML that can be compared."""
    items = etree.fromstring(feed).find("channel").findall("item")
    return {i.findtext("guid"): etree.tostring(i, method="c14n", with_tail=False) for i in items}


def channel_of(feed):
    """Return what a feed says of the show, without its items."""
    channel = etree.fromstring(feed).find("channel")
    for item in channel.findall("item"):
        channel.remove(item)
    return etree.tostring(channel, method="c14n", with_tail=False)


def published_wrongly(before, now):
    """Return what listeners get that is not what they got; an episode may be left out.

    Args:
        before: All files of the good state.
        now: All files after the fault.
    """
    if "feed.xml" not in now:
        return ["published: the feed is gone"]
    old, new = before["feed.xml"], now["feed.xml"]
    try:
        items, told = items_of(old), items_of(new)
    except etree.XMLSyntaxError as error:
        return [f"published: the feed does not parse: {error}"]
    wrong = []
    if channel_of(new) != channel_of(old):
        wrong.append("published: the feed says something else of the show")
    wrong += [f"published: an unknown GUID, {guid}" for guid in sorted(told.keys() - items.keys())]
    common = sorted(told.keys() & items.keys())
    wrong += [f"published: another item {guid}" for guid in common if told[guid] != items[guid]]
    # Without an episode the list is another one, too.
    free = {"published.json", "feed.xml", *(["index.html"] if new != old else [])}
    wrong += [
        f"published: another {name}"
        for name in differing(before, now)
        if name in now and name not in free
    ]
    return wrong
