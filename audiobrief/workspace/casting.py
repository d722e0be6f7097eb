"""``voices/cast.toml``: who is always spoken by which voice, or by a woman's or a man's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.errors import WorkspaceError
from audiobrief.workspace.toml import line_of, parse_toml
from audiobrief.workspace.voice_files import CastFile

if TYPE_CHECKING:
    from pathlib import Path

CAST_NAME = "cast.toml"


@dataclass(frozen=True, slots=True)
class Part:
    """What the casting file says of one speaker: a voice, or a gender."""

    speaker: str
    voice: str | None
    gender: str | None
    #: ``file:line  key``, for errors.
    place: str


def load_parts(path: Path) -> tuple[Part, ...]:
    """Read a casting file; without one nobody is cast by hand.

    Raises:
        WorkspaceError: It cannot be read or is wrong, with its line.
    """
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise WorkspaceError(
            f"cannot read: {error.strerror or error}", str(path), remedy="make the file readable"
        ) from error
    return parse_parts(content, f"voices/{path.name}")


def parse_parts(content: bytes, where: str) -> tuple[Part, ...]:
    r"""Return what a casting file says, in its order.

    Args:
        content: The file.
        where: Its name, for errors.

    Raises:
        WorkspaceError: All mistakes, each with its line.

    >>> parse_parts(b'[speakers]\n"Ana Ruiz" = "guest-4"\n', "cast.toml")
    (Part(speaker='Ana Ruiz', voice='guest-4', gender=None, place='cast.toml:2  Ana Ruiz'),)
    """
    file = parse_toml(content, CastFile, where=where)
    text = content.decode("utf-8-sig")
    return tuple(
        Part(
            " ".join(speaker.split()),
            said.voice,
            said.gender,
            f"{where}:{line_of(text, ['speakers', speaker])}  {speaker}",
        )
        for speaker, said in file.speakers.items()
    )
