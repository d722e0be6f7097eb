"""What a watch tells of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobrief.errors import AudiobriefError
    from audiobrief.model.report import BuildReport, FetchReport
    from audiobrief.workspace.load import Workspace


@dataclass(frozen=True, slots=True)
class Watching:
    """From now on, nothing that arrives is missed."""

    #: Relative to the workspace.
    folder: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another run holds the workspace; ours comes after it."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The sources were asked."""

    report: FetchReport


@dataclass(frozen=True, slots=True)
class Built:
    """Episodes of a show were made."""

    show: Workspace
    report: BuildReport


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something failed as a whole; the watch goes on."""

    error: AudiobriefError


Happening = Watching | Waiting | Fetched | Built | Trouble
