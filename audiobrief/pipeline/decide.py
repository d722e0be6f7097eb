"""What each article becomes, decided in the order of the articles, before anything is made of it.

What was decided counts for the next article at once, so that it does not depend on who makes the
episodes, where, and how fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from audiobrief.errors import AudiobriefError, defect
from audiobrief.model.audio import Loudness
from audiobrief.model.episode import BuildRecord, Enclosure, Episode, State, TimedSegment
from audiobrief.model.report import Outcome, Result, Step
from audiobrief.pipeline.edited import ScriptFile, read_edits
from audiobrief.pipeline.events import Event, Stage
from audiobrief.pipeline.make import reference
from audiobrief.pipeline.produce import is_whole
from audiobrief.pipeline.recipe import read_article, write_recipe, write_script
from audiobrief.pipeline.run import Run
from audiobrief.pipeline.shows import is_wanted
from audiobrief.pipeline.voices import fingerprints
from audiobrief.pipeline.workshop import Slot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobrief.ingest.source import Document
    from audiobrief.model.article import Article
    from audiobrief.pipeline.ingredients import Recipe
    from audiobrief.pipeline.standing import Standing

#: Newspapers are older, but a date before it in a web page is a mistake (0001-01-01).
EARLIEST = datetime(1800, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Input:
    """An article to be read."""

    locator: str
    read: Callable[[], Document]
    #: A person has named it: it is built for the show whatever its source and tags are.
    is_named: bool = False
    #: Its file; ``None``: it comes from elsewhere.
    path: Path | None = None
    #: As it was read a moment ago; ``None``: it is read now.
    article: Article | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """An episode that is to be made."""

    recipe: Recipe
    slot: Slot
    #: On what was decided, for the user.
    notes: tuple[str, ...]
    #: Seconds by step that deciding took.
    times_s: tuple[tuple[Step, float], ...]

    @property
    def locator(self) -> str:
        """What the user knows it by."""
        return self.recipe.locator


class Decider(Run):
    """Decides article by article."""

    #: Something was told of an edited script that the next build may tell otherwise.
    has_news = False
    #: Knows which articles need not be read.
    standing: Standing | None = None
    #: Waits until an episode that was decided is made, or cannot be made; does nothing for others.
    await_made: Callable[[str], None] | None = None

    def decide(self, item: Input, index: int, total: int) -> Outcome | Decision | None:
        """Decide what becomes of one article; its failure is a value, whatever it is.

        Returns:
            ``None``: it is none of this show's.
        """
        self.tell(Event(Stage.READ, item.locator, index, total))
        show = self.workspace.settings.show
        stands = self.standing.stands(item) if self.standing else None
        if stands is not None and (stands.guid is None or stands.guid in self.register):
            return self._standing(item.locator, stands.guid)
        self.making.begin()
        try:
            with self.making.on(Step.READ):
                article = item.article or read_article(item.read(), show.language)
            if not item.is_named and not is_wanted(article, show.sources, show.tags):
                return None
            return self._one(article)
        except AudiobriefError as error:
            return failed(item.locator, error, self.making.times_s())
        except Exception as error:  # noqa: BLE001 - a defect costs one article, not the run
            return failed(item.locator, defect(error), self.making.times_s())

    def _standing(self, locator: str, guid: str | None) -> Outcome | None:
        """Return the outcome of an article of which nothing has changed."""
        if guid is None:
            return None
        own = self.register.keep(guid)
        directory = self.workspace.directory_of(own)
        length_ms = own.enclosure.duration_ms
        return Outcome(
            *(locator, Result.UNCHANGED, guid, directory), title=own.title, duration_ms=length_ms
        )

    def _one(self, article: Article) -> Outcome | Decision:
        own = self.register.claim(article)
        if own is not None and self.await_made is not None:
            # Of the same text as an article of this run: what becomes of that one decides.
            self.await_made(own.guid)
            # It is claimed already: as it is now, unless it could not be made and never was.
            own = self.register.episode(own.guid) or self.register.claim(article)
        recipe = self._recipe(article, own)
        same = own is not None and own.build.digest == recipe.digest and not self.options.force
        if own is not None and same and is_whole(self.workspace, own):
            return self._unchanged(article, own, recipe.script.news)
        slot, notes = self._slot(recipe, own)
        # The voices of its speakers count for the next article, in a dry run, too.
        self.register.decide(_stub(recipe, slot))
        if self.options.dry_run:
            return self._planned(recipe, own)
        self.has_news = self.has_news or bool(recipe.script.news)
        return Decision(recipe, slot, notes, self.making.times_s())

    def _recipe(self, article: Article, own: Episode | None) -> Recipe:
        options = self.options
        written = ScriptFile()
        if not options.force:
            written = read_edits(self.workspace, own, article, keep=options.keep_script)
        others = self.register.others(own)
        script = write_script(article, self.cast, self.workspace, own, others, written)
        sound, cover = self.workspace.sound, self.cover.digest
        return write_recipe(
            *([article], script, self.cast, self.show, sound, cover),
            music=self.workspace.music,
            music_digests=self.workspace.music_fingerprint,
            formats=self.workspace.formats,
            script_file=written.digest,
        )

    def _unchanged(self, article: Article, own: Episode, news: tuple[str, ...]) -> Outcome:
        self.mend_looks(own)
        other = self.register.found_at(own, article.locator)
        notes = (f"the same text as {other}: one episode for both",) if other else ()
        if other and not (self.workspace.root / other).exists():
            notes = ()
        return Outcome(
            article.locator,
            Result.UNCHANGED,
            own.guid,
            self.workspace.directory_of(own),
            notes=(*notes, *news),
            title=own.title,
            duration_ms=own.enclosure.duration_ms,
        )

    def _planned(self, recipe: Recipe, own: Episode | None) -> Outcome:
        """Say what a build would do."""
        from audiobrief.speak.key import clip_key  # noqa: PLC0415 - only for a dry run

        known = fingerprints(recipe.voices.values())
        keys = {
            clip_key(s.spoken, v, known[v.name], s.phonemes)
            for s in recipe.script.segments
            for v in (recipe.voices[s.voice],)
        }
        missing = sum(not self.clips.path_of(key).is_file() for key in keys)
        return Outcome(
            recipe.locator,
            Result.BUILT,
            own.guid if own else None,
            self.workspace.directory_of(own) if own else None,
            synthesized=missing,
            cached=len(keys) - missing,
        )

    def _slot(self, recipe: Recipe, own: Episode | None) -> tuple[Slot, tuple[str, ...]]:
        published, notes = self._published(recipe.articles[0], own)
        if own is not None:
            return Slot(own.guid, own.directory, published, own), notes
        title = recipe.script.title
        guid, directory = self.register.new_place(title, recipe.articles[0], published)
        return Slot(guid, directory, published), notes

    def _published(self, article: Article, own: Episode | None) -> tuple[datetime, tuple[str, ...]]:
        """Return the date of an episode: never in the future, which apps hide (feed rule I7)."""
        known = own.published if own else self.now
        if article.published is None:
            return known, ()
        wanted = article.published.replace(microsecond=0)
        if EARLIEST <= wanted <= self.now:
            return wanted, ()
        problem = "lies in the future" if wanted > self.now else "cannot be right"
        date = wanted.isoformat(" ", "minutes")
        return known, (f"the article's date, {date}, {problem}: {known:%Y-%m-%d} taken",)


def failed(
    locator: str, error: AudiobriefError, times_s: tuple[tuple[Step, float], ...] = ()
) -> Outcome:
    """Return the outcome of an article that came to nothing."""
    return Outcome(locator, Result.FAILED, error=error, times_s=times_s)


def _stub(recipe: Recipe, slot: Slot) -> Episode:
    """Return what is known of an episode that is yet to be made: what the next one depends on."""
    script = recipe.script
    return Episode(
        guid=slot.guid,
        title=script.title,
        published=slot.published,
        state=State.DRAFT,
        directory=slot.directory,
        language=script.language,
        articles=tuple(reference(article) for article in recipe.articles),
        enclosure=Enclosure("", 0, "", 0, ""),
        loudness=Loudness(0.0, 0.0),
        segments=tuple(
            TimedSegment(
                *(s.id, s.role, s.speaker, s.voice, s.text, s.spoken, 0, 0),
                source=s.source,
                paragraph=s.paragraph,
            )
            for s in script.segments
        ),
        ledger=script.ledger,
        chapters=(),
        build=BuildRecord(0, 0, (), recipe.digest),
        generated=script.generated,
    )
