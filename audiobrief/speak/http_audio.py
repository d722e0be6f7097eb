"""The sound in an answer, by its own bytes: what servers say of it is often wrong (pure).

WAV is taken apart here, since OpenAI and others stream it with a length of 0xFFFFFFFF
(speaches-ai/speaches #493), pocket-tts with 2,000,000,000 (kyutai-labs/pocket-tts #229), and since
a file that was cut off must be seen. What is compressed goes to libsndfile.
"""

from __future__ import annotations

import io
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.model.audio import Clip

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

#: Rates that sound of speech can have.
_RATES_HZ = range(8_000, 192_001)

#: From this on a length in a WAV header stands for "until the end": a placeholder of those who
#: stream. Real files of that length, ten hours, are no answer to 4,096 characters.
_PLACEHOLDER_BYTES = 1 << 30

#: Format tags: integers, floating point, and "see the sub-format".
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE

_RATE_IN_TYPE = re.compile(r"\brate\s*=\s*\"?(\d{1,9})")
_CHANNELS_IN_TYPE = re.compile(r"\bchannels\s*=\s*\"?(\d{1,9})")

#: Beginnings of what libsndfile decodes; MP3 with a tag, and each kind of frame without one.
_COMPRESSED = (
    b"ID3", b"fLaC", b"OggS",
    b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3", b"\xff\xe2",
)  # fmt: skip

#: Content types of samples without a header.
_HEADERLESS = ("audio/pcm", "audio/l16", "audio/raw")


class NoSoundError(Exception):
    """An answer that is no whole sound, with what it is instead."""


def clip_of(body: bytes, content_type: str, *, headerless: bool, pcm_rate_hz: int) -> Clip:
    """Return the sound of an answer, its channels mixed into one, its rate kept.

    Args:
        body: The answer.
        content_type: As the server says; it matters for samples without a header alone.
        headerless: Whether samples without a header were asked for.
        pcm_rate_hz: Their rate, unless the content type holds one.

    Raises:
        NoSoundError: It is no sound, not whole, or of a rate that speech does not have.
    """
    if not body:
        raise NoSoundError("an answer without content")
    if body[:4] in {b"RIFF", b"RF64"} and body[8:12] == b"WAVE":
        clip = _wav(body)
    elif headerless and content_type.startswith(_HEADERLESS):
        clip = _samples(body, content_type, pcm_rate_hz)  # whatever their first bytes look like
    elif body.startswith(_COMPRESSED):
        clip = _compressed(body)
    elif body.lstrip()[:1] in {b"{", b"<", b"["} and _is_text(body):
        raise NoSoundError(f"a text instead of sound: {_beginning(body)}")
    elif headerless or content_type.startswith(_HEADERLESS):
        clip = _samples(body, content_type, pcm_rate_hz)
    else:
        raise NoSoundError(f"{len(body):,} bytes of an unknown kind, {content_type or 'unnamed'}")
    if clip.sample_rate_hz not in _RATES_HZ:
        raise NoSoundError(f"a sample rate of {clip.sample_rate_hz} Hz")
    if clip.frame_count == 0:
        raise NoSoundError("a file without sound")
    return clip


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the ``fmt`` chunk of a WAV file says."""

    tag: int
    channels: int
    rate_hz: int
    bits: int


def _wav(body: bytes) -> Clip:
    layout: _Layout | None = None
    sound = bytearray()
    for name, content, missing_bytes in _chunks(body):
        if missing_bytes:
            had = len(content)
            raise NoSoundError(f"a WAV file cut off at {had:,} of {had + missing_bytes:,} bytes")
        if name == b"fmt ":
            layout = _layout(content)
        elif name == b"data":
            sound += content
    if layout is None:
        raise NoSoundError("a WAV file that does not say what is in it")
    return Clip(_mono(bytes(sound), layout), layout.rate_hz)


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield name, content and count of missing bytes of every chunk.

    Older Kokoro-FastAPI sends one whole file per sentence, one behind the other
    (remsky/Kokoro-FastAPI #94): a further header is stepped over.
    """
    at = 12
    while at + 8 <= len(body):
        name, size = body[at : at + 4], struct.unpack_from("<I", body, at + 4)[0]
        if name == b"RIFF" and body[at + 8 : at + 12] == b"WAVE":
            at += 12
            continue
        at += 8
        content = body[at : at + size]
        if name == b"data" and (size == 0 or size >= _PLACEHOLDER_BYTES):
            yield name, body[at:], 0
            return
        yield name, content, size - len(content)
        at += size + size % 2


