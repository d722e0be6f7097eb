"""What was written as a transcript is read back as players read it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.check.transcripts import (
    NotATranscriptError,
    letters_of,
    parse_srt,
    parse_transcript_json,
    parse_vtt,
    words_of,
)
from audiobrief.model.episode import TimedSegment
from audiobrief.model.script import Role
from audiobrief.tag.transcript import render_srt, render_transcript_json, render_vtt

NAMES = st.sampled_from(
    [
        None,
        None,
        "Mara Quist",
        "O: B --> C",
        "Archbishop Bartholomew-Maximilian of Somewhere <Far>",
        "A&B",
    ]
)
PIECES = st.sampled_from(
    [
        "go",
        "10:30",
        "said:",
        "-->",
        "<b>",
        "&amp;",
        "Yes.",
        "x" * 70,
        "caf\u00e9",
        "\u4eac",
        ":",
        "a: b",
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, min_size=1, max_size=40).map(" ".join),
    st.text(min_size=1, max_size=200).filter(lambda t: bool(letters_of(t))),
)


@st.composite
def timed_segments(draw):
    """Return segments of a second each, with half a second between them."""
    texts = draw(st.lists(st.tuples(TEXTS, NAMES), min_size=1, max_size=8))
    return [
        TimedSegment(
            id=str(n),
            role=Role.QUOTE if speaker else Role.NARRATOR,
            speaker=speaker,
            voice="anchor",
            text=text,
            spoken=text,
            start_ms=n * 1500,
            end_ms=n * 1500 + 1000,
            source=(n, n + 1),
            paragraph=n,
            word_starts_ms=draw(word_starts(text, n * 1500)),
        )
        for n, (text, speaker) in enumerate(texts)
    ]


@st.composite
def word_starts(draw, text, start_ms):
    """Return when the words of a segment of a second begin, some of them unknown; or nothing."""
    count = len(text.split())
    if draw(st.booleans()):
        return ()
    known = sorted(draw(st.lists(st.integers(0, 999), min_size=count, max_size=count)))
    hidden = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    return tuple(None if hide else start_ms + ms for ms, hide in zip(known, hidden, strict=True))


@settings(deadline=None)
@given(timed_segments())
def test_all_formats_hold_the_same_words(segments):
    """Feed rule T4, for any text: colons, arrows, markup, words longer than a line."""
    duration_ms = segments[-1].end_ms
    spoken = letters_of(" ".join(s.text for s in segments))
    vtt = parse_vtt(render_vtt(segments, duration_ms))
    srt = parse_srt(render_srt(segments, duration_ms))
    rows = parse_transcript_json(render_transcript_json(segments, duration_ms))
    read = (words_of(vtt), words_of(srt, names_in_text=True), words_of(rows))
    assert list(read) == [spoken] * 3


@settings(deadline=None)
@given(timed_segments())
def test_cues_are_in_order_inside_the_sound_and_never_empty(segments):
    """Feed rules T1 and T2, for any text."""
    duration_ms = segments[-1].end_ms
    for cues in (
        parse_vtt(render_vtt(segments, duration_ms)),
        parse_srt(render_srt(segments, duration_ms)),
    ):
        bounds = [t for cue in cues for t in (cue.start_ms, cue.end_ms)]
        assert bounds == sorted(bounds)
        assert all(cue.start_ms < cue.end_ms for cue in cues)
        assert bounds[-1] <= duration_ms
        assert all(line.strip() for cue in cues for line in cue.lines)


@settings(deadline=None)
@given(timed_segments())
def test_the_times_of_words_rise_inside_their_cue(segments):
    """As WebVTT asks for; a player would otherwise show words before or after their cue."""
    blocks = render_vtt(segments, segments[-1].end_ms).strip().split("\n\n")[1:]
    for block in blocks:
        clocks = re.findall(r"\d{2}:\d{2}:\d{2}\.\d{3}", block)
        start, end, *words = clocks
        assert [start, *words, end] == sorted({start, *words, end})


@settings(deadline=None)
@given(timed_segments())
def test_subrip_lines_fit_and_have_one_colon_after_a_name(segments):
    """Feed rule T2, for any text."""
    cues = parse_srt(render_srt(segments, segments[-1].end_ms))
    assert all(len(line) <= 32 for cue in cues for line in cue.lines)
    assert all(len(cue.lines) <= 2 for cue in cues)
    named = [" ".join(cue.lines) for cue in cues if cue.speaker]
    assert [text.count(":") for text in named] == [1] * len(named)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_transcript_or_an_error_of_its_own(text):
    """Files on disk may hold anything."""
    for parse in (parse_vtt, parse_srt, parse_transcript_json):
        try:
            parse(text)
        except NotATranscriptError:
            continue


@pytest.mark.parametrize(
    "text",
    ["[]", '{"version": "1.0.0"}', '{"version": "1.0.0", "segments": [3]}', "", "{"],
)
def test_json_of_another_shape_is_no_transcript(text):
    """Valid JSON is not enough."""
    with pytest.raises(NotATranscriptError):
        parse_transcript_json(text)


def test_comments_and_styles_of_webvtt_are_no_cues():
    """Blocks that players do not show."""
    cue = "00:00:00.000 --> 00:00:01.000\n<v.loud Ann>Hi\n"
    text = f"WEBVTT\n\nNOTE by hand\n\nSTYLE\n::cue {{}}\n\n{cue}"
    assert [(cue.speaker, cue.lines) for cue in parse_vtt(text)] == [("Ann", ("Hi",))]
