"""piper itself, its real loader and phonemes, on voices of a few kilobytes."""
# ruff: noqa: RUF001 - IPA is meant

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import audiobrief
from audiobrief.errors import SpeechError, VoiceNotFoundError, WorkspaceError
from audiobrief.model.script import Role, Segment
from audiobrief.model.voice import Voice
from audiobrief.speak.check import find_flaw
from audiobrief.speak.contract import check_engine
from audiobrief.speak.engine import ModelEngine, can_say, fingerprint_of
from audiobrief.speak.engines.piper import PiperEngine, read_model, speaker_of
from audiobrief.speak.run import speak
from tests.speak.scripted_engine import MemoryStore
from tests.speak.tiny_voices import PIPER_FRAMES, PIPER_HZ, write_piper_voice

pytest.importorskip("piper", reason="piper-tts, of the extra piper, is not installed")

TEXT = "The ferry of the harbor will run again from Monday."
NATURAL = (("natural_wpm", "170"),)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a voice."""
    folder = tmp_path_factory.mktemp("voices")
    write_piper_voice(folder)
    return folder


@pytest.fixture(scope="module")
def session():
    """Return a session for the whole module: a worker is ready in half a second."""
    with PiperEngine().open() as session:
        yield session


def voice_in(folder, **changes):
    """Return a profile of the tiny voice."""
    return replace(Voice("anchor", "piper", "tiny", folder=str(folder)), **changes)


def test_piper_keeps_the_contract(folder):
    """Markup, phonemes, controls, options: all spoken as text."""
    engine = PiperEngine()
    check_engine(engine, voice_in(folder))
    assert isinstance(engine, ModelEngine)


def ids_of(session, text, voice):
    """Return how many phoneme ids a text has, by the length of its sound."""
    clip = session.speak(text, voice)
    assert clip.sample_rate_hz == PIPER_HZ
    count, rest = divmod(clip.frame_count, PIPER_FRAMES)
    assert rest == 0
    return count


def test_the_length_is_exact(session, folder):
    """Every phoneme id has its frames: nothing is trimmed, padded or lost."""
    voice = voice_in(folder, options=NATURAL)
    # Two ids for each of f, stress, i, long and the full stop; two at the start, one at the end.
    assert ids_of(session, "Fee.", voice) == 2 * 5 + 3
    both = ids_of(session, "Fee. Fee.", voice)
    assert both == 2 * (2 * 5 + 3)


def test_phonemes_in_brackets_are_text(session, folder):
    """The library would speak letters here; the brackets are silent, what is in them is not."""
    voice = voice_in(folder, options=NATURAL)
    plain = ids_of(session, "He wrote hello in it.", voice)
    assert ids_of(session, "He wrote [[hello]] in it.", voice) == plain


def test_the_sounds_of_a_word_can_be_told(session, folder, tmp_path):
    """They replace the printed word, which keeps its time; what the model lacks is not told."""
    voice = voice_in(folder, options=NATURAL)
    text = "He met Xqz's wife (Xqz) today."
    told = session.speak_phonetic(text, voice, [(7, 10, "fiː"), (19, 22, "fiː")])
    assert told.frame_count // PIPER_FRAMES != ids_of(session, text, voice)
    marks = [text[m.start_char : m.end_char] for m in told.words]
    assert marks == ["He", "met", "Xqz's", "wife", "(Xqz)", "today."]
    assert find_flaw(told, text, voice) == ""
    assert can_say(PiperEngine(), voice, "fiː")
    write_piper_voice(tmp_path, without="θ")
    assert not can_say(PiperEngine(), voice_in(tmp_path), "θiː")
    assert can_say(PiperEngine(), voice_in(tmp_path), "ˈfiː")


def test_the_rate_is_that_of_the_other_engines(session, folder):
    """The voice's own rate is measured; what is asked for then holds the band of the check."""
    for rate_wpm in (120, 170, 240):
        voice = voice_in(folder, rate_wpm=rate_wpm)
        assert find_flaw(session.speak(TEXT, voice), TEXT, voice) == ""


def test_words_have_times(session, folder):
    """Also those that espeak-ng joins: it says "of the" as one word."""
    clip = session.speak(TEXT, voice_in(folder))
    assert [TEXT[mark.start_char : mark.end_char] for mark in clip.words] == TEXT.split()
    starts = [mark.start_frame for mark in clip.words]
    assert starts == sorted(set(starts))
    assert 0 < starts[0] < starts[-1] < clip.frame_count


def test_a_model_without_durations_has_no_word_times(session, tmp_path):
    """It speaks all the same."""
    write_piper_voice(tmp_path, has_durations=False)
    clip = session.speak(TEXT, voice_in(tmp_path))
    assert clip.words == ()
    assert clip.frame_count > 0


def test_a_sound_that_the_voice_lacks_is_named(session, tmp_path):
    """Left to itself, piper drops it, with a line in a log that nobody reads."""
    write_piper_voice(tmp_path, without="θ")
    voice = voice_in(tmp_path)
    with pytest.raises(SpeechError, match=r"no sound for the phoneme 'θ' \(U\+03B8\)"):
        session.speak("Both of them.", voice)
    assert session.speak("Two of them.", voice).frame_count > 0


def test_a_mark_that_the_voice_lacks_costs_no_sound(session, tmp_path):
    """Stress is a shade of a sound."""
    write_piper_voice(tmp_path, without="ˈˌ")
    assert session.speak(TEXT, voice_in(tmp_path)).frame_count > 0


def test_a_damaged_model_is_an_error_that_says_so(session, tmp_path):
    """And how to get it anew."""
    path = write_piper_voice(tmp_path)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(VoiceNotFoundError, match="DecodeError: Error parsing") as caught:
        session.speak("Hello there.", voice_in(tmp_path))
    assert caught.value.subject == str(path)
    assert caught.value.remedy == "audiobrief voices add piper:tiny --force"


