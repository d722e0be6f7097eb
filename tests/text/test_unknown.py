"""Names and acronyms in no dictionary: real doubts, and little else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.speech.lexicon import Entry, Lexicon
from audiobrief.text.speech.unknown import MOST, find_unknown

COMMON_LIST = """
    the a of and met plan said agree in is on to with new meeting army talks face book sound cloud
    tolstoy color realize net work assad reis ana ruiz port council
"""
COMMON = frozenset(COMMON_LIST.split())


def unknown(*texts: str, **options) -> tuple[str, ...]:
    """Return what is unknown in these texts to a dictionary of a few words."""
    return find_unknown(texts, COMMON, **options)


def test_names_come_by_how_often_they_stand_there():
    """Without possessives; in the spelling that the text has most often."""
    text = "The plan of Safi. Ana met Louay Safi. Safi's plan, and the plan of SAFI."
    assert unknown(text) == ("Safi", "Louay")


@pytest.mark.parametrize(
    "text",
    [
        "Ana Ruiz met Assad in the port.",
        "The plan of Facebook and SoundCloud.",
        "The Tolstoyan plan to Realise the Colour and the Realising.",
        "The plan of Al-Assad and al-Reis.",
        "The plan of R\u00fciz and \u00c1na.",
        "You'll meet on www.Zorgly.com, at Jo@Zorgly.org, with @Zorgly and #Zorgly.",
        "The zorgly plan; the new Zorgly.",
        "Gaging is new. Upskilling is a plan.",
        "Zorgly Plans of the Frumious Bandersnatch",
        "The plan of Xi and Ng.",
        "The plan of Henry VIII and the XIV.",
    ],
)
def test_what_can_be_read_is_no_guess(text):
    """Dictionary words, their compounds and derivations, addresses, headings, numerals."""
    known = COMMON | {"you'll", "you", "henry", "gage", "skilling", "jo", "meet"}
    assert find_unknown([text], known) == ()


def test_a_name_at_the_start_of_a_sentence_needs_a_witness():
    """A verb of speech or another capital after it; else it may be any word."""
    assert unknown("Safi said the plan is new.") == ("Safi",)
    assert unknown("Louay Assad met the council.") == ("Louay",)
    assert unknown("Iterating is the plan.") == ()


def test_acronyms_count_when_they_could_be_words():
    """What nobody could say is spelled without a doubt, and so is what the text introduces."""
    text = "The MIRAS plan, the HDMI port, the NEM and the NATO talks, FAQs and MIRASs."
    assert unknown(text) == ("MIRAS", "NEM")
    assert unknown(text, introduced=frozenset(("MIRAS",))) == ("NEM",)


def test_what_the_lexicon_says_is_no_guess():
    """Also as a part of a phrase."""
    lexicon = Lexicon((Entry("Louay Safi", say="x"), Entry("MIRAS", letters=True)))
    text = "The plan of Louay Safi's MIRAS and of Safi."
    assert unknown(text, lexicon=lexicon) == ("Safi",)


def test_the_list_stays_short():
    """More than some twenty nobody listens to."""
    names = "".join(f" met Zq{c}ov" for c in "abcdefghijklmnopqrstuvwxyz")
    assert len(unknown(f"Ana{names}.")) == MOST
    assert len(unknown(f"Ana{names}.", most=3)) == 3


@given(st.text(max_size=80))
def test_any_text_has_an_answer(text):
    """It is a hint: it never fails, and names only what stands there."""
    for word in unknown(text):
        assert word in text
        assert not word.islower()
