"""Voices for speakers: kept, shared out in turn, never the narrator's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audiobrief.script.cast import Casting, cast_voices

NAMES = st.lists(st.sampled_from(["Ann", "Bob", "Cid", "Dee", "Eve", "Fay"]), max_size=8)


def test_a_known_speaker_keeps_the_voice() -> None:
    """Who has been heard before sounds the same again."""
    casting = Casting("anchor", ("g1", "g2"), known={"Bob": "g1"})
    assert cast_voices(["Ann", "Bob"], casting) == {"Ann": "g2", "Bob": "g1"}


def test_new_speakers_take_turns() -> None:
    """A voice is given twice only when all have been given."""
    assert list(cast_voices("ABCD", Casting("n", ("g1", "g2", "g3"))).values()) == [
        "g1",
        "g2",
        "g3",
        "g1",
    ]


def test_without_other_voices_the_narrator_speaks() -> None:
    """Also when the only quote voice is the narrator's own."""
    assert cast_voices(["Ann"], Casting("n", ("n",))) == {"Ann": "n"}
    assert cast_voices(["Ann"], Casting("n", ("g",), quote_voices=False)) == {"Ann": "n"}


@given(NAMES, st.lists(st.sampled_from(["n", "g1", "g2"]), max_size=3))
def test_nobody_new_sounds_like_the_narrator(names: list[str], voices: list[str]) -> None:
    """As long as there is one other voice."""
    cast = cast_voices(names, Casting("n", tuple(voices)))
    assert list(cast) == list(dict.fromkeys(names))
    if set(voices) - {"n"}:
        assert "n" not in cast.values()


def test_the_casting_file_wins_over_what_was_heard_before() -> None:
    """Also with a voice that is not among the quote voices."""
    casting = Casting("anchor", ("g1", "g2"), known={"Bob": "g1"}, given={"Bob": "x"})
    assert cast_voices(["Bob"], casting) == {"Bob": "x"}


def test_a_voice_that_the_file_gives_to_one_is_given_to_others_last() -> None:
    """It is somebody's own, as long as there is another."""
    casting = Casting("anchor", ("g1", "g2"), given={"Eve": "g1"})
    assert cast_voices(["Ann", "Bob"], casting) == {"Ann": "g2", "Bob": "g1"}


def test_a_gender_narrows_the_choice() -> None:
    """Who had a voice that does not fit gets another one."""
    fitting = {"Ann": ("g2", "g3"), "Bob": ("g2", "g3")}
    casting = Casting("anchor", ("g1", "g2", "g3"), known={"Ann": "g1"}, fitting=fitting)
    assert cast_voices(["Cid", "Ann", "Bob"], casting) == {"Cid": "g1", "Ann": "g2", "Bob": "g3"}
    kept = Casting("anchor", ("g1", "g2", "g3"), known={"Ann": "g3"}, fitting=fitting)
    assert cast_voices(["Ann"], kept) == {"Ann": "g3"}
