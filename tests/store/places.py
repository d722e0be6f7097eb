"""Shared stores of both kinds, with a look behind each, for the tests of every room."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from urllib.request import Request, urlopen

from audiobrief.store.shared import open_store
from tests.upload.conftest import bucket_store

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wrotesecret",
    "AWS_REGION": "us-east-1",
}
_AS_SOMEBODY = {"Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request"}


@dataclass
class Place:
    """A shared store, and what lies behind it."""

    address: str
    #: Returns what lies there, each file or object under its path.
    raw: Callable[[], dict[str, bytes]]
    #: Writes there behind the store's back.
    plant: Callable[[str, bytes], None]
    endpoint: str | None = None

    def open(self):
        """Return the store, as a program opens it."""
        return open_store(self.address, endpoint=self.endpoint)


def folder_place(folder):
    """Return a store in a folder, which is made."""
    folder.mkdir()

    def raw():
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files_of(folder)}

    return Place(str(folder), raw, lambda path, content: (folder / path).write_bytes(content))


def bucket_place(endpoint, bucket, prefix="a/b"):
    """Return a store below a prefix of a new bucket."""
    make_bucket(endpoint, bucket)
    inside = bucket_store(bucket, endpoint, prefix)

    def raw():
        rows = [row for chunk in inside.list() for row in chunk]
        return {row["path"]: bytes(inside.get(row["path"]).bytes()) for row in rows}

    return Place(f"s3://{bucket}/{prefix}", raw, inside.put, endpoint)


def make_bucket(endpoint, bucket):
    """Make a bucket, as its owner does."""
    with urlopen(Request(f"{endpoint}/{bucket}", headers=_AS_SOMEBODY, method="PUT")):
        pass


def keyed(kind, number):
    """Return a name as caches have it."""
    return f"{kind}/{sha256(str(number).encode()).hexdigest()}"


def named_by(content):
    """Return the name of a file."""
    return f"artefacts/{sha256(content).hexdigest()}"


def files_of(folder):
    """Return all files below a folder, unfinished ones too."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
