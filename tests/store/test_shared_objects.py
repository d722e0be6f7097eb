"""A shared store in a bucket: keys, stores that are gone or know little, answers that end early."""

from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.request import Request, urlopen

import pytest

from audiobrief.errors import SharedStoreError, TargetUnavailableError
from audiobrief.objects.address import Bucket
from audiobrief.objects.bucket import Patience
from audiobrief.store.shared import open_store, sealed
from audiobrief.store.shared_objects import ObjectStore
from tests.store.places import KEYS, bucket_place, keyed, named_by
from tests.upload.peers import s3_server
from tests.upload.plain_store import PlainStore

NAME = keyed("clips", 1)
IMPATIENT = Patience(retries=1, retrying_s=2, connecting_s=1, answering_s=2)


def impatient(endpoint, bucket="pod"):
    """Return a store for which nobody waits."""
    return ObjectStore(
        Bucket("s3", bucket), endpoint=endpoint, region="us-east-1", patience=IMPATIENT
    )


def everything(store, source):
    """Return one attempt at each thing that can be done."""
    digest = sha256(b"sound").hexdigest()
    name = named_by(b"sound")
    return [
        lambda: store.get(NAME),
        lambda: store.put(NAME, b"sound"),
        lambda: store.replace(NAME, b"sound"),
        lambda: store.has(NAME),
        lambda: list(store.names("")),
        lambda: store.remove(NAME),
        lambda: store.put_file(name, source),
        lambda: store.fetch_file(name, source.parent / "target", sha256=digest),
    ]


@pytest.fixture
def source(tmp_path):
    """A file to be kept."""
    path = tmp_path / "source"
    path.write_bytes(b"sound")
    return path


@contextmanager
def asking_for_keys(endpoint):
    """Let a server that takes every key look at them for a while."""

    def start(count):
        url = f"{endpoint}/moto-api/reset-auth"
        headers = {"Content-Type": "text/plain"}
        with urlopen(Request(url, data=count, headers=headers, method="POST")):
            pass

    start(b"0")
    try:
        yield
    finally:
        start(b"inf")


def test_a_key_that_is_refused_is_told_without_it(bucket, source):
    """Whatever is done, the error names the place and what to mend, and exits with 4."""
    store = bucket.open()
    with asking_for_keys(bucket.endpoint):
        for attempt in everything(store, source):
            with pytest.raises(TargetUnavailableError) as caught:
                attempt()
            assert bucket.address in caught.value.subject
            assert caught.value.exit_code == 4
            for secret in (KEYS["AWS_SECRET_ACCESS_KEY"], KEYS["AWS_ACCESS_KEY_ID"], "Signature"):
                assert secret not in str(caught.value)
    assert not (source.parent / "target").exists()


def test_a_missing_key_is_told_before_anything_is_asked(monkeypatch):
    """With the variables to set."""
    pytest.importorskip("obstore", reason="obstore, of the extra s3, is not installed")
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(TargetUnavailableError) as caught:
        open_store("s3://pod/x")
    assert "AWS_ACCESS_KEY_ID" in caught.value.remedy


def test_a_bucket_that_there_is_not_is_an_error(s3, keys):
    """It is not taken for an empty one."""
    store = impatient(s3, "no-such-bucket")
    for attempt in (
        lambda: store.get(NAME),
        lambda: store.put(NAME, b""),
        lambda: list(store.names("")),
    ):
        with pytest.raises(SharedStoreError, match="NoSuchBucket"):
            attempt()


def test_a_server_that_is_killed_in_between_is_told(keys, source):
    """What was kept before is no use; every attempt ends, and names the place."""
    pytest.importorskip("moto", reason="moto, of the extra dev, is not installed")
    with s3_server() as endpoint:
        bucket_place(endpoint, "pod", "x")
        store = impatient(endpoint)
        store.put(NAME, b"sound")
        assert store.get(NAME) == b"sound"
    for attempt in everything(store, source):
        with pytest.raises(SharedStoreError, match="out of reach") as caught:
            attempt()
        assert "s3://pod" in caught.value.subject
    assert not (source.parent / "target").exists()


def test_a_store_that_takes_no_conditions_serves_all_the_same(keys):
    """It is asked first whether the blob is there, and whether all of it."""
    plain = PlainStore()
    try:
        store = impatient(plain.endpoint)
        plain.files[NAME] = b"cut off"
        for _ in range(2):
            store.put(NAME, b"sound")
            assert store.get(NAME) == b"sound"
        assert not store.has(keyed("clips", 2))
    finally:
        plain.close()


@pytest.mark.parametrize(
    "use", [lambda store: store.get(NAME), lambda store: store.put(NAME, b"sound")]
)
def test_a_blob_that_is_used_after_days_is_put_again(keys, use):
    """Buckets know no last use, and what was put first would go first."""
    plain = PlainStore()
    try:
        store = impatient(plain.endpoint)
        plain.files[NAME] = sealed(NAME, b"sound")
        puts = plain.puts
        use(store)
        assert plain.puts == puts + 1
        assert plain.files == {NAME: sealed(NAME, b"sound")}
    finally:
        plain.close()


def test_an_answer_that_ends_early_is_told(keys):
    """It is not taken for a damaged blob, which would be removed."""

    class Rude(BaseHTTPRequestHandler):
        asked = []  # noqa: RUF012 - of this server

        def log_message(self, *_arguments):
            pass

        def do_GET(self):
            self.asked.append(self.command)
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.send_header("Last-Modified", "Sun, 01 Mar 2026 08:00:00 GMT")
            self.send_header("ETag", '"x"')
            self.end_headers()
            self.wfile.write(b"x" * 100)

        do_DELETE = do_GET  # noqa: N815 - as the library calls it

    server = ThreadingHTTPServer(("127.0.0.1", 0), Rude)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        store = impatient(f"http://127.0.0.1:{server.server_port}")
        with pytest.raises(SharedStoreError, match="out of reach"):
            store.get(NAME)
        assert (store.damaged, set(Rude.asked)) == ([], {"GET"})
    finally:
        server.shutdown()
        server.server_close()
