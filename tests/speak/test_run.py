"""Segments to clips: each once, each proven, each kept."""

import threading

import pytest

from audiobrief.errors import SpeechError, VoiceNotFoundError, WorkspaceError
from audiobrief.model.audio import Clip
from audiobrief.model.script import Role, Segment
from audiobrief.model.voice import Voice
from audiobrief.speak.check import find_flaw
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine
from audiobrief.speak.job import Job, spoken
from audiobrief.speak.run import ready_session, speak, speak_one
from tests.speak.scripted_engine import MemoryStore, ScriptedEngine, ScriptedSession

VOICES = {
    "anchor": Voice("anchor", "tone", "tone-1"),
    "twin": Voice("twin", "tone", "tone-1", language="de"),
    "guest": Voice("guest", "tone", "tone-2"),
}


def segments_of(*lines):
    """Return segments of ``(text, voice)`` pairs, or of texts for the anchor."""
    pairs = [(line, "anchor") if isinstance(line, str) else line for line in lines]
    return [
        Segment(f"s{n}", Role.NARRATOR, text, text, voice, 300, (n, n + 1), 0)
        for n, (text, voice) in enumerate(pairs)
    ]


def run(segments, engine, store, progress=lambda *_: None, voices=VOICES):
    """Speak with one engine, whatever its name."""
    return speak(segments, voices, lambda _name: engine, store, progress)


def many(count):
    """Return so many different sentences."""
    return [f"This is the sentence with the number {chr(97 + n // 26)}{n}." for n in range(count)]


def test_every_segment_has_its_clip():
    """Keys lead from every segment to a sound clip of its text."""
    segments, store = segments_of("One pier.", ("Two boats.", "guest")), MemoryStore()
    result = run(segments, ScriptedEngine(), store)
    assert list(result.keys) == ["s0", "s1"]
    for segment in segments:
        clip = store.get(result.keys[segment.id])
        assert find_flaw(clip, segment.spoken, VOICES[segment.voice]) == ""
    assert (result.synthesized, result.cached) == (2, 0)
    assert result.engine_versions == (("tone", "tone 1"),)


def test_what_an_engine_tells_is_told_once():
    """Notes come from the threads of the sessions, and are kept with the result."""

    class Telling(ScriptedEngine):
        def listen(self, tell):
            self.tell = tell

        def open(self):
            self.tell("the server asks for a rest")
            return super().open()

    result = run(segments_of(*many(30)), Telling(max_sessions=2), MemoryStore())
    assert result.notes == ("the server asks for a rest",)


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        (None, "gives NoneType in place of a clip"),
        (b"sound", "gives bytes in place of a clip"),
        (Clip(bytes(4000), 0), "gives a clip of 0 samples a second"),
        (Clip(bytes(4000), float("nan")), "gives a clip of nan samples a second"),
        (Clip(bytes(4001), 22050), "gives a clip that is not of whole 16-bit samples"),
        (Clip("sound", 22050), "gives a clip that is not of whole 16-bit samples"),
    ],
)
def test_what_no_engine_may_return_is_told_as_its_defect(returned, told):
    """With the text, and who has made the engine; nothing is kept."""

    class Careless(ScriptedEngine):
        def open(self):
            session = super().open()
            session.speak = lambda _text, _voice: returned
            return session

    store = MemoryStore()
    with pytest.raises(SpeechError, match=f'a defect in the engine "tone": it {told}') as caught:
        run(segments_of("One pier."), Careless(), store)
    assert caught.value.subject == "One pier."
    assert caught.value.remedy.startswith("report it to whoever makes tests")
    assert store.clips == {}


def test_an_engine_that_says_more_than_its_sessions_keep_is_told_so():
    """It takes phonemes, and they do not."""
    job = Job("k", "One pier.", VOICES["anchor"], ((4, 8, "pi"),))
    with pytest.raises(SpeechError, match="says that it takes phonemes"):
        spoken(ScriptedEngine().open(), job)


def test_the_same_words_in_the_same_voice_are_spoken_once():
    """The name of the profile and its language label make no other sound."""
    engine = ScriptedEngine()
    segments = segments_of("Yes.", "Yes.", ("Yes.", "twin"), ("Yes.", "guest"))
    result = run(segments, engine, MemoryStore())
    assert engine.spoken == ["Yes.", "Yes."]
    assert result.synthesized == 2
    assert result.keys["s0"] == result.keys["s1"] == result.keys["s2"] != result.keys["s3"]


