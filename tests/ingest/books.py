"""EPUBs for the tests, made by hand: as many pages as a test wants, and a table of contents."""

from __future__ import annotations

import io
import zipfile
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>"""


def page(inner: str, title: str = "") -> str:
    """Return a page of XHTML."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>{escape(title)}</title></head><body>{inner}</body></html>"
    )


def nav(entries: Sequence[tuple[str, str]]) -> str:
    """Return a table of contents of EPUB 3: titles and where they lead."""
    items = "".join(f'<li><a href="{href}">{escape(t)}</a></li>' for t, href in entries)
    return page(f'<nav epub:type="toc"><ol>{items}</ol></nav>')


def ncx(points: str) -> str:
    """Return a table of contents of EPUB 2."""
    return f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>'


def point(title: str, source: str, inner: str = "") -> str:
    """Return an entry of EPUB 2, with others below it."""
    return (
        f"<navPoint><navLabel><text>{escape(title)}</text></navLabel>"
        f'<content src="{source}"/>{inner}</navPoint>'
    )


def epub(
    pages: Mapping[str, str],
    *,
    contents: str | None = None,
    version: int = 3,
    metadata: str = "<dc:title>The Ferry</dc:title>",
    guide: str = "",
    aside: Sequence[str] = (),
    more: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return an EPUB.

    Args:
        pages: Names and content, in reading order.
        contents: The table of contents, in the form of the version.
        version: 2 or 3.
        metadata: Elements in it.
        guide: References of EPUB 2.
        aside: Pages that are not in the reading order.
        more: Members besides.
    """
    items = "".join(
        f'<item id="p{i}" href="{name}" media-type="application/xhtml+xml"/>'
        for i, name in enumerate(pages)
    )
    refs = "".join(
        f'<itemref idref="p{i}"{" linear=" + chr(34) + "no" + chr(34) if name in aside else ""}/>'
        for i, name in enumerate(pages)
    )
    toc_name = "nav.xhtml" if version == 3 else "toc.ncx"
    if contents is not None:
        kind = (
            'media-type="application/xhtml+xml" properties="nav"'
            if version == 3
            else 'media-type="application/x-dtbncx+xml"'
        )
        items += f'<item id="toc" href="{toc_name}" {kind}/>'
    package = (
        f'<package xmlns="http://www.idpf.org/2007/opf" version="{version}.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:opf="http://www.idpf.org/2007/opf">{metadata}</metadata>'
        f"<manifest>{items}</manifest><spine>{refs}</spine><guide>{guide}</guide></package>"
    )
    files: dict[str, bytes] = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER.encode(),
        "OEBPS/book.opf": package.encode(),
    }
    if contents is not None:
        files[f"OEBPS/{toc_name}"] = contents.encode()
    files |= {f"OEBPS/{name}": text.encode() for name, text in pages.items()}
    return pack(files | dict(more or {}))


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()
