"""Object stores: headers, keys, races."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.request import Request, urlopen

import pytest

from audiobrief.errors import OvertakenError, TargetUnavailableError, UploadError
from audiobrief.objects.bucket import Patience
from audiobrief.upload.address import parse_address
from audiobrief.upload.objects import Objects
from audiobrief.upload.targets import open_target
from tests.upload.conftest import Place, upload

pytest.importorskip("obstore", reason="obstore, of the extra s3, is not installed")
SOUND = "2026-03-01-ferry/ferry-1a2b3c4d.mp3"


def test_type_and_cache_are_told_to_browsers(s3_place):
    """As the seam was given them, for small files and for long ones."""
    long = upload(SOUND, b"x" * 6_000_000, kind="audio/mpeg")
    with s3_place.open() as target:
        target.send([long, upload("feed.xml", kind="application/rss+xml")], lambda _: None)
    bucket = s3_place.address.removeprefix("s3://")
    for name, kind in ((SOUND, "audio/mpeg"), ("feed.xml", "application/rss+xml")):
        url = f"{s3_place.endpoint}/{bucket}/{name}"
        signed = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request"
        with urlopen(Request(url, headers={"Authorization": signed}, method="HEAD")) as answer:
            assert answer.headers["Content-Type"] == kind
            assert answer.headers["Cache-Control"] == "max-age=60"


def test_a_sound_is_created_and_never_overwritten(s3_place):
    """What has its name has its bytes; another length under it is an error."""
    with s3_place.open() as target:
        target.send([upload(SOUND, b"sound", is_new=True)], lambda _: None)
        target.send([upload(SOUND, b"other", is_new=True)], lambda _: None)
        with pytest.raises(UploadError, match="did not take it"):
            target.send([upload(SOUND, b"longer sound", is_new=True)], lambda _: None)
    assert s3_place.files() == {SOUND: b"sound"}


def test_of_sixteen_publishers_at_once_one_wins(s3_place):
    """For the first feed, and for one that takes another's place."""
    expected = None
    for turn in range(2):
        start = Barrier(16)

        def publish(number, expected=expected, turn=turn, start=start):
            with s3_place.open() as target:
                start.wait()
                try:
                    return target.replace(
                        upload("feed.xml", f"{turn} {number:02}".encode()), expected
                    )
                except OvertakenError:
                    return None

        with ThreadPoolExecutor(16) as pool:
            results = list(pool.map(publish, range(16)))
        winners = [n for n, stored in enumerate(results) if stored is not None]
        assert len(winners) == 1
        assert s3_place.files()["feed.xml"] == f"{turn} {winners[0]:02}".encode()
        expected = results[winners[0]]


def test_the_same_feed_again_is_no_defeat(s3_place):
    """As when the answer to the first try was lost on its way."""
    with s3_place.open() as target:
        first = target.replace(upload("feed.xml", b"mine"), None)
        assert target.replace(upload("feed.xml", b"mine"), None) == first


def test_a_missing_key_is_told_before_anything_is_asked(monkeypatch):
    """With the names of the variables; exit code 4."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    with pytest.raises(TargetUnavailableError, match="AWS_ACCESS_KEY_ID") as caught:
        Place("s3://pod", dict, print).open().__enter__()
    assert caught.value.exit_code == 4


def test_a_store_without_its_account_is_told(monkeypatch):
    """Azure has no default; exit code 4."""
    for name in [name for name in os.environ if name.startswith("AZURE_")]:
        monkeypatch.delenv(name)
    with pytest.raises(TargetUnavailableError, match="AZURE_STORAGE_ACCOUNT_NAME"):
        Place("az://pod/x", dict, print).open().__enter__()


def test_a_bucket_that_there_is_not_is_told_without_the_key(s3, keys):
    """The message has the code of the store and the name, and nothing else of the request."""
    with open_target(
        parse_address("s3://no-such-bucket/x", where=""), root=None, endpoint=s3
    ) as target:
        with pytest.raises(UploadError) as caught:
            target.send([upload("feed.xml")], lambda _: None)
        with pytest.raises(UploadError):
            target.listing()
    text = str(caught.value)
    assert "s3://no-such-bucket/x/feed.xml" in text
    assert "NoSuchBucket" in text
    for secret in ("wrotesecret", "AKIAEXAMPLE", "Signature"):
        assert secret not in text


def test_a_store_out_of_reach_is_told(keys):
    """Nobody listens there; a few tries, then the end."""
    impatient = Patience(retries=0, retrying_s=1, connecting_s=1, answering_s=1)
    address = parse_address("s3://pod", where="")
    target = Objects(address, endpoint="http://127.0.0.1:9", region=None, patience=impatient)
    with pytest.raises(UploadError, match="did not take it"):
        target.listing()
