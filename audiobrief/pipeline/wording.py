"""A language model words headlines, transitions, summaries; what no source says is not used.

The server of ``[llm]`` is asked once a story. What it answers is kept under a digest of model,
prompt and text, so an unchanged story asks nothing and the programme stays the same. Whatever goes
wrong, the story is told in the words of its source, and a note says why.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from audiobrief.brief.grounded import Bounds, find_excess, find_ungrounded, ground_of
from audiobrief.brief.hanging import find_hanging
from audiobrief.brief.sentence import sentences_of
from audiobrief.errors import (
    AudiobriefError,
    NetworkError,
    defect,
)
from audiobrief.net.answer import Limit
from audiobrief.pipeline.caches import wording_in
from audiobrief.pipeline.model_server import client_of, gives_away, key_of
from audiobrief.pipeline.prompt import Wanted, answer_of, body_of, content_of, prompt_of, useless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from audiobrief.brief.grounded import Ground
    from audiobrief.model.article import Article
    from audiobrief.net.world import World
    from audiobrief.pipeline.prompt import Answer
    from audiobrief.workspace.load import Workspace

_LIMIT = Limit(("application/json", "application/*+json", "text/json"), most_bytes=1_000_000)
#: Servers that do not know `response_format` refuse it so.
_REFUSALS = frozenset({400, 422})
_HEADLINE = Bounds(14, 1)
_TRANSITION = Bounds(30, 1)
#: Of one sentence; longer ones of the source are rare.
_SUMMARY_WORDS = 60
_SHOWN_FAULTS = 3
_LANGUAGE = "en"
_UNCHECKED = "[llm]: only English can be checked; stories in {} are told in their sources' words"


@dataclass(frozen=True, slots=True)
class Worded:
    """What a model's words are used for in a story; ``None`` and empty: as without a model."""

    headline: str | None = None
    transition: str | None = None
    summary: tuple[str, ...] = ()
    model: str = ""


class Wording:
    """Asks the server of ``[llm]``; to be used in a ``with`` block.

    Args:
        workspace: Its settings and its cache.
        world: What tests replace of the network.
        is_asking: False: only what was answered before is used.

    Raises:
        EngineUnavailableError: The variable of the key is not set.
        WorkspaceError: The settings lack a model, or have an address that cannot be used.
    """

    def __init__(
        self, workspace: Workspace, world: World | None = None, *, is_asking: bool = True
    ) -> None:
        self._settings = workspace.settings.llm
        self._is_asking = is_asking
        place = workspace.place_of("llm.base_url")
        self._key = key_of(self._settings, place)
        self._client = client_of(self._settings, world)
        self._cache = wording_in(workspace.cache)
        self._takes_format = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._client is not None:
            self._client.close()

    @property
    def is_wanted(self) -> bool:
        """There is a server to ask."""
        return self._client is not None

    def word(
        self, articles: Mapping[str, Article], *, sentences: int, is_whole: bool = False
    ) -> tuple[dict[str, Worded], tuple[str, ...]]:
        """Have stories worded.

        Args:
            articles: By the keys of their stories.
            sentences: How many a summary shall have.
            is_whole: Articles are read whole: no summaries.

        Returns:
            The words that stood the check, by the keys of the stories; and notes for the user on
            those that did not.
        """
        worded: dict[str, Worded] = {}
        notes: dict[str, None] = {}
        if self.is_wanted:
            is_summary = self._settings.task == "summaries" and not is_whole
            wanted = Wanted(sentences if is_summary else 0)
            for key, article in articles.items():
                try:
                    worded[key], found = self._word(article, wanted)
                except AudiobriefError as error:
                    found = (_not_worded(article, error),)
                except Exception as error:  # noqa: BLE001 - a story is told without a model, too
                    found = (_not_worded(article, defect(error)),)
                notes |= dict.fromkeys(found)
        return {key: w for key, w in worded.items() if w != Worded()}, tuple(notes)

    def _word(self, article: Article, wanted: Wanted) -> tuple[Worded, tuple[str, ...]]:
        if article.language.lower().partition("-")[0] != _LANGUAGE:
            return Worded(), (_UNCHECKED.format(article.language),)
        sentences = sentences_of(article, lambda _text: 0.0)
        prompt = prompt_of(article.headline, [s.text for s in sentences], wanted)
        content = self._content(prompt)
        if content is None:
            return Worded(), ("[llm]: in a dry run, the server is not asked",)
        answer = answer_of(content, wanted)
        return self._checked(article, answer, ground_of(article.headline, sentences), wanted)

    def _checked(
        self, article: Article, answer: Answer, ground: Ground, wanted: Wanted
    ) -> tuple[Worded, tuple[str, ...]]:
        headline, of_headline = _line(answer.headline, ground, _HEADLINE)
        transition, of_transition = _line(answer.transition, ground, _TRANSITION)
        summary, of_summary = _summary(answer.summary, ground, wanted.sentences)
        notes = (
            *_refused(article, "headline", of_headline),
            *_refused(article, "transition", of_transition),
            *_refused(article, "summary", of_summary),
        )
        if not (headline or transition or summary):
            return Worded(), notes
        model = self._settings.model or ""
        transition = transition and _ended(transition)
        return Worded(headline, transition, tuple(map(_ended, summary)), model), notes

    def _content(self, prompt: Sequence[Mapping[str, str]]) -> str | None:
        """Return what the model has answered, now or before; ``None``: it may not be asked."""
        asked = json.dumps([self._settings.model, prompt], sort_keys=True)
        key = sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()
        kept = self._kept(key)
        if kept is not None:
            return kept
        if not self._is_asking:
            return None
        content = self._asked(prompt)
        self._cache.write(key, json.dumps({"content": content}).encode())
        return content

    def _kept(self, key: str) -> str | None:
        stored = self._cache.read(key)
        if stored is None:
            return None
        try:
            content = json.loads(stored)["content"]
        except (ValueError, LookupError, TypeError):
            content = None
        if not isinstance(content, str):
            self._cache.discard_damaged(key)
            return None
        self._cache.touch(key)
        return content

    def _asked(self, prompt: Sequence[Mapping[str, str]]) -> str:
        client = self._client
        assert client is not None  # noqa: S101 - for the type checker
        url = f"{(self._settings.base_url or '').rstrip('/')}/chat/completions"
        secrets = {"Authorization": f"Bearer {self._key}"} if self._key else {}

        def post() -> bytes:
            model = self._settings.model or ""
            body = body_of(model, prompt, takes_format=self._takes_format)
            return client.post(url, json=body, secrets=secrets, limit=_LIMIT).body or b""

        try:
            received = post()
        except NetworkError as error:
            if error.status not in _REFUSALS or not self._takes_format:
                raise
            self._takes_format = False
            received = post()
        content = content_of(received)
        if self._key and gives_away(content, self._key):
            raise useless("it repeats the key")
        return content


