"""What a file is, by its name: type, how long it may be kept, who may read it (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from audiobrief.model.audio import Format

#: Hash-named sound and covers: another one has another name.
_FOR_GOOD = "public, max-age=31536000, immutable"
#: Asked for again after a moment, which costs an empty answer.
_SHORTLY = "public, max-age=60"
_FOR_AN_HOUR = "public, max-age=3600"
#: How such names end: with the beginning of a digest.
_HASH_NAMED = re.compile(r"-[0-9a-f]{8}\.[a-z0-9]+$")

#: Put into a page of others, it is not to be seen there.
FRAMELESS: Final = "; frame-ancestors 'none'"
#: Our pages have their script and style in themselves, and take nothing from elsewhere. What may
#: run they say themselves, by its digest; both policies hold. Others may show them in a frame, as
#: a small player: nothing in them changes anything.
_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self'; "
    "media-src 'self'; base-uri 'none'; form-action 'none'"
)
_PICTURE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is told with every file of one kind."""

    #: Under which name it is counted.
    name: str
    content_type: str
    cache: str
    #: Text: it is sent compressed to whoever can read that.
    is_text: bool = False
    #: Pages of other sites may read it, as players in a browser do.
    is_shared: bool = False
    #: Of a page; empty: none.
    policy: str = ""


FEED = Kind(
    "feed", "application/rss+xml; charset=utf-8", _SHORTLY, is_text=True, is_shared=True
)  # fmt: skip
PAGE = Kind("page", "text/html; charset=utf-8", _SHORTLY, is_text=True, policy=_PAGE_POLICY)
_COVERS = {"cover.jpg": "image/jpeg", "cover.png": "image/png"}
#: A cover of another design has another name.
_NAMED_COVER = re.compile(r"^cover-[0-9a-f]{8}(?=\.(?:jpg|png)$)")
_SHOW_FILES: Final = {
    "feed.xml": FEED,
    "index.html": PAGE,
    "feeds.opml": Kind("feed", "text/x-opml; charset=utf-8", _SHORTLY, is_text=True),
    **{name: Kind("image", mime, _FOR_AN_HOUR, is_shared=True) for name, mime in _COVERS.items()},
}
#: Further pages of a long feed or list: ``feed-2.xml``.
_PAGE_NUMBER = re.compile(r"-[1-9][0-9]{0,5}(?=\.(?:xml|html)$)")


def show_kind(name: str) -> Kind | None:
    """Return what a file of a show, besides its episodes, is; ``None``: it is none that is public.

    >>> show_kind("feed-2.xml") is FEED, show_kind("cover-2.jpg"), show_kind("show.json")
    (True, None, None)
    >>> show_kind("cover-0a1b2c3d.jpg").cache
    'public, max-age=31536000, immutable'
    """
    cover = _NAMED_COVER.sub("cover", name)
    if cover != name:
        return replace(_SHOW_FILES[cover], cache=_FOR_GOOD)
    return _SHOW_FILES.get(_PAGE_NUMBER.sub("", name))


def _transcript(content_type: str, policy: str = "") -> Kind:
    return Kind(
        "transcript", content_type, _SHORTLY, is_text=True, is_shared=True, policy=policy
    )  # fmt: skip


#: Files of an episode that are called the same in every one.
_EPISODE_FILES: Final = {
    "index.html": PAGE,
    "transcript.html": _transcript("text/html; charset=utf-8", _PAGE_POLICY + FRAMELESS),
    "transcript.vtt": _transcript("text/vtt; charset=utf-8"),
    "transcript.srt": _transcript("application/x-subrip; charset=utf-8"),
    "transcript.json": _transcript("application/json"),
    "chapters.json": Kind(
        "chapters", "application/json+chapters", _SHORTLY, is_text=True, is_shared=True
    ),
}  # fmt: skip
_EPISODE_SUFFIXES: Final = {
    **{
        f".{suffix}": Kind("audio", mime, _FOR_GOOD, is_shared=True)
        for suffix, mime in (("mp3", "audio/mpeg"), *((f.value, f.mime_type) for f in Format))
    },
    ".svg": Kind("image", "image/svg+xml", _SHORTLY, is_text=True, policy=_PICTURE_POLICY),
    ".jpg": Kind("image", "image/jpeg", _FOR_GOOD, is_shared=True),
    ".png": Kind("image", "image/png", _FOR_GOOD, is_shared=True),
}


def episode_kind(name: str) -> Kind | None:
    """Return what a file of an episode is; ``None``: it is none that is public.

    Manifests and scripts are not: they say where an article lies, and what was left out of it.
    """
    dot = name.rfind(".")
    kind = _EPISODE_FILES.get(name) or _EPISODE_SUFFIXES.get(name[dot:] if dot > 0 else "")
    if kind is not None and kind.cache is _FOR_GOOD and not _HASH_NAMED.search(name):
        return replace(kind, cache=_FOR_AN_HOUR)
    return kind
