"""Does a text say only what an article says? Strict: it refuses what may be true (pure, English).

A sentence is grounded if it is one sentence of the article with words left out: every word of it
stands there, no oftener, in that order (parts between commas may change places); names, numbers
with their units, days and quotations unchanged; nothing that says "not", "perhaps", "some", "he
said" has come or gone. A sentence may be made of two with ", and" or ";" between them.

What it cannot see: that a common noun was left out on which the others depended ("the dog that bit
the man died"; "the man died").
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.brief.claim import FACTIVE, QUALIFYING, SWEEPING, Kind, claim_of
from audiobrief.brief.order import find_misplaced
from audiobrief.text.facts import facts_of
from audiobrief.text.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobrief.brief.claim import Claim, Word
    from audiobrief.brief.sentence import Sentence

#: Words that lead to a story; they count as nothing where nothing was said before them.
_LEADING = frozenset(
    ("now", "next", "turn", "look", "story", "stories", "news", "meanwhile", "elsewhere", "other")
)
_JOINTS = re.compile(r"; (?:and |but )?|, (?:and|but|while) ")
_FEWEST_WORDS = 3
_DOUBLE = re.compile(r"[\u201c-\u201f\u00ab\u00bb]")
_SINGLE = re.compile(r"[\u2018-\u201b]")
_DASHES = re.compile(r"[\u2010-\u2015]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Ground:
    """What an article says, sentence by sentence."""

    claims: tuple[Claim, ...]
    #: All words that are names, in lower case.
    names: frozenset[str]
    #: Each sentence as it is compared whole.
    texts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a text may be."""

    most_words: int
    most_sentences: int


def ground_of(headline: str, sentences: Sequence[Sentence]) -> Ground:
    """Return what texts are held against.

    Args:
        headline: Of the article; it counts as a sentence.
        sentences: Its body, headings too.
    """
    texts = [headline, *(s.text for s in sentences)]
    names = frozenset(w for facts in facts_of(texts) for w in facts if not w[0].isdigit())
    claims = (
        claim_of(headline, names),
        *(claim_of(s.text, names, is_quoted=s.is_quoted, speaker=s.speaker) for s in sentences),
    )
    return Ground(claims, names, frozenset(map(_even, texts)))


def find_ungrounded(text: str, ground: Ground) -> tuple[str, ...]:
    """Return why an article does not say what a text says, in words; empty: it does.

    Args:
        text: One sentence or more.
        ground: What the article says.
    """
    if _even(text) in ground.texts:
        return ()
    sentences = split_sentences(text)
    if not sentences:
        return ("it says nothing",)
    return tuple(fault for s in sentences for fault in _faults_of_sentence(s, ground))


def find_places(sentence: str, ground: Ground) -> frozenset[int]:
    """Return the indices of the claims that say a sentence; none: it is made of several."""
    even, claim = _even(sentence), claim_of(sentence, ground.names)
    words = _telling(claim)
    return frozenset(
        n
        for n, source in enumerate(ground.claims)
        if _even(source.text) == even
        or not (_missing(words, source.words) or any(_faults(claim, words, source)))
    )


def find_excess(text: str, bounds: Bounds) -> tuple[str, ...]:
    """Return how a text is too long, in words."""
    words, sentences = len(text.split()), len(split_sentences(text))
    found = []
    if words > bounds.most_words:
        found.append(f"it has {words} words, at most {bounds.most_words} were asked for")
    if sentences > bounds.most_sentences:
        found.append(
            f"it has {sentences} sentences, at most {bounds.most_sentences} were asked for"
        )
    return tuple(found)


def _faults_of_sentence(sentence: str, ground: Ground) -> tuple[str, ...]:
    if _even(sentence) in ground.texts:
        return ()
    # A name that the article does not have is a name all the same.
    names = ground.names | facts_of([sentence])[0]
    claim = claim_of(sentence, names)
    if claim.strange:
        return (f"it has characters that cannot be checked: {claim.strange[:10]!r}",)
    if invented := tuple(_not_anywhere(claim, ground)):
        return invented
    faults = _least_faults(claim, ground)
    if not faults:
        return ()
    parts = [p for p in _JOINTS.split(sentence) if p.strip()]
    claims = [claim_of(p, names) for p in parts]
    if len(parts) > 1 and all(len(c.words) >= _FEWEST_WORDS for c in claims):
        return tuple(fault for c in claims for fault in _least_faults(c, ground))
    return faults


def _not_anywhere(claim: Claim, ground: Ground) -> Iterator[str]:
    """Say what stands nowhere in the article: the plainest inventions."""
    for quote in claim.quotes:
        if not any(_holds_quote(c, quote) for c in ground.claims):
            yield f"the quotation {_shown(quote)} is not in the source"
    said = {(form, w.is_quoted) for c in ground.claims for w in c.words for form in w.forms}
    for word in _telling(claim):
        if not any((form, word.is_quoted) in said for form in word.forms):
            what = {Kind.NAME: "the name", Kind.FIGURE: "the number"}.get(word.kind, "the word")
            yield f"{what} {_shown(word.printed)} is not in the source"


