"""Equal keys, equal sound."""

from dataclasses import fields, replace

import pytest

from audiobrief.model.voice import Voice
from audiobrief.speak.key import clip_key

VOICE = Voice("anchor", "tone", "tone-1", options=(("a", "1"), ("b", "2")))
KEY = clip_key("Hello.", VOICE, "tone 1")

OTHERS = {
    "engine": "pyttsx3",
    "engine_voice": "tone-2",
    "rate_wpm": 171,
    "volume": 0.9,
    "options": (("a", "2"),),
}
LABELS = {
    "name": "guest",
    "language": "de",
    "folder": "elsewhere",
    "license": "CC0",
    "gender": "female",
}


@pytest.mark.parametrize(("field", "value"), OTHERS.items())
def test_what_the_engine_gets_changes_the_key(field, value):
    """Whatever could change the sound."""
    assert clip_key("Hello.", replace(VOICE, **{field: value}), "tone 1") != KEY


@pytest.mark.parametrize(("field", "value"), LABELS.items())
def test_labels_do_not_change_the_key(field, value):
    """A profile may be renamed."""
    assert clip_key("Hello.", replace(VOICE, **{field: value}), "tone 1") == KEY


@pytest.mark.parametrize("option", ["api_key_env", "max_sessions"])
def test_how_a_server_is_asked_does_not_change_the_key(option):
    """Another key, or fewer requests at once, makes no paid clip anew."""
    assert (
        clip_key("Hello.", replace(VOICE, options=(*VOICE.options, (option, "4"))), "tone 1") == KEY
    )


@pytest.mark.parametrize(
    "options",
    [
        {"sample_rate_hz": "24000"},
        {"response_format": "wav"},
        {"base_url": "http://127.0.0.1:8880/v1/"},
        {"model": "tts-1", "instructions": ""},
    ],
)
def test_a_default_of_a_server_that_is_written_out_makes_no_paid_clip_anew(options):
    """A profile says the same with and without it."""
    short = {"base_url": "http://127.0.0.1:8880/v1"}
    first, second = (
        Voice("a", "openai", "alloy", options=tuple(sorted(o.items())))
        for o in (short, short | options)
    )
    assert clip_key("Hello.", first, "1") == clip_key("Hello.", second, "1")


def test_what_a_server_is_told_changes_the_key():
    """Anything but a default."""
    others = (
        ("sample_rate_hz", "16000"),
        ("response_format", "mp3"),
        ("model", "x"),
        ("base_url", "y"),
    )
    voices = [Voice("a", "openai", "alloy", options=(pair,)) for pair in others]
    assert len({clip_key("Hello.", voice, "1") for voice in voices}) == 4
    tone = Voice("a", "tone", "tone-1")
    with_rate = replace(tone, options=(("sample_rate_hz", "24000"),))
    assert clip_key("Hello.", with_rate, "1") != clip_key("Hello.", tone, "1")


def test_text_and_engine_version_change_the_key():
    """To the letter."""
    assert len({KEY, clip_key("hello.", VOICE, "tone 1"), clip_key("Hello.", VOICE, "tone 2")}) == 3


def test_every_field_of_a_voice_is_thought_of():
    """A new one is either heard or a label."""
    assert {field.name for field in fields(Voice)} == OTHERS.keys() | LABELS.keys()


def test_the_key_stays_from_release_to_release():
    """A change of it makes every clip anew: then this line is changed on purpose."""
    assert KEY == "df98f16ba3ac2424785992d0cd4eb1caef1ca1e03a5d7187b6febdbdf1ec7335"
