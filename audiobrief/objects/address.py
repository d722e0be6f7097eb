"""Addresses of buckets, taken apart (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from audiobrief.errors import WorkspaceError

#: Object stores, as obstore calls them.
OBJECT_STORES: Final = ("s3", "gs", "az")
#: For errors.
FORMS: Final = '"s3://BUCKET/PREFIX", "gs://…" or "az://…"'
_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9][A-Za-z0-9._=-]*)*")


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket, or what begins with a prefix in one."""

    #: One of `OBJECT_STORES`.
    kind: str
    #: Of the bucket or container.
    name: str
    #: Empty, or with a slash in front and none behind.
    prefix: str = ""

    @property
    def place(self) -> str:
        """The address as it is shown; it cannot hold a secret."""
        return f"{self.kind}://{self.name}{self.prefix}"


def parse_bucket(text: str, *, where: str, forms: str = FORMS) -> Bucket:
    """Return what an address of a bucket means.

    Args:
        text: As in the settings.
        where: What errors name.
        forms: What can be written there.

    Raises:
        WorkspaceError: It has none of the forms.

    >>> parse_bucket("s3://pod/ferry/", where="").prefix
    '/ferry'
    """
    kind, _, rest = text.partition("://")
    if kind not in OBJECT_STORES or not rest:
        raise _wrong("no bucket is meant by this", where, f"write {forms}")
    if not text.isprintable() or " " in text:
        # Some of these, the library would take out without a word.
        raise _wrong("the address has a blank or a control character", where, f"write {forms}")
    if "@" in rest:
        # Not shown: it is where a secret would stand.
        remedy = "remove it: keys come from the environment"
        raise _wrong("a password stands in the address", where, remedy)
    if "?" in text or "#" in text:
        raise _wrong("the address has a question mark or a #", where, f"write {forms}")
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise _wrong("this is no address", where, f"write {forms}") from error
    prefix = parts.path.rstrip("/")
    for pattern, part, what in ((_BUCKET, parts.netloc, "bucket"), (_PREFIX, prefix, "prefix")):
        if pattern.fullmatch(part) is None:
            remedy = "use letters, digits, dots and dashes"
            raise _wrong(f'the {what} "{part}" cannot be used', where, remedy)
    return Bucket(kind, parts.netloc, prefix)


def _wrong(problem: str, where: str, remedy: str) -> WorkspaceError:
    return WorkspaceError(problem, where, remedy=remedy)
