"""A worker that misbehaves as the test says: run in place of the real one.

The first line of ``script.txt``, beside the library that it is given, says what to do, and is
taken out: every worker takes the next.
"""

import json
import os
import sys
from pathlib import Path


def write_frames(path, count):
    """Write a square wave."""
    path.write_bytes(b"\x00\x20\x00\xe0" * (count // 2))


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
    elif deed == "other file":
        path.write_bytes(b"FORM....AIFF")
    elif deed == "empty file":
        write_frames(path, 0)


def frames_of(request):
    """Return how many frames a text has: about as many as espeak-ng makes of it."""
    return 1500 * len(request["text"]) // 2 * 2


def reply_to(deed, request):
    """Return the line that answers a request."""
    frames = 0 if deed == "empty file" else frames_of(request)
    told = {"frames": frames, "rate_hz": 22050, "words": []}
    replies = {
        "fault": json.dumps({"id": request["id"], "error": "fault", "message": "disk full"}),
        "garbage": "Audio saved to x.wav",
        "wrong id": '{"id": 99}',
        "no object": "[1]",
        "no figures": json.dumps({"id": request["id"], "ok": None}),
        "odd figures": json.dumps({"id": request["id"], "ok": {"frames": "many"}}),
    }
    return replies.get(deed, json.dumps({"id": request["id"], "ok": told}))


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
        write_frames(path, frames_of(request))
        spoil(deed, path)
        if deed == "exits":
            os._exit(1)
        if deed != "hangs":
            say(reply_to(deed, request))


if __name__ == "__main__":
    main(sys.argv[1])