def _line(text: str | None, ground: Ground, bounds: Bounds) -> tuple[str | None, tuple[str, ...]]:
    """Return a line if it stands the check, else why not."""
    if text is None:
        return None, ("there is none in the answer",)
    faults = find_excess(text, bounds) or find_ungrounded(text, ground)
    faults = faults or tuple(find_hanging([text], ground))
    return (None, faults) if faults else (text, ())


def _summary(
    sentences: Sequence[str] | None, ground: Ground, most: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a summary if every sentence of it stands the check, else why not."""
    if not most:
        return (), ()
    told = tuple(dict.fromkeys(sentences or ()))
    if not told:
        return (), ("there is none in the answer",)
    if len(told) > 2 * most:
        return (), (f"it has {len(told)} sentences, {most} were asked for",)
    faults = tuple(_faults_of(told, ground)) or tuple(find_hanging(told, ground))
    return ((), faults) if faults else (told, ())


def _faults_of(sentences: Iterable[str], ground: Ground) -> Iterator[str]:
    for sentence in sentences:
        yield from find_excess(sentence, Bounds(_SUMMARY_WORDS, 1))
        yield from find_ungrounded(sentence, ground)


def _ended(text: str) -> str:
    """End a sentence like one: engines let the voice fall only there."""
    return text if text.rstrip("\"'\u201d\u2019)").endswith((".", "!", "?")) else f"{text}."


def _refused(article: Article, what: str, faults: Sequence[str]) -> tuple[str, ...]:
    if not faults:
        return ()
    more = f" and {len(faults) - _SHOWN_FAULTS} more" if len(faults) > _SHOWN_FAULTS else ""
    why = "; ".join(faults[:_SHOWN_FAULTS]) + more
    return (f'"{article.headline[:60]}": the {what} of the model is not used: {why}',)


def _not_worded(article: Article, error: AudiobriefError) -> str:
    return f'"{article.headline[:60]}" is told in the words of its source: {error.problem}'
