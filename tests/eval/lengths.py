"""False alarms and catches of the clip check, by how much of a voice was heard.

``python -m tests.eval.lengths`` speaks texts in many voices, teaches with one half of them, and
judges the other half: whole, cut in half, without its last third, without its last word. The
general band is the line for 0 clips. It takes some minutes; ``--clips`` makes it shorter.
"""

from __future__ import annotations

import json
import random
import re
import sys
from argparse import ArgumentParser
from collections import defaultdict
from dataclasses import dataclass, field
from gzip import open as open_gzip
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import audiobrief
from audiobrief import plugins
from audiobrief.errors import EngineUnavailableError
from audiobrief.model.voice import Voice
from audiobrief.speak.check import length_band_s
from audiobrief.speak.lengths import fit_lengths
from audiobrief.text.sentences import split_sentences
from audiobrief.workspace.load import SHIPPED_VOICES, load_workspace
from tests.eval.figure import DATA, SHARED
from tests.speak.length_texts import generated_texts, heard_of, lengths_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_EVIDENCE = (0, 10, 30, 100)
#: Fewest words of a row of the table.
_ROWS = (1, 4, 8, 16, 31)
#: What an engine may read in more ways than one.
_ODD = re.compile(r"[0-9$%&@/\\=+*_<>|]|[A-Z]{2}|\w\.\w")
_SHARES = {"half": 1 / 2, "last third": 2 / 3}
_OTHER_VARIANTS = ("en-gb", "en-us+whisper", "en-us+croak", "en-us+m3", "de")
_RATES_WPM = (80, 120, 250, 350, 449)


@dataclass(slots=True)
class _Tally:
    """What came of judging some clips."""

    whole: int = 0
    false_alarms: list[str] = field(default_factory=list)
    cut: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))


def voices() -> Iterator[Voice]:
    """Yield the shipped voices, other variants of espeak-ng, those of flite, several rates."""
    yield from load_workspace(SHIPPED_VOICES).voices.values()
    for name in _OTHER_VARIANTS:
        yield Voice(name, "espeak", name)
    for rate_wpm in _RATES_WPM:
        yield Voice("rate", "pyttsx3", "en-us+f2", rate_wpm=rate_wpm)
    for name in ("awb", "kal", "rms", "slt"):
        yield Voice(name, "flite", name)
    yield Voice("slow", "flite", "kal", rate_wpm=120)
    yield Voice("fast", "flite", "slt", rate_wpm=240)


def texts() -> list[str]:
    """Return the project's own texts, generated ones, and shared ones where they are."""
    found = generated_texts(seed=20, count=600)
    for case in json.loads((DATA / "sentences.json").read_text("utf-8")):
        found += case["sentences"]
    for case in json.loads((DATA / "spoken.json").read_text("utf-8")):
        found += [case["printed"], case["expected"][0]]
    pages = [json.loads(path.read_text("utf-8")) for path in sorted(DATA.glob("quotes/*.json"))]
    bodies = [paragraph for page in pages for paragraph in page["paragraphs"]]
    samples = Path(audiobrief.__file__).parent / "samples"
    own = DATA.parent / "own_pages"
    for path in sorted([*samples.glob("*.txt"), *own.glob("*.body.txt")]):
        bodies += path.read_text("utf-8").splitlines()
    bodies += _shared_paragraphs()
    found += [one for body in bodies for one in split_sentences(body)]
    spoken = [one for one in dict.fromkeys(found) if any(map(str.isalnum, one)) and len(one) < 500]
    random.Random(5).shuffle(spoken)
    return spoken


