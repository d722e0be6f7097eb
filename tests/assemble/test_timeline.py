"""The timeline: no gaps, no overlaps, chapters on whole seconds."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from audiobrief.assemble.passage import GRID_FRAMES, LEAST_SILENCE_FRAMES
from audiobrief.assemble.timeline import EDGE_MS, Item, frames_of, length_of, place
from audiobrief.model.audio import Cue
from audiobrief.model.episode import Chapter


def lay_out(segments, counts, rate_hz):
    """Return places and length of clips that stand by themselves."""
    items = [
        Item([segment], [(0, count)], count, segment.pause_after_ms)
        for segment, count in zip(segments, counts, strict=True)
    ]
    places = list(place(items, rate_hz))
    return places, length_of(places[-1], segments[-1].pause_after_ms, rate_hz)


def cues_of(places):
    """Return all cues."""
    return [cue for where in places for cue in where.cues]


def chapters_of(places):
    """Return all chapters."""
    return [where.chapter for where in places if where.chapter]


SHAPES = st.lists(
    st.tuples(st.integers(1, 400_000), st.integers(0, 3000), st.booleans()), min_size=1, max_size=40
)


@given(shapes=SHAPES, rate_hz=st.sampled_from([32000, 44100, 48000]))
def test_cues_are_ordered_and_nothing_is_lost(shapes, rate_hz, make_segment):
    """Every clip keeps its length, and its pause to half an MP3 frame; a chapter makes it grow."""
    segments = [
        make_segment(f"s{n}", pause_ms=pause, chapter="News" if begins else None)
        for n, (_, pause, begins) in enumerate(shapes)
    ]
    counts = [count for count, _, _ in shapes]

    places, frame_count = lay_out(segments, counts, rate_hz)

    assert [cue.end_frame - cue.start_frame for cue in cues_of(places)] == counts
    assert [cue.segment_id for cue in cues_of(places)] == [s.id for s in segments]
    assert abs(cues_of(places)[0].start_frame - frames_of(EDGE_MS, rate_hz)) <= GRID_FRAMES
    assert all(cue.start_frame % GRID_FRAMES == 0 for cue in cues_of(places))
    for segment, cue, following in zip(
        segments[:-1], cues_of(places)[:-1], cues_of(places)[1:], strict=True
    ):
        silence = following.start_frame - cue.end_frame
        wanted = max(frames_of(segment.pause_after_ms, rate_hz), LEAST_SILENCE_FRAMES)
        assert silence >= LEAST_SILENCE_FRAMES
        assert -GRID_FRAMES / 2 <= silence - wanted < rate_hz + 2 * GRID_FRAMES
    last_pause = max(segments[-1].pause_after_ms, EDGE_MS)
    extra = frame_count - cues_of(places)[-1].end_frame - frames_of(last_pause, rate_hz)
    assert 0 <= extra < GRID_FRAMES
    assert frame_count % GRID_FRAMES == 0


@given(shapes=SHAPES, rate_hz=st.sampled_from([44100, 48000]))
def test_chapters_start_on_whole_seconds(shapes, rate_hz, make_segment):
    """Feed rule C4, and the first chapter at 0 (C1); its sound begins at most 26 ms later."""
    segments = [
        make_segment(f"s{n}", pause_ms=pause, chapter=f"Chapter {n}" if begins else None)
        for n, (_, pause, begins) in enumerate(shapes)
    ]
    places, _ = lay_out(segments, [count for count, _, _ in shapes], rate_hz)

    chapters = chapters_of(places)

    starts = [chapter.start_ms for chapter in chapters]
    assert all(start % 1000 == 0 for start in starts)
    assert starts == sorted(set(starts))
    assert starts[:1] in ([], [0])
    for segment, cue in list(zip(segments, cues_of(places), strict=True))[1:]:
        if segment.chapter is not None:
            assert cue.start_frame % rate_hz < GRID_FRAMES


def test_a_small_timeline_is_what_one_expects(make_segment):
    """Two sentences and a chapter, worked out by hand."""
    segments = [
        make_segment("a", pause_ms=250, chapter="Opening"),
        make_segment("b", pause_ms=550),
        make_segment("c", pause_ms=1000, chapter="More"),
    ]

    places, frame_count = lay_out(segments, [44100, 44100, 44100], 44100)

    assert cues_of(places) == [
        Cue("a", 20 * GRID_FRAMES, 67_140),  # 22,050 fill 19.1
        Cue("b", 68 * GRID_FRAMES, 122_436),  # 78,165 fill 67.9
        Cue("c", 154 * GRID_FRAMES, 221_508),  # 176,400, a whole second, fill 153.1
    ]
    assert frame_count == 231 * GRID_FRAMES  # 265,608 fill 230.6
    assert chapters_of(places) == [Chapter("Opening", 0), Chapter("More", 4000)]


def test_300_pauses_do_not_drift(make_segment):
    """300 pauses of 333 ms err by half an MP3 frame each at most, and the errors do not add up."""
    segments = [make_segment(f"s{n}", pause_ms=333) for n in range(300)]

    places, _ = lay_out(segments, [1000] * 300, 44100)

    pauses = [b.start_frame - a.end_frame for a, b in pairwise(cues_of(places))]
    assert all(abs(pause - 0.333 * 44100) <= GRID_FRAMES / 2 for pause in pauses)


def test_music_before_the_first_word_belongs_to_the_first_chapter(make_segment):
    """Its mark is at 0, its sound on a whole second; a stretch has a cue for each of its clips."""
    chapters = [make_segment("a", chapter="Opening"), make_segment("c", chapter="More")]
    items = [
        Item([], [], 90_000, 300),
        Item([chapters[0], make_segment("b")], [(40_000, 80_000), (90_000, 99_000)], 150_000, 0),
        Item([chapters[1]], [(0, 5_000)], 5_000, 1000),
    ]
    places = list(place(items, 44100))
    assert chapters_of(places) == [Chapter("Opening", 0), Chapter("More", 7000)]
    first = places[1].start_frame
    assert first % 44100 < GRID_FRAMES
    assert cues_of(places)[:2] == [
        Cue("a", first + 40_000, first + 80_000),
        Cue("b", first + 90_000, first + 99_000),
    ]
    assert places[2].start_frame - places[1].end_frame >= LEAST_SILENCE_FRAMES
