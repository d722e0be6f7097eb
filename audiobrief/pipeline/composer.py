"""What a programme tells: decided, spoken, and decided again until its time is met."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.brief.fit import adjust, as_spoken, fit
from audiobrief.brief.pace import default_pace
from audiobrief.brief.plan import Telling
from audiobrief.brief.sentence import Sentence, sentences_of
from audiobrief.ingest.source import Candidate, expand, read
from audiobrief.model.report import Step
from audiobrief.pipeline.briefing import NAME
from audiobrief.pipeline.edited import read_edits
from audiobrief.pipeline.events import Event, Stage
from audiobrief.pipeline.measured import measured
from audiobrief.pipeline.produce import speak_recipe
from audiobrief.pipeline.recipe import (
    casting_of,
    lexicon_of_all,
    lost_words,
    read_article,
    require_whole_ledger,
    words_in,
    write_recipe,
)
from audiobrief.pipeline.sound import measure_sound
from audiobrief.pipeline.voices import fingerprints
from audiobrief.pipeline.wording import Worded
from audiobrief.script.programme import Billing, Told, plan_programme, told_whole
from audiobrief.text.speech.spoken import speak_out
from audiobrief.workspace.music import find_sting, fingerprint_music

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobrief.brief.plan import Plan
    from audiobrief.model.article import Article
    from audiobrief.model.episode import Episode
    from audiobrief.model.script import Script
    from audiobrief.pipeline.briefing import Briefing
    from audiobrief.pipeline.edited import ScriptFile
    from audiobrief.pipeline.ingredients import Recipe
    from audiobrief.pipeline.selection import Selection
    from audiobrief.script.cast import Casting
    from audiobrief.script.edits import Edits


#: Raised when the same articles and settings are decided otherwise.
_DECISION_VERSION = 1
#: A pause after a sentence, on average; what is heard around a story and around all of them.
_PAUSE_S, _EXTRA_S, _OVERHEAD_S = 0.33, 6.0, 12.0
#: For whole articles: a week.
_NO_LIMIT_S = 604_800.0
#: Sentences of a summary, and how long one is.
_FEWEST, _MOST, _SENTENCE_S = 2, 12, 7.0
#: With real clips the time is mostly met at once.
_MOST_ROUNDS = 5


class Composer:
    """Decides what is told, and finds out how long it is."""

    def __init__(self, run: Briefing, selection: Selection, own: Episode | None) -> None:
        self._run = run
        self._workspace = run.workspace
        self._selection = selection
        self._own = own
        settings, options = self._workspace.settings.brief, run.options
        self._full = settings.full if options.full is None else options.full
        self._most = options.most or settings.most
        self._budget_s = 60.0 * (options.minutes or settings.minutes)
        self._casting: Casting = casting_of(run.cast, own, run.register.others(own))
        place = self._workspace.place_of("brief.sting")
        sting = find_sting(settings.sting, self._workspace.root, place)
        self._music = replace(self._workspace.music, between=sting)
        self._stories = selection.stories[: self._most]
        self._articles = {s.told.key: self._article(s.told.key) for s in self._stories}
        count = _sentence_count(self._budget_s / self._most)
        #: What a model has worded, by story; and why some of its words are not used.
        self._worded, self.notes = run.wording.word(
            self._articles, sentences=count, is_whole=self._full
        )
        self._whole = {key: told_whole(a, self._casting) for key, a in self._articles.items()}
        #: The script file of an earlier build.
        self.written: ScriptFile = read_edits(
            self._workspace, own, *self._articles.values(), keep=run.options.keep_script
        )
        #: Clips that were made while the time was being met.
        self.synthesized = 0

    def digest(self) -> str:
        """Return the digest of all that the programme is decided from."""
        run, settings = self._run, self._workspace.settings
        stories = [(s.told.key, self._selection.others[s.told.key]) for s in self._stories]
        articles = [
            (a.byline, a.outlet, a.url, a.published, a.lexicon) for a in self._articles.values()
        ]
        voices = run.cast.voices.values()
        run_language = settings.show.language
        ingredients = (
            (_DECISION_VERSION, stories, articles, self._budget_s, self._most, self._full),
            (run.title, run.day, run.show, run.cover.digest, settings.show.title),
            (sorted((v.name, v) for v in voices), sorted(fingerprints(voices).items())),
            (self._workspace.sound, fingerprint_music(self._music), self._workspace.formats),
            [self._workspace.lexicon_for(a.language) for a in self._articles.values()],
            *([sorted(self._worded.items())] if self._worded else []),
            *([words] if (words := words_in(self._workspace, self._own, run_language)) else []),
        )
        return sha256(repr(ingredients).encode()).hexdigest()

    def recipe(self) -> tuple[Recipe, Plan]:
        """Decide; with clips, until the time is met by what they really last.

        A person's edits are laid over what was decided without them: what they make longer or
        shorter must not choose other sentences, which would then meet those edits as a conflict.
        """
        recipe, plan = self._decided()
        edits = self.written.edits
        if edits is None or self._run.options.dry_run:
            return recipe, plan
        return self._of(plan, edits), plan

    def _decided(self) -> tuple[Recipe, Plan]:
        if self._full:
            whole = fit(self._tellings(), _NO_LIMIT_S, overhead_s=_OVERHEAD_S)
            return self._of(whole), replace(whole, notes=())
        plan = fit(self._tellings(), self._budget_s, overhead_s=_OVERHEAD_S)
        recipe = self._of(plan)
        if self._run.options.dry_run:
            return recipe, plan
        heard: list[tuple[Recipe, Plan]] = []
        for _ in range(_MOST_ROUNDS):
            tools = self._run.workshop.tools
            spoken = speak_recipe(recipe, tools)
            self.synthesized += spoken.synthesized
            assembled = measure_sound(recipe, self._workspace.sound, tools, spoken)
            lengths = measured(plan, recipe.script, assembled.timeline, self._rows(plan))
            real = as_spoken(
                plan, lengths.sentences, overhead_s=lengths.overhead_s, extra_s=lengths.extra_s
            )
            better = adjust(real, {})
            if _kept(better) == _kept(plan):
                return recipe, better
            heard.append((recipe, real))
            if any(_kept(better) == _kept(before) for _, before in heard):
                break
            plan, recipe = better, self._of(better)
        # One story more brings the overview of headlines with it: it may be too much with that
        # story, and too little without it. What was heard is nearer than what is guessed.
        return min(heard, key=lambda row: abs(row[1].total_s - self._budget_s))

    def _rows(self, plan: Plan) -> list[tuple[int, ...]]:
        """Return of every story the rows of its sentences, counted over all articles."""
        rows, offset = [], 0
        for part in plan.parts:
            draft = self._whole[part.telling.key].draft
            rows.append(tuple(offset + row for row in draft.body_rows))
            offset += len(draft.rows)
        return rows

    def _article(self, key: str) -> Article:
        locator = self._selection.locators[key]
        self._run.tell(Event(Stage.READ, locator, 0, len(self._stories)))
        (part, *_) = expand(Candidate(locator, self._workspace.root / locator))
        with self._run.making.on(Step.READ):
            return read_article(read(part), self._workspace.settings.show.language)

    def _tellings(self) -> list[Telling]:
        pace = default_pace(self._run.cast.narrator.rate_wpm)

        def seconds_in(language: str, text: str) -> float:
            return pace.seconds(speak_out(text, language=language).text) + _PAUSE_S

        return [
            Telling(
                key,
                article.headline,
                self._sentences(key, lambda text, a=article: seconds_in(a.language, text)),  # type: ignore[misc]
                _EXTRA_S + pace.seconds(article.headline + self._lead(key)),
                article.language,
            )
            for key, article in self._articles.items()
        ]

    def sentence_count(self, key: str) -> int:
        """Return how many sentences a story has in its source."""
        return len(self._whole[key].draft.body_rows)

    def _lead(self, key: str) -> str:
        worded = self._worded.get(key)
        return f" {worded.transition}" if worded and worded.transition else ""

    def _sentences(self, key: str, seconds: Callable[[str], float]) -> tuple[Sentence, ...]:
        """Return what a story is told with: its sentences, or a model's."""
        worded = self._worded.get(key)
        if worded is None or not worded.summary:
            return sentences_of(self._articles[key], seconds)
        return tuple(Sentence(text, 0, seconds(text)) for text in worded.summary)

    def _of(self, plan: Plan, edits: Edits | None = None) -> Recipe:
        """Return the recipe of a plan."""
        told = [self._told(p.telling.key, p.kept.indices) for p in plan.parts]
        return self._written(told, edits)

    def _told(self, key: str, kept: Sequence[int]) -> Told:
        whole, worded = self._whole[key], self._worded.get(key, Worded())
        told = replace(
            whole,
            others=self._selection.others[key],
            headline=worded.headline,
            transition=worded.transition,
            model=worded.model,
        )
        if worded.summary:
            return replace(told, summary=tuple(worded.summary[i] for i in kept))
        return replace(told, rows=frozenset(whole.draft.body_rows[i] for i in kept))

    def _written(self, told: Sequence[Told], edits: Edits | None) -> Recipe:
        run = self._run
        show = self._workspace.settings.show
        articles = tuple(t.article for t in told)
        title = self._workspace.settings.brief.title or show.title
        billing = Billing(run.title, run.day, show.language, title, show.ai_disclosure)
        words = words_in(self._workspace, self._own, show.language)
        lexicon, here = words.over(lexicon_of_all(articles, show.language, self._workspace))
        script: Script = plan_programme(
            told, billing, self._casting, lexicon=lexicon, edits=edits, here=here
        )
        news = (*self.written.notes, *script.news, *lost_words(words, script))
        script = replace(script, news=news)
        require_whole_ledger(script, *articles)
        return write_recipe(
            *(articles, script, run.cast, run.show, self._workspace.sound, run.cover.digest),
            music=self._music,
            music_digests=fingerprint_music(self._music),
            formats=self._workspace.formats,
            script_file=self.written.digest,
            name=NAME,
        )


def _kept(plan: Plan) -> list[tuple[str, tuple[int, ...]]]:
    return [(part.telling.key, part.kept.indices) for part in plan.parts]


def _sentence_count(seconds: float) -> int:
    """Return how many sentences a summary is asked to have, by a story's share of the time.

    By the settings alone: what else there is on a day must not change what is asked of a story.
    """
    return max(_FEWEST, min(_MOST, round((seconds - _EXTRA_S) / _SENTENCE_S)))
