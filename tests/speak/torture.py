"""Texts that break engines, and what becomes of them: ``python -m tests.speak.torture``.

Each process takes its share of the texts through one session, as a build does, and tells of each
whether it was spoken or refused by name. Nothing else may happen.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.errors import SpeechError
from audiobrief.model.voice import Voice
from audiobrief.speak.engines.espeak import EspeakEngine
from audiobrief.speak.engines.flite import FliteEngine
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine
from audiobrief.speak.engines.tone import ToneEngine
from audiobrief.speak.run import speak_one
from audiobrief.speak.utterance import plain_text, shortened
from tests.speak.openai_desk import Desk
from tests.speak.scripted_server import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobrief.speak.engine import Engine

#: Faster than anybody would listen: a megabyte of text is in it.
RATE_WPM = 260


@contextmanager
def _system(make: type[Engine], name: str) -> Iterator[tuple[Engine, Voice]]:
    """Yield an engine that needs nothing but a voice's name."""
    engine = make()
    yield engine, Voice("torture", engine.name, name, rate_wpm=RATE_WPM)


@contextmanager
def _server() -> Iterator[tuple[Engine, Voice]]:
    """Yield the engine of a server on loopback, which plays tones."""
    server = ScriptedServer()
    try:
        desk = Desk(server)
        yield desk.engine, desk.voice(rate_wpm=RATE_WPM)
    finally:
        server.close()


@contextmanager
def _piper() -> Iterator[tuple[Engine, Voice]]:
    """Yield piper on a voice of a few kilobytes."""
    from audiobrief.speak.engines.piper import PiperEngine  # noqa: PLC0415 - an extra
    from tests.speak.tiny_voices import write_piper_voice  # noqa: PLC0415 - an extra

    with tempfile.TemporaryDirectory() as folder:
        write_piper_voice(Path(folder))
        yield PiperEngine(), Voice("torture", "piper", "tiny", rate_wpm=RATE_WPM, folder=folder)


@contextmanager
def _kokoro() -> Iterator[tuple[Engine, Voice]]:
    """Yield kokoro on a model of a few kilobytes."""
    from audiobrief.speak.engines.kokoro import KokoroEngine  # noqa: PLC0415 - an extra
    from tests.speak.tiny_voices import write_kokoro_voices  # noqa: PLC0415 - an extra

    with tempfile.TemporaryDirectory() as folder:
        model, voices = write_kokoro_voices(Path(folder))
        files = (("model", model.name), ("voices", voices.name))
        yield (
            KokoroEngine(),
            Voice("torture", "kokoro", "af_tiny", rate_wpm=RATE_WPM, options=files, folder=folder),
        )


ENGINES = {
    "pyttsx3": partial(_system, Pyttsx3Engine, "en-us+f2"),
    "espeak": partial(_system, EspeakEngine, "en-us+f2"),
    "tone": partial(_system, ToneEngine, "tone-1"),
    "flite": partial(_system, FliteEngine, "slt"),
    "openai": _server,
    "piper": _piper,
    "kokoro": _kokoro,
}
PROCESSES = 4
#: After so long a process hangs; the longest one takes a tenth of it.
LIMIT_S = 1_200

#: One of each kind; they are in every run, in this order.
KNOWN = (
    "",
    " ",
    "\x00",
    "a",
    "I",
    "7",
    ".",
    "---",
    "\ud800",
    "It\x00is a NUL.",
    "x. " * 50,
    "b " * 30 + "and then some more words.",
    "-w /etc/passwd",
    "--help",
    "[[h@l'oU]]",
    "[[" * 50,
    '<speak><break time="600s"/>Hello <p>there</p></speak>',
    "<!-- not closed",
    "&lt; &amp; &#0; &bogus;",
    "\x0150P \x01 pitch",
    "🙂 🎉 👩‍👩‍👧 🇬🇧",
    "مرحبا بالعالم",
    "\u202eright to left\u202c and back",
    "١٢٣ and ४५६",
    "e\u0301\u0302\u0303\u0304 " * 20,
    "你好世界。" * 10,
    "𓀀𓂀 and \U0001d54f",
    "1234567890" * 20,
    "(((((())))))[]{}<>",
    "A" * 300,
    "a\u200bb\ufeffc\u00add",
    "$(rm -rf /) `id` %s %n ; | &",
    "word " * 4_000,
    "x" * 1_000_000,
)
_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz     ",
    "ABC. XYZ. ",
    "0123456789.,:/$€% ",
    "[]{}()<>\"'“”‘’|\\/ a",  # noqa: RUF001 - typographic marks are meant
    "\x00\x01\x02\x1b\x7f\x85\n\t ab",
    "ابجدهوز ١٢٣ ",
    "אבגדה 12 ",
    "你好世界日本語한국어 ",
    "🙂🎉👍🏽👩‍💻 ok ",
    "e\u0301\u0308\u20dd\u200d\ufe0f o ",
    "αβγ дежз ñçß ½²Ⅷ ",
    "&<>;=-_#@!?*+~^ x ",
)


def texts_of(count: int, seed: int) -> list[str]:
    """Return texts: the known ones, then random ones, some of words, some of anything."""
    made = random.Random(seed)
    texts = list(KNOWN)
    while len(texts) < count:
        alphabets = made.sample(_ALPHABETS, made.randint(1, 3))
        length = made.choice((1, 2, 5, 20, 80, 300))
        texts.append("".join(made.choice(made.choice(alphabets)) for _ in range(length)))
    return texts[:count]


def fates(engine: str, texts: list[str]) -> list[str]:
    """Return for each text ``spoken``, or the problem for which it was refused."""
    told = []
    with ENGINES[engine]() as (made, voice), made.open() as session:
        for text in texts:
            try:
                speak_one(text, voice, session)
            except SpeechError as error:
                names_it = error.subject in {shortened(text), shortened(plain_text(text))}
                told.append(error.problem if names_it else f"NOT NAMED: {error}")
            else:
                told.append("spoken")
    return told


def fates_in_processes(engine: str, count: int, seed: int) -> list[str]:
    """Return the fates of all texts, from processes that run at once.

    Raises:
        AssertionError: A process crashed, or told of fewer texts than it was given.
        subprocess.TimeoutExpired: One hangs.
    """
    command = [sys.executable, "-m", "tests.speak.torture", engine, str(count), str(seed)]
    running = [
        subprocess.Popen(
            [*command, "--share", str(share)],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        for share in range(PROCESSES)
    ]
    told = []
    try:
        for share, process in enumerate(running):
            output, _ = process.communicate(timeout=LIMIT_S)
            assert process.returncode == 0, f"share {share}: exit status {process.returncode}"
            fates_told = json.loads(output)
            assert len(fates_told) == len(texts_of(count, seed)[share::PROCESSES])
            told += fates_told
    finally:
        for process in running:
            process.kill()
            process.wait()
            process.stdout.close()
    return told


def main() -> None:
    """Take one share, and print its fates; or all, and print how many of each there were."""
    parser = argparse.ArgumentParser(prog="python -m tests.speak.torture")
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("count", type=int, nargs="?", default=500)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--share", type=int)
    given = parser.parse_args()
    if given.share is not None:
        texts = texts_of(given.count, given.seed)[given.share :: PROCESSES]
        sys.stdout.write(json.dumps(fates(given.engine, texts)))
        return
    told = fates_in_processes(given.engine, given.count, given.seed)
    for fate, number in Counter(told).most_common():
        sys.stdout.write(f"{number:4}  {fate[:150]}\n")


if __name__ == "__main__":
    main()
