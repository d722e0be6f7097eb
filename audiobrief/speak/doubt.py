"""New clips that do not fit the other clips of their voice are spoken again once, and then named.

It is judged at the end of a run, by all clips of the script, in the caller's thread: by then the
most is known of every voice, and nothing depends on the order in which sessions finished.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.errors import SpeechError
from audiobrief.speak.check import find_flaw
from audiobrief.speak.job import Job, spoken
from audiobrief.speak.utterance import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from audiobrief.model.audio import Clip, ClipFacts
    from audiobrief.speak.engine import Engine, Session

#: A clip that is cut off ends anywhere. Two of one length: so long is this text in this voice,
#: espeak-ng's flutter and a neural voice's whims included (4 % at most).
_SAME_LENGTH = 0.04

#: Clips of earlier runs by which new ones are judged: from 100 on little is learned.
_MOST_EVIDENCE = 200


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the script, and how long its clip is."""

    job: Job
    #: Zero: there is no clip.
    length_s: float

    @classmethod
    def of(cls, job: Job, clip: Clip | ClipFacts | None) -> Said:
        """Keep of a clip what is needed here: all clips of a script are large."""
        return cls(job, clip.frame_count / clip.sample_rate_hz if clip else 0.0)

    @property
    def is_there(self) -> bool:
        """Tell whether it has a clip."""
        return self.length_s > 0


def doubted(said: Sequence[Said], new: Collection[str]) -> list[tuple[Said, tuple[float, float]]]:
    """Return the new clips that are not as long as their voice takes for such a text.

    And their bands. A voice at another rate is another voice here: from 80 to 449 words a minute,
    espeak-ng's letters take 47 to 87 ms when they are scaled to one rate.
    """
    # Lazy: a single clip, which is heard at once, needs no model and does not wait for it.
    from audiobrief.speak.lengths import Heard, fit_lengths  # noqa: PLC0415

    groups: dict[tuple[object, ...], list[Said]] = {}
    for one in said:
        voice = one.job.voice
        who = (voice.engine, voice.engine_voice, voice.options, voice.rate_wpm)
        groups.setdefault(who, []).append(one)
    found = []
    for group in groups.values():
        judged = [one for one in group if one.job.key in new]
        if not judged:
            continue
        others = [one for one in group if one.job.key not in new]
        evidence = judged + others[:: 1 + len(others) // _MOST_EVIDENCE]
        heard = [Heard(one.job.text, one.job.voice.rate_wpm, one.length_s) for one in evidence]
        doubts = fit_lengths(heard).doubts(range(len(judged)))
        found += [(judged[index], band_s) for index, band_s in doubts]
    return found


def spoken_again(
    said: Sequence[Said],
    new: Collection[str],
    engines: Mapping[str, Engine],
    discard: Callable[[str], None],
    tell: Callable[[str], None],
) -> Iterator[tuple[str, Clip]]:
    """Yield key and new clip of every new clip that does not fit its voice.

    One that comes out as long as before is kept, and named to the user: the text is said so.

    Args:
        said: All texts of a script.
        new: Keys of the clips that were made in this run: the others were judged before.
        engines: By name; opened only when there is something to speak.
        discard: Takes a clip that was refused twice out of the store.
        tell: Given what the user should know.

    Raises:
        SpeechError: A text does not fit the second time either. The others have been yielded.
    """
    doubts = doubted(said, frozenset(new))
    failures = []
    with ExitStack() as stack:
        # Whatever ends it: the next run must not take for judged what is still in doubt.
        in_doubt = [one.job.key for one, _band_s in doubts]
        stack.callback(_discard_all, in_doubt, discard)
        sessions: dict[str, Session] = {}
        for one, band_s in doubts:
            job = one.job
            name = job.voice.engine
            if name not in sessions:
                sessions[name] = stack.enter_context(engines[name].open())
            clip = spoken(sessions[name], job)
            flaw = find_flaw(clip, job.text, job.voice, band_s=band_s)
            length_s = clip.frame_count / clip.sample_rate_hz
            if not flaw:
                yield job.key, clip
            elif abs(length_s - one.length_s) <= _SAME_LENGTH * one.length_s:
                tell(f'listen to "{shortened(job.text)}": {flaw} for this voice, twice')
            else:
                discard(job.key)
                failures.append(refused_twice(job.text, flaw))
            in_doubt.remove(job.key)
    if failures:
        raise failures[0]


def forget_doubted(
    said: Sequence[Said], new: Collection[str], discard: Callable[[str], None]
) -> None:
    """Take new clips in doubt out of the store, where a run ends before they are spoken again.

    Args:
        said: All texts of a script, with or without clips.
        new: Keys of the clips that were made in this run.
        discard: Takes a clip out of the store.
    """
    for one, _band_s in doubted([one for one in said if one.is_there], frozenset(new)):
        discard(one.job.key)


def _discard_all(keys: Sequence[str], discard: Callable[[str], None]) -> None:
    for key in keys:
        discard(key)


def refused_twice(text: str, flaw: str) -> SpeechError:
    """Return the error that names a text whose clips are no good."""
    return SpeechError(
        f"the clip of this text was refused twice: {flaw}",
        shortened(text),
        remedy="reword the text, or give it another voice",
    )
