"""Decide, before any work, what an article becomes: the script, its voices, and their digest.

Pure but for reading the settings. Two equal digests mean equal bytes, so that nothing needs doing.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.ingest.extract import extract
from audiobrief.model.audio import MusicSpec
from audiobrief.pipeline.heard import Heard
from audiobrief.pipeline.ingredients import RECIPE_VERSION, Recipe
from audiobrief.pipeline.voices import fingerprints
from audiobrief.script.cast import Casting
from audiobrief.script.frame import Frame
from audiobrief.script.plan import plan
from audiobrief.text.speech.acronyms import find_introduced
from audiobrief.text.speech.lexicon import Lexicon, entry_of, strictest_first
from audiobrief.workspace.episode_words import WORDS_NAME, EpisodeWords, read_episode_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.ingest.source import Document
    from audiobrief.model.article import Article
    from audiobrief.model.audio import SoundSpec
    from audiobrief.model.episode import Episode
    from audiobrief.model.script import Script
    from audiobrief.model.show import Show
    from audiobrief.model.voice import Voice
    from audiobrief.pipeline.edited import ScriptFile
    from audiobrief.pipeline.voices import Cast
    from audiobrief.workspace.load import Workspace


def read_article(document: Document, language: str) -> Article:
    """Return the article in a document, its address as a public feed may carry it.

    That is: without a user's name and password, and none but http(s).

    Args:
        document: As it came.
        language: Of the show: what an article is taken for that does not tell its own.

    Raises:
        SourceError: It is no article.
    """
    article = extract(document, language=language)
    if article.url is None:
        return article
    from audiobrief.publish.address import web_address  # noqa: PLC0415 - only where needed

    return replace(article, url=web_address(article.url))


def write_script(
    article: Article,
    cast: Cast,
    workspace: Workspace,
    own: Episode | None,
    others: Iterable[Episode],
    written: ScriptFile,
) -> Script:
    """Plan an article's script; its speakers keep the voices they had.

    Raises:
        ScriptConflictError: The article and a person have changed the same lines.
    """
    casting = casting_of(cast, own, others)
    show = workspace.settings.show
    frame = Frame(show.title, ai_disclosure=show.ai_disclosure)
    words = words_in(workspace, own, article.language)
    lexicon, here = words.over(lexicon_of(article, workspace))
    script = plan(article, casting, frame=frame, lexicon=lexicon, edits=written.edits, here=here)
    notes = (*script.notes, *_language_notes(article, cast.narrator))
    news = (*written.notes, *script.news, *lost_words(words, script))
    script = replace(script, notes=notes, news=news)
    require_whole_ledger(script, article)
    return script


def casting_of(cast: Cast, own: Episode | None, others: Iterable[Episode]) -> Casting:
    """Return the voices at hand; speakers of earlier episodes keep theirs."""
    return Casting(
        narrator=cast.narrator.name,
        quotes=tuple(v.name for v in cast.quotes),
        quote_voices=cast.quote_voices,
        known=_known_speakers(cast, own, others),
        given={speaker: v.name for speaker, v in cast.given.items()},
        fitting=cast.fitting,
        can_say=cast.can_say,
    )


def _language_notes(article: Article, narrator: Voice) -> tuple[str, ...]:
    """Say so where a voice reads a language that it was not made for."""
    wanted, given = (tag.lower().partition("-")[0] for tag in (article.language, narrator.language))
    if wanted == given:
        return ()
    remedy = f'choose one with "audiobrief voices --engine {narrator.engine}"'
    return (f'the voice "{narrator.name}" speaks {given}, the text is {wanted}: {remedy}',)


def lexicon_of(article: Article, workspace: Workspace) -> Lexicon:
    """Return how words of an article are said: its own front matter wins over the workspace."""
    own = Lexicon(strictest_first(entry_of(word, say) for word, say in article.lexicon))
    return own.over(workspace.lexicon_for(article.language))


def words_in(workspace: Workspace, episode: Episode | None, language: str) -> EpisodeWords:
    """Return how words are said in one episode alone; they win over everything.

    Raises:
        WorkspaceError: The file is wrong, with its line.
    """
    if episode is None:
        return EpisodeWords()
    path = workspace.episodes / episode.directory / WORDS_NAME
    where = f"{workspace.directory_of(episode)}/{WORDS_NAME}"
    return read_episode_words(path, where=where, language=language)


def lost_words(words: EpisodeWords, script: Script) -> tuple[str, ...]:
    """Return a note on each entry for lines that the script does not have any more."""
    lost = words.dangling([segment.id.partition("-")[0] for segment in script.segments])
    return tuple(
        f'{one.entry.origin}: "{one.entry.word}" is for a line that is not there any more: '
        "remove the entry, or its here = [...]"
        for one in lost
    )


def lexicon_of_all(articles: Iterable[Article], language: str, workspace: Workspace) -> Lexicon:
    """Return how words of a programme are said: the front matter of its articles wins, in order."""
    lexicon = workspace.lexicon_for(language)
    for article in reversed(tuple(articles)):
        own = Lexicon(strictest_first(entry_of(word, say) for word, say in article.lexicon))
        lexicon = own.over(lexicon)
    return lexicon


def find_doubtful_words(article: Article, script: Script, workspace: Workspace) -> tuple[str, ...]:
    """Return the names and acronyms of a script that no dictionary has, the most frequent first.

    None where there is no dictionary of the language.
    """
    from audiobrief.text.speech.unknown import find_unknown  # noqa: PLC0415 - not for unchanged articles
    from audiobrief.workspace.dictionary import load_dictionary  # noqa: PLC0415

    known = load_dictionary(script.language)
    if known is None:
        return ()
    texts = [s.text for s in script.segments]
    introduced = find_introduced(texts)
    lexicon = lexicon_of(article, workspace)
    return find_unknown(texts, known, lexicon=lexicon, introduced=introduced)


def require_whole_ledger(script: Script, *articles: Article) -> None:
    """Refuse a script whose ledger is not the whole source: something would be lost in silence.

    Args:
        script: What is said.
        articles: What it was made of, in the order of the ledger.

    Raises:
        SourceError: A sentence is missing, doubled or changed; or a segment speaks no known row.
    """
    told = [""] * len(articles)
    for number, rows in groupby(script.ledger, key=lambda row: row.article):
        told[number] += "".join("".join(row.text.split()) for row in rows)
    ids = {segment.id for segment in script.segments}
    for article, own in zip(articles, told, strict=True):
        source = "".join("".join(block.text.split()) for block in article.blocks)
        if own == source and all(ids.issuperset(row.segments) for row in script.ledger):
            continue
        pairs = zip(source, own, strict=False)
        same = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(source), len(own)))
        raise SourceError(
            "the ledger does not add up to the article: this is a defect in audiobrief",
            f"{article.locator}, near {source[max(0, same - 20) : same + 20]!r}",
            remedy="report the article with this message; nothing was built of it",
        )


def write_recipe(  # noqa: PLR0913 - one for each kind of ingredient
    articles: Sequence[Article],
    script: Script,
    cast: Cast,
    show: Show,
    sound: SoundSpec,
    cover_digest: str,
    *,
    music: MusicSpec | None = None,
    music_digests: Sequence[str] = (),
    formats: Sequence[str] = (),
    script_file: str | None = None,
    name: str | None = None,
) -> Recipe:
    """Take the digest of all that an episode will be made of.

    Args:
        articles: What it is made of.
        script: What is said.
        cast: Who speaks.
        show: The show.
        sound: The sound settings.
        cover_digest: Of the cover.
        music: Its stings and bed.
        music_digests: Of these, empty where there is none.
        formats: In which else it is delivered.
        script_file: SHA-256 of the script file that was read.
        name: What a programme is called while it is made.
    """
    voices = cast.used_in(script)
    ingredients = (
        RECIPE_VERSION,
        replace(script, news=()),
        tuple(sorted(voices.items())),
        tuple(fingerprints(voices.values()).items()),
        *(sound, *([tuple(music_digests)] if any(music_digests) else []), *formats),
        *((a.id, a.headline, a.byline, a.outlet, a.url) for a in articles),
        (articles[0].published, show.title, show.author, show.ai_disclosure, cover_digest),
    )
    digest = sha256(repr(ingredients).encode()).hexdigest()
    return Recipe(tuple(articles), script, voices, digest, script_file, name, music or MusicSpec())


def _known_speakers(cast: Cast, own: Episode | None, others: Iterable[Episode]) -> dict[str, str]:
    """Return which voice each speaker had: in this episode, else in the latest other one.

    A voice that is none of the guests' any more (or was the narrator's) is forgotten.
    """
    guests = frozenset(v.name for v in cast.quotes)
    known: dict[str, str] = {}
    if isinstance(others, Heard):
        known, others = others.voices_among(guests), ()
    for episode in (*sorted(others, key=lambda e: (e.published, e.guid)), *([own] if own else [])):
        known |= {s.speaker: s.voice for s in episode.segments if s.speaker and s.voice in guests}
    return known
