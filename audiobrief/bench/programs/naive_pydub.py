"""The way that most programs join clips: pydub's ``+``, then its export through ffmpeg.

Run as a file. It is here to be measured, never to be copied: ``+`` copies all that there is, so its
time grows with the square of the length.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")  # pydub 0.25.1 warns of its own syntax and of audioop

from pydub import AudioSegment  # noqa: E402 - after the filter


def main(paths: str, target: str, bitrate: str, *parameters: str) -> None:
    """Join the WAV files that a text file names, one a line, and export them as an MP3."""
    whole = AudioSegment.empty()
    for path in Path(paths).read_text(encoding="utf-8").splitlines():
        whole = whole + AudioSegment.from_wav(path)
    whole.export(target, format="mp3", bitrate=bitrate, parameters=list(parameters)).close()


if __name__ == "__main__":
    main(*sys.argv[1:])
