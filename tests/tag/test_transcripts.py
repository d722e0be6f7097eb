"""Transcripts and chapters as text: the rules of each format."""

import json
from dataclasses import replace

import pytest

from audiobrief.check.transcripts import parse_vtt
from audiobrief.model.episode import Chapter, TimedSegment
from audiobrief.model.script import Role
from audiobrief.tag.chapters import render_chapters_json
from audiobrief.tag.cues import wrap
from audiobrief.tag.language import short_tag, three_letters
from audiobrief.tag.transcript import render_srt, render_transcript_json, render_vtt


def segment(text, start_ms=0, end_ms=4000, speaker=None):
    """Return a segment of a paragraph of its own."""
    role = Role.QUOTE if speaker else Role.NARRATOR
    return TimedSegment("s", role, speaker, "anchor", text, text, start_ms, end_ms, (0, 1), 0)


def test_webvtt_names_the_speaker_of_every_cue():
    """The narrator's name stands where nobody is quoted."""
    segments = [segment("Rain came.", 0, 1000), segment("It is wet.", 1500, 2000, "Mara Quist")]
    assert render_vtt(segments, 2000) == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:01.000\n<v Narrator>Rain came.</v>\n\n"
        "00:00:01.500 --> 00:00:02.000\n<v Mara Quist>It is wet.</v>\n"
    )


def test_webvtt_escapes_what_it_would_read_as_markup():
    """Arrows too: a player would take them for a time."""
    assert "<v A&amp;B>1 &lt; 2 --&gt; &amp;amp;</v>" in render_vtt(
        [segment("1 < 2 --> &amp;", speaker="A&B")], 4000
    )


def test_known_words_have_their_times():
    """Players follow the voice word by word; a word that begins with its cue needs no time."""
    timed = replace(segment("Rain & hail came.", 500, 2000), word_starts_ms=(500, None, 900, 1250))
    assert render_vtt([timed], 2000) == (
        "WEBVTT\n\n"
        "00:00:00.500 --> 00:00:02.000\n"
        "<v Narrator>Rain &amp; <00:00:00.900>hail <00:00:01.250>came.</v>\n"
    )
    (row,) = json.loads(render_transcript_json([timed], 2000))["segments"]
    assert row["words"] == [
        {"body": "Rain", "startTime": 0.5},
        {"body": "hail", "startTime": 0.9},
        {"body": "came.", "startTime": 1.25},
    ]


def test_a_cue_begins_with_its_first_word():
    """Where the words are known, a long sentence is not divided by its letters."""
    words = [f"word{n}" for n in range(40)]
    starts = tuple(10_000 + 100 * n for n in range(40))
    timed = replace(segment(" ".join(words), 10_000, 60_000), word_starts_ms=starts)
    cues = parse_vtt(render_vtt([timed], 60_000))
    first_words = [cue.lines[0].split()[0] for cue in cues]
    assert len(cues) > 1
    assert [cue.start_ms for cue in cues] == [starts[words.index(word)] for word in first_words]


def test_subrip_names_a_speaker_at_changes_only():
    """Twice the same speaker, then another."""
    segments = [
        segment("One.", 0, 1000, "Mara Quist"),
        segment("Two.", 1000, 2000, "Mara Quist"),
        segment("Three.", 2000, 3000),
    ]
    assert render_srt(segments, 3000, narrator="Erz\u00e4hler") == (
        "1\n00:00:00,000 --> 00:00:01,000\nMara Quist: One.\n\n"
        "2\n00:00:01,000 --> 00:00:02,000\nTwo.\n\n"
        "3\n00:00:02,000 --> 00:00:03,000\nErz\u00e4hler: Three.\n"
    )


def test_a_long_sentence_is_cut_into_cues_by_the_number_of_characters():
    """Time goes by what is read."""
    text = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    blocks = render_srt([segment(text, 0, 8000)], 8000).split("\n\n")
    lines = [block.strip().split("\n")[2:] for block in blocks]
    assert lines == [
        ["Narrator: one two three four", "five six seven eight nine ten"],
        ["eleven twelve thirteen fourteen"],
    ]
    assert "00:00:00,000 --> 00:00:04,820" in blocks[0]


def test_a_name_longer_than_a_line_is_shortened():
    """There is room for the colon, and the words come after it."""
    name = "Her Excellency the Ambassador Extraordinary"
    lines = render_srt([segment("Yes.", speaker=name)], 4000).split("\n")[2:4]
    assert lines == ["Her Excellency the", "Ambassador\u2026: Yes."]


def test_cues_end_with_the_sound_at_the_latest():
    """A rounding of a millisecond must not reach behind the end."""
    assert "--> 00:00:03.999" in render_vtt([segment("Rain.", 0, 4000)], 3999)
    assert '"endTime": 3.999' in render_transcript_json([segment("Rain.", 0, 4000)], 3999)


def test_blank_segments_give_no_cue():
    """Neither do they count as a change of speaker."""
    segments = [
        segment("One.", 0, 1000, "Ann"),
        segment(" ", 1000, 2000),
        segment("Two.", 2000, 3000, "Ann"),
    ]
    assert render_srt(segments, 3000).count("Ann:") == 1
    assert render_transcript_json(segments, 3000).count("body") == 2


def test_a_segment_without_time_is_refused():
    """Nothing can be shown in no time."""
    with pytest.raises(ValueError, match="no time for 1 cues"):
        render_srt([segment("word " * 20, 7, 7)], 7)


def test_more_lines_stand_in_a_cue_where_there_is_no_time_for_more_cues():
    """A word of 10,000 letters is said in a moment; all of them are shown."""
    shown = render_srt([segment("x" * 10_000, 0, 40)], 40)
    assert shown.count("-->") == 40
    assert shown.count("x") == 10_000


def test_json_has_seconds_with_milliseconds():
    """As the podcast namespace has them."""
    text = render_transcript_json([segment("Rain.", 1250, 2000, "Ann")], 2000)
    assert '"startTime": 1.25' in text
    assert '"version": "1.0.0"' in text


def test_chapters_between_two_seconds_are_refused():
    """The timeline pads the pause before them (feed rule C4)."""
    with pytest.raises(ValueError, match="whole seconds"):
        render_chapters_json([Chapter("One", 0), Chapter("Two", 1500)])


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, ()),
        ("a", 10, ("a",)),
        ("abcdefghij", 4, ("abcd", "efgh", "ij")),
        ("aa bb cc dd", 8, ("aa bb", "cc dd")),
    ],
)
def test_lines_are_few_and_even(text, width, lines):
    """Only a word longer than a line is cut."""
    assert wrap(text, width) == lines


def test_languages_go_to_three_letters_and_back():
    """What ISO 639 does not know is undetermined."""
    assert [short_tag(three_letters(tag)) for tag in ("de-CH", "ar", "haw", "x1")] == [
        "de", "ar", "haw", "und",
    ]  # fmt: skip
