"""Watching an inbox while files are still being written: built once, whole, and together."""

import json

from audiobrief.pipeline.stop import Stop
from audiobrief.workspace.load import load_workspace
from tests.pipeline.watched import (
    follow,
    inbox_fixture,  # noqa: F401 - `inbox`
    numbered,
    put,
    results,
)
from tests.support import ARTICLE, OTHER


class Writer(Stop):
    """Somebody who writes between two looks."""

    def __init__(self, steps):
        super().__init__()
        self._steps = iter(steps)

    def wait(self, _seconds):
        """Write the next piece, and wait no longer."""
        for step in self._steps:
            step()
            break
        return super().wait(0.01)


def appending(path, text):
    """Return what adds to a file."""

    def append():
        with path.open("a", encoding="utf-8") as stream:
            stream.write(text)

    return append


def test_a_file_that_is_being_written_is_built_once_and_whole(inbox):
    """However often it pauses between two pieces."""
    (inbox / "ferry.txt").unlink()
    path = inbox / "slow.txt"
    path.touch()
    pieces = ARTICLE.splitlines(keepends=True)
    stop = Writer([appending(path, piece) for piece in pieces])

    def script():
        yield
        assert results((yield)) == {"articles/slow.txt": "built"}

    follow(load_workspace(inbox.parent), script(), stop=stop)
    (manifest,) = inbox.parent.glob("episodes/*/episode.json")
    texts = [row["text"] for row in json.loads(manifest.read_bytes())["ledger"]]
    assert any("tickets cost the same as before" in text for text in texts)


def test_a_burst_of_files_is_one_build(inbox):
    """The last come while the first are looked at."""
    later = [lambda n=n: put(inbox, f"{n}.txt", numbered(n)) for n in (3, 4)]

    def script():
        yield
        built = results((yield))
        assert set(built) == {f"articles/{name}.txt" for name in ("ferry", 1, 2, 3, 4)}
        assert set(built.values()) == {"built"}

    put(inbox, "1.txt", numbered(1))
    put(inbox, "2.txt", numbered(2))
    follow(load_workspace(inbox.parent), script(), stop=Writer(later))


def test_a_file_that_never_ends_holds_up_no_other(inbox):
    """It is built when it has ended."""
    path = inbox / "endless.txt"
    path.write_text(OTHER, encoding="utf-8")
    stop = Writer([appending(path, "\nAnd so it went on for a while.\n")] * 20)

    def script():
        yield
        assert results((yield)) == {"articles/ferry.txt": "built"}
        assert results((yield)) == {"articles/endless.txt": "built"}

    follow(load_workspace(inbox.parent), script(), stop=stop)
