"""PDFs: rows become paragraphs again, in order; what is no text has its reason, or is refused."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib
from contextlib import suppress

import pypdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audiobrief.errors import SourceError
from audiobrief.ingest import extract
from audiobrief.ingest.document import Document, DocumentKind, checked
from audiobrief.ingest.pdf import MAX_PAGES, read_pdf
from audiobrief.ingest.pdf_rows import RowMaker
from tests.ingest.pdfs import LEADING, Print, column, document, pdf, stream_object

FIRST = (
    "The ferry between the two towns will run again from Monday on,",
    "the harbor master said, after the storm of last winter had bro-",
    "ken the pier on the northern side of the bay.",
)
SECOND = (
    "\tIts well-known captain will be at the wheel as she was before.",
    "Tickets cost the same, and children travel free until the end of",
    "the summer, as they did in the year before the storm.",
)
JOINED = (
    (
        "The ferry between the two towns will run again from Monday on, the harbor master said, "
        "after the storm of last winter had broken the pier on the northern side of the bay."
    ),
    (
        "Its well-known captain will be at the wheel as she was before. Tickets cost the same, "
        "and children travel free until the end of the summer, as they did in the year before the "
        "storm."
    ),
)
TITLE = Print(72, 760, "Ferry runs again", size=20, bold=True)


def lines(*pages: list[Print], info: str = "") -> list[tuple[str, str | None]]:
    found, _, _, _ = read_pdf(pdf(pages, info=info), "a.pdf")
    return [(line.text, line.dropped) for line in found]


def spoken(*pages: list[Print]) -> list[str]:
    return [text for text, dropped in lines(*pages) if dropped is None]


def test_rows_become_paragraphs() -> None:
    """By indents; words that a row broke are whole, and hyphens of their own stay."""
    assert spoken(column([*FIRST, *SECOND], indent=12)) == list(JOINED)


def test_gaps_and_short_rows_end_paragraphs() -> None:
    """Where no row is set in."""
    apart = [*column(FIRST), *column(SECOND, top=700 - 4 * LEADING)]
    assert spoken(apart) == list(JOINED)
    assert spoken(column([*FIRST, *(row.strip() for row in SECOND)])) == list(JOINED)


def test_columns_are_read_one_after_the_other() -> None:
    """However their program wrote them: by column, or row by row across both."""
    rows = [f"Row {n} of the text goes on and on and never" for n in range(12)]
    left = column(rows, top=700)
    right = column([row.replace("text", "tale") for row in rows], x=320, top=700)
    across = [row for pair in zip(left, right, strict=True) for row in pair]
    (by_column,), (by_row,) = spoken([*left, *right]), spoken(across)
    assert by_column == by_row == " ".join(row.text for row in (*left, *right))


def test_sentences_go_on_over_pages() -> None:
    """Below the foot of one, and above the head of the next."""
    foot = [Print(72, 40, "Harbor News"), Print(290, 40, "1")]
    next_foot = [Print(72, 40, "Harbor News"), Print(290, 40, "2")]
    rest = column([*FIRST[1:], *SECOND], indent=12)
    assert lines([*column(FIRST[:1], top=100), *foot], [*rest, *next_foot]) == [
        (JOINED[0], None),
        (JOINED[1], None),
        ("Harbor News", "a running foot"),
        ("1", "a page number"),
        ("Harbor News", "a running foot"),
        ("2", "a page number"),
    ]


def test_heads_that_change_with_the_chapters_are_known_by_their_numbers() -> None:
    """They count the pages, though their words differ from page to page."""
    names = ("The pier", "The storm", "The crew", "The fare")
    pages = [
        [
            Print(72, 800, f"{name} {n}"),
            *column([f"The {name.lower()} has a text that is quite its own here."]),
        ]
        for n, name in enumerate(names, 17)
    ]
    dropped = [text for text, why in lines(*pages) if why == "a running head"]
    assert dropped == [f"{name} {n}" for n, name in enumerate(names, 17)]


def test_a_number_in_the_text_is_no_page_number() -> None:
    """It stands close to its neighbors."""
    rows = column(["In a year of storms the ferry made so many trips over the bay:", "1912"])
    assert ("1912", "a page number") not in lines(rows)


def test_titles_headings_and_items_are_known() -> None:
    """By the size and weight of their letters, and by their marks."""
    body = [
        TITLE,
        *column(FIRST, top=720),
        Print(72, 650, "What it costs", bold=True),
        *column(["\u2022 adults: two euros", "\u2022 children: none, until the summer"], top=630),
        *column(SECOND, top=560),
    ]
    found, stated, _, _ = read_pdf(pdf([body]), "a.pdf")
    assert stated.title == "Ferry runs again"
    assert [(line.kind and line.kind.value, line.text) for line in found] == [
        ("heading", "Ferry runs again"),
        (None, JOINED[0]),
        ("heading", "What it costs"),
        ("list item", "\u2022 adults: two euros"),
        ("list item", "\u2022 children: none, until the summer"),
        (None, JOINED[1]),
    ]


def test_notes_captions_contents_and_margins_have_their_reasons() -> None:
    """They are seen, and not heard."""
    turned = Print(0, 0, "arXiv 2024", matrix=(0, 1, -1, 0, 30, 300))
    page = [
        Print(72, 740, "Chapter one . . . . . . . . . . . . 12"),
        *column(FIRST),
        Print(72, 600, "Figure 1: the pier after the storm", size=8),
        *column(SECOND, top=560),
        Print(72, 100, "1 In the year 1912.", size=8),
        Print(72, 90, "and after.", size=8),
        turned,
    ]
    assert [pair for pair in lines(page) if pair[1]] == [
        ("Chapter one . . . . . . . . . . . . 12", "table of contents"),
        ("Figure 1: the pier after the storm", "picture caption"),
        ("arXiv 2024", "runs across the page"),
        ("1 In the year 1912. and after.", "footnote"),
    ]


def test_marks_of_notes_are_not_read_and_exponents_are() -> None:
    """Both are small and raised; one stands behind a word, the other behind a figure."""
    text = (
        b"BT /F1 10 Tf 72 700 Td (The storm) Tj /F1 6 Tf 4 Ts (7) Tj /F1 10 Tf 0 Ts ( broke 10) Tj "
        b"/F1 6 Tf 4 Ts (15) Tj /F1 10 Tf 0 Ts ( windows in the two towns of the bay.) Tj ET"
    )
    found, _, _, _ = read_pdf(document([text]), "a.pdf")
    assert [line.text for line in found] == [
        "The storm broke 10\u00b9\u2075 windows in the two towns of the bay."
    ]


def test_a_turned_page_reads_as_it_is_turned() -> None:
    """Rows that run up the page are in order when the page is looked at from the side."""
    rows = [
        Print(0, 0, row.strip(), matrix=(0, 1, -1, 0, 100 + n * LEADING, 72 + 12 * (n == 3)))
        for n, row in enumerate((*FIRST, *SECOND))
    ]
    assert spoken(rows) == list(JOINED)


def test_large_first_letters_and_ligatures_belong_to_their_words() -> None:
    """A letter over two rows, and two letters in one sign."""
    rows = [Print(72, 686, "T", size=30), *column([FIRST[0][1:], *FIRST[1:]], x=95)]
    assert spoken(rows) == [JOINED[0]]
    maker = RowMaker(0)
    maker.take("The \ufb01re o\ufb03ce\n", (1, 0, 0, 1, 0, 0), is_bold=False, size=10)
    assert [row.text for row in maker.rows()] == ["The fire office"]


def test_rows_printed_twice_are_read_once() -> None:
    """A hair apart, they look bold."""
    rows = [r for row in column(FIRST) for r in (row, Print(row.x + 0.3, row.y, row.text))]
    assert spoken(rows) == [JOINED[0]]


INFO = "/Title (Ferry runs again) /Author (Ana Ruiz) /Keywords (boats, bay) /CreationDate (D:{})"


def article_info(info: str, *head: Print):
    page = [*head, *column([*FIRST, *SECOND], indent=12)]
    return extract(checked("a.pdf", DocumentKind.PDF, pdf([page], info=info)))


def test_properties_count_as_far_as_the_text_says_the_same() -> None:
    """Programs fill them with the name of the file, and of whoever bought the program."""
    info = INFO.format("20240504103015+02'00'")
    found = article_info(info, TITLE, Print(72, 735, "By Ana Ruiz"))
    assert (found.headline, found.byline, found.tags) == (
        "Ferry runs again",
        "Ana Ruiz",
        ("boats", "bay"),
    )
    assert found.published is not None
    assert found.published.isoformat() == "2024-05-04T08:30:15+00:00"
    other = article_info(info.replace("runs again", "draft3.docx"))
    assert (other.byline, "draft3" in other.headline) == (None, False)
    assert [b.text for b in other.body] == list(JOINED)


def test_a_date_that_is_none_is_none() -> None:
    """Like the first of a month that there is not."""
    assert article_info(INFO.format("20241301000000Z")).published is None


def encrypted(password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([column(FIRST)])))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_encrypted_files_are_named_and_open_ones_are_read() -> None:
    """Some may be read by everybody, and only changed by their owner."""
    with pytest.raises(SourceError, match="the PDF is encrypted") as caught:
        read_pdf(encrypted("secret"), "a.pdf")
    assert "without one" in caught.value.remedy
    found, _, _, _ = read_pdf(encrypted(""), "a.pdf")
    assert [line.text for line in found] == [JOINED[0]]


def test_a_scan_is_named() -> None:
    """With the program that makes text of it; a page without text among others is counted."""
    with pytest.raises(SourceError, match="pictures: there is no text") as caught:
        read_pdf(pdf([[], [Print(290, 40, "2")]]), "a.pdf")
    assert "ocrmypdf" in caught.value.remedy
    _, _, _, notes = read_pdf(pdf([column(FIRST), []]), "a.pdf")
    assert notes == ("pages without text, as pictures and scans: 1",)


def test_too_many_pages_are_refused() -> None:
    """Before one of them is read."""
    with pytest.raises(SourceError, match="1,001 pages"):
        read_pdf(document([b""] * (MAX_PAGES + 1)), "a.pdf")


def drawing(content: bytes, inner: str = "") -> bytes:
    """Return a drawing that a page, or another drawing, can place."""
    resources = f"/Resources << /Font << /F1 3 0 R >> {inner} >>"
    return stream_object(content, f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources}")


NESTED = [
    drawing(b"/X%d Do " % (n + 1) * 10, f"/XObject << /X{n + 1} {7 + n} 0 R >>") for n in range(5)
]


@pytest.mark.parametrize(
    ("content", "objects"),
    [
        pytest.param(b"BT /F1 10 Tf (x) Tj ET " * 90_000, [drawing(b"")], id="many operations"),
        pytest.param(b"/X0 Do", [*NESTED, drawing(b"(lol) Tj " * 100)], id="drawings in drawings"),
        pytest.param(b"/X0 Do " * 2000, [drawing(b"(x) Tj")], id="one drawing placed often"),
        pytest.param(
            b"/X0 Do " * 900, [drawing(b"[" + b"(x) 5 " * 140_000 + b"] TJ")], id="a row of values"
        ),
    ],
)
def test_pages_drawn_without_end_are_refused(content: bytes, objects: list[bytes]) -> None:
    """Each of these would take minutes or hours; pypdf's own bounds stop none of them in time."""
    raw = document([content], resources="/XObject << /X0 6 0 R >>", objects=objects)
    with pytest.raises(SourceError, match="more steps") as caught:
        read_pdf(raw, "a.pdf")
    assert "pages of the article alone" in caught.value.remedy