def test_what_is_there_is_not_spoken_again_and_no_engine_is_opened():
    """A second build asks for the fingerprint and that is all."""
    segments, store = segments_of(*many(5)), MemoryStore()
    first = run(segments, ScriptedEngine(), store)
    engine = ScriptedEngine()
    second = run(segments, engine, store)
    assert (second.synthesized, second.cached, engine.opened) == (0, 5, 0)
    assert second.keys == first.keys


def test_one_word_changed_costs_one_clip():
    """And the order costs none."""
    store, texts = MemoryStore(), many(5)
    run(segments_of(*texts), ScriptedEngine(), store)
    result = run(segments_of("Another word.", *texts[:0:-1]), ScriptedEngine(), store)
    assert (result.synthesized, result.cached) == (1, 4)


def test_progress_is_told_in_the_thread_of_the_caller():
    """Once a clip, counting up to all of them, also with several sessions."""
    told = []
    texts, store = many(40), MemoryStore()
    run(segments_of(*texts[:4]), ScriptedEngine(), store)
    run(
        segments_of(*texts),
        ScriptedEngine(max_sessions=3),
        store,
        lambda *what: told.append((*what, threading.current_thread())),
    )
    assert [(done, total) for done, total, *_ in told] == [(n, 40) for n in range(5, 41)]
    assert {thread for *_, thread in told} == {threading.current_thread()}
    assert {text for _, _, text, _ in told} == set(texts[4:])


@pytest.mark.parametrize("max_sessions", [1, 2, 5])
def test_the_result_does_not_depend_on_the_number_of_sessions(max_sessions):
    """The same keys in the same order, the same clips; every session is closed."""
    segments, store, plain = segments_of(*many(60)), MemoryStore(), MemoryStore()
    engine = ScriptedEngine(max_sessions=max_sessions)
    result = run(segments, engine, store)
    assert list(result.keys.items()) == list(run(segments, ScriptedEngine(), plain).keys.items())
    assert store.clips == plain.clips
    assert engine.opened == engine.closed == max_sessions


def test_few_clips_do_not_open_many_sessions():
    """A further session costs more than it saves."""
    engine = ScriptedEngine(max_sessions=4)
    run(segments_of(*many(13)), engine, MemoryStore())
    assert engine.opened == 2


def test_a_clip_that_is_cut_off_is_made_again():
    """The second one is whole, and is the one that is kept."""
    text = many(1)[0]
    engine, store = ScriptedEngine({text: ["cut"]}), MemoryStore()
    result = run(segments_of(text), engine, store)
    assert engine.spoken == [text, text]
    assert find_flaw(store.get(result.keys["s0"]), text, VOICES["anchor"]) == ""


@pytest.mark.parametrize("max_sessions", [1, 2])
@pytest.mark.parametrize("deeds", [["cut", "cut"], ["error"]])
def test_a_text_that_fails_is_named_and_the_others_are_kept(max_sessions, deeds):
    """All that was finished before is in the store; the next run has only the rest to do."""
    texts = many(30)
    engine = ScriptedEngine({texts[20]: list(deeds)}, max_sessions)
    store = MemoryStore()
    with pytest.raises(SpeechError) as caught:
        run(segments_of(*texts), engine, store)
    assert caught.value.subject == texts[20]
    kept = len(store.clips)
    assert kept == len(set(engine.spoken)) - 1 >= 19
    assert engine.opened == engine.closed
    assert run(segments_of(*texts), ScriptedEngine(), store).synthesized == 30 - kept


@pytest.mark.parametrize("max_sessions", [1, 2])
def test_an_interrupt_in_the_engine_keeps_what_is_finished(max_sessions):
    """Ctrl-C is passed on; sessions are closed."""
    texts, store = many(30), MemoryStore()
    engine = ScriptedEngine({texts[20]: ["interrupt"]}, max_sessions)
    with pytest.raises(KeyboardInterrupt):
        run(segments_of(*texts), engine, store)
    assert len(store.clips) >= 19
    assert engine.opened == engine.closed


