"""What a run that makes a programme has besides: its day, its title, what a model may word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from audiobrief.pipeline.options import BuildOptions
from audiobrief.pipeline.run import Run
from audiobrief.pipeline.selection import Wanted
from audiobrief.pipeline.shows import local_time
from audiobrief.pipeline.workshop import Slot
from audiobrief.script.frame import date_in_words
from audiobrief.store.library import new_directory
from audiobrief.store.manifest import MANIFEST_NAME

if TYPE_CHECKING:
    from datetime import date, datetime

    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.events import Tell
    from audiobrief.pipeline.voices import Cast
    from audiobrief.pipeline.wording import Wording
    from audiobrief.workspace.load import Workspace

#: Name of the programme of ``[brief]``.
NAME = "brief"


@dataclass(frozen=True, slots=True)
class BriefOptions(BuildOptions):
    """What the flags of one run ask for; ``None``: as in the settings."""

    minutes: float | None = None
    most: int | None = None
    since_hours: float | None = None
    sources: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    query: str | None = None
    full: bool | None = None


class Briefing(Run):
    """The run that makes one programme."""

    options: BriefOptions

    def __init__(
        self,
        workspace: Workspace,
        cast: Cast,
        options: BriefOptions,
        now: datetime,
        tell: Tell,
        wording: Wording,
    ) -> None:
        super().__init__(workspace, cast, options, now, tell)
        self.wording = wording

    @cached_property
    def moment(self) -> datetime:
        """Now, as clocks show it where the show is at home."""
        return local_time(self.workspace, self.now)

    @property
    def day(self) -> date:
        """The programme's day."""
        return self.moment.date()

    @property
    def title(self) -> str:
        """The programme's title: the same for all of a day."""
        name = self.workspace.settings.brief.title or self.workspace.show_title
        day = date_in_words(self.day, self.workspace.settings.show.language)
        return f"{name}, {day or self.day.isoformat()}"

    def wanted(self) -> Wanted:
        """Return what flags and settings ask for."""
        settings, options = self.workspace.settings, self.options
        hours = options.since_hours or settings.brief.since_hours
        sources = settings.brief.sources or settings.show.sources
        tags = settings.brief.tags or settings.show.tags
        return Wanted(
            since=self.now - timedelta(hours=hours),
            now=self.now,
            language=settings.show.language,
            sources=tuple(sources) if options.sources is None else options.sources,
            tags=tuple(tags) if options.tags is None else options.tags,
            query=(settings.brief.query or "") if options.query is None else options.query,
        )

    def slot(self, guid: str, own: Episode | None) -> Slot:
        """Return where the programme goes: where it is, if there is one of this day."""
        if own is not None:
            return Slot(guid, own.directory, own.published, own)
        taken = {p.parent.name for p in self.workspace.episodes.glob(f"*/{MANIFEST_NAME}")}
        return Slot(guid, new_directory(self.title, self.moment, guid, taken), self.now)
