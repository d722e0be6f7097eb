"""Write the sting that is shipped, from its score in ``audiobrief/sound/sting.py``.

Usage: .venv/bin/python .ci/sting.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from audiobrief.sound.sting import sting

TARGET = Path(__file__).resolve().parents[1] / "audiobrief" / "samples" / "sting.flac"
RATE_HZ = 44100


def main() -> None:
    """Write it as 16-bit FLAC: 2.9 s in about 50 kB."""
    frames = np.rint(sting(RATE_HZ) * 32768.0).astype(np.int16)
    soundfile.write(TARGET, frames, RATE_HZ, subtype="PCM_16", format="FLAC", compression_level=1.0)
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