def _shared_paragraphs() -> Iterator[str]:
    packed = SHARED / "eval" / "articles" / "articles-dev.jsonl.gz"
    if packed.is_file():
        with open_gzip(packed, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield from json.loads(line)["main_content"].splitlines()[:12]
    for path in sorted((SHARED / "eval" / "text_normalization").glob("test_cases_*.txt")):
        for line in path.read_text("utf-8").splitlines()[:15]:
            yield line.split("~")[0]


def is_judged(text: str) -> bool:
    """Tell whether a text is of the half that nothing was fitted or tuned on."""
    return int(sha256(text.encode()).hexdigest(), 16) % 2 == 0


def judge(
    voice: Voice, spoken: Sequence[str], tallies: Mapping[tuple[bool, int, int], _Tally]
) -> int:
    """Speak texts, and count what is refused; return how many the general band refuses.

    Args:
        voice: Who speaks.
        spoken: The texts, of both halves.
        tallies: By odd or not, fewest words, and clips heard; they are added to.
    """
    with plugins.engine(voice.engine).open() as session:
        lengths = dict(lengths_of(session, voice, spoken))
        shorter = {text: " ".join(text.split()[:-1]) for text in lengths if is_judged(text)}
        short_s = dict(lengths_of(session, voice, [one for one in shorter.values() if one]))
    general = {text: length_band_s(text, voice.rate_wpm) for text in lengths}
    good = [text for text in lengths if general[text][0] <= lengths[text] <= general[text][1]]
    taught = [(text, lengths[text]) for text in good if not is_judged(text)]
    for count in _EVIDENCE:
        heard = random.Random(count).sample(taught, min(count, len(taught)))
        model = fit_lengths(heard_of(heard, voice))
        for text in filter(is_judged, good):
            words = max(row for row in _ROWS if row <= len(text.split()))
            tally = tallies[_ODD.search(text) is not None, words, count]
            least_s, most_s = model.band_s(text, voice.rate_wpm)
            tally.whole += 1
            if not least_s <= lengths[text] <= most_s:
                told = f"{voice.name} {voice.engine} {voice.engine_voice} {voice.rate_wpm}"
                tally.false_alarms.append(f"{told}, {count} heard: {text}")
            for name, share in _SHARES.items():
                tally.cut[name].append(not least_s <= lengths[text] * share <= most_s)
            if shorter[text] in short_s:
                tally.cut["last word"].append(not least_s <= short_s[shorter[text]] <= most_s)
    return len(lengths) - len(good)


def main(arguments: Sequence[str]) -> int:
    """Print the table; return 1 when a whole clip was refused."""
    parser = ArgumentParser(prog="python -m tests.eval.lengths", description=main.__doc__)
    parser.add_argument("--clips", type=int, default=900, help="texts for each voice")
    options = parser.parse_args(arguments)
    pool = texts()
    tallies: dict[tuple[bool, int, int], _Tally] = defaultdict(_Tally)
    refused = 0
    for index, voice in enumerate(voices()):
        # A flite voice takes a process a text; every voice gets texts of its own.
        count = options.clips // (3 if voice.engine == "flite" else 1)
        start = index * 211 % len(pool)
        try:
            refused += judge(voice, (pool[start:] + pool[:start])[:count], tallies)
        except EngineUnavailableError as error:
            print(f"left out: {voice.engine_voice}: {error}")
    print(f"{len(pool)} texts; {refused} clips refused by the general band")
    print(render(tallies))
    alarms = [alarm for tally in tallies.values() for alarm in tally.false_alarms]
    print("\n".join(alarms))
    return 1 if alarms else 0


def render(tallies: Mapping[tuple[bool, int, int], _Tally]) -> str:
    """Return the table: a line for each kind of text, number of words, and clips heard."""
    lines = ["texts  words  heard  whole  false alarms  refused: half  last third  last word"]
    for is_odd, words, count in sorted(tallies):
        tally = tallies[is_odd, words, count]
        shares = {name: 100 * sum(cut) / max(1, len(cut)) for name, cut in tally.cut.items()}
        lines.append(
            f"{'odd' if is_odd else 'plain':5}  {words:4}+  {count:5}  {tally.whole:5}"
            f"  {len(tally.false_alarms):12}  {shares['half']:12.0f}%  {shares['last third']:9.0f}%"
            f"  {shares.get('last word', 0.0):8.0f}%"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
