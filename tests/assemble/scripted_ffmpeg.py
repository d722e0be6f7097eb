"""An ffmpeg for tests of faults: says that it has all encoders, then fails as it is told.

The test puts the interpreter into its first line; the fault stands in ``SCRIPTED_FAULT``.
"""

import os
import sys
import time
from pathlib import Path


def main():
    """Do as told."""
    if "-version" in sys.argv:
        sys.stdout.write("ffmpeg version 0-scripted")
    elif "-encoders" in sys.argv:
        sys.stdout.write(" A....D aac                  AAC\n A....D libopus              Opus")
    else:
        fault = os.environ["SCRIPTED_FAULT"]
        target = sys.argv[-1].removeprefix("file:")
        Path(target).write_bytes(b"half a file")
        if fault == "hangs":
            time.sleep(60)
        if fault == "hangs at the end":
            sys.stdin.buffer.read()
            time.sleep(60)
        if fault == "cuts":
            sys.stdin.buffer.read()
        if fault == "fails":
            sys.stdin.buffer.read()
            sys.exit("first line\nError initializing output stream\n")
        if fault == "is full":
            sys.exit(
                "av_interleaved_write_frame(): No space left on device\n"
                f"Conversion of {target} failed!"
            )
        if fault == "closes":
            sys.stdin.close()
            sys.exit("I want no more")


if __name__ == "__main__":
    main()