def _layout(content: bytes) -> _Layout:
    if len(content) < 16:
        raise NoSoundError("a WAV file with half a header")
    tag, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", content)
    if tag == _EXTENSIBLE and len(content) >= 26:
        tag = struct.unpack_from("<H", content, 24)[0]
    if (tag, bits) not in {(_PCM, 8), (_PCM, 16), (_PCM, 24), (_PCM, 32), (_FLOAT, 32)}:
        raise NoSoundError(f"a WAV file of format {tag} with {bits} bits a sample")
    if not 1 <= channels <= 8:
        raise NoSoundError(f"a WAV file of {channels} channels")
    return _Layout(tag, channels, rate_hz, bits)


def _mono(sound: bytes, layout: _Layout) -> bytes:
    """Return samples of any layout as 16 bit of one channel, without half a frame at the end."""
    frame_bytes = layout.channels * layout.bits // 8
    sound = sound[: len(sound) // frame_bytes * frame_bytes]
    if layout.channels == 1 and (layout.tag, layout.bits) == (_PCM, 16):
        return sound
    return _mixed(_unit(sound, layout).reshape(-1, layout.channels))


def _unit(sound: bytes, layout: _Layout) -> npt.NDArray[np.float64]:
    """Return samples as numbers from -1 to 1."""
    import numpy as np  # noqa: PLC0415 - lazy: 0.1 s, needed only where a clip is made

    if layout.tag == _FLOAT:
        return np.frombuffer(sound, dtype="<f4").astype(np.float64)
    if layout.bits == 8:
        return (np.frombuffer(sound, dtype="u1").astype(np.float64) - 128) / 128
    if layout.bits == 24:
        # Three bytes become the upper three of four.
        wide = np.zeros((len(sound) // 3, 4), dtype="u1")
        wide[:, 1:] = np.frombuffer(sound, dtype="u1").reshape(-1, 3)
        sound = wide.tobytes()
    kind, full = ("<i2", 1 << 15) if layout.bits == 16 else ("<i4", 1 << 31)
    return np.frombuffer(sound, dtype=kind).astype(np.float64) / full


def _mixed(samples: npt.NDArray[np.float64]) -> bytes:
    """Return frames of shape (frames, channels) as 16 bit of one channel."""
    import numpy as np  # noqa: PLC0415 - lazy: 0.1 s, needed only where a clip is made

    # As silence they would be clicks, and a voice that fails this way is not sound elsewhere.
    broken = samples.size - np.count_nonzero(np.isfinite(samples))
    if broken:
        raise NoSoundError(f"sound of which {broken:,} samples are no numbers")
    whole = np.clip(np.rint(samples.mean(axis=1) * 32768), -32768, 32767).astype("<i2")
    return bytes(whole.tobytes())


def _compressed(body: bytes) -> Clip:
    import soundfile  # noqa: PLC0415 - lazy: 0.1 s, and few servers send it

    try:
        samples, rate_hz = soundfile.read(io.BytesIO(body), dtype="float64", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise NoSoundError(f"sound that cannot be decoded: {error.error_string}") from error
    except RuntimeError as error:
        raise NoSoundError(f"sound that cannot be decoded: {error}") from error
    return Clip(_mixed(samples), int(rate_hz))


def _samples(body: bytes, content_type: str, rate_hz: int) -> Clip:
    """Return samples without a header; the content type goes before what was asked for."""
    rate, channels = _RATE_IN_TYPE.search(content_type), _CHANNELS_IN_TYPE.search(content_type)
    layout = _Layout(
        _PCM, int(channels[1]) if channels else 1, int(rate[1]) if rate else rate_hz, 16
    )
    if not 1 <= layout.channels <= 8:
        raise NoSoundError(f"samples of {layout.channels} channels")
    if content_type.startswith("audio/l16"):
        body = _little_endian(body[: len(body) // 2 * 2], layout.channels)
    return Clip(_mono(body, layout), layout.rate_hz)


def _little_endian(sound: bytes, channels: int) -> bytes:
    """Return 16-bit samples of either byte order as little-endian ones.

    Servers send either order under the name ``audio/L16``. In the wrong one sound is noise, which
    jumps further from sample to sample.
    """
    import numpy as np  # noqa: PLC0415 - lazy: 0.1 s, needed only where a clip is made

    def jumps(order: str) -> float:
        samples = np.frombuffer(sound, dtype=order).astype(np.float64)
        return float(np.abs(samples[channels:] - samples[:-channels]).sum())

    if jumps("<i2") < jumps(">i2"):
        return sound
    return np.frombuffer(sound, dtype=">i2").astype("<i2").tobytes()


def _is_text(body: bytes) -> bool:
    """Tell a page or an error from samples that happen to begin like one."""
    beginning = body[:400].decode("utf-8", "replace")
    return all(c.isprintable() or c.isspace() for c in beginning)


def _beginning(body: bytes) -> str:
    return " ".join(body[:300].decode("utf-8", "replace").split())[:120]
