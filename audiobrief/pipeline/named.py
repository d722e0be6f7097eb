"""Addresses that a person names on the command line: listed like shared ones, fetched, found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.intake.address import canonical_url
from audiobrief.intake.exports import parse_export
from audiobrief.net.redact import redact
from audiobrief.pipeline.link_list import add_link, refusal_of
from audiobrief.pipeline.links import LINKS_NAME, links_source
from audiobrief.store.catalogue import CATALOGUE_NAME, Catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiobrief.workspace.load import Workspace


def addresses_in(raw: bytes) -> list[str]:
    """Return the addresses of a list on standard input, in any form that a source may have.

    Raises:
        SourceError: There is none.
    """
    found = [item.url for item in parse_export(raw, "standard input").items if item.url]
    if not found:
        raise SourceError(
            "there is no address in it", "standard input", remedy="give an address a line"
        )
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of addresses that were to be listed."""

    #: Of the source that has them now; ``None``: none is one that would be asked.
    source: str | None
    #: Why the others are not.
    refused: tuple[SourceError, ...] = ()


def list_addresses(workspace: Workspace, addresses: Iterable[str]) -> Listed:
    """Write addresses into ``links.txt``; one that would never be asked costs no other.

    Raises:
        StoreError: The list cannot be written.
    """
    source, refused = None, []
    for address in addresses:
        if error := refusal_of(address):
            refused.append(error)
            continue
        add_link(workspace, address)
        source = links_source(workspace).name
    return Listed(source, tuple(refused))


def file_of_address(workspace: Workspace, address: str) -> str:
    """Return the file of the inbox that an address was brought into.

    Raises:
        SourceError: There is none, or the address would never be asked.
    """
    if refused := refusal_of(address):
        raise refused
    with Catalogue(workspace.cache / CATALOGUE_NAME) as catalogue:
        taken = catalogue.taken(links_source(workspace).name, "", canonical_url(address))
        found = (taken.locator or taken.copy_of) if taken is not None else ""
        found = found or catalogue.locator_of(canonical_url(address))
    if not found:
        shown = redact(address)
        again = address if shown == address else "ADDRESS"
        raise SourceError(
            "no article came of this address",
            shown,
            remedy=f'see why with "audiobrief fetch --force {again}"; it is kept in {LINKS_NAME}',
        )
    return found
