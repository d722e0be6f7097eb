"""What the making of episodes shares, and what an episode keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiobrief.pipeline.events import Tell, say_nothing
from audiobrief.pipeline.making import Making

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from audiobrief.model.episode import Episode
    from audiobrief.model.show import Show
    from audiobrief.pipeline.drawn import DrawnCovers
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
class Tools:
    """With what an episode is made: nothing of it decides how the episode becomes."""

    clips: ClipCache
    encoded: EncodedCache
    #: For files in the making: emptied by whoever uses it, never by two at once.
    work: Path
    #: Keeps prepared music.
    music: Path
    tell: Tell = say_nothing
    #: Notes for the report.
    making: Making = field(default_factory=Making)
    #: How much of the machine may be used, since others work, too: 0..1.
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the making of every episode of a run shares."""

    workspace: Workspace
    show: Show
    #: The show's cover, as JPEG or PNG.
    cover: bytes
    #: Overwrite even a script that a person has edited.
    force: bool
    tools: Tools
    #: Drawn beside the sound, for the release.
    drawn: DrawnCovers

    @property
    def tell(self) -> Tell:
        """Called with every step."""
        return self.tools.tell
