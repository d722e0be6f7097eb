"""How much memory the texts take that a server keeps."""

import asyncio
import io
import tracemalloc
from pathlib import Path

from audiobrief.serve import representation
from audiobrief.serve.kind import episode_kind
from audiobrief.serve.representation import Representations
from audiobrief.serve.shelf import Opened

CHAPTERS = b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "The ferry returns"}]}'


def chapters(number):
    """Return the open chapters of an episode."""
    return Opened(
        path=Path(f"/pod/episodes/2024-05-17-ferry-{number}/chapters.json"),
        kind=episode_kind("chapters.json"),
        stream=io.BytesIO(CHAPTERS),
        size=len(CHAPTERS),
        modified_s=0,
        stamp=(len(CHAPTERS), number, number, 0),
    )


def test_many_small_texts_take_no_more_than_a_few_large_ones(monkeypatch):
    """What is held beside a text counts, too: it is ten times as much as some of them have."""
    limit = 500_000
    monkeypatch.setattr(representation, "_MOST_HELD_BYTES", limit)
    held = Representations()

    async def ask():
        for number in range(3000):
            found = await held.of(chapters(number), None)
            assert found.body == CHAPTERS

    tracemalloc.start()
    try:
        asyncio.run(ask())
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken < 1.5 * limit
