"""A clip that fits the general band, and not its voice, is spoken again once, and then named."""

import pytest

from audiobrief.errors import SpeechError
from audiobrief.model.script import Role, Segment
from audiobrief.model.voice import Voice
from audiobrief.speak.check import find_flaw
from audiobrief.speak.run import speak
from tests.speak.length_texts import plain_texts
from tests.speak.scripted_engine import MemoryStore, ScriptedEngine

ANCHOR = Voice("anchor", "tone", "tone-1")
VOICES = {"anchor": ANCHOR, "guest": Voice("guest", "tone", "tone-2")}
TEXTS = plain_texts(40)
EDITED = (
    "Most of the members agreed to wait until the long winter was over and the price had fallen."
)


def run(texts, engine, store, voice="anchor"):
    """Speak texts in one voice."""
    segments = [
        Segment(f"s{n}", Role.NARRATOR, text, text, voice, 300, (n, n + 1), 0)
        for n, text in enumerate(texts)
    ]
    return speak(segments, VOICES, lambda _name: engine, store, lambda *_: None)


def clip_of(result, store, index):
    """Return the clip of a segment."""
    return store.get(result.keys[f"s{index}"])


@pytest.fixture
def whole():
    """Return the clip of the edited text as it should be."""
    store = MemoryStore()
    return clip_of(run([EDITED], ScriptedEngine(), store), store, 0)


def test_the_general_band_takes_it():
    """Two thirds of a sentence, in a voice of which nothing else was heard."""
    engine, store = ScriptedEngine({EDITED: ["short"]}), MemoryStore()
    result = run([EDITED], engine, store)
    assert find_flaw(clip_of(result, store, 0), EDITED, ANCHOR) == ""
    assert engine.spoken == [EDITED]


@pytest.mark.parametrize("cached", [40, 20, 0])
@pytest.mark.parametrize("max_sessions", [1, 3])
def test_a_voice_with_evidence_refuses_it(whole, cached, max_sessions):
    """Whether the evidence is of earlier runs or of this one; the second clip is kept."""
    store = MemoryStore()
    run(TEXTS[:cached], ScriptedEngine(), store)
    engine = ScriptedEngine({EDITED: ["short"]}, max_sessions)
    result = run([EDITED, *TEXTS], engine, store)
    assert engine.spoken.count(EDITED) == 2
    assert len(engine.spoken) == 42 - cached
    assert clip_of(result, store, 0) == whole
    assert (result.synthesized, result.cached) == (41 - cached, cached)
    assert engine.opened == engine.closed


def test_refused_twice_it_is_named_and_the_others_are_kept():
    """In the words of every refused clip."""
    store = MemoryStore()
    engine = ScriptedEngine({EDITED: ["short", "shorter"]})
    with pytest.raises(SpeechError, match=r"refused twice: .* s of sound, where") as caught:
        run([EDITED, *TEXTS], engine, store)
    assert caught.value.subject == EDITED
    assert engine.spoken.count(EDITED) == 2
    assert len(store.clips) == 40
    assert engine.opened == engine.closed


@pytest.mark.parametrize(
    "script", [{EDITED: ["short"], TEXTS[39]: ["error"]}, {EDITED: ["short", "error"]}]
)
def test_what_a_failed_run_left_in_doubt_is_spoken_anew(whole, script):
    """Another text failed, or the second speaking did: the next run does not take it for judged."""
    store = MemoryStore()
    with pytest.raises(SpeechError, match="scripted"):
        run([EDITED, *TEXTS], ScriptedEngine(script), store)
    engine = ScriptedEngine()
    result = run([EDITED, *TEXTS], engine, store)
    assert EDITED in engine.spoken
    assert clip_of(result, store, 0) == whole


def test_what_was_refused_does_not_pass_the_next_time(whole):
    """Its clip is no longer in the store; a whole one takes its place."""
    store = MemoryStore()
    engine = ScriptedEngine({EDITED: ["short", "shorter"]})
    with pytest.raises(SpeechError, match="refused twice"):
        run([EDITED, *TEXTS], engine, store)
    result = run([EDITED, *TEXTS], engine, store)
    assert clip_of(result, store, 0) == whole
    assert (result.synthesized, result.cached) == (1, 40)


def test_twice_of_one_length_it_is_the_way_the_voice_says_it():
    """It is kept, the user is told to listen, and it is not spoken a third time."""
    store = MemoryStore()
    engine = ScriptedEngine({EDITED: ["short", "short"]})
    result = run([EDITED, *TEXTS], engine, store)
    assert any(EDITED in note and "listen to" in note for note in result.notes)
    assert engine.spoken.count(EDITED) == 2
    again = run([EDITED, *TEXTS[1:]], engine, store)
    assert (again.synthesized, again.notes) == (0, ())
    assert engine.spoken.count(EDITED) == 2


def test_one_that_fails_does_not_keep_others_from_being_mended(whole):
    """Two are in doubt; the first fails again."""
    store = MemoryStore()
    engine = ScriptedEngine({TEXTS[0]: ["short", "shorter"], EDITED: ["short"]})
    with pytest.raises(SpeechError):
        run([*TEXTS, EDITED], engine, store)
    assert whole in store.clips.values()


def test_another_voice_is_no_evidence():
    """Each voice is learned by itself."""
    store = MemoryStore()
    run(TEXTS, ScriptedEngine(), store)
    engine = ScriptedEngine({EDITED: ["short"]})
    run([EDITED], engine, store, "guest")
    assert engine.spoken == [EDITED]


def test_nothing_in_doubt_opens_no_engine():
    """A second build of whole clips."""
    store = MemoryStore()
    run(TEXTS, ScriptedEngine(), store)
    engine = ScriptedEngine()
    assert run(TEXTS, engine, store).cached == 40
    assert engine.opened == 0
