"""How much memory the texts take that a server keeps."""

import asyncio
import gc
import io
import subprocess
import sys
from pathlib import Path

import pytest

from audiobrief.serve.kind import show_kind
from audiobrief.serve.readdress import Edition
from audiobrief.serve.representation import Representations
from audiobrief.serve.shelf import Opened
from tests.serve.house import FEED

#: In a process of its own, and without what is in one piece: Python's table of names, which
#: `pathlib` fills and which grows in steps of a megabyte and more.
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
print(sum(piece.size for piece in tracemalloc.take_snapshot().traces if piece.size < 100_000))
"""


def test_many_small_texts_take_no_more_than_a_few_large_ones():
    """What is held beside a text counts, too: it is ten times as much as some of them have."""
    told = subprocess.run(
        [sys.executable, "-c", ASK_FOR_MANY], capture_output=True, text=True, check=True
    )
    assert int(told.stdout) < 600_000


def opened(path, content, *, edition):
    """Return a text file as it is after it was replaced so many times."""
    return Opened(
        path=path,
        kind=show_kind(path.name),
        stream=io.BytesIO(content),
        size=len(content),
        modified_s=edition,
        stamp=(len(content), edition, edition, edition),
    )


def test_of_a_file_that_has_changed_nothing_is_held_that_was_made_of_it_before():
    """One that asks for the new feed lets go of the old one in all its codings and editions."""
    path = Path("/pod/episodes/feed.xml")
    representations = Representations()

    async def ask(edition, accepted, token):
        file = opened(path, FEED + b" " * edition, edition=edition)
        whose = Edition("https://pod.example/", token) if token else None
        await representations.of(file, accepted, whose)

    async def day():
        for edition in range(1, 20):
            for accepted in (None, "gzip"):
                for token in ("", "a" * 32, "b" * 32):
                    await ask(edition, accepted, token)
        many = representations.held_bytes
        await ask(20, None, "")
        return many

    many = asyncio.run(day())
    alone = Representations()
    asyncio.run(alone.of(opened(path, FEED + b" " * 20, edition=20), None))
    assert representations.held_bytes == alone.held_bytes
    assert many > 3 * alone.held_bytes


def test_a_text_that_is_asked_for_again_is_made_once():
    """What has not changed is the same object; of what has, each form is made again once."""
    path, representations = Path("/pod/episodes/feed.xml"), Representations()

    async def ask(edition, accepted):
        return await representations.of(opened(path, FEED, edition=edition), accepted)

    async def day():
        return [
            await ask(edition, accepted) for edition in (1, 2, 2) for accepted in (None, "gzip")
        ]

    first, packed, second, second_packed, *again = asyncio.run(day())
    assert again[0] is second
    assert again[1] is second_packed
    assert second is not first
    assert second_packed is not packed


def test_a_listeners_feed_leaves_no_circle_behind():
    """Else each one that was told stays until Python looks for circles: hours, and many feeds."""
    edition = Edition("https://pod.example/", "a" * 32)
    gc.collect()
    gc.disable()
    try:
        edition.render(FEED, "feed")
        with pytest.raises(ValueError, match="no XML"):
            edition.render(FEED[:-3], "feed")
        left = [each for each in gc.get_objects() if type(each).__name__ == "xmlparser"]
    finally:
        gc.enable()
    assert left == []
