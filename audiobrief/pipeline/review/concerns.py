"""Which segments look wrong, so that an editor hears them first: from manifest and cached clips.

A word that may be wrong is told where it is heard first: whoever has heard it right there need not
hear it everywhere. What nearly every article has, such as plain figures, is no concern.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from audiobrief.model.script import Role
from audiobrief.pipeline.recipe import words_in
from audiobrief.pipeline.review.looks import looks_of
from audiobrief.pipeline.review.redraft import lexicon_of_refs
from audiobrief.store.history import key_of_id
from audiobrief.text.quotation.quotes import find_quotations
from audiobrief.text.speech.acronyms import find_introduced
from audiobrief.text.speech.spoken import speak_out
from audiobrief.text.speech.unknown import find_unknown
from audiobrief.workspace.dictionary import load_dictionary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from audiobrief.model.episode import Episode, TimedSegment
    from audiobrief.pipeline.review.looks import Look
    from audiobrief.text.quotation.quotes import Quotation
    from audiobrief.text.speech.lexicon import Lexicon
    from audiobrief.workspace.load import Workspace

#: All of a thousand segments are looked through, and no name is left out.
_MOST_WORDS: Final = 1000
#: Of what is allowed for the voice: three standard deviations. Beyond 1 no build lets it pass.
_STRAIN: Final = 0.66
#: Of 1,964 clips in all voices of espeak-ng and flite none has more than 0.0008.
_FLAT_SHARE: Final = 0.002
_LONGEST_MS: Final = 25_000
_SILENCE_MS: Final = 1000
#: A speaker is given from 0.75 on; rules that rarely fail have 0.84 and more.
_SURE: Final = 0.82


@dataclass(frozen=True, slots=True)
class Concern:
    """Why a segment should be heard first."""

    #: ``length``, ``name``, ``number``, ``acronym``, ``clipped``, ``speaker``, ``long`` or
    #: ``silence``.
    kind: str
    #: For people.
    words: str
    #: How likely something is wrong, and how bad it would be: 0..1.
    score: float


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What is to be heard first in an episode."""

    #: Segment id to its concerns, the worst first; only segments that have any.
    concerns: Mapping[str, tuple[Concern, ...]]
    #: Segment id to the names and acronyms in it that no dictionary knows: everywhere.
    unknown: Mapping[str, tuple[str, ...]]


def suspicion_of(show: Workspace, episode: Episode) -> Suspicion:
    """Return what looks wrong, and which words no dictionary knows.

    Raises:
        WorkspaceError: A lexicon is wrong.
        StoreError: The cache cannot be read.
    """
    voice_rates = {name: voice.rate_wpm for name, voice in show.voices.items()}
    lexicon, here = words_in(show, episode, episode.language).over(
        lexicon_of_refs(episode.articles, episode.language, show)
    )
    introduced = frozenset(find_introduced(s.text for s in episode.segments))
    unknown = unknown_in(episode, lexicon, introduced)
    unknown = {k: v for k, v in unknown.items() if key_of_id(k) not in here}
    found: dict[str, list[Concern]] = {}
    told = chain(
        _lengths(episode.segments, voice_rates),
        _words(episode.segments, unknown),
        _numbers(episode, lexicon, introduced),
        _speakers(episode.segments),
        _sounds(episode.segments, looks_of(show, episode)),
    )
    for segment_id, concern in told:
        found.setdefault(segment_id, []).append(concern)
    concerns = {k: tuple(sorted(v, key=lambda c: -c.score)) for k, v in found.items()}
    return Suspicion(concerns, unknown)


# -- words ---------------------------------------------------------------------------------------


