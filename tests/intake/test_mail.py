"""Newsletters: single mails, forwarded ones, mailboxes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import SourceError
from audiobrief.intake import parse_mail, parse_mails
from audiobrief.intake.mail import is_mail
from audiobrief.model.intake import ContentKind, Item
from tests.intake.sample_files import sample


def only(raw: bytes | str) -> Item:
    """Return the one item of a mail."""
    content = raw if isinstance(raw, bytes) else raw.encode()
    (item,) = parse_mail(content, "x.eml").items
    return item


def mail(head: str = "", body: str = "The text.", kind: str = "text/plain; charset=utf-8") -> str:
    """Return a mail with more fields."""
    return f"From: A <a@a.example>\nSubject: S\n{head}Content-Type: {kind}\n\n{body}"


def test_a_newsletter_is_its_html_in_its_charset() -> None:
    """Title without the list's name, the list as outlet, the moment, the page in the browser."""
    (item,) = parse_mails(sample("newsletter.eml"), "newsletter.eml").items
    assert item.key == "letter-17@letters.example"
    assert item.title == "Fwd isn\u2019t a prefix: Übersee"
    assert item.outlet == "Harbor Letters \u2693"
    assert item.byline is None
    assert item.published == datetime(2025, 3, 14, 5, 30, tzinfo=UTC)
    assert item.url == "https://click.letters.example/web/17"
    assert item.content is not None
    assert item.content.kind is ContentKind.HTML
    assert "Über den Hafen" in item.content.text
    assert "color: red" not in item.content.text
    assert "Mail of the list" not in item.content.text


def test_forwarded_mails_are_what_was_forwarded() -> None:
    """Both that are attached, with their own titles and moments, not the words around them."""
    tide, pier = parse_mails(sample("forwarded.eml"), "forwarded.eml").items
    assert (tide.key, tide.title, tide.outlet) == (
        "tide-9@tides.example",
        "The tide of the week",
        "Tide Log",
    )
    assert tide.url == "https://tides.example/p/tide-of-the-week"
    assert (pier.title, pier.url, pier.published) == ("Notes from the pier", None, None)
    assert pier.content is not None
    assert "quiet today, and so was the sea." in pier.content.text


def test_a_mailbox_is_its_mails() -> None:
    """Quoted lines are mended, lines that only look like an envelope divide nothing."""
    mails = parse_mails(sample("box.mbox"), "box.mbox")
    first, third = mails.items
    assert (first.title, third.title) == ("First letter", "Third letter")
    assert first.content is not None
    assert first.content.text.startswith("From the pier")
    assert first.content.text.endswith("It goes on.")
    assert mails.notes == ("mail 2: the mail has no text",)


@pytest.mark.parametrize(
    ("subject", "head", "title"),
    [
        ("Fwd: FW: The ferry", "", "The ferry"),
        ("=?utf-8?q?F=C3=A4hre?= =?iso-8859-1?q?_f=E4hrt?=", "", "Fähre fährt"),
        ("=?utf-8?b?broken", "", "=?utf-8?b?broken"),
        ("=?x-unknown?q?=DCber?=", "", "Über"),
        ("[Deal] The ferry", "List-Id: <harbor.a.example>\n", "[Deal] The ferry"),
        ("[harbor] The ferry", "List-Id: <harbor.a.example>\n", "The ferry"),
        ("[Harbor] The ferry", "List-Post: <mailto:harbor@a.example>\n", "The ferry"),
        ("[Harbor]", "List-Id: <harbor.a.example>\n", "[Harbor]"),
        ("Salt &amp; <b>wind</b>", "", "Salt & wind"),
        ("two\n lines", "", "two lines"),
        ("", "", None),
    ],
)
def test_titles_are_the_authors(subject: str, head: str, title: str | None) -> None:
    """Only what programs have put before them is taken away."""
    raw = f"From: A <a@a.example>\n{head}Subject: {subject}\n\nThe text.".encode("latin-1")
    assert only(raw).title == title


@pytest.mark.parametrize(
    ("head", "body", "url"),
    [
        ("", "<a href='https://a.example/w'>View in browser</a>", "https://a.example/w"),
        ("", "<a href='https://a.example/w'>Im Browser ansehen</a>", "https://a.example/w"),
        ("", "<a href='https://a.example/w'>Read it online &rarr;</a>", "https://a.example/w"),
        ("", "<a href='https://a.example/w'>Web version</a>", "https://a.example/w"),
        ("", "<a href='https://a.example/w'>Browse our online shop</a>", None),
        ("", "<a href='https://a.example/w'>Read more</a>", None),
        ("", "<a href='javascript:x'>View in browser</a>", None),
        ("Archived-At: <https://a.example/9>\n", "x", "https://a.example/9"),
        ("List-Post: <https://a.example/p/9>\n", "x", "https://a.example/p/9"),
        ("List-Archive: <https://a.example/?c=9>\n", "x", "https://a.example/?c=9"),
        ("List-Archive: <https://a.example/archive>\n", "x", None),
        (
            "List-Archive: <https://a.example/?list=l>\nList-Post: <mailto:l@a.example>\n",
            "x",
            None,
        ),
    ],
)
def test_an_address_is_taken_where_it_is_certain(head: str, body: str, url: str | None) -> None:
    """An archive of the whole list would make all its mails one article."""
    assert only(mail(head, f"<p>The text. {body}</p>", "text/html")).url == url


