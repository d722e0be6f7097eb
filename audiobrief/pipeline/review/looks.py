"""What can be told of the clips of an episode by their sound: flat tops, and silence inside.

Looked at once: what was found is kept by the digests of the clips, a file for each episode.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from audiobrief.store.cache_folder import CacheFolder
from audiobrief.store.clips import ClipCache

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from audiobrief.model.audio import Clip
    from audiobrief.model.episode import Episode, TimedSegment
    from audiobrief.workspace.load import Workspace

LOOKS_NAME: Final = "looks"
#: Changes when something else is looked for.
_VERSION: Final = 1
#: What lies below this share of a clip's peak is silence: -46 dB, as `speak.check` has it.
_SILENT: Final = 0.005
_WINDOWS_PER_S: Final = 100


@dataclass(frozen=True, slots=True)
class Look:
    """What the sound of a clip shows."""

    #: Share of its frames that are flat tops: 0..1.
    flat_share: float
    #: The longest silence between two sounds of it.
    silence_ms: int


def looks_of(show: Workspace, episode: Episode) -> Mapping[str, Look]:
    """Return what the clips of an episode show, by segment id; none of clips that are gone.

    Raises:
        StoreError: The cache cannot be read.
    """
    folder = looks_in(show.cache)
    key = sha256(f"{show.show}\0{episode.directory}".encode("utf-8", "surrogatepass")).hexdigest()
    kept = _parsed(folder.read(key))
    clips = ClipCache(show.cache / "clips")
    found: dict[str, Look] = {}
    by_id: dict[str, Look] = {}
    for segment in episode.segments:
        digest = segment.clip_digest or segment.clip
        look = found.get(digest) or kept.get(digest) or _looked(clips, segment)
        if look is not None:
            found[digest] = by_id[segment.id] = look
    if found.keys() - kept.keys() or len(kept) > 2 * len(found):
        folder.write(key, _rendered(found))
    return by_id


def looks_in(cache: Path) -> CacheFolder:
    """Return where it is kept."""
    return CacheFolder(cache / LOOKS_NAME, ".json")


def _looked(clips: ClipCache, segment: TimedSegment) -> Look | None:
    """Look at the clip that was put in; ``None``: it is gone, or another has its key."""
    clip = clips.get(segment.clip) if segment.clip else None
    facts = clips.glance(segment.clip) if clip is not None and segment.clip_digest else None
    if clip is None or (facts is not None and facts.digest != segment.clip_digest):
        return None
    return look_at(clip)


def look_at(clip: Clip) -> Look:
    """Return what the sound of a clip shows (pure)."""
    import numpy as np  # noqa: PLC0415 - only for clips that are new

    from audiobrief.sound.clipping import flat_share  # noqa: PLC0415 - as above

    samples = np.frombuffer(clip.pcm, np.dtype("<i2"))
    if not samples.size:
        return Look(0.0, 0)
    window = max(1, clip.sample_rate_hz // _WINDOWS_PER_S)
    filled = np.zeros(-(-samples.size // window) * window, np.int32)
    filled[: samples.size] = np.abs(samples.astype(np.int32))
    loud = filled.reshape(-1, window).max(axis=1)
    heard = np.flatnonzero(loud > _SILENT * loud.max())
    gap = int(np.diff(heard).max(initial=1)) - 1
    return Look(float(flat_share(samples)), round(1000 * gap * window / clip.sample_rate_hz))


def _rendered(looks: Mapping[str, Look]) -> bytes:
    rows = {digest: [look.flat_share, look.silence_ms] for digest, look in sorted(looks.items())}
    return json.dumps({"version": _VERSION, "looks": rows}).encode()


def _parsed(content: bytes | None) -> dict[str, Look]:
    """Return what was kept; of another version or damaged, it is looked at again."""
    try:
        data = json.loads(content or b"{}")
        if data.get("version") != _VERSION:
            return {}
        return {k: Look(float(flat), int(ms)) for k, (flat, ms) in data["looks"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
