"""Files, folders and standard input: found in order, read within bounds, never blocking."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest

from audiobrief.errors import SourceError
from audiobrief.ingest.source import (
    MAX_BYTES,
    Candidate,
    DocumentKind,
    gather,
    read,
    read_stream,
)

if TYPE_CHECKING:
    from pathlib import Path


def locators(paths: list[Path], root: Path) -> list[str]:
    return [c.locator for c in gather(paths, root=root)]


def test_folders_are_searched_in_order(tmp_path: Path) -> None:
    """Articles are sorted; hidden files, other kinds and our own output are passed over."""
    for name in (
        "b.txt",
        "a.MD",
        "sub/c.html",
        ".hidden/d.txt",
        ".e.txt",
        "f.odt",
        "episodes/g.md",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text", encoding="utf-8")
    assert locators([tmp_path], tmp_path) == ["a.MD", "b.txt", "sub/c.html"]


def test_a_file_is_listed_once(tmp_path: Path) -> None:
    """Named twice, directly and through its folder, it is one article."""
    (tmp_path / "a.txt").write_text("text", encoding="utf-8")
    assert locators([tmp_path / "a.txt", tmp_path], tmp_path) == ["a.txt"]


def test_locators_outside_the_workspace_are_absolute(tmp_path: Path) -> None:
    """A path that is not below the root keeps its whole name."""
    file = tmp_path / "a.txt"
    file.write_text("text", encoding="utf-8")
    assert locators([file], tmp_path / "elsewhere") == ["../a.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are a thing of POSIX")
def test_links_outside_and_pipes_are_passed_over(tmp_path: Path) -> None:
    """Nothing leads out of the folder, and nothing blocks."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "out.txt").symlink_to(secret)
    (inbox / "gone.txt").symlink_to(inbox / "nowhere.txt")
    (inbox / "loop").symlink_to(inbox)
    os.mkfifo(inbox / "pipe.txt")
    assert locators([inbox], tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are a thing of POSIX")
def test_a_named_pipe_is_refused(tmp_path: Path) -> None:
    """A pipe named directly is an error, not a wait without end."""
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(SourceError, match="not a regular file"):
        read(*gather([tmp_path / "pipe.txt"], root=tmp_path))


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t\n", "empty"),
        ("data.txt", bytes(range(256)) * 9, "binary data"),
        ("paper.txt", b"%PDF-1.7 ...", "a PDF document"),
        ("picture.md", b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        ("report.docx", b"text", r"\.docx"),
        ("README", b"text", "without a suffix"),
    ],
)
def test_what_is_no_text_is_refused(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    """The error says what the file is instead, and what to do."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=problem) as caught:
        read(*gather([tmp_path / name], root=tmp_path))
    assert caught.value.subject == name
    assert caught.value.remedy


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """It is listed all the same, so that the others go on."""
    candidates = gather([tmp_path / "gone.txt"], root=tmp_path)
    with pytest.raises(SourceError, match="no such file") as caught:
        read(*candidates)
    assert caught.value.remedy == "check the path"


@pytest.mark.parametrize("name", ["articles/fery.txt", "artcles/ferry.txt", "artcles/fery.txt"])
def test_a_misspelled_file_is_guessed(tmp_path: Path, name: str) -> None:
    """In one part of its path; two mistakes are one too many for a guess."""
    there = tmp_path / "articles" / "ferry.txt"
    there.parent.mkdir()
    there.write_text("The ferry sails.", "utf-8")
    with pytest.raises(SourceError, match="no such file") as caught:
        read(*gather([tmp_path / name], root=tmp_path))
    both = name == "artcles/fery.txt"
    assert caught.value.remedy == ("check the path" if both else f'did you mean "{there}"?')


@pytest.mark.parametrize("name", ["a\0b.txt", "x" * 5000 + ".txt"])
def test_impossible_names_are_errors_like_others(tmp_path: Path, name: str) -> None:
    """A name that no file can have is told as a path that cannot be read."""
    with pytest.raises(SourceError, match=r"cannot be read|no such file"):
        read(*gather([tmp_path / name], root=tmp_path))


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    """Its size decides: not a byte of a sparse 100 MB file is read."""
    path = tmp_path / "huge.txt"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    with pytest.raises(SourceError, match="larger than 2 MB"):
        read(Candidate("huge.txt", path))


class Endless(io.RawIOBase):
    """A stream without an end that counts what was taken from it."""

    taken = 0

    def read(self, size: int = -1) -> bytes:
        """Give as much as is asked for."""
        assert size > 0
        self.taken += size
        return b"a" * size


def test_an_endless_stream_is_cut_off() -> None:
    """No more than the limit is ever read."""
    stream = Endless()
    with pytest.raises(SourceError, match="larger than 2 MB"):
        read_stream(stream)  # type: ignore[arg-type]
    assert stream.taken == MAX_BYTES + 1


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"\n <!DOCTYPE html><p>x", DocumentKind.HTML),
        (b"\xef\xbb\xbf<html>", DocumentKind.HTML),
        (b"Rain < sun", DocumentKind.TEXT),
    ],
)
def test_standard_input_shows_its_kind(raw: bytes, kind: DocumentKind) -> None:
    """What starts like HTML is HTML."""
    document = read_stream(io.BytesIO(raw))
    assert (document.kind, document.locator) == (kind, "stdin")


@pytest.mark.parametrize("name", ["letter.eml", "Box.MBOX"])
def test_saved_mail_is_sent_where_it_is_read(tmp_path: Path, name: str) -> None:
    """Newsletters come in by a source; the error has the lines for the settings."""
    (tmp_path / name).write_bytes(b"From: a@post.example\nSubject: Rain\n\nRain fell.\n")
    (found,) = gather([tmp_path / name], root=tmp_path)
    with pytest.raises(SourceError) as caught:
        read(found)
    assert caught.value.remedy == f'add it to [[sources]] with kind = "list" and path = "{name}"'