@pytest.mark.parametrize(
    ("sender", "head", "byline", "outlet"),
    [
        ("Ana Ruiz <ana@a.example>", "", "Ana Ruiz", None),
        ("Harbor <post@a.example>", "List-Id: <h.a.example>\n", None, "Harbor"),
        ("Harbor <post@a.example>", "Precedence: bulk\n", None, "Harbor"),
        ("post@a.example", "", None, "a.example"),
        ('"Ruiz, Ana" <ana@a.example>', "", "Ruiz, Ana", None),
    ],
)
def test_people_have_bylines_and_lists_are_outlets(
    sender: str, head: str, byline: str | None, outlet: str | None
) -> None:
    """By the fields that only lists have."""
    item = only(f"From: {sender}\nSubject: S\n{head}\nThe text.")
    assert (item.byline, item.outlet) == (byline, outlet)


@pytest.mark.parametrize(
    ("kind", "encoding", "body", "text"),
    [
        ("text/plain; charset=iso-8859-1", "8bit", "Über".encode("latin-1"), "Über"),
        ("text/plain; charset=us-ascii", "8bit", "Über".encode(), "Über"),
        ("text/plain; charset=utf-8", "8bit", "Über".encode("cp1252"), "Über"),
        ("text/plain; charset=made-up", "8bit", "Über".encode(), "Über"),
        ("text/plain; charset=utf-7", "7bit", b"+ADw-b+AD4-", "+ADw-b+AD4-"),
        ("text/plain", "quoted-printable", b"=C3=9Cber =\nAll", "Über All"),
        ("text/plain", "base64", b"w5xiZXI=", "Über"),
        ("text/plain; format=flowed", "7bit", b"one \ntwo\nthree", "one two\nthree"),
        ("text/plain; format=flowed; delsp=yes", "7bit", b"on \ne\nthree", "one\nthree"),
    ],
)
def test_texts_are_decoded(kind: str, encoding: str, body: bytes, text: str) -> None:
    """Whatever the mail says of its charset; no letter is lost."""
    head = f"From: a@a.example\nSubject: S\nContent-Type: {kind}\n"
    raw = f"{head}Content-Transfer-Encoding: {encoding}\n\n".encode() + body
    content = only(raw).content
    assert content is not None
    assert content.text == text


def test_a_picture_in_html_gives_way_to_text() -> None:
    """HTML without a word is no text."""
    parts = (
        "--B\nContent-Type: text/plain\n\nThe words.\n"
        "--B\nContent-Type: text/html\n\n<img src='https://a.example/x.png'>\n--B--\n"
    )
    content = only(mail(body=parts, kind="multipart/alternative; boundary=B")).content
    assert content is not None
    assert content.text == "The words."


def test_attached_texts_are_no_part_of_it() -> None:
    """A page that is attached is not the mail."""
    parts = (
        "--B\nContent-Type: text/plain\n\nThe words.\n--B\nContent-Type: text/html\n"
        "Content-Disposition: attachment; filename=x.html\n\n<p>Attached</p>\n--B--\n"
    )
    content = only(mail(body=parts, kind="multipart/mixed; boundary=B")).content
    assert content is not None
    assert content.text == "The words."


def nested(depth: int) -> str:
    """Return a mail of parts within parts."""
    head = "".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n'
        for level in range(depth)
    )
    return f"From: a@a.example\nSubject: S\n{head}Content-Type: text/plain\n\nThe text."


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (nested(5000), "too many parts"),
        (mail(body=" "), "no text"),
        (mail(body="iVBORw0KGgo=", kind="image/png"), "no text"),
        (mail(body="x" * 30_000_000), "larger than 30 MB"),
    ],
)
def test_bombs_and_empty_mails_are_told(raw: str, problem: str) -> None:
    """By name, with the mail and what to do."""
    with pytest.raises(SourceError, match=problem) as caught:
        parse_mail(raw.encode(), "x.eml")
    assert caught.value.subject == "x.eml"
    assert caught.value.remedy


def test_parts_within_parts_are_read() -> None:
    """As deep as programs nest them."""
    content = only(nested(50)).content
    assert content is not None
    assert content.text == "The text."


def test_ten_thousand_parts_are_cut() -> None:
    """So many are no newsletter; the first are read."""
    part = "--B\nContent-Type: text/plain\n\npart {0}\n"
    body = "".join(map(part.format, range(10_000)))
    content = only(mail(body=body, kind="multipart/mixed; boundary=B")).content
    assert content is not None
    assert "part 100\n" in content.text
    assert "part 9999" not in content.text


@pytest.mark.parametrize(
    "raw", [b"", b"words", b"Note: x\n\ny", b"From here on\n", b"<html>", b"Subject: x\n\ny"]
)
def test_what_is_no_mail_is_told(raw: bytes) -> None:
    """A file with a colon in its first line is no mail yet."""
    assert not is_mail(raw)
    with pytest.raises(SourceError, match="this is no mail"):
        parse_mails(raw, "x.txt")


FIELDS = st.sampled_from(["From", "Subject", "Date", "Message-ID", "Content-Type", "List-Id", "X"])


@given(
    st.lists(st.tuples(FIELDS, st.text(max_size=40)), max_size=8),
    st.binary(max_size=100),
    st.sampled_from(
        [b"", b"multipart/mixed; boundary=b", b"text/html; charset=\x00", b"message/rfc822"]
    ),
)
def test_any_fields_are_a_mail_or_an_error(
    fields: list[tuple[str, str]], body: bytes, kind: bytes
) -> None:
    """Nothing else is ever raised."""
    head = "".join(f"{name}: {value}\n" for name, value in fields).encode("utf-8", "surrogatepass")
    raw = head + b"Content-Type: " + kind + b"\n\n" + body
    try:
        found = parse_mail(raw, "x.eml")
    except SourceError:
        return
    assert found.items
