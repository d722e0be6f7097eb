"""Episodes for the tests of the store."""

from datetime import UTC, datetime

import pytest

from audiobrief.model.audio import Loudness
from audiobrief.model.episode import (
    ArticleRef,
    BuildRecord,
    Chapter,
    Enclosure,
    Episode,
    State,
    TimedSegment,
)
from audiobrief.model.script import LedgerRow, Role
from tests.store.places import KEYS, bucket_place, folder_place
from tests.upload.peers import s3_server

BODY = "The ferry will run again from Monday, the harbor master said on Friday."


@pytest.fixture
def make_episode():
    """Return a function that makes an episode of one sentence."""

    def make(*, locator="articles/ferry.txt", article_id="1" * 64, body=BODY, url=None, n=1):
        return Episode(
            guid=f"00000000-0000-0000-0000-{n:012}",
            title="Ferry returns",
            published=datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
            state=State.PUBLISHED,
            directory=f"2026-03-02-ferry-returns-{n}",
            language="en",
            articles=(ArticleRef(article_id, locator, "Ferry returns", None, "The Quay", url),),
            enclosure=Enclosure("ferry-returns-12345678.mp3", 9, "audio/mpeg", 6100, "0" * 64),
            loudness=Loudness(-16.1, -1.4),
            segments=(
                TimedSegment(
                    *("a1", Role.HOST, None, "anchor", "Ferry returns", "Ferry returns"),
                    *(500, 1500, (0, 1), 0),
                ),
                TimedSegment(
                    "b2", Role.QUOTE, "Ana Ruiz", "guest-1", body, body, 2000, 5100, (1, 2), 1
                ),
            ),
            ledger=(
                LedgerRow(0, "Ferry returns", ("a1",), None),
                LedgerRow(0, body, ("b2",), None),
                LedgerRow(0, "Share", (), "page furniture: sharing"),
            ),
            chapters=(Chapter("Introduction", 0),),
            build=BuildRecord(2, 0, (("tone", "tone 1"),), "d" * 64),
        )

    return make


@pytest.fixture(scope="session")
def s3():
    """Return the address of a server that speaks S3."""
    pytest.importorskip("moto", reason="moto, of the extra dev, is not installed")
    with s3_server() as endpoint:
        yield endpoint


@pytest.fixture
def keys(monkeypatch):
    """Set keys as a user does."""
    pytest.importorskip("obstore", reason="obstore, of the extra s3, is not installed")
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def folder_store(tmp_path):
    """Return an empty store in a folder."""
    return folder_place(tmp_path / "shared")


@pytest.fixture
def bucket(s3, keys, tmp_path):
    """Return an empty store in a bucket."""
    return bucket_place(s3, "b-" + tmp_path.name.replace("_", "-").lower()[-60:])


@pytest.fixture(params=["folder_store", "bucket"])
def place(request):
    """Return an empty store of each kind."""
    return request.getfixturevalue(request.param)
