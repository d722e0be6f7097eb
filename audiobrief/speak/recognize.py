"""Hear what a voice says: the recognizer pocketsphinx, told which words to expect.

Its own language model is of no use on espeak-ng (it misses half of the words); with one that is
made of the text alone, it hears nearly all of a good voice, and next to nothing of another text.
It knows English, and the words of its dictionary.
"""

from __future__ import annotations

import re
import tempfile
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobrief.errors import EngineUnavailableError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

#: The one language that it knows.
LANGUAGE = "en"
_INSTALL = "python -m pip install 'audiobrief[asr]'"
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")


def words_said(text: str) -> tuple[str, ...]:
    """Return the words of a text as the recognizer would write them.

    Args:
        text: As sent to an engine: figures and signs as words.

    >>> words_said("Tickets cost three dollars, don\u2019t they?")
    ('tickets', 'cost', 'three', 'dollars', "don't", 'they')
    """
    return tuple(_WORD.findall(text.lower().replace("\u2019", "'")))


class Recognizer:
    """Hears the words of known texts, in any order; one thread at a time.

    Args:
        texts: Sentences as sent to an engine; the words of no other text are ever heard.
        sample_rate_hz: Of the sound; from 16,000 on, since the acoustic model listens to
            6,800 Hz. At 22,050 and 44,100 Hz it hears what it hears at 16,000.

    Raises:
        EngineUnavailableError: pocketsphinx is not installed.
    """

    def __init__(self, texts: Iterable[str], sample_rate_hz: int) -> None:
        pocketsphinx = _pocketsphinx()
        self.sample_rate_hz = sample_rate_hz
        said = [words_said(text) for text in texts]
        known = _pronunciations({word for words in said for word in words})
        #: The words that it can hear; all others are in no dictionary.
        self.known = frozenset(known)
        self._decoder = _decoder(pocketsphinx, said, known, sample_rate_hz) if known else None

    def expected(self, text: str) -> tuple[str, ...]:
        """Return the words of a text that can be heard."""
        return tuple(word for word in words_said(text) if word in self.known)

    def hear(self, pcm: bytes) -> tuple[str, ...]:
        """Return the words in a piece of sound.

        Args:
            pcm: Mono, signed 16 bit, in the order of this machine, at ``sample_rate_hz``.
        """
        if not pcm or self._decoder is None:
            return ()
        self._decoder.start_utt()
        # Searched at once, and as the whole utterance: its mean is taken off before.
        self._decoder.process_raw(pcm, False, True)
        self._decoder.end_utt()
        heard = self._decoder.hyp()
        return () if heard is None else words_said(heard.hypstr)


def _decoder(
    pocketsphinx: Any,
    said: Sequence[Sequence[str]],
    known: Mapping[str, Sequence[str]],
    sample_rate_hz: int,
) -> Any:
    """Make a decoder; it has read its files when this returns."""
    with tempfile.TemporaryDirectory(prefix="audiobrief-") as name:
        folder = Path(name)
        (folder / "words.dict").write_text(_render_dictionary(known), encoding="utf-8")
        (folder / "text.lm").write_text(_language_model(said, known), encoding="utf-8")
        return pocketsphinx.Decoder(
            hmm=str(_model_folder() / "en-us"),
            dict=str(folder / "words.dict"),
            lm=str(folder / "text.lm"),
            samprate=float(sample_rate_hz),
            cmn="batch",
            loglevel="FATAL",
        )


def require_recognizer() -> None:
    """Stop where the recognizer is not installed.

    Raises:
        EngineUnavailableError: The remedy is the command that brings it.
    """
    _pocketsphinx()


def _pocketsphinx() -> Any:
    try:
        import pocketsphinx  # noqa: PLC0415 - lazy: an extra that few need
    except ImportError as error:
        raise EngineUnavailableError(
            "the speech recognizer is not installed", "pocketsphinx", remedy=_INSTALL
        ) from error
    return pocketsphinx


def _model_folder() -> Path:
    return Path(_pocketsphinx().get_model_path("en-us"))


def _pronunciations(words: set[str]) -> Mapping[str, tuple[str, ...]]:
    """Return how each word that the dictionary has is said, in its phonemes (ARPAbet)."""
    found: dict[str, list[str]] = {}
    with (_model_folder() / "cmudict-en-us.dict").open(encoding="utf-8") as file:
        for line in file:
            spelled, _, phonemes = line.strip().partition(" ")
            word = spelled.partition("(")[0]
            if word in words:
                found.setdefault(word, []).append(phonemes)
    return {word: tuple(ways) for word, ways in found.items()}


def _render_dictionary(known: Mapping[str, Sequence[str]]) -> str:
    lines = [
        f"{word}({number}) {way}" if number > 1 else f"{word} {way}"
        for word, ways in sorted(known.items())
        for number, way in enumerate(ways, 1)
    ]
    return "\n".join(lines) + "\n"


def _language_model(said: Iterable[Sequence[str]], known: Container[str]) -> str:
    """Return the likelihood of words after words, as the texts have them (ARPA format).

    An unknown word ends a sentence: what stands around it is no neighbor.
    """
    from pocketsphinx.lm import ArpaBoLM  # noqa: PLC0415 - as above

    sentences = "\n".join(
        run
        for words in said
        for run in " ".join(w if w in known else "\n" for w in words).split("\n")
    )
    model = ArpaBoLM(text=sentences, add_start=True)
    model.compute()
    written = StringIO()
    model.write(written)
    return written.getvalue()
