"""Targets of every kind, with a look behind each."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from audiobrief.upload.address import parse_address
from audiobrief.upload.target import Upload
from audiobrief.upload.targets import open_target
from tests.upload.peers import s3_server, ssh_server

_AS_SOMEBODY = {"Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request"}


@dataclass
class Place:
    """A target, and what lies behind it."""

    address: str
    #: Returns all files behind it by name.
    files: Callable[[], dict[str, bytes]]
    #: Puts a file there behind the target's back.
    plant: Callable[[str, bytes], None]
    endpoint: str | None = None

    @contextmanager
    def open(self):
        """Give the target, as a run does."""
        address = parse_address(self.address, where="test")
        with open_target(address, root=Path("/"), endpoint=self.endpoint) as target:
            yield target


def upload(name, content=b"content", *, kind="text/plain", is_new=False):
    """Return a file on its way."""
    return Upload(name, kind, "max-age=60", len(content), content, is_new)


@pytest.fixture(scope="session")
def ssh(tmp_path_factory):
    """Return the login of an SSH server and the folder of the program that knows it."""
    with ssh_server(tmp_path_factory.mktemp("ssh")) as server:
        yield server


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
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrotesecret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")


@pytest.fixture(params=["folder", "s3", "sftp", "rsync"])
def place(request, tmp_path):
    """Return an empty target of each kind."""
    return request.getfixturevalue(f"{request.param}_place")


def _read(folder):
    paths = [p for p in folder.rglob("*") if p.is_file()]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths}


def _plant(folder, name, content):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def _below(folder, address):
    return Place(
        address,
        lambda: {n: c for n, c in _read(folder).items() if not n.startswith(".publishing")},
        lambda name, content: _plant(folder, name, content),
    )


@pytest.fixture
def folder_place(tmp_path):
    """Return a folder that does not exist yet."""
    folder = tmp_path / "srv" / "a pod"
    return _below(folder, f"folder:{folder}")


@pytest.fixture
def sftp_place(tmp_path, ssh, monkeypatch):
    """Return a folder behind an SSH server, which does not exist yet."""
    return _behind(tmp_path, ssh, monkeypatch, "sftp")


@pytest.fixture
def rsync_place(tmp_path, ssh, monkeypatch):
    """Return such a folder for rsync."""
    return _behind(tmp_path, ssh, monkeypatch, "rsync")


def _behind(tmp_path, ssh, monkeypatch, kind):
    login, programs = ssh
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    folder = tmp_path / "pod"
    return _below(folder, f"{kind}://{login}{folder}")


@pytest.fixture
def s3_place(s3, keys, tmp_path):
    """Return an empty bucket, in which somebody else has something, too."""
    bucket = "pod-" + tmp_path.name.replace("_", "-").lower()
    with urlopen(Request(f"{s3}/{bucket}", headers=_AS_SOMEBODY, method="PUT")):
        store = bucket_store(bucket, s3, "a/b")
    bucket_store(bucket, s3, None).put("elsewhere/feed.xml", b"other")

    def files():
        rows = [row for chunk in store.list() for row in chunk]
        return {row["path"]: bytes(store.get(row["path"]).bytes()) for row in rows}

    return Place(f"s3://{bucket}/a/b", files, store.put, s3)


def bucket_store(bucket, endpoint, prefix):
    """Return a bucket as obstore sees it."""
    store = pytest.importorskip(
        "obstore.store", reason="obstore, of the extra s3, is not installed"
    )
    options = {"client_options": {"allow_http": True}, "prefix": prefix}
    return store.S3Store(bucket, endpoint=endpoint, **options)
