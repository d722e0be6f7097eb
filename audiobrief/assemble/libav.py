"""AAC and Opus by PyAV, ffmpeg's libraries as a Python package (the extra ``formats``)."""

from __future__ import annotations

import errno
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np

from audiobrief.errors import AudioError
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiobrief.assemble.lossy import Codec, Lossy, Sound


def libav_name(codec: Codec) -> str | None:
    """Return what will encode, with its version; ``None``: this PyAV is built without it."""
    try:
        av.Codec(codec.encoder, "w")
    except ValueError:  # av.codec.UnknownCodecError
        return None
    return f"PyAV {av.__version__}"


def encode_by_libav(job: Lossy) -> None:
    """Write one file.

    Nothing in it depends on the moment: no date, no random serial number, no version.

    Raises:
        AudioError: The encoder refuses.
        OSError: The target cannot be written.
    """
    muxing = {"fflags": "+bitexact", **job.codec.muxing}
    try:
        with av.open(f"file:{job.target}", "w", format=job.codec.container, options=muxing) as file:
            _fill(file, job)
    except av.FFmpegError as error:
        if isinstance(error, OSError) or error.errno in errno.errorcode:
            raise OSError(error.errno, error.strerror, str(job.target)) from error
        raise AudioError(
            f"PyAV cannot encode: {error.strerror}",
            job.codec.encoder,
            remedy="run 'audiobrief doctor'; if it finds nothing, leave the format out",
        ) from error


def _fill(file: Any, job: Lossy) -> None:
    """Encode all blocks into an opened container."""
    layout = "mono" if job.channels == 1 else "stereo"
    stream = file.add_stream(
        job.codec.encoder, rate=job.sample_rate_hz, layout=layout, options=dict(job.codec.options)
    )
    stream.metadata["language"] = job.language
    context = stream.codec_context
    context.format = job.codec.samples
    context.bit_rate = job.bitrate_bps
    context.flags |= av.codec.context.Flags.bitexact
    context.open()
    if job.chapters:
        file.set_chapters(_chapters(job))
    position = 0
    for piece in _pieces(job.blocks, context.frame_size):
        frame = av.AudioFrame.from_ndarray(
            _planes(piece, job.channels, planar=job.codec.samples == "fltp"),
            format=job.codec.samples,
            layout=layout,
        )
        frame.sample_rate = job.sample_rate_hz
        frame.time_base = Fraction(1, job.sample_rate_hz)
        frame.pts = position
        position += piece.size
        file.mux(stream.encode(frame))
    file.mux(stream.encode(None))


def _pieces(blocks: Iterable[Sound], length: int) -> Iterator[Sound]:
    """Yield the sound in pieces of one length, the last one with what is left."""
    rest = np.zeros(0, np.float32)
    for block in blocks:
        sound = np.concatenate((rest, block))
        whole = sound.size - sound.size % length
        yield from sound[:whole].reshape(-1, length)
        rest = sound[whole:]
    if rest.size:
        yield rest


def _planes(piece: Sound, channels: int, *, planar: bool) -> Sound:
    """Return the same sound in every channel, as the encoder takes it."""
    if planar:
        return np.tile(piece, (channels, 1))
    return np.repeat(piece, channels)[None]


def _chapters(job: Lossy) -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "start": chapter.start_ms,
            "end": end_ms,
            "time_base": Fraction(1, 1000),
            "metadata": {"title": printable_line(chapter.title)},
        }
        for number, (chapter, end_ms) in enumerate(
            zip(job.chapters, job.chapter_ends_ms, strict=True)
        )
    ]
