"""FLAC and WAV: the frames as they are, by libsndfile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soundfile

from audiobrief.errors import AudioError
from audiobrief.model.audio import Format

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from audiobrief.assemble.lame import Frames
    from audiobrief.model.audio import SoundSpec

#: libsndfile's SF_ERR_SYSTEM: it does not tell which.
_SYSTEM = 2
#: The sizes in a RIFF file have 32 bits; 64 MB are left for tags.
_LARGEST_WAV_BYTES = 2**32 - 2**26


def refuse_too_long(frame_count: int, spec: SoundSpec, kind: Format) -> None:
    """Refuse what a WAV file cannot hold.

    RF64 could, but most players and our own tags cannot read it.

    Raises:
        AudioError: It has more than 4 GB.
    """
    if kind is Format.WAV and 2 * frame_count * spec.channels > _LARGEST_WAV_BYTES:
        hours = frame_count / spec.sample_rate_hz / 3600
        raise AudioError(
            "a WAV file cannot hold more than 4 GB",
            f"{hours:.1f} hours of sound",
            remedy='write "flac" in place of "wav" in [sound] formats: the same frames, smaller',
        )


def write_lossless(blocks: Iterable[Frames], spec: SoundSpec, kind: Format, target: Path) -> None:
    """Write every frame as it is, 16 bit.

    Raises:
        AudioError: libsndfile refuses.
        OSError: The target cannot be written.
    """
    try:
        with soundfile.SoundFile(
            str(target),
            "w",
            samplerate=spec.sample_rate_hz,
            channels=spec.channels,
            format=kind.upper(),
            subtype="PCM_16",
        ) as file:
            for block in blocks:
                file.write(np.repeat(block[:, None], spec.channels, axis=1))
    except soundfile.LibsndfileError as error:
        if error.code == _SYSTEM:
            raise OSError("the system took not all of it") from error
        raise AudioError(
            f"libsndfile cannot write it: {error}",
            kind.upper(),
            remedy="build again; if it stays, leave the format out of [sound] formats",
        ) from error
