"""The band of one voice: within the general one, as narrow as its clips allow, hard to mislead."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.speak.check import length_band_s
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine
from audiobrief.speak.lengths import Heard, fit_lengths
from tests.speak.length_texts import generated_texts, heard_of, lengths_of, plain_texts
from tests.speak.test_clip_check import SHAPES, TEXT, VOICE


def spoken(count, *, pace=1.0, jitter=0.04, seed=1):
    """Return what a voice speaks that has 62 ms a letter, 90 ms a space and 0.45 s of frame."""
    rng = random.Random(seed)
    heard = []
    for text in plain_texts(count, seed):
        length_ms = 450 + 62 * sum(map(str.isalpha, text)) + 40 * text.count(" ")
        length_s = length_ms * pace * rng.gauss(1, jitter) / 1000
        heard.append(Heard(text, 170, length_s))
    return heard


texts = st.one_of(st.text(), st.sampled_from(SHAPES), st.integers().map(str))
heard_ones = st.builds(Heard, texts, st.integers(80, 449), st.floats(0.01, 1000))


@given(texts, st.integers(80, 449))
def test_without_evidence_it_is_the_general_band(text, rate):
    """For any text and rate; texts of figures alone are no evidence."""
    figures = [Heard("1984", 170, 1.2), Heard("FBI", 170, 0.9)]
    assert fit_lengths([]).band_s(text, rate) == length_band_s(text, rate)
    assert fit_lengths(figures).band_s(text, rate) == length_band_s(text, rate)


@settings(deadline=None)
@given(st.lists(heard_ones, max_size=12), texts, st.integers(80, 449))
def test_it_is_never_wider_than_the_general_band_and_never_empty(heard, text, rate):
    """Whatever was heard, however absurd."""
    general = length_band_s(text, rate)
    least_s, most_s = fit_lengths(heard).band_s(text, rate)
    assert general[0] <= least_s < most_s <= general[1]


@settings(deadline=None, max_examples=30)
@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_the_order_of_evidence_does_not_matter(rng, count):
    """Up to rounding."""
    heard = spoken(count)
    shuffled = rng.sample(heard, count)
    there, back = (fit_lengths(some).band_s(TEXT, 170) for some in (heard, shuffled))
    assert there == pytest.approx(back, rel=1e-6)


def test_the_more_is_heard_the_narrower_it_is():
    """Each step adds clips to the same ones."""
    bands = [fit_lengths(spoken(count)).band_s(TEXT, 170) for count in (0, 10, 30, 100)]
    widths = [most_s - least_s for least_s, most_s in bands]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.8 * widths[0]


@pytest.mark.parametrize("pace", [0.85, 1.0, 1.5])
def test_the_band_is_around_the_pace_of_the_voice(pace):
    """Its clips pass; a clip of usual length is too short for a slow voice."""
    lengths = fit_lengths(spoken(60, pace=pace))
    for one in spoken(200, pace=pace, seed=2):
        least_s, most_s = lengths.band_s(one.text, 170)
        # Short texts of the slow voice are refused by the general band already.
        assert least_s <= one.length_s <= most_s or one.length_s > length_band_s(one.text, 170)[1]
    usual_s = 0.45 + 0.062 * sum(map(str.isalpha, TEXT)) + 0.04 * TEXT.count(" ")
    least_s, most_s = lengths.band_s(TEXT, 170)
    assert least_s < min(usual_s * pace, length_band_s(TEXT, 170)[1]) <= most_s
    assert (least_s > usual_s) == (pace == 1.5)


def test_a_rate_is_scaled():
    """Heard at 170, judged at 340: half as long."""
    lengths = fit_lengths(spoken(60))
    at_170, at_340 = lengths.band_s(TEXT, 170), lengths.band_s(TEXT, 340)
    assert at_340 == pytest.approx((at_170[0] / 2, at_170[1] / 2))


@pytest.mark.parametrize("share_cut", [0.1, 0.25])
def test_clips_that_are_cut_do_not_mislead(share_cut):
    """The whole ones pass all the same, and of cut sentences no good one is in doubt."""
    heard = spoken(100)
    count = int(100 * share_cut)
    cut = [Heard(one.text, 170, one.length_s * 0.55) for one in heard[:count]]
    lengths = fit_lengths(cut + heard[count:])
    for one in spoken(300, seed=2):
        least_s, most_s = lengths.band_s(one.text, 170)
        assert least_s <= one.length_s <= most_s
    assert all(index < count for index, _band in lengths.doubts())


def test_no_clip_vouches_for_itself():
    """A clip is judged as if it had not been heard."""
    heard = spoken(30)
    one = Heard(TEXT, 170, fit_lengths(heard).band_s(TEXT, 170)[0] - 0.05)
    ((index, band_s),) = fit_lengths([one, *heard]).doubts()
    assert index == 0
    assert band_s == pytest.approx(fit_lengths(heard).band_s(TEXT, 170), rel=0.02)


@settings(deadline=None)
@given(st.lists(heard_ones, max_size=12))
def test_absurd_clips_are_judged_as_well(heard):
    """Each that is outside its general band is in doubt, whatever else was heard."""
    doubted = {index for index, _band in fit_lengths(heard).doubts()}
    for index, one in enumerate(heard):
        least_s, most_s = length_band_s(one.text, one.rate_wpm)
        assert least_s <= one.length_s <= most_s or index in doubted


def test_a_single_clip_is_judged_by_the_general_band():
    """There are no others."""
    absurd = Heard(TEXT, 170, 60.0)
    assert fit_lengths([absurd]).doubts() == [(0, length_band_s(TEXT, 170))]


def test_a_shipped_voice_is_learned():
    """Whole clips of all shapes pass; of long sentences, a lost third is seen."""
    taught, judged = generated_texts(1)[:60], [*generated_texts(2)[:60], *SHAPES]
    with Pyttsx3Engine().open() as session:
        lengths = fit_lengths(heard_of(list(lengths_of(session, VOICE, taught)), VOICE))
        clips = list(lengths_of(session, VOICE, judged))
    for text, length_s in clips:
        least_s, most_s = lengths.band_s(text, VOICE.rate_wpm)
        assert least_s <= length_s <= most_s, text
    long = [(text, length_s) for text, length_s in clips if len(text.split()) > 20]
    lost = [length_s * 2 / 3 < lengths.band_s(text, 170)[0] for text, length_s in long]
    general = [length_s * 2 / 3 < length_band_s(text, 170)[0] for text, length_s in long]
    assert sum(lost) > sum(general)


@settings(deadline=None)
@given(st.lists(heard_ones, max_size=12))
def test_a_strain_is_beyond_one_where_a_clip_is_in_doubt(heard):
    """And nowhere else: both are judged by the same band, whatever is in it."""
    model = fit_lengths(heard)
    doubted = {index for index, _band_s in model.doubts()}
    strained = {index for index, strain in enumerate(model.strains()) if abs(strain) > 1}
    assert strained == doubted


def test_a_strain_tells_the_direction_and_grows():
    """Too short is negative, as expected is nearly nothing, too long is positive."""
    others = spoken(40)
    (own,) = spoken(1, seed=9, jitter=0.0)
    strains = [
        fit_lengths([*others, Heard(own.text, own.rate_wpm, own.length_s * share)]).strains()[-1]
        for share in (0.5, 0.8, 1.0, 1.3, 2.0)
    ]
    assert strains == sorted(strains)
    assert strains[0] < -1
    assert abs(strains[2]) < 0.4
    assert strains[-1] > 1
