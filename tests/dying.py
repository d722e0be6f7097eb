"""Python that is killed at a chosen file operation: before it is done, as by a loss of power."""

#: Python reads it as it starts. It dies at the n-th of the events that count in a folder.
DYING = """
import os, signal, sys
from time import sleep

from audiobrief.net.world import World

# Nobody waits, so that being polite takes no time.
START = World.__init__
START.__defaults__ = tuple(
    (lambda seconds: None) if default is sleep else default for default in START.__defaults__
)
left = int(os.environ.get("DIE_AT", "0"))
root = os.environ["DIE_IN"]
deadly = os.environ["DIE_ON"].split()
WRITING = os.O_WRONLY | os.O_RDWR


def watch(event, arguments):
    global left
    path = arguments[0] if arguments else None
    counts = event in deadly and (event != "open" or bool(arguments[2] & WRITING))
    if counts and isinstance(path, (str, bytes)) and os.fsdecode(path).startswith(root):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(watch)
"""
#: Whatever changes what is in a folder: opening counts where it is for writing.
EVERY_CHANGE = ("open", "os.rename", "os.remove", "os.mkdir", "sqlite3.connect")


def dying_python(place, root, events=EVERY_CHANGE):
    """Return the environment in which Python dies at the file operation ``DIE_AT``.

    Args:
        place: An empty folder, for the program.
        root: Where operations count.
        events: Which ones: audit events of Python.
    """
    (place / "sitecustomize.py").write_text(DYING, encoding="utf-8")
    return {"PYTHONPATH": str(place), "DIE_IN": str(root), "DIE_ON": " ".join(events)}