def _least_faults(claim: Claim, ground: Ground) -> tuple[str, ...]:
    """Return what the likeliest sentence of the article does not say; empty: one says it all."""
    words = _telling(claim)
    if not words:
        return ("it says nothing",)
    best: tuple[str, ...] = ("no sentence of the source says it",)
    fewest = (len(words), 0)
    for source in ground.claims:
        missing = _missing(words, source.words)
        faults = (_told(missing),) if missing else tuple(_faults(claim, words, source))
        if not faults:
            return ()
        best, fewest = min((best, fewest), (faults, (len(missing), len(faults))), key=_badness)
    return best


def _badness(found: tuple[tuple[str, ...], tuple[int, int]]) -> tuple[int, int]:
    return found[1]


def _telling(claim: Claim) -> tuple[Word, ...]:
    """Return the words that say something: without those that only lead to them."""
    words = claim.words
    while words and words[0].kind is Kind.PLAIN and not words[0].forms.isdisjoint(_LEADING):
        words = words[1:]
    return words


def _missing(words: Sequence[Word], source: Sequence[Word]) -> list[Word]:
    """Return the words that a sentence has not, or not so often."""
    left = Counter(range(len(source)))
    missing = []
    for word in words:
        found = next((i for i, w in enumerate(source) if left[i] and w.is_same(word)), None)
        if found is None:
            missing.append(word)
        else:
            left[found] = 0
    return missing


def _told(missing: Sequence[Word]) -> str:
    shown = ", ".join(_shown(word.printed) for word in missing[:3])
    return f"no sentence of the source says it: the nearest lacks {shown}"


def _faults(claim: Claim, words: Sequence[Word], source: Claim) -> Iterator[str]:
    """Say how a sentence differs from one of the article that has all of its words."""
    for quote in claim.quotes:
        if not _holds_quote(source, quote):
            yield f"the quotation {_shown(quote)} stands elsewhere in the source"
    yield from _speaker_faults(claim, words, source)
    if claim.is_question != source.is_question:
        yield "a question and a statement are not the same"
    if source.is_reported and not claim.is_reported:
        yield "the source only says that somebody says so"
    yield from _qualifier_faults(words, source)
    for a, b in find_misplaced(words, source.words):
        shown = _shown(f"{a.printed} ... {b.printed}")
        yield f"the source does not say {shown} in this order"


def _speaker_faults(claim: Claim, words: Sequence[Word], source: Claim) -> Iterator[str]:
    named = {f for w in words if w.kind is Kind.NAME and not w.is_quoted for f in w.forms}
    if claim.quotes and source.speaker and named:
        own = {part.lower() for part in source.speaker.split()}
        if named.isdisjoint(own):
            yield f"the quotation is of {source.speaker}"


def _qualifier_faults(words: Sequence[Word], source: Claim) -> Iterator[str]:
    """Compare "not", "may", "some" and the like in the clauses that are told."""
    told = {w.clause for w in source.words if any(w.is_same(word) for word in words)}
    theirs = {q for clause, q in source.qualifiers if clause in told or q in SWEEPING}
    own = {f for w in words if w.kind is Kind.PLAIN for f in w.forms & QUALIFYING}
    if not own and {q for _, q in source.qualifiers} <= FACTIVE:
        # "The pier closed after a storm damaged it": the storm did.
        theirs -= {q for clause, q in source.qualifiers if clause == min(told)}
    for word in sorted(theirs - own):
        yield f"{_shown(word)} of the source is missing"
    for word in sorted(own - theirs):
        yield f"{_shown(word)} is not in this sentence of the source"


def _holds_quote(source: Claim, quote: str) -> bool:
    inner = _plain(quote).strip(" .,;:!?")
    quoted = source.quotes or (source.text,) * (bool(source.words) and source.words[0].is_quoted)
    return bool(inner) and any(f" {inner} " in f" {_bare(q)} " for q in quoted)


def _bare(text: str) -> str:
    """Return a text with its words set apart from marks at their ends."""
    return _SPACES.sub(" ", re.sub(r"[.,;:!?](?=\s|$)", " \\g<0>", _plain(text))).strip()


def _even(text: str) -> str:
    """Return a text as it is compared: print differs, words and quotations do not."""
    straight = _DOUBLE.sub('"', _SINGLE.sub("'", text))
    return _SPACES.sub(" ", _DASHES.sub("-", straight)).strip()


def _plain(text: str) -> str:
    """Return a quotation as it is compared: without its marks."""
    return _even(text).replace('"', "").replace("'", "")


def _shown(text: str) -> str:
    return f'"{text[:60]}"'
