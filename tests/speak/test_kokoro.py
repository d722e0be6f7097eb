"""kokoro-onnx itself, its real loader and phonemes, on a model of a few kilobytes."""
# ruff: noqa: RUF001 - IPA is meant

import math
from dataclasses import replace

import pytest

from audiobrief.errors import SpeechError, VoiceNotFoundError, WorkspaceError
from audiobrief.model.voice import Voice
from audiobrief.speak.check import find_flaw
from audiobrief.speak.contract import check_engine
from audiobrief.speak.engine import ModelEngine, can_say, fingerprint_of
from audiobrief.speak.engines.kokoro import KokoroEngine, language_of
from tests.speak.tiny_voices import KOKORO_FRAMES, KOKORO_HZ, write_kokoro_voices

pytest.importorskip("kokoro_onnx", reason="kokoro-onnx, of the extra kokoro, is not installed")

TEXT = "The ferry of the harbor will run again from Monday."
FILES = (("model", "tiny.onnx"), ("voices", "voices-tiny.bin"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a model and two voices."""
    folder = tmp_path_factory.mktemp("voices")
    write_kokoro_voices(folder)
    return folder


@pytest.fixture(scope="module")
def session():
    """Return a session for the whole module."""
    with KokoroEngine().open() as session:
        yield session


def voice_in(folder, *options, **changes):
    """Return a profile of a tiny voice."""
    voice = Voice("anchor", "kokoro", "af_tiny", options=(*FILES, *options), folder=str(folder))
    return replace(voice, **changes)


def test_kokoro_keeps_the_contract(folder):
    """Markup, phonemes, controls, options: all spoken as text."""
    engine = KokoroEngine()
    check_engine(engine, voice_in(folder))
    assert isinstance(engine, ModelEngine)


def test_the_length_is_exact(session, folder):
    """Every token has its frames: f, stress, i, long, full stop, and one at either end."""
    clip = session.speak("Fee.", voice_in(folder, ("natural_wpm", "170")))
    assert (clip.frame_count, clip.sample_rate_hz) == (7 * KOKORO_FRAMES, KOKORO_HZ)


def test_the_sounds_of_a_word_can_be_told(session, folder):
    """They replace the printed word, which keeps its time; what the model lacks is not told."""
    voice = voice_in(folder, ("natural_wpm", "170"))
    exact = session.speak_phonetic("Xqz.", voice, [(0, 3, "ˈfiː")])
    assert exact.frame_count == session.speak("Fee.", voice).frame_count
    text = "He met Xqz's wife (Xqz) today."
    told = session.speak_phonetic(text, voice, [(7, 10, "fiː"), (19, 22, "fiː")])
    marks = [text[m.start_char : m.end_char] for m in told.words]
    assert marks == ["He", "met", "Xqz's", "wife", "(Xqz)", "today."]
    assert find_flaw(told, text, voice) == ""
    assert can_say(KokoroEngine(), voice, "ˈfiː")
    assert not can_say(KokoroEngine(), voice, "ɬan")


def test_nothing_of_a_long_sentence_is_cut(session, folder):
    """More than the 510 phonemes of one pass, and no mark to divide it at."""
    text = "They met on the pier " * 60
    voice = voice_in(folder, ("natural_wpm", "170"))
    clip = session.speak(text, voice)
    assert find_flaw(clip, text, voice) == ""
    assert len(clip.words) == len(text.split())


def test_the_rate_is_that_of_the_other_engines(session, folder):
    """The voice's own rate is measured; what is asked for then holds the band of the check."""
    for rate_wpm in (120, 170, 240):
        voice = voice_in(folder, rate_wpm=rate_wpm)
        assert find_flaw(session.speak(TEXT, voice), TEXT, voice) == ""


def test_a_rate_beyond_the_voice_is_refused(session, folder):
    """kokoro-onnx goes from half to twice the voice's own rate."""
    with pytest.raises(SpeechError, match="at 400 words a minute, only at 85 to 340") as caught:
        session.speak(TEXT, voice_in(folder, ("natural_wpm", "170"), rate_wpm=400))
    assert caught.value.remedy == "set rate_wpm in voices/anchor.toml to 85..340"


def test_a_damaged_model_says_how_to_get_it_anew(session, tmp_path):
    """It was cut off."""
    model, _ = write_kokoro_voices(tmp_path)
    model.write_bytes(model.read_bytes()[:300])
    with pytest.raises(VoiceNotFoundError, match="its model cannot be read") as caught:
        session.speak(TEXT, voice_in(tmp_path))
    assert caught.value.subject == str(model)
    assert caught.value.remedy == "audiobrief voices add kokoro:af_tiny --force"


def test_the_volume_is_kept(session, folder):
    """Half as much is half as loud."""
    loud, soft = (
        max(memoryview(session.speak("Hello.", voice_in(folder, volume=v)).pcm).cast("h"))
        for v in (1.0, 0.5)
    )
    assert math.isclose(loud, 2 * soft, rel_tol=0.001)


def test_words_have_times(session, folder):
    """Also those that espeak-ng joins: it says "of the" as one word."""
    clip = session.speak(TEXT, voice_in(folder))
    assert [TEXT[mark.start_char : mark.end_char] for mark in clip.words] == TEXT.split()
    starts = [mark.start_frame for mark in clip.words]
    assert starts == sorted(set(starts))
    assert starts[-1] < clip.frame_count


def test_a_model_without_durations_has_no_word_times(session, tmp_path):
    """The model of the first release has none."""
    write_kokoro_voices(tmp_path, has_durations=False)
    clip = session.speak(TEXT, voice_in(tmp_path))
    assert clip.words == ()
    assert clip.frame_count > 0


def test_a_sound_that_the_model_lacks_is_named(session, folder):
    """kokoro-onnx leaves it out without a word: here the Welsh "ll"."""
    with pytest.raises(SpeechError, match="no sound for the phoneme"):
        session.speak("llan", voice_in(folder, ("lang", "cy")))


def test_what_has_no_sound_is_refused(session, folder):
    """As the engines beside it do."""
    with pytest.raises(SpeechError):
        session.speak("...", voice_in(folder))


def test_an_unknown_option_is_refused(session, folder):
    """With what was meant."""
    with pytest.raises(WorkspaceError, match="no such option") as caught:
        session.speak(TEXT, voice_in(folder, ("language", "cy")))
    assert "did you mean lang?" in caught.value.remedy


def test_a_missing_file_says_how_to_get_it(tmp_path):
    """And a missing line."""
    engine = KokoroEngine()
    with pytest.raises(VoiceNotFoundError) as caught:
        engine.voice_fingerprint(voice_in(tmp_path))
    assert caught.value.subject == str(tmp_path / "tiny.onnx")
    assert caught.value.remedy == "audiobrief voices add kokoro:af_tiny"
    with pytest.raises(WorkspaceError, match="voices add kokoro:af_tiny"):
        engine.voice_fingerprint(voice_in(tmp_path, options=()))


def test_an_unknown_voice_names_the_nearest(folder):
    """Before a worker is started."""
    with pytest.raises(VoiceNotFoundError, match="did you mean 'bm_tiny'"):
        KokoroEngine().voice_fingerprint(voice_in(folder, engine_voice="bm_tinny"))


def test_a_damaged_voices_file_is_refused(tmp_path):
    """An archive cut off."""
    _, voices = write_kokoro_voices(tmp_path)
    voices.write_bytes(voices.read_bytes()[:1000])
    with pytest.raises(VoiceNotFoundError, match="cannot be read"):
        KokoroEngine().voice_fingerprint(voice_in(tmp_path))


def test_the_fingerprint_follows_the_files(tmp_path):
    """Model and voices both count."""
    model, voices = write_kokoro_voices(tmp_path)
    engine, voice = KokoroEngine(), voice_in(tmp_path)
    seen = {fingerprint_of(engine, voice)}
    for path in (model, voices):
        path.write_bytes(path.read_bytes() + b"\n")
        seen.add(fingerprint_of(engine, voice))
    assert len(seen) == 3


def test_the_voices_of_a_folder_are_listed(folder):
    """With the language that their names tell."""
    listed = [(v.id, v.languages) for v in KokoroEngine().voices_in(folder)]
    assert listed == [("af_tiny", ("en-us",)), ("bm_tiny", ("en-gb",))]
    assert KokoroEngine().voices() == ()
    assert language_of("zf_xiaobei") == "cmn"
