"""Addresses that a person names on the command line: listed like shared ones, fetched, found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.intake.address import canonical_url
from audiobrief.intake.exports import parse_export
from audiobrief.pipeline.link_list import add_link
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


def list_addresses(workspace: Workspace, addresses: Iterable[str]) -> str:
    """Write addresses into ``links.txt``; return the name of the source that has them then.

    Raises:
        SourceError: One is no address that would be asked; those before it are listed.
        StoreError: The list cannot be written.
    """
    for address in addresses:
        add_link(workspace, address)
    return links_source(workspace).name


def file_of_address(workspace: Workspace, address: str) -> str:
    """Return the file of the inbox that an address was brought into.

    Raises:
        SourceError: There is none.
    """
    with Catalogue(workspace.cache / CATALOGUE_NAME) as catalogue:
        taken = catalogue.taken(links_source(workspace).name, "", canonical_url(address))
        found = (taken.locator or taken.copy_of) if taken is not None else ""
        found = found or catalogue.locator_of(canonical_url(address))
    if not found:
        raise SourceError(
            "no article came of this address",
            address,
            remedy=f'see why with "audiobrief fetch --force {address}"; it is kept in {LINKS_NAME}',
        )
    return found
