"""What the making of episodes shares, and what an episode keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiobrief.pipeline.making import Making

if TYPE_CHECKING:
    from datetime import datetime

    from audiobrief.model.episode import Episode
    from audiobrief.model.show import Show
    from audiobrief.pipeline.events import Tell
    from audiobrief.store.clips import ClipCache
    from audiobrief.store.encoded import EncodedCache
    from audiobrief.workspace.load import Workspace


@dataclass(frozen=True, slots=True)
class Slot:
    """What an episode is assigned once and keeps."""

    guid: str
    #: Name of its directory below ``episodes/``.
    directory: str
    published: datetime
    #: The episode as it was before, if there was one.
    before: Episode | None = None


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the making of every episode of a run shares."""

    workspace: Workspace
    show: Show
    clips: ClipCache
    encoded: EncodedCache
    #: The show's cover, as JPEG or PNG.
    cover: bytes
    #: Overwrite even a script that a person has edited.
    force: bool
    tell: Tell
    #: Notes for the report.
    making: Making = field(default_factory=Making)
