"""Words whose sounds are known: held by a character each, told to the engine, timed as printed."""
# ruff: noqa: RUF001 - IPA is meant

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.model.audio import WordMark
from audiobrief.model.script import Role, Segment
from audiobrief.model.voice import Voice
from audiobrief.speak.bundle import find_bundle
from audiobrief.speak.check import find_flaw, uncovered_words
from audiobrief.speak.engine import can_say
from audiobrief.speak.engines.espeak import EspeakEngine
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine
from audiobrief.speak.engines.tone import ToneEngine
from audiobrief.speak.espeak_phonemes import _SIGNS, espeak_phonemes
from audiobrief.speak.key import clip_key
from audiobrief.speak.phonetic import hold, plain_ipa, released
from audiobrief.speak.run import speak
from audiobrief.speak.utterance import plain_text, words_of
from tests.speak.scripted_engine import MemoryStore

VOICE = Voice("guest", "espeak", "en-us+f2")
WORDS = st.lists(st.sampled_from(["Dyett", "al-Reis", "Free Syrian Army", "(Cai)", "—", "x."]))


def places(text, word):
    """Return where a word stands."""
    found, at = [], text.find(word)
    while at >= 0:
        found.append((at, at + len(word)))
        at = text.find(word, at + len(word))
    return found


@given(before=WORDS, after=WORDS, word=st.sampled_from(["Dyett", "al-Reis", "Free Syrian Army"]))
def test_marks_come_back_to_the_words_that_were_held(before, after, word):
    """Whatever stands around: a mark on each word of what was spoken covers the printed text."""
    text = "  ".join([*before, word, "\U000f0001 [[h@l]]", *after])
    held = hold(text, [(a, b, "ˈdaɪət") for a, b in places(text, word)])
    assert all(one not in held.text for one in (word,))
    spoken = plain_text(held.text)
    marks = [WordMark(w.start, w.end, n) for n, w in enumerate(words_of(spoken))]
    back = released(marks, held)
    plain = plain_text(text)
    assert [m.start_frame for m in back] == sorted(m.start_frame for m in back)
    covered = set()
    for mark in back:
        assert 0 <= mark.start_char < mark.end_char <= len(plain)
        covered |= set(range(mark.start_char, mark.end_char))
    assert {n for n, c in enumerate(plain) if c.isalnum()} <= covered
    for start, end in places(plain, word):
        assert any(m.start_char <= start and end <= m.end_char for m in back)


def test_a_possessive_belongs_to_the_word():
    """Else the voice would read an S; straight or curly."""
    for mark in "'’":
        held = hold(f"Boyce{mark}s, Cai{mark}s", [(0, 5, "bɔɪs"), (9, 12, "kaɪ")])
        assert list(held.ipa.values()) == ["bɔɪsɪz", "kaɪz"]
    assert list(hold("Cai'star", [(0, 3, "kaɪ")]).ipa.values()) == ["kaɪ"]


# What espeak-ng itself makes of the phonemes.

_TRACE = """
import ctypes, json, os, sys
library, texts, path = ctypes.CDLL(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3].encode()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
library.espeak_SetPhonemeTrace.argtypes = (ctypes.c_int, ctypes.c_void_p)
library.espeak_Initialize(2, 0, None, 0x8000)
library.espeak_SetSynthCallback(None)
library.espeak_SetVoiceByName(b"en-us")
libc.fflush.argtypes = (ctypes.c_void_p,)
trace = libc.fopen(path, b"w")
library.espeak_SetPhonemeTrace(2, trace)
for text in texts:
    content = text.encode()
    library.espeak_Synth(content, ctypes.c_size_t(len(content) + 1), 0, 1, 0, 0x101, None, None)
libc.fflush(trace)
os._exit(0)
"""


def traced(phonemes, path):
    """Return the IPA that espeak-ng traces for phonemes, without stress."""
    bundle = find_bundle()
    texts = json.dumps([f"[[{one}]]" for one in phonemes])
    subprocess.run(
        [sys.executable, "-c", _TRACE, str(bundle.library), texts, str(path)],
        check=True,
        env={"ESPEAK_DATA_PATH": bundle.data.name},
        cwd=bundle.data.parent,
    )
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]


@pytest.mark.skipif(sys.platform == "win32", reason="the trace needs a C stream")
def test_the_table_is_what_espeak_ng_says(tmp_path):
    """Each phoneme is the sound under whose sign it stands; American English merges a few."""
    merged = {"ɪ": "i", "ɒ": "ɑː", "ɪə": "iə", "eə": "ɛɹ", "ʊə": "ʊɹ", "ɾ": "t"}
    signs = {p: s.split() for p, s in _SIGNS.items() if p not in {"'", ","}}
    said = traced(signs, tmp_path / "trace.txt")
    assert len(said) == len(signs)
    for (_phoneme, known), heard in zip(signs.items(), said, strict=True):
        assert heard.strip("ˈˌ") in {*known, *(merged.get(sign, "") for sign in known)}