def test_an_intricate_page_does_not_stop_the_others() -> None:
    """A map among pages of text: it is named, and left out."""
    rows = b"".join(
        b"BT /F1 10 Tf 1 0 0 1 72 %d Tm (%s) Tj ET " % (700 - 14 * n, row.encode())
        for n, row in enumerate(FIRST)
    )
    found, _, _, notes = read_pdf(document([rows, b"0 0 m 9 9 l S " * 120_000]), "a.pdf")
    assert [line.text for line in found] == [JOINED[0]]
    assert notes == ("pages left out, as they are drawn in too many steps: 2",)


def test_a_stream_that_grows_is_refused() -> None:
    """A hundred megabytes of blanks in a hundred kilobytes."""
    packed = zlib.compress(b" " * 100_000_000)
    raw = document([packed], entries="/Filter /FlateDecode")
    with pytest.raises(SourceError, match="more steps"):
        read_pdf(raw, "a.pdf")


def test_fonts_without_letters_are_named() -> None:
    """Their signs stand where no letters are."""
    maps = b"1 beginbfrange <00> <FF> <E000> endbfrange"
    cmap = b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange " + maps + b" endcmap"
    font = (
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Signs /Encoding /WinAnsiEncoding "
        b"/ToUnicode 7 0 R >>"
    )
    text = b"BT /F3 10 Tf 72 700 Td (The ferry runs again from Monday on.) Tj ET"
    raw = document(
        [text], resources="/Font << /F3 6 0 R >>", objects=[font, stream_object(cmap)]
    ).replace(b"/Font << /F1 3 0 R /F2 4 0 R >> ", b"")
    with pytest.raises(SourceError, match="do not say which letters"):
        read_pdf(raw, "a.pdf")


