"""Stands in for the program flite: does what the file ``deed`` beside it says.

A text without the word of the file ``word`` is always spoken.
"""

import os
import signal
import struct
import sys
import time
from pathlib import Path

RATE_HZ = 22_050
#: A triangle of 100 Hz, which can be heard and is not clipped.
WAVE = struct.pack("<220h", *(145 * (55 - abs(110 - n)) for n in range(220)))


def wav(frames, *, rate_hz=RATE_HZ, kind=1, width=2):
    """Return a WAV file of these bytes."""
    head = struct.pack("<HHIIHH", kind, 1, rate_hz, rate_hz * width, width, 8 * width)
    body = b"fmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", len(frames))
    return b"RIFF" + struct.pack("<I", 4 + len(body) + len(frames)) + b"WAVE" + body + frames


def main():
    """Take the deed, and do it."""
    here = Path(sys.argv[0]).parent
    if "--version" in sys.argv:
        sys.stdout.write("version: stand-in\n")
        return
    text = Path("text.txt").read_text("ascii")
    word = (here / "word").read_text()
    deed = (here / "deed").read_text() if word in text else "good"
    # 68 ms a letter, as espeak-ng speaks.
    tone = WAVE * (7 * len(text))
    out = Path("clip.wav")
    if deed == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if deed == "killed after half a file":
        out.write_bytes(wav(tone)[: len(tone) // 2])
        os.kill(os.getpid(), signal.SIGKILL)
    if deed == "hangs":
        time.sleep(3600)
    if deed == "exits with 3":
        sys.exit("cannot open the voice")
    sounds = {
        "good": lambda: wav(tone),
        "half a file": lambda: wav(tone)[: len(tone) // 2],
        "an empty file": lambda: b"",
        "no frames": lambda: wav(b""),
        "too long": lambda: wav(tone * 40),
        "a quarter": lambda: wav(tone[: len(tone) // 16 * 4]),
        "NaN": lambda: wav(struct.pack("<f", float("nan")) * (len(tone) // 2), kind=3, width=4),
        "silence": lambda: wav(bytes(len(tone))),
        "wrong rate": lambda: wav(tone, rate_hz=RATE_HZ * 8),
        "rate 0": lambda: wav(tone, rate_hz=0),
        "no WAV": lambda: b"FORM....AIFF" + tone,
    }
    if deed != "no file":
        out.write_bytes(sounds[deed]())
    if deed == "good":
        sys.exit(0)


if __name__ == "__main__":
    main()
