"""Voices that can be downloaded: where they are published, under which name, terms and checksums.

piper's index, with size and MD5 of every file, is fetched when it is asked. The release of
kokoro-onnx holds its files for all voices; their sizes and digests are written here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from audiobrief.errors import DownloadError, VoiceNotFoundError
from audiobrief.speak.download import RemoteFile
from audiobrief.speak.engines.kokoro import language_of, names_in
from audiobrief.speak.utterance import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PIPER_URL = "https://huggingface.co/rhasspy/piper-voices/resolve/main"
KOKORO_URL = "https://github.com/thewh1teagle/kokoro-onnx/releases/download/model-files-v1.1"

#: Name, size in bytes and SHA-256 of the release's files. The release carries no list of checksums
#: of its own; these are what those who fetched it have written down, independently of each other.
#: The voices come first: they tell whether the model is worth fetching.
_KOKORO_FILES = (
    (
        "voices-v1.0.bin",
        28_214_398,
        "bca610b8308e8d99f32e6fe4197e7ec01679264efed0cac9140fe9c29f1fbf7d",
    ),
    (
        "kokoro-v1.0.onnx",
        325_505_369,
        "beb0d1848dee9a49da392cc3df26958d46cfa35d321edf434f52949153f0df3a",
    ),
)

#: A name that is safe as a file's: it comes from the command line and from an index.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True)
class Offer:
    """A voice that can be had."""

    engine: str
    name: str
    #: As a feed writes it, such as ``en-US``.
    language: str
    license: str
    files: tuple[RemoteFile, ...]
    #: Further lines of its profile.
    options: tuple[tuple[str, str], ...] = ()

    @property
    def size_bytes(self) -> int:
        """Bytes of all files."""
        return sum(file.size_bytes for file in self.files)


def find_offer(wanted: str, fetch: Callable[[str], bytes], *, mirror: str | None = None) -> Offer:
    """Find a voice by ``ENGINE:NAME``.

    Args:
        wanted: Such as ``piper:en_US-lessac-medium`` or ``kokoro:af_heart``.
        fetch: Returns the content of an address.
        mirror: Take everything from this address instead of the publisher's.

    Raises:
        VoiceNotFoundError: There is no such voice.
        DownloadError: The index cannot be fetched or read.
    """
    engine, _, name = wanted.partition(":")
    if engine == "piper" and _NAME.fullmatch(name):
        return _piper_offer(name, fetch, (mirror or PIPER_URL).rstrip("/"))
    if engine == "kokoro" and _NAME.fullmatch(name):
        return _kokoro_offer(name, (mirror or KOKORO_URL).rstrip("/"))
    raise VoiceNotFoundError(
        "no voice that can be downloaded has such a name",
        wanted,
        remedy="write piper:NAME or kokoro:NAME, such as piper:en_US-lessac-medium",
    )


def _piper_offer(name: str, fetch: Callable[[str], bytes], base_url: str) -> Offer:
    index_url = f"{base_url}/voices.json"
    entry, key = _entry(_parsed(fetch(index_url), index_url), name)
    try:
        files = {
            path.rsplit("/", 1)[-1]: RemoteFile(
                url=f"{base_url}/{quote(path)}",
                name=path.rsplit("/", 1)[-1],
                size_bytes=int(about["size_bytes"]),
                algorithm="md5",
                digest=str(about["md5_digest"]).lower(),
            )
            for path, about in entry["files"].items()
        }
        wanted = (files[f"{key}.onnx"], files[f"{key}.onnx.json"])
        language = str(entry["language"]["code"]).replace("_", "-")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(index_url, f"{key} lacks {error}") from error
    card = files.get("MODEL_CARD")
    license_ = license_of(fetch(card.url).decode("utf-8", "replace")) if card else ""
    return Offer("piper", key, language, license_ or "unknown", wanted)


def _parsed(content: bytes, url: str) -> Mapping[str, Any]:
    try:
        index = json.loads(content)
    except ValueError as error:
        raise _unreadable(url, str(error)) from error
    if not isinstance(index, dict):
        raise _unreadable(url, "it is no table")
    return index


def _unreadable(url: str, reason: str) -> DownloadError:
    return DownloadError(
        f"the index of voices cannot be read: {reason}",
        url,
        remedy="run the same command later, or look for a newer audiobrief",
    )


def _entry(index: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], str]:
    """Return the entry of a name or of one of its older names, and its name."""
    for key, entry in index.items():
        is_wanted = isinstance(entry, dict) and (
            key == name or name in (entry.get("aliases") or ())
        )
        if is_wanted and _NAME.fullmatch(key):
            return entry, key
    near = get_close_matches(name, index, n=3)
    guess = f"did you mean {' or '.join(near)}? " if near else ""
    raise VoiceNotFoundError(
        "piper publishes no voice of this name",
        name,
        remedy=f"{guess}listen to all at https://rhasspy.github.io/piper-samples",
    )


def license_of(card: str) -> str:
    r"""Return the terms that a voice's card names; empty: it names none.

    >>> license_of("## Dataset\n\n* URL: https://x\n* License: CC0\n")
    'CC0'
    """
    found = re.search(r"^[*\s-]*Licen[sc]e:[ \t]*(\S.*)$", card, re.MULTILINE | re.IGNORECASE)
    return plain_text(found[1]) if found else ""


def _kokoro_offer(name: str, base_url: str) -> Offer:
    language = language_of(name)
    if not language:
        raise VoiceNotFoundError(
            "kokoro has no voice of this name",
            name,
            remedy="write a name such as kokoro:af_heart (American) or kokoro:bm_george (British)",
        )
    files = tuple(
        RemoteFile(f"{base_url}/{file}", file, size_bytes, "sha256", digest)
        for file, size_bytes, digest in _KOKORO_FILES
    )
    options = (("voices", files[0].name), ("model", files[1].name))
    return Offer("kokoro", name, _feed_language(language), "Apache-2.0", files, options)


def refuse_unlisted(offer: Offer, path: Path) -> None:
    """Stop at a fetched file from which it is clear that the others would be of no use.

    Args:
        offer: What is being fetched.
        path: One of its files.

    Raises:
        VoiceNotFoundError: It is kokoro's file of voices, and this one is not among them.
    """
    names = names_in(path) if path.name == dict(offer.options).get("voices") else None
    if names is None or offer.name in names:
        return
    near = get_close_matches(offer.name, names, n=3)
    guess = f"did you mean {' or '.join(near)}? " if near else ""
    raise VoiceNotFoundError(
        "kokoro has no voice of this name",
        offer.name,
        remedy=f"{guess}'audiobrief voices --engine kokoro' lists them",
    )


def _feed_language(espeak: str) -> str:
    """Return a language of espeak-ng as feeds write it.

    >>> [_feed_language(name) for name in ("en-us", "fr-fr", "es", "cmn")]
    ['en-US', 'fr-FR', 'es', 'zh']
    """
    base, _, region = espeak.partition("-")
    return "zh" if base == "cmn" else f"{base}-{region.upper()}" if region else base


def render_profile(offer: Offer) -> str:
    r"""Return the text of a voice profile for an offer.

    >>> print(render_profile(Offer("piper", "x", "en-US", 'CC "BY"', ())), end="")
    engine = "piper"
    engine_voice = "x"
    language = "en-US"
    rate_wpm = 170
    license = "CC \"BY\""
    """
    # A string of JSON without controls is one of TOML.
    lines = [
        f"engine = {json.dumps(offer.engine)}",
        f"engine_voice = {json.dumps(offer.name)}",
        f"language = {json.dumps(offer.language)}",
        "rate_wpm = 170",
        f"license = {json.dumps(offer.license, ensure_ascii=False)}",
    ]
    options = dict(offer.options)
    if model := options.pop("model", None):
        lines.append(f"model = {json.dumps(model)}")
    if options:
        lines += ["", "[options]", *(f"{k} = {json.dumps(v)}" for k, v in sorted(options.items()))]
    return "\n".join(lines) + "\n"
