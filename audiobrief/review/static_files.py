"""The files of the page, from the package: a fixed table, so that no name leads elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from audiobrief.serve.answer import Answer
from audiobrief.serve.conditions import Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.serve.request import Request

_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
    "webp": "image/webp",
    "txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file of the page."""

    content: bytes
    content_type: str
    etag: str

    def answer(self, request: Request) -> Answer:
        """Return what is sent of it: nothing, if the browser has it."""
        # Asked for again every time: another version of ours has other files under their names.
        headers = (("etag", self.etag), ("cache-control", "no-cache"))
        if judge(request.headers, self.etag, 0) is Verdict.NOT_MODIFIED:
            return Answer(304, headers, kind="static")
        typed = ("content-type", self.content_type)
        return Answer(200, (*headers, typed), self.content, kind="static")


def load_static() -> Mapping[str, StaticFile]:
    """Return all files of the page by name; only those of a known type."""
    found = {}
    for item in files("audiobrief.review").joinpath("static").iterdir():
        kind = _TYPES.get(item.name.rpartition(".")[2])
        if kind is not None and item.is_file() and not item.name.startswith("."):
            content = item.read_bytes()
            found[item.name] = StaticFile(content, kind, f'"{sha256(content).hexdigest()}"')
    return found
