"""Sound files as engines write them."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

from audiobrief.model.audio import Clip
from audiobrief.speak.worker import WorkerFault

if TYPE_CHECKING:
    from pathlib import Path


def read_wav(path: Path) -> Clip:
    """Return the sound of a WAV file that is whole: mono, 16 bit, as long as its header says.

    The file is removed.

    Raises:
        WorkerFault: It is not.
    """
    try:
        with wave.open(str(path), "rb") as file:
            layout = (file.getnchannels(), file.getsampwidth())
            pcm = file.readframes(file.getnframes())
            frame_count, rate = file.getnframes(), file.getframerate()
        path.unlink()
    except (OSError, EOFError, wave.Error) as error:
        raise WorkerFault(f"no readable WAV file: {error}") from error
    if layout != (1, 2):
        channels, width_bytes = layout
        raise WorkerFault(
            f"a WAV file of {channels} x {8 * width_bytes} bits a frame, not of 1 x 16"
        )
    if rate <= 0 or len(pcm) != 2 * frame_count or frame_count == 0:
        raise WorkerFault(
            f"a damaged WAV file: {len(pcm)} bytes for {frame_count} frames at {rate} Hz"
        )
    return Clip(pcm, rate)
