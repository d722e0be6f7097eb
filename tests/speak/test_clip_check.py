"""A clip is the whole text, or it is refused with the reason."""

from array import array
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.model.audio import Clip
from audiobrief.model.voice import Voice
from audiobrief.speak.check import find_flaw, length_band_s
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine
from audiobrief.speak.lengths import Heard, fit_lengths

VOICE = Voice("anchor", "pyttsx3", "en-us+f2")
TEXT = "The first boat leaves at six in the morning, and tickets cost the same as before."

#: Shapes of text that a length model gets wrong most easily.
SHAPES = [
    "No.",
    "A",
    "I.",
    "Oh no!",
    "Brrr.",
    "Hmm.",
    "42.",
    "1984",
    "3,141,592",
    "$5.5bn",
    "99999999999999",
    "10/11/2015",
    "FBI, CIA, NSA and GCHQ.",
    "IS",
    "One. Two. Three. Four. Five. Six. Seven. Eight.",
    "a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p.",
    "The the the the the the the the.",
    "http://www.example.com/path/to?x=1&y=2",
    "½ cup, ¾ tsp",
    "Café déjà vu naïve Ångström Zürich",
    "مرحبا بالعالم",
    "你好世界。",
    "😀 🎉",
    "strengths lengths months",
    "“Quoted,” he said — and left…",
    TEXT,
    " ".join([TEXT] * 6),
]


def clip_of(seconds, sample=8000):
    """Return a square wave."""
    return Clip(
        b"".join(n.to_bytes(2, "little", signed=True) for n in (sample, -sample))
        * int(seconds * 11025),
        22050,
    )


@pytest.mark.parametrize(
    "run", [".", "!?", "…'", ".'", "[", "'", "a", "A", "1", ",", "—", "a-", "e'", '."', "ll"]
)
def test_a_long_run_of_marks_is_judged_at_once(run):
    """In seconds it would be hours for the longest text: what a run costs is in proportion."""
    text = f"x{run * 40_000}"
    started = perf_counter()
    length_band_s(text, 170)
    fit_lengths([Heard("The boat leaves.", 170, 1.3)]).band_s(f"{run * 40_000}x", 170)
    assert perf_counter() - started < 2


@pytest.fixture(scope="module")
def session():
    """Return a session of the real engine."""
    with Pyttsx3Engine().open() as opened:
        yield opened


@pytest.mark.parametrize("text", SHAPES)
@pytest.mark.parametrize(
    ("engine_voice", "volume"),
    [
        ("en-us+f2", 1.0),
        ("en-us+klatt4", 0.5),
        ("en-us+Diogo", 1.0),
        ("en-us+klatt", 0.6),
        ("en-us+f3", 1.0),
    ],
)
def test_real_clips_of_all_shapes_are_accepted(session, text, engine_voice, volume):
    """In every shipped voice, at the ends of the range and in the middle."""
    for rate in (80, 170, 449):
        voice = Voice("v", "pyttsx3", engine_voice, rate_wpm=rate, volume=volume)
        assert find_flaw(session.speak(text, voice), text, voice) == ""


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5])
def test_a_clip_that_stops_halfway_is_refused(session, share):
    """Sentences of news: a half is never taken for the whole."""
    texts = [
        TEXT,
        "Harbor master Ana Ruiz announced the date at a meeting of the town council on Friday.",
        "They promised to continue support to the opposition while the talks are going on.",
        "He is willing to take part in the vote.",
    ]
    for text in texts:
        clip = session.speak(text, VOICE)
        cut = Clip(clip.pcm[: 2 * int(clip.frame_count * share)], clip.sample_rate_hz)
        assert find_flaw(cut, text, VOICE) != ""


def test_a_clip_that_goes_on_and_on_is_refused(session):
    """As when a pause of ten minutes was read out of the text."""
    clip = session.speak(TEXT, VOICE)
    assert "plausible" in find_flaw(Clip(clip.pcm * 3, 22050), TEXT, VOICE)


def test_no_sound_is_refused():
    """Zero frames."""
    assert find_flaw(Clip(b"", 22050), TEXT, VOICE) == "it has no sound at all"


def test_silence_is_refused():
    """The right length, nothing in it."""
    assert find_flaw(clip_of(5.0, 5), TEXT, VOICE) == "it is silent"


def test_noise_at_full_scale_is_refused():
    """The right length, all of it clipped."""
    assert find_flaw(clip_of(5.0, 32767), TEXT, VOICE) == "100% of it is clipped"


@pytest.mark.parametrize("level", [32000, 16000, 5000, 1500])
@pytest.mark.parametrize("engine_voice", ["en-us+f2", "en-us+klatt4", "en-us+announcer"])
def test_flat_tops_below_full_scale_are_refused(session, engine_voice, level):
    """An engine that is driven 20 dB too far, and whose sound is then made softer."""
    voice = Voice("v", "pyttsx3", engine_voice, volume=0.5)
    clip = session.speak(TEXT, voice)
    samples = memoryview(clip.pcm).cast("h")
    gain = 10 * level / max(map(abs, samples))
    flat = array("h", (max(-level, min(level, round(gain * sample))) for sample in samples))
    assert find_flaw(clip, TEXT, voice) == ""
    assert "of it is clipped" in find_flaw(Clip(flat.tobytes(), clip.sample_rate_hz), TEXT, voice)


@settings(deadline=None)
@given(st.text(min_size=1), st.integers(80, 449))
def test_the_band_is_never_empty(text, rate):
    """For any text and rate, the most is more than the least, and both more than nothing."""
    least, most = length_band_s(text, rate)
    assert 0 < least < most


@settings(deadline=None)
@given(st.text(), st.text(min_size=1))
def test_more_text_may_take_longer(text, more):
    """Words added never make the longest length shorter."""
    longer = f"{text} {more}"
    assert length_band_s(longer, 170)[1] >= length_band_s(text, 170)[1] - 1.0


def test_a_long_gap_in_the_middle_is_a_flaw():
    """A stall of a server, a lost part: the length alone may be plausible."""
    whole = clip_of(5.0).pcm
    middle = len(whole) // 4 * 2
    for gap_s, expected in ((0.8, ""), (2.0, "it is silent for 2.0 s in the middle")):
        silence = bytes(int(gap_s * 22050) * 2)
        kept = middle - len(silence) // 4 * 2
        gapped = Clip(whole[:kept] + silence + whole[kept + len(silence) :], 22050)
        assert find_flaw(gapped, TEXT, VOICE) == expected