@pytest.mark.parametrize(
    ("changes", "speaker"),
    [
        ({}, None),
        ({"options": (("model", "tiny.onnx"),)}, None),
        ({"engine_voice": "bo", "options": (("model", "tiny.onnx"),)}, 1),
        ({"engine_voice": "1", "options": (("model", "tiny.onnx"),)}, 1),
        ({"options": (("speaker_id", "ada"),)}, 0),
        ({"options": (("speaker_id", "1"),)}, 1),
    ],
)
def test_a_speaker_is_chosen_by_name_or_number(session, tmp_path, changes, speaker):
    """As `engine_voice` of a named model, or as an option."""
    write_piper_voice(tmp_path, speakers={"ada": 0, "bo": 1})
    voice = voice_in(tmp_path, **changes)
    assert speaker_of(voice, read_model(voice)) == speaker
    assert session.speak("Hello there.", voice).frame_count > 0


def test_an_unknown_speaker_is_refused(tmp_path):
    """The known ones are named."""
    write_piper_voice(tmp_path, speakers={"ada": 0, "bo": 1})
    voice = voice_in(tmp_path, options=(("speaker_id", "2"),))
    with pytest.raises(VoiceNotFoundError, match="ada, bo"):
        PiperEngine().voice_fingerprint(voice)


def test_a_missing_model_says_how_to_get_it(tmp_path):
    """So does a missing configuration."""
    engine = PiperEngine()
    with pytest.raises(VoiceNotFoundError) as caught:
        engine.voice_fingerprint(voice_in(tmp_path))
    assert caught.value.subject == str(tmp_path / "tiny.onnx")
    assert caught.value.remedy == "audiobrief voices add piper:tiny"
    write_piper_voice(tmp_path).with_name("tiny.onnx.json").unlink()
    with pytest.raises(VoiceNotFoundError) as caught:
        engine.voice_fingerprint(voice_in(tmp_path))
    assert caught.value.remedy == "audiobrief voices add piper:tiny"


@pytest.mark.parametrize("content", ["[]", "{", '{"num_speakers": null}'])
def test_a_configuration_that_is_none_is_refused(tmp_path, content):
    """Neither a traceback nor another voice."""
    write_piper_voice(tmp_path).with_name("tiny.onnx.json").write_text(content, "utf-8")
    with pytest.raises(VoiceNotFoundError, match="not one of piper"):
        PiperEngine().voice_fingerprint(voice_in(tmp_path))
    assert PiperEngine().voices_in(tmp_path) == []


def test_an_unknown_option_is_refused(session, folder):
    """With what was meant."""
    with pytest.raises(WorkspaceError, match="no such option") as caught:
        session.speak(TEXT, voice_in(folder, options=(("speaker", "1"),)))
    assert "did you mean speaker_id?" in caught.value.remedy


@pytest.mark.parametrize("written", ["fast", "-1", "nan"])
def test_an_own_rate_is_a_number(session, folder, written):
    """Else the voice would speak backwards."""
    with pytest.raises(WorkspaceError, match="natural_wpm"):
        session.speak(TEXT, voice_in(folder, options=(("natural_wpm", written),)))


def test_the_fingerprint_follows_the_files(tmp_path):
    """Same place, same size: the clips of the old voice are not those of the new."""
    path = write_piper_voice(tmp_path)
    engine, voice = PiperEngine(), voice_in(tmp_path)
    before = fingerprint_of(engine, voice)
    assert before == fingerprint_of(engine, replace(voice, name="other"))
    assert before.startswith("piper-adapter 1, piper-tts ")
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    after = fingerprint_of(engine, voice)
    assert after != before
    config_path = path.with_name("tiny.onnx.json")
    config = json.loads(config_path.read_text("utf-8"))
    config["audio"]["sample_rate"] = 16_000
    config_path.write_text(json.dumps(config), "utf-8")
    assert fingerprint_of(engine, voice) not in {before, after}


def test_a_new_model_makes_new_clips(tmp_path):
    """A build that has the old ones does not take them for the new voice's."""
    write_piper_voice(tmp_path)
    voice, store = voice_in(tmp_path), MemoryStore()
    segment = Segment("s1", Role.NARRATOR, TEXT, TEXT, "anchor", 300, (0, 1), 0)

    def made():
        return speak([segment], {"anchor": voice}, {"piper": PiperEngine()}.get, store, ignore)

    assert [made().synthesized, made().synthesized] == [1, 0]
    write_piper_voice(tmp_path, has_durations=False)
    assert made().synthesized == 1
    assert len(store.clips) == 2


def ignore(*progress):
    """Listen to no progress."""


def test_the_voices_in_a_folder_are_listed(folder):
    """With the language of their configuration."""
    assert [(v.id, v.languages) for v in PiperEngine().voices_in(folder)] == [("tiny", ("en-US",))]
    assert PiperEngine().voices() == ()


@pytest.mark.parametrize("name", ["piper", "kokoro"])
def test_an_engine_that_is_not_installed_says_what_installs_it(name):
    """In an interpreter without any package; none is needed to be told so."""
    root = Path(audiobrief.__file__).parents[1]
    program = (
        f"import sys; sys.path.insert(0, {str(root)!r})\n"
        f"from audiobrief.speak.engines.{name} import make_engine\n"
        "from audiobrief.errors import EngineUnavailableError\n"
        "try: make_engine().fingerprint()\n"
        "except EngineUnavailableError as error: print(error.problem, '|', error.remedy)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True
    )
    wanted = f"{name} is not installed | python -m pip install 'audiobrief[{name}]'\n"
    assert done.stdout == wanted
