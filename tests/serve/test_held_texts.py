"""How much memory the texts take that a server keeps."""

import subprocess
import sys

#: In a process of its own: what Python itself keeps grows in steps, and in a process that has run
#: a thousand tests one step of its table of names is 8 MB.
ASK_FOR_MANY = """
import asyncio, io, tracemalloc
from pathlib import Path

from audiobrief.serve import representation
from audiobrief.serve.kind import episode_kind
from audiobrief.serve.shelf import Opened

CHAPTERS = b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "The ferry returns"}]}'


def chapters(number):
    return Opened(
        path=Path(f"/pod/episodes/2024-05-17-ferry-{number}/chapters.json"),
        kind=episode_kind("chapters.json"),
        stream=io.BytesIO(CHAPTERS),
        size=len(CHAPTERS),
        modified_s=0,
        stamp=(len(CHAPTERS), number, number, 0),
    )


async def ask():
    for number in range(3000):
        found = await held.of(chapters(number), None)
        assert found.body == CHAPTERS


representation._MOST_HELD_BYTES = 500_000
held = representation.Representations()
tracemalloc.start()
asyncio.run(ask())
print(tracemalloc.get_traced_memory()[0])
"""


def test_many_small_texts_take_no_more_than_a_few_large_ones():
    """What is held beside a text counts, too: it is ten times as much as some of them have."""
    told = subprocess.run(
        [sys.executable, "-c", ASK_FOR_MANY], capture_output=True, text=True, check=True
    )
    assert int(told.stdout) < 750_000