@pytest.mark.parametrize("max_sessions", [1, 2])
def test_an_interrupt_while_storing_closes_the_sessions(max_sessions):
    """The caller's own code may be what is interrupted; no thread is left."""

    def interrupt(done, _total, _text):
        if done == 3:
            raise KeyboardInterrupt

    threads = set(threading.enumerate())
    engine, store = ScriptedEngine(max_sessions=max_sessions), MemoryStore()
    with pytest.raises(KeyboardInterrupt):
        run(segments_of(*many(40)), engine, store, interrupt)
    assert len(store.clips) == 3
    assert engine.opened == engine.closed == max_sessions
    assert not set(threading.enumerate()) - threads


def test_an_interrupt_does_not_wait_for_the_text_in_hand():
    """The other session is closed in the middle of it."""

    def interrupt(_done, _total, _text):
        raise KeyboardInterrupt

    texts = many(40)
    engine = ScriptedEngine({texts[0]: ["blocks"]}, max_sessions=2)
    with pytest.raises(KeyboardInterrupt):
        run(segments_of(*texts), engine, MemoryStore(), interrupt)
    assert engine.broken_off == [True]


def test_one_failure_ends_what_others_wait_for():
    """A session that waits to ask again is not waited for; finished clips are kept."""

    class Patient(ScriptedSession):
        def wind_down(self):
            self.ended.set()

    class PatientEngine(ScriptedEngine):
        def open(self):
            self.opened += 1
            return Patient(self)

    texts, store = many(40), MemoryStore()
    script = {texts[0]: ["blocks"], texts[20]: ["error"]}
    engine = PatientEngine(script, max_sessions=2)
    with pytest.raises(SpeechError) as caught:
        run(segments_of(*texts), engine, store)
    assert (caught.value.subject, engine.broken_off) == (texts[20], [True])
    assert len(store.clips) == 19
    assert engine.opened == engine.closed == 2


@pytest.mark.parametrize("kept", range(6))
def test_a_run_killed_after_any_clip_goes_on_there(kept):
    """What was stored by then is not made again."""
    texts, store = many(6), MemoryStore()
    if kept:
        run(segments_of(*texts[:kept]), ScriptedEngine(), store)
    assert run(segments_of(*texts), ScriptedEngine(), store).synthesized == 6 - kept


def test_an_unknown_voice_is_named():
    """The engine's own error comes through."""
    voices = {"anchor": Voice("anchor", "tone", "missing")}
    with pytest.raises(VoiceNotFoundError, match="missing"):
        run(segments_of("Hello."), ScriptedEngine(), MemoryStore(), voices=voices)


def test_a_profile_out_of_range_is_refused_before_anything_is_spoken():
    """Even when it is the last segment's."""
    engine = ScriptedEngine()
    voices = VOICES | {"fast": Voice("fast", "tone", "tone-1", rate_wpm=1000)}
    with pytest.raises(WorkspaceError, match="rate"):
        run(segments_of("One.", ("Two.", "fast")), engine, MemoryStore(), voices=voices)
    assert engine.spoken == []


def test_nothing_to_say_asks_no_engine():
    """An empty script is no error here."""

    def no_engine(name):
        raise AssertionError(name)

    result = speak([], VOICES, no_engine, MemoryStore(), lambda *_: None)
    assert (dict(result.keys), result.synthesized, result.engine_versions) == ({}, 0, ())


def test_one_text_is_proven_like_all():
    """A clip that is cut off is made again, once."""
    text, anchor = many(1)[0], VOICES["anchor"]
    with ready_session(ScriptedEngine({text: ["cut"]})) as session:
        assert find_flaw(speak_one(text, anchor, session), text, anchor) == ""
    with ready_session(ScriptedEngine({text: ["cut", "cut"]})) as session:
        with pytest.raises(SpeechError, match="refused twice"):
            speak_one(text, anchor, session)
        with pytest.raises(WorkspaceError, match="rate"):
            speak_one(text, Voice("fast", "tone", "tone-1", rate_wpm=1000), session)


def test_two_workers_speak_an_article():
    """The real engine, two processes, two voices: every clip is whole."""
    voices = {
        "anchor": Voice("anchor", "pyttsx3", "en-us+f2"),
        "guest": Voice("guest", "pyttsx3", "en-us+klatt4", volume=0.5),
    }
    lines = [(text, ("anchor", "guest")[n % 2]) for n, text in enumerate(many(26))]
    segments, store = segments_of(*lines), MemoryStore()
    result = run(segments, Pyttsx3Engine(), store, voices=voices)
    assert result.synthesized == 26
    for segment in segments:
        clip = store.get(result.keys[segment.id])
        assert find_flaw(clip, segment.spoken, voices[segment.voice]) == ""
