"""The worker's side of the pipe: requests on stdin, answers on stdout, one JSON line each.

The programs beside this file are run as files, isolated (``python -I``); of audiobrief they import
only what needs nothing but the standard library: this module, and a few pure ones.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class UnknownVoiceError(Exception):
    """The engine has no such voice."""


class UnspeakableError(Exception):
    """The engine has nothing to say for this text, and another worker would not either."""


class RefusedError(Exception):
    """What no other worker would do either, for a reason that the parent knows by name.

    Args:
        kind: ``rate`` or ``model``.
        message: What is wrong.
        subject: With which rates it would go; or the file.
    """

    def __init__(self, kind: str, message: str, subject: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.subject = subject


class Channel:
    """The answers' way out, which nobody else can write to.

    Engines print what they like: stdout now leads to the null device, and the answers go through
    a duplicate made before.
    """

    def __init__(self) -> None:
        self._pipe: BinaryIO = os.fdopen(os.dup(1), "wb")
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.close(null)
        self.current = 0

    def answer(self, **content: Any) -> None:
        """Send an answer to the current request."""
        line = json.dumps({"id": self.current, **content}, ensure_ascii=True)
        self._pipe.write(line.encode() + b"\n")
        self._pipe.flush()


def listen(folder: str) -> SimpleQueue[dict[str, Any]]:
    """Queue the requests as they come; end the process when the parent is gone.

    In a thread: a parent killed in the middle of a text must not leave a worker behind, not even
    one whose engine hangs.
    """
    requests: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def read() -> None:
        for line in sys.stdin.buffer:
            requests.put(json.loads(line))
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)

    Thread(target=read, daemon=True).start()
    return requests


def give_up(complaint: str) -> NoReturn:
    """End the process, saying why; ``sys.exit`` would abort, as a thread still reads stdin."""
    sys.stderr.write(f"{complaint}\n")
    sys.stderr.flush()
    os._exit(1)


def fail_instead_of_hanging(channel: Channel) -> None:
    """Answer and exit when a callback from C fails: Python only prints its error, and goes on."""

    def hook(unraisable: Any) -> None:
        channel.answer(error="fault", message=str(unraisable.exc_value))
        os._exit(1)

    sys.unraisablehook = hook


def serve(folder: str, start: Callable[[], Mapping[str, Callable[..., Any]]]) -> NoReturn:
    """Answer requests until the parent closes the pipe.

    Args:
        folder: The parent's temporary folder for this process.
        start: Starts the engine; returns what it can be asked by name. An action's result goes
            to the parent as JSON.
    """
    channel = Channel()
    requests = listen(folder)
    fail_instead_of_hanging(channel)
    actions = start()
    channel.answer(ok=None)
    while True:
        request = requests.get()
        channel.current = request.pop("id")
        action = actions[request.pop("do")]
        try:
            channel.answer(ok=action(**request))
        except UnknownVoiceError as error:
            channel.answer(error="voice", message=str(error))
        except UnspeakableError as error:
            channel.answer(error="unspeakable", message=str(error))
        except RefusedError as error:
            channel.answer(error=error.kind, message=str(error), subject=error.subject)
        except Exception as error:  # noqa: BLE001 - whatever an engine raises, a fresh one may not
            import traceback  # noqa: PLC0415 - lazy: it takes as long as all else here

            # Not left to the interpreter: its end aborts, as a thread still reads stdin, and that
            # would be all that is told.
            traceback.print_exc()
            give_up(f"{type(error).__name__}: {error}")
