"""PDFs for the tests, made by hand: rows of text where a test wants them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LEADING = 14.0
SIZE = 10.0


@dataclass(frozen=True)
class Print:
    """A row of print: where it starts, in points from the left and the bottom of the page."""

    x: float
    y: float
    text: str
    size: float = SIZE
    bold: bool = False
    #: The six numbers of a text matrix (ISO 32000-2, 9.4.2), if it is not upright.
    matrix: tuple[float, ...] = ()


def column(
    rows: Sequence[str], *, x: float = 72, top: float = 700, indent: float = 0
) -> list[Print]:
    """Return rows below each other; one that starts with a tab begins a paragraph."""
    return [
        Print(x + indent * row.startswith("\t"), top - i * LEADING, row.strip())
        for i, row in enumerate(rows)
    ]


def pdf(pages: Sequence[Sequence[Print]], *, info: str = "") -> bytes:
    """Return a PDF of pages of rows, in the standard fonts."""
    streams = [_stream(rows) for rows in pages]
    return document(streams, info=info)


def document(
    streams: Sequence[bytes],
    *,
    info: str = "",
    entries: str = "",
    resources: str = "",
    objects: Sequence[bytes] = (),
) -> bytes:
    """Return a PDF of pages with these content streams.

    Args:
        streams: What is drawn on each page.
        info: Entries of the document's properties.
        entries: Entries of each stream.
        resources: Entries of each page's resources.
        objects: More objects, with numbers from 6 on.
    """
    first = 6 + len(objects)
    kids = " ".join(f"{first + 2 * i} 0 R" for i in range(len(streams)))
    fonts = "/Font << /F1 3 0 R /F2 4 0 R >>"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Bold /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>".encode("cp1252"),
        *objects,
    ]
    for i, stream in enumerate(streams):
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {first + 2 * i + 1} "
            f"0 R /Resources << {fonts} {resources} >> >>".encode()
        )
        parts.append(stream_object(stream, entries))
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, 2)
    offsets = []
    for number, part in enumerate(parts, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(
        b"trailer << /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(parts) + 1, start)
    )
    return out.getvalue()


def stream_object(content: bytes, entries: str = "") -> bytes:
    """Return a stream as an object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (
        len(content),
        entries.encode(),
        content,
    )


def _stream(rows: Sequence[Print]) -> bytes:
    return b"\n".join(_row(row) for row in rows)


def _row(row: Print) -> bytes:
    text = row.text.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(")
    text = text.replace(b")", rb"\)")
    font = "F2" if row.bold else "F1"
    matrix = " ".join(map(str, row.matrix or (1, 0, 0, 1, row.x, row.y)))
    return f"BT /{font} {row.size} Tf {matrix} Tm (".encode() + text + b") Tj ET"
