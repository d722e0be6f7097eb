"""A worker that misbehaves as the test says: run in place of the real one.

The first line of ``script.txt``, beside the library that it is given, says what to do, and is
taken out: every worker takes the next.
"""

import json
import os
import sys
import wave
from pathlib import Path


def write_wav(path, frames):
    """Write a square wave."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 22050, 0, "NONE", ""))
        file.writeframes(b"\x00\x20\x00\xe0" * (frames // 2))


def say(line):
    """Send a line to the parent."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def spoil(deed, path):
    """Do to the finished file what the script says."""
    if deed == "half a file":
        path.write_bytes(path.read_bytes()[:-1000])
    elif deed == "no file":
        path.unlink()
    elif deed == "no WAV":
        path.write_bytes(b"FORM....AIFF")
    elif deed == "empty file":
        write_wav(path, 0)


def reply_to(deed, request):
    """Return the line that answers a request."""
    replies = {
        "fault": json.dumps({"id": request["id"], "error": "fault", "message": "disk full"}),
        "garbage": "Audio saved to x.wav",
        "wrong id": '{"id": 99}',
        "no object": "[1]",
    }
    return replies.get(deed, json.dumps({"id": request["id"], "ok": None}))


def main(library):
    """Take a deed from the script, and do it."""
    plan = Path(library).with_name("script.txt")
    deed, _, rest = plan.read_text("utf-8").partition("\n")
    plan.write_text(rest, "utf-8")
    if deed == "never ready":
        sys.stdin.read()
    if deed == "dies at start":
        sys.exit("phontab: No such file")
    say('{"id": 0, "ok": null}')
    for line in sys.stdin:
        request = json.loads(line)
        path = Path(request["path"])
        write_wav(path, 1500 * len(request["text"]))
        spoil(deed, path)
        if deed == "exits":
            os._exit(1)
        if deed != "hangs":
            say(reply_to(deed, request))


if __name__ == "__main__":
    main(sys.argv[1])