def test_without_pypdf_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no part of the plain installation."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(SourceError, match="not installed") as caught:
        read_pdf(pdf([column(FIRST)]), "a.pdf")
    assert caught.value.remedy == 'run: pip install "audiobrief[documents]"'


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    """Listing and reading text needs neither lxml nor pypdf."""
    code = (
        "import sys, io, audiobrief.ingest as i; "
        "i.extract(i.read_stream(io.BytesIO(sys.argv[1].encode()))); "
        "print(sorted({'lxml', 'pypdf', 'trafilatura'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, "\n\n".join(JOINED)]
    assert subprocess.run(command, capture_output=True, check=True).stdout.split() == [b"[]"]


def test_damaged_files_print_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Pypdf tells what it mends in the log, which Python prints by itself."""
    raw = pdf([column(FIRST)]).replace(b"startxref\n", b"startxref\n9")
    found, _, _, _ = read_pdf(raw, "a.pdf")
    assert [line.text for line in found] == [JOINED[0]]
    assert capfd.readouterr() == ("", "")


GOOD = pdf([[TITLE, *column([*FIRST, *SECOND], indent=12)]], info=INFO.format("20240504"))


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=4), st.integers(0, 30))
@settings(max_examples=100, deadline=None)
def test_damage_is_an_error_of_ours(where: int, noise: bytes, lost: int) -> None:
    """Bytes changed, put in or taken out anywhere: the file is read, or refused."""
    with suppress(SourceError):
        raw = GOOD[:where] + noise + GOOD[where + lost :]
        extract(Document("a.pdf", DocumentKind.PDF, raw))


ROW = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1e3), st.text(max_size=30))


@given(st.lists(ROW, max_size=30), st.lists(st.floats(-3, 3), min_size=4, max_size=4))
@example([(0.0, 0.0, 0.5, "0"), (0.0, 0.0, 1.0, "A")], [0.0, 0.0, 0.0, 1.0])
def test_no_letter_is_lost(rows: list[tuple[float, float, float, str]], turn: list[float]) -> None:
    """Wherever pieces of text are placed, and however they are turned, all are in some line."""
    from audiobrief.ingest.pdf_layout import lay_out  # noqa: PLC0415 - the one test below read_pdf

    maker = RowMaker(0)
    for x, y, size, text in rows:
        maker.take(f"{text}\n", (*turn, x, y), is_bold=size > 500, size=size)
    kept = maker.rows()
    said = "".join(line.text for line in lay_out([kept]).lines)
    words = "".join(row.text for row in kept)
    letters = [c for c in words if c.isalpha() and c.isascii()]
    assert sorted(letters) == sorted(c for c in said if c.isalpha() and c.isascii())
