"""Events: told once to every page, ended with it, and never in anybody's way."""

import asyncio
import json
from contextlib import closing

from audiobrief.review.events import Events
from tests.review.house import Stream, running


class Page:
    """A page that reads as slowly as it is told to."""

    def __init__(self):
        self.got = []
        self.gone = asyncio.Event()
        self.reads = asyncio.Event()
        self.reads.set()

    async def receive(self):
        """Say when it goes."""
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        """Take a piece."""
        await self.reads.wait()
        self.got.append(message)

    @property
    def numbers(self):
        """The numbers that it was told."""
        blocks = b"".join(m.get("body", b"") for m in self.got).decode().split("\n\n")
        data = [line[6:] for block in blocks for line in block.splitlines() if line[:6] == "data: "]
        return [json.loads(each).get("n", "missed") for each in data]


async def until(condition):
    """Let others run until something holds."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - several things are waited for
            await asyncio.sleep(0)


def test_every_page_is_told_everything_once_in_order():
    """Also what happens while it is being told of something else."""

    async def run():
        events, pages = Events(), [Page(), Page()]
        streams = [asyncio.ensure_future(events.stream("", p.receive, p.send)) for p in pages]
        await until(lambda: all(page.got for page in pages))
        for n in range(50):
            await asyncio.to_thread(events.tell, {"type": "x", "episode": "e", "n": n})
        await until(lambda: all(len(page.numbers) == 50 for page in pages))
        events.close()
        await asyncio.gather(*streams)
        assert [page.numbers for page in pages] == [[*range(50)]] * 2
        assert all(page.got[-1] == {"type": "http.response.body", "body": b""} for page in pages)

    asyncio.run(run())


def test_a_page_that_goes_is_forgotten_at_once():
    """Without an event that finds it gone."""

    async def run():
        events, page = Events(), Page()
        stream = asyncio.ensure_future(events.stream("", page.receive, page.send))
        await until(lambda: page.got)
        assert events.has_hearers
        page.gone.set()
        await stream
        assert not events.has_hearers

    asyncio.run(run())


def test_a_page_that_reads_too_slowly_is_told_to_ask_again():
    """What it has missed is not held for it."""

    async def run():
        events, page = Events(), Page()
        stream = asyncio.ensure_future(events.stream("", page.receive, page.send))
        await until(lambda: page.got)
        page.reads.clear()
        for n in range(2000):
            events.tell({"type": "x", "episode": "e", "n": n})
        page.reads.set()
        await until(lambda: "missed" in page.numbers)
        events.close()
        await stream
        assert len(page.numbers) < 300

    asyncio.run(run())


def test_who_comes_back_gets_what_was_missed_and_nothing_twice():
    """By the number of the last event; of another run, everything is to be asked for again."""

    async def run():
        events, page = Events(), Page()
        stream = asyncio.ensure_future(events.stream("", page.receive, page.send))
        await until(lambda: page.got)
        for n in range(3):
            events.tell({"type": "x", "episode": "e", "n": n})
        await until(lambda: len(page.numbers) == 3)
        body = b"".join(m.get("body", b"") for m in page.got).decode()
        ids = [line[4:] for line in body.splitlines() if line.startswith("id: ")]
        page.gone.set()
        await stream
        for last_id, wanted in (
            (ids[0], [1, 2]),
            (ids[2], []),
            ("other-1", ["missed"]),
            (ids[0].partition("-")[0] + "-99", ["missed"]),
            ("", []),
        ):
            back = Page()
            stream = asyncio.ensure_future(events.stream(last_id, back.receive, back.send))
            await until(lambda back=back, wanted=wanted: back.got and back.numbers == wanted)
            back.gone.set()
            await stream
            assert back.numbers == wanted

    asyncio.run(run())


def test_pages_that_went_make_room_for_others(built):
    """A hundred come and go."""
    with running(built) as run:
        for _ in range(100):
            with closing(Stream(run.port)) as stream:
                assert stream.status in {200, 503}
        while True:
            with closing(Stream(run.port)) as stream:
                if stream.status == 200:
                    break
