"""What all episodes of one run share, whether they are made of single articles or of many."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from audiobrief.errors import AudiobriefError, defect
from audiobrief.pipeline.announce import announce, is_told_by_builds, keep_start
from audiobrief.pipeline.caches import keep_limit, take_room, tier_of
from audiobrief.pipeline.drawn import DRAWN_NAME, DrawnCovers
from audiobrief.pipeline.events import Event, Stage, Tell
from audiobrief.pipeline.looks import mend_looks
from audiobrief.pipeline.making import Making
from audiobrief.pipeline.register import Register
from audiobrief.pipeline.release import (
    FEED_NAME,
    IDENTITY_NAME,
    choose_cover,
    describe_show,
    identify,
    release,
    settle,
)
from audiobrief.pipeline.work_folder import WORK_NAME
from audiobrief.pipeline.workshop import Tools, Workshop
from audiobrief.store.clips import ClipCache
from audiobrief.store.encoded import EncodedCache

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from audiobrief.errors import StoreError
    from audiobrief.model.episode import Episode
    from audiobrief.model.report import Outcome
    from audiobrief.pipeline.options import BuildOptions
    from audiobrief.pipeline.voices import Cast
    from audiobrief.workspace.load import Workspace


class Run:
    """One run: voices, caches, the episodes that there are, and their feed."""

    #: Pages and covers that are not what was made are made again.
    is_mending = True

    def __init__(
        self, workspace: Workspace, cast: Cast, options: BuildOptions, now: datetime, tell: Tell
    ) -> None:
        self.workspace = workspace
        self.cast = cast
        self.options = options
        self.now = now.replace(microsecond=0)
        self.tell = tell
        self.making = Making()
        #: What is spoken now or was before.
        self.tier = None if options.dry_run else tier_of(workspace)
        self.clips = ClipCache(workspace.cache / "clips", self.tier)
        self.encoded = EncodedCache(workspace.cache / "encoded", self.tier)
        self.register = Register(workspace)
        if not options.dry_run:
            self.register.sweep()
            keep_start(workspace, self.register.episodes)
        self.cover = choose_cover(workspace)
        self._cover_warnings: tuple[str, ...] = ()
        #: What was not as it was made, in words for the user.
        self._mended: list[str] = []
        #: So much may still be kept before the caches are counted; ``None``: nobody knows.
        self._room_bytes: int | None = None
        self._identity = identify(workspace)
        self._identity_news = self._identity.news
        self.show = describe_show(workspace, self._identity, self.cover)

    @property
    def damaged(self) -> tuple[StoreError, ...]:
        """Episodes whose manifest could not be read."""
        return self.register.damaged

    @cached_property
    def workshop(self) -> Workshop:
        """Identity and cover are written before the first episode that needs them."""
        self._identity, cover, self._cover_warnings = settle(
            self.workspace, self.show, self._identity, self.cover
        )
        cache = self.workspace.cache
        # A run that is cut off has kept more than anybody knows of.
        self._room_bytes = take_room(cache, self._limit_bytes)
        folders = cache / WORK_NAME, cache / "music"
        tools = Tools(self.clips, self.encoded, *folders, self.tell, self.making)
        drawn = DrawnCovers(cache / DRAWN_NAME)
        return Workshop(self.workspace, self.show, cover, self.options.force, tools, drawn)

    def release(self) -> tuple[str | None, AudiobriefError | None, tuple[str, ...]]:
        """Publish what is there; a failure is a value, so that the outcomes are not lost."""
        feed_path = self.workspace.episodes / FEED_NAME
        if self.options.dry_run or not (self.register.episodes or feed_path.exists()):
            return None, None, ()
        self.tell(Event(Stage.PUBLISH, "", 0, 1))
        try:
            self.register.seal_again()
            self.register.remember_moves()
            shop = self.workshop
            feed, warnings = release(shop, self._identity, self.register, self.now)
            shop.drawn.close()
        except AudiobriefError as error:
            return None, error, ()
        except Exception as error:  # noqa: BLE001 - the episodes and their report are not lost
            return None, defect(error), ()
        return feed, None, warnings

    def announce(self) -> AudiobriefError | None:
        """Tell hook and webhook what is new in the feed; a failure is a value, as above."""
        try:
            if not self.options.dry_run and is_told_by_builds(self.workspace):
                announce(self.workspace, self.show, self.tell)
        except AudiobriefError as error:
            return error
        except Exception as error:  # noqa: BLE001 - the episodes and their report are not lost
            return defect(error)
        return None

    @property
    def _limit_bytes(self) -> int:
        return self.workspace.settings.cache.max_mb * 1_000_000

    def tidy(self, outcomes: Sequence[Outcome]) -> None:
        """Let the shared store have the rest of what is new, and keep the limits of the caches.

        Args:
            outcomes: Of the run.
        """
        settings = self.workspace.settings
        has_made = any(outcome.synthesized for outcome in outcomes)
        if self.tier is not None:
            place = self.tier.store.place
            self.tier.close(tell=lambda n, total: self.tell(Event(Stage.SHARE, place, n, total)))
            if has_made:
                self.tier.tend(settings.store.max_mb * 1_000_000)
        if not self.options.dry_run and "workshop" in self.__dict__:
            keep_limit(self.workspace.cache, self._limit_bytes, self._room_bytes, outcomes)

    def mend_looks(self, own: Episode) -> None:
        """Make page and cover of an unchanged episode again where they are not what was made."""
        if self.is_mending and not self.options.dry_run:
            look = self._identity.pages
            self._mended += mend_looks(self.workspace, self.show, own, look)

    def warnings(self) -> Iterable[str]:
        """Say what was done instead of what was asked, and what was mended."""
        yield from self.register.news
        yield from self._mended
        if self._identity_news:
            yield f"{self.workspace.episodes_name}/{IDENTITY_NAME} {self._identity_news}"
        yield from self._cover_warnings
        if self.tier is not None:
            yield from self.tier.warnings()
        if self.clips.damaged:
            count = len(self.clips.damaged)
            yield f"{count} cached clip{'s were' if count > 1 else ' was'} damaged and spoken again"