@pytest.mark.skipif(sys.platform == "win32", reason="the trace needs a C stream")
def test_whole_names_are_said_with_their_stress(tmp_path):
    """Where it stands in IPA, before the syllable, it is heard on its vowel."""
    names = {
        "ʃɪˈvɔːn": "ʃɪvˈɔːn",
        "/ˈdaɪ.ət/": "dˈaɪət",
        "ˌzɛlənˈskɪ": "zˌɛlənskˈɪ",
        "tʃəˈnoʊbəl": "tʃənˈoʊbəl",
        "ɹəˈʒiːm": "ɹəʒˈiːm",
    }
    assert traced(map(espeak_phonemes, names), tmp_path / "trace.txt") == list(names.values())


@pytest.mark.parametrize("ipa", ["ʁwa", "tʏʁ", "ɲandu", "\u01c3"])
def test_sounds_that_english_has_not_are_refused(ipa):
    """The word is then read as it is printed or respelled; never with a sound left out."""
    assert espeak_phonemes(ipa) is None
    assert not can_say(EspeakEngine(), VOICE, ipa)


@pytest.mark.parametrize("ipa", ["ˈ", "ˌ ˈ", "."])
def test_ipa_without_a_sound_is_not_told(ipa):
    """The word would be silent; it is read as printed or respelled."""
    assert not can_say(EspeakEngine(), VOICE, ipa)


def test_who_can_be_told():
    """English voices of espeak; pyttsx3 reads phonemes aloud, and tones have none."""
    assert can_say(EspeakEngine(), VOICE, "ˈdaɪət")
    assert not can_say(EspeakEngine(), Voice("v", "espeak", "de"), "ˈdaɪət")
    assert not can_say(Pyttsx3Engine(), Voice("v", "pyttsx3", "en-us"), "ˈdaɪət")
    assert not can_say(ToneEngine(), Voice("v", "tone", "tone-1"), "ˈdaɪət")


@pytest.mark.parametrize(
    "text",
    [
        "Dyett",
        "Dyett's plan (Dyett) is “Dyett” of the end.",
        "Dyett, Dyett; Dyett: Dyett. Dyett Dyett Dyett!",
        "[[Dyett]] [[h@l'oU]] said x. x. x. x. x. Dyett.",
        "\U000f0000 Dyett \U000ffffd and the rest \U000f0000 of it.",
        "Dyett is here 🙂",
        "🙂 Dyett",
        f"{'It was a long day for everybody. ' * 200}Dyett",
    ],
)
def test_words_are_told_and_timed_wherever_they_stand(text):
    """Every word has its time, and the clip is whole."""
    phonemes = [(a, b, "ˈdaɪət") for a, b in places(text, "Dyett")]
    with EspeakEngine().open() as session:
        clip = session.speak_phonetic(text, VOICE, phonemes)
    assert uncovered_words(text, clip) == ()
    assert find_flaw(clip, text, VOICE) == ""


def test_the_sound_is_that_of_the_ipa():
    """As the word that is written so; another IPA is another sound."""
    with EspeakEngine().open() as session:
        diet, seem = (
            session.speak_phonetic("The Xqz plan.", VOICE, [(4, 7, ipa)])
            for ipa in ("ˈdaɪət", "ʃɪmərˈɪŋɡli")
        )
        plain = session.speak("The diet plan.", VOICE)
        loud = session.speak("The Xqz plan.", VOICE)
    assert abs(diet.frame_count - plain.frame_count) < 300
    assert [m.start_frame for m in diet.words][:2] == pytest.approx(
        [m.start_frame for m in plain.words][:2], abs=100
    )
    assert seem.frame_count > diet.frame_count + 4_000
    assert abs(loud.frame_count - diet.frame_count) > 2_000


def test_sounds_are_part_of_the_key():
    """An entry that changes costs the sentences it stands in; one that does not, none."""
    one, other = (((0, 5, ipa),) for ipa in ("ˈdaɪət", "diːˈɛt"))
    keys = {clip_key("Dyett", VOICE, "1", phonemes) for phonemes in ((), one, other)}
    assert len(keys) == 3
    segments = [
        Segment("a", Role.NARRATOR, "Dyett.", "Dyett.", "guest", 0, (0, 1), 0, phonemes=phonemes)
        for phonemes in (one, other, one)
    ]
    store = MemoryStore()
    spoken = speak(segments, {"guest": VOICE}, lambda _: EspeakEngine(), store, lambda *_: None)
    assert spoken.synthesized == 2


def test_plain_ipa_has_no_brackets():
    """Nothing that piper could take for the end of its phonemes."""
    assert plain_ipa("[ˈdaɪ.ət]] x [[") == "ˈdaɪət x"
