"""A file as a source: a list of links, an export of a service or a browser, saved mails."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.intake.exports import parse_export
from audiobrief.intake.file import read_file
from audiobrief.intake.mail import is_mail, parse_mails
from audiobrief.intake.seam import Fetch, Listing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ListSource:
    """A file that lists or holds articles; which kind it is, its content tells.

    ``known`` holds the digest of the file, so that an unchanged one offers nothing.
    """

    path: Path

    @property
    def name(self) -> str:
        """Return its path."""
        return str(self.path)

    def items(self, fetch: Fetch, known: Mapping[str, str]) -> Listing:  # noqa: ARG002 - the seam
        """Return what the file lists; nothing if it is unchanged.

        Raises:
            SourceError: It cannot be read, or is nothing that lists articles.
        """
        raw = read_file(self.path)
        digest = hashlib.sha256(raw).hexdigest()
        if known.get("sha256") == digest:
            return Listing((), known)
        found = parse_mails(raw, self.name) if is_mail(raw) else parse_export(raw, self.name)
        return Listing(found.items, {"sha256": digest}, found.notes)
