"""The waveform of the page, and what is told of the sound as a whole."""

import os
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.errors import AudiobriefError
from audiobrief.model.audio import Loudness
from audiobrief.pipeline.review.checks import checks_of
from audiobrief.pipeline.review.peaks import peaks_of
from audiobrief.store.manifest import render_manifest
from audiobrief.store.peaks import MOST_STEPS, PeakCache, coarser
from tests.pipeline.review.marked import copied, put_workspace


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a workspace with an episode; it is to be copied, not changed."""
    return put_workspace(tmp_path_factory.mktemp("sound") / "pod")


@pytest.fixture
def desk(built, tmp_path):
    """Return a desk for a copy of it."""
    return copied(built, tmp_path / "pod")


# -- peaks ---------------------------------------------------------------------------------------


def test_the_build_leaves_the_peaks_and_they_are_those_of_the_sound(desk):
    """Decoded anew, they are the same to two steps of 255: an MP3 is not what went into it."""
    cache = PeakCache(desk.show.cache)
    sound = desk.episode.enclosure.sha256
    stored = cache.get(sound)
    cache.discard(sound)
    shown = peaks_of(desk.show, desk.episode)
    decoded = cache.get(sound)
    assert len(stored) == len(decoded)
    assert max(abs(a - b) for a, b in zip(stored, decoded, strict=True)) <= 2
    cache.discard(sound)
    assert peaks_of(desk.show, desk.episode) == shown


def test_the_waveform_is_high_where_a_segment_sounds_and_flat_in_the_pauses(desk):
    """Least and most, alike on either side."""
    episode = desk.episode
    buckets = episode.enclosure.duration_ms // 10
    peaks = peaks_of(desk.show, episode, buckets)
    assert len(peaks) == buckets
    assert all(low == -high and 0 <= high <= 127 for low, high in peaks)

    def highest(start_ms, end_ms):
        scale = buckets / episode.enclosure.duration_ms
        return max(high for _, high in peaks[round(start_ms * scale) : round(end_ms * scale)])

    for segment, following in pairwise(episode.segments):
        assert highest(segment.start_ms + 50, segment.end_ms - 50) > 20
        assert highest(segment.end_ms + 80, following.start_ms - 60) <= 2


def test_a_damaged_store_is_made_again(desk):
    """And a lost one, as in episodes of before."""
    expected = peaks_of(desk.show, desk.episode)
    path = PeakCache(desk.show.cache).path_of(desk.episode.enclosure.sha256)
    path.write_bytes(path.read_bytes()[:-9])
    found = peaks_of(desk.show, desk.episode)
    assert max(abs(a[1] - b[1]) for a, b in zip(found, expected, strict=True)) <= 2


def test_without_a_sound_there_is_an_error_with_its_path(desk):
    """Not a flat line."""
    PeakCache(desk.show.cache).discard(desk.episode.enclosure.sha256)
    (desk.folder / desk.episode.enclosure.file).unlink()
    with pytest.raises(AudiobriefError) as caught:
        peaks_of(desk.show, desk.episode)
    assert desk.episode.enclosure.file in caught.value.subject


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=300), st.integers(1, 400))
def test_no_peak_is_lost_in_fewer_steps_and_none_is_added(peaks, steps):
    """However long the sound, however wide the screen."""
    found = coarser(peaks, steps)
    assert len(found) == steps
    assert max(found) == max(peaks)
    assert set(found) <= set(peaks)


def test_ten_hours_take_no_room(tmp_path):
    """A step for each dot of a screen and more, but not for each MP3 frame."""
    cache = PeakCache(tmp_path)
    cache.put("a" * 64, bytes(range(256)) * 5400)
    assert len(cache.get("a" * 64)) == MOST_STEPS
    assert cache.path_of("a" * 64).stat().st_size < 20_000


# -- checks --------------------------------------------------------------------------------------


def levels(desk):
    """Return the level of each check by its first word."""
    return {check.text.split()[0]: check.level for check in checks_of(desk.show, desk.episode)}


def rewrite(desk, **changes):
    """Write the manifest with other facts."""
    episode = replace(desk.episode, **changes)
    (desk.folder / "episode.json").write_bytes(render_manifest(episode))


def test_a_fresh_build_is_well(desk):
    """Every check says what it has looked at."""
    found = checks_of(desk.show, desk.episode)
    assert {check.level for check in found} == {"ok"}
    assert [check.text for check in found if "LUFS" in check.text] == [
        f"Loudness: {desk.episode.loudness.integrated_lufs:.1f} LUFS, -16.0 asked for."
    ]


@pytest.mark.parametrize(
    ("lufs", "level"),
    [(-16.4, "ok"), (-17.0, "warn"), (-14.9, "warn"), (-18.1, "fail"), (-9.0, "fail")],
)
def test_loudness_is_held_against_the_settings(desk, lufs, level):
    """They may have changed since the build."""
    rewrite(desk, loudness=Loudness(lufs, -1.5))
    assert levels(desk)["Loudness:"] == level


@pytest.mark.parametrize(("dbtp", "level"), [(-1.0, "ok"), (-0.5, "warn"), (0.3, "fail")])
def test_the_true_peak_is_held_against_the_ceiling(desk, dbtp, level):
    """Beyond full scale it may crackle."""
    rewrite(desk, loudness=Loudness(-16.0, dbtp))
    assert levels(desk)["True"] == level


def test_a_sound_that_is_missing_cut_off_or_changed_fails(desk):
    """Also where its length is what it was; the gravest is told first."""
    path = desk.folder / desk.episode.enclosure.file
    content = path.read_bytes()
    texts = []
    for damaged in (content[:-1], content[:5000] + b"x" + content[5001:]):
        path.write_bytes(damaged)
        os.utime(path, ns=(1, len(texts)))
        texts.append(checks_of(desk.show, desk.episode)[0])
    path.unlink()
    texts.append(checks_of(desk.show, desk.episode)[0])
    assert [check.level for check in texts] == ["fail"] * 3
    assert len({check.text for check in texts}) == 3


def test_what_lies_beside_the_sound_is_looked_for(desk):
    """The next build makes it again."""
    (desk.folder / "transcript.vtt").unlink()
    (warning,) = [check for check in checks_of(desk.show, desk.episode) if check.level == "warn"]
    assert "transcript.vtt" in warning.text
