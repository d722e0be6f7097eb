"""Stands in for the worker of pyttsx3: misbehaves at one word, as the file ``deed`` says.

``word`` and ``deed`` lie beside the library that it is given. What it does otherwise, and how it
misbehaves, is that of `tests/speak/scripted_worker.py`.
"""

import importlib.util
import json
import os
import struct
import sys
from pathlib import Path

#: A triangle of 100 Hz, which can be heard and is not clipped.
WAVE = struct.pack("<220h", *(145 * (55 - abs(110 - n)) for n in range(220)))
SCRIPTED = Path(__file__).parents[1] / "speak" / "scripted_worker.py"


def main(library):
    """Answer requests."""
    spec = importlib.util.spec_from_file_location("scripted_worker", SCRIPTED)
    scripted = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scripted)
    word, deed = (Path(library).with_name(name).read_text() for name in ("word", "deed"))
    scripted.say('{"id": 0, "ok": null}')
    for line in sys.stdin:
        request = json.loads(line)
        path = Path(request["path"])
        frames = scripted.frames_of(request)
        path.write_bytes((WAVE * (frames // 220 + 1))[: 2 * frames])
        now = deed if word in request["text"] else "good"
        scripted.spoil(now, path)
        if now in {"exits", "dies at start"}:
            os._exit(1)
        if now not in {"hangs", "never ready"}:
            scripted.say(scripted.reply_to(now, request))


if __name__ == "__main__":
    main(sys.argv[1])
