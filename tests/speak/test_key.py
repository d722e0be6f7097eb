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
LABELS = {"name": "guest", "language": "de", "folder": "elsewhere", "license": "CC0"}


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


def test_text_and_engine_version_change_the_key():
    """To the letter."""
    assert len({KEY, clip_key("hello.", VOICE, "tone 1"), clip_key("Hello.", VOICE, "tone 2")}) == 3


def test_every_field_of_a_voice_is_thought_of():
    """A new one is either heard or a label."""
    assert {field.name for field in fields(Voice)} == OTHERS.keys() | LABELS.keys()


def test_the_key_stays_from_release_to_release():
    """A change of it makes every clip anew: then this line is changed on purpose."""
    assert KEY == "df98f16ba3ac2424785992d0cd4eb1caef1ca1e03a5d7187b6febdbdf1ec7335"