def unknown_in(
    episode: Episode, lexicon: Lexicon, introduced: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    """Return the names and acronyms of each segment that no dictionary and no lexicon knows.

    None where there is no dictionary of the language.
    """
    known = load_dictionary(episode.language)
    if known is None:
        return {}
    texts = [segment.text for segment in episode.segments]
    words = find_unknown(texts, known, lexicon=lexicon, introduced=introduced, most=_MOST_WORDS)
    if not words:
        return {}
    longest_first = sorted(words, key=len, reverse=True)
    forms = {word.casefold(): word for word in words}
    pattern = re.compile(
        rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?=(?:s|['\u2019]s)?(?!\w))",
        re.IGNORECASE,
    )
    found = {}
    for segment in episode.segments:
        hits = [m[1] for m in pattern.finditer(segment.text) if m[1][:1].isupper()]
        if hits:
            found[segment.id] = tuple(dict.fromkeys(forms[hit.casefold()] for hit in hits))
    return found


def _words(
    segments: Sequence[TimedSegment], unknown: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, Concern]]:
    """Yield each unknown word where it is heard first."""
    counts: dict[str, int] = {}
    for word in chain.from_iterable(unknown.values()):
        counts[word] = counts.get(word, 0) + 1
    heard: set[str] = set()
    for segment in segments:
        for word in unknown.get(segment.id, ()):
            if word in heard:
                continue
            heard.add(word)
            often = f", heard in {counts[word]} segments" if counts[word] > 1 else ""
            kind = "acronym" if word.rstrip("s").isupper() else "name"
            words = f'"{word}" is in no dictionary{often}'
            yield segment.id, Concern(kind, words, min(0.8, 0.5 + 0.05 * counts[word]))


#: A token with a figure, without the marks around it.
_WITH_FIGURE = re.compile(r"(?=\S*\d)[^\s\u2013\u2014\"'\u201c\u201d\u2018\u2019(),;!?]+")
#: Written in one of the ways that have one reading: count, decimal, money, percent, ordinal,
#: decade, time of day, a range or a compound of such, and what of these a unit follows; one or two
#: letters and a number ("G20"). "COP27" and "n8n" are none.
_AMOUNT = r"[~\u00b1]?[$\u00a3\u20ac]?(?:\d{1,3}(?:,\d{3})+|\d{1,4})(?:\.\d{1,3})?"
_PLAIN_FIGURE = re.compile(
    rf"""
      {_AMOUNT} (?: % | \+ | [^\W\d_]{{1,3}} | \W? [CF] | (?: [-/] [A-Za-z]+ )+ )?
    | {_AMOUNT} - {_AMOUNT} %?
    | \d{{1,2}} [:.] \d{{2}} (?: am | pm )?
    | [A-Za-z]+ - \d{{1,4}} (?: s | st | nd | rd | th )?
    | [A-Za-z]{{1,2}} \d{{1,3}} s?
    """,
    re.VERBOSE,
)


def _numbers(
    episode: Episode, lexicon: Lexicon, introduced: frozenset[str]
) -> Iterator[tuple[str, Concern]]:
    """Yield unusual figures where they are heard first, and what is left to the voice."""
    heard: set[str] = set()
    for segment in episode.segments:
        if not any(map(str.isdigit, segment.text)):
            continue
        tokens = [t[0].strip(".:*#") for t in _WITH_FIGURE.finditer(segment.text)]
        odd = [t for t in dict.fromkeys(tokens) if t not in heard and not _is_plain(t)]
        if not odd:
            continue
        heard.update(odd)
        said = _said(segment, episode.language, lexicon, introduced)
        for token in odd[:3]:
            reading = said.get(token, "")
            if not reading or any(map(str.isdigit, reading)):
                yield (
                    segment.id,
                    Concern("number", f'how "{token}" is said is up to the voice', 0.5),
                )
            else:
                yield segment.id, Concern("number", f'"{token}" is said "{reading}"', 0.3)


def _is_plain(token: str) -> bool:
    return not any(map(str.isdigit, token)) or _PLAIN_FIGURE.fullmatch(token) is not None


def _said(
    segment: TimedSegment, language: str, lexicon: Lexicon, introduced: frozenset[str]
) -> dict[str, str]:
    """Return what is said for each token of a segment."""
    text = segment.text
    form = speak_out(text, language=language, lexicon=lexicon, spelled=introduced)
    said: dict[str, list[str]] = {}
    for span in form.spans:
        printed = text[span.printed_start : span.printed_end]
        spoken = form.text[span.spoken_start : span.spoken_end]
        for match in _WITH_FIGURE.finditer(printed):
            said.setdefault(match[0].strip(".:*#"), []).append(spoken)
    return {token: _READ_AS.sub("", " ".join(dict.fromkeys(w))) for token, w in said.items()}


#: Marks around what is said.
_READ_AS = re.compile(r"^\W+|\W+$")


# -- speakers ------------------------------------------------------------------------------------


def _speakers(segments: Iterable[TimedSegment]) -> Iterator[tuple[str, Concern]]:
    """Yield where quotations begin of which it is not clear who says them.

    Judged anew by the words as they stand, paragraph by paragraph: a speaker that a person has
    chosen is not the one that is guessed, and no concern.
    """
    paragraphs: dict[int, list[TimedSegment]] = {}
    for segment in segments:
        if segment.role is not Role.HOST:
            paragraphs.setdefault(segment.paragraph, []).append(segment)
    groups = list(paragraphs.values())
    for quotation in find_quotations([" ".join(s.text for s in group) for group in groups]):
        first = _first_of(quotation, groups[quotation.paragraph])
        if first is None:
            continue
        if quotation.speaker is None and not quotation.rule and first.role is Role.NARRATOR:
            words = "a quotation that nobody is known to say: the narrator reads it"
            yield first.id, Concern("speaker", words, 0.5)
        elif quotation.speaker == first.speaker is not None and quotation.confidence < _SURE:
            words = f"that {first.speaker} says this is a guess: {quotation.rule}"
            yield first.id, Concern("speaker", words, 0.9 - 0.5 * quotation.confidence)


def _first_of(quotation: Quotation, group: Sequence[TimedSegment]) -> TimedSegment | None:
    """Return the segment of a paragraph in which a quotation begins."""
    end = 0
    for segment in group:
        end += len(segment.text)
        if quotation.start < end:
            return segment
        end += 1
    return None


# -- sound ---------------------------------------------------------------------------------------


def _lengths(
    segments: Sequence[TimedSegment], rates_wpm: Mapping[str, int]
) -> Iterator[tuple[str, Concern]]:
    """Yield what is longer or shorter than its voice takes for such a text."""
    from audiobrief.speak.check import FITTED_WPM  # noqa: PLC0415 - regular expressions
    from audiobrief.speak.lengths import Heard, fit_lengths  # noqa: PLC0415 - as above

    by_voice: dict[str, list[TimedSegment]] = {}
    for segment in segments:
        by_voice.setdefault(segment.voice, []).append(segment)
    for name, group in by_voice.items():
        rate_wpm = rates_wpm.get(name, FITTED_WPM)
        heard = [Heard(s.spoken, rate_wpm, (s.end_ms - s.start_ms) / 1000) for s in group]
        for segment, strain in zip(group, fit_lengths(heard).strains(), strict=True):
            if abs(strain) >= _STRAIN:
                seconds = (segment.end_ms - segment.start_ms) / 1000
                how = "short: is all of it said?" if strain < 0 else "long: is it read out oddly?"
                words = f"{seconds:.1f} s are unusually {how}"
                yield segment.id, Concern("length", words, min(1.0, 0.25 + 0.65 * abs(strain)))


def _sounds(
    segments: Iterable[TimedSegment], looks: Mapping[str, Look]
) -> Iterator[tuple[str, Concern]]:
    """Yield what is clipped, silent inside, or too long for one breath."""
    for segment in segments:
        length_ms = segment.end_ms - segment.start_ms
        if length_ms > _LONGEST_MS:
            words = f"{length_ms / 1000:.0f} s without a pause: split it"
            yield segment.id, Concern("long", words, 0.4)
        look = looks.get(segment.id)
        if look is not None and look.flat_share >= _FLAT_SHARE:
            words = f"clipped: {look.flat_share:.1%} of it is flat, it crackles"
            yield segment.id, Concern("clipped", words, 1.0)
        if look is not None and look.silence_ms > _SILENCE_MS:
            words = f"{look.silence_ms / 1000:.1f} s of silence inside"
            yield segment.id, Concern("silence", words, 0.7)
