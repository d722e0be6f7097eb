"""What looks wrong is told first, and what is well is not."""

import re
from dataclasses import replace

import pytest

from audiobrief.model.audio import Clip
from audiobrief.model.script import Role
from audiobrief.pipeline.review.concerns import suspicion_of
from audiobrief.pipeline.review.looks import look_at, looks_in
from audiobrief.store.clips import ClipCache
from audiobrief.store.manifest import render_manifest
from tests.pipeline.review.marked import Desk, copied, put_workspace

ARTICLE = """\
Tolls on the Tolvorsk bridge rise again

The council of Tolvorsk raised the toll on its bridge to $4.50 on Monday, as it did 12 months ago.

Mayor Ana Ruiz said that traffic had grown by 15% since 2019, and that 1,200 cars cross it each day.

"We shall not raise it again before the spring of next year, and I mean that," Ana Ruiz said.

The company Zhqwarn, which owns the bridge, did not answer, and Zhqwarn has no telephone.

A spokeswoman of VOTAK, the union, called the E2E lane a joke.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a workspace with an episode of that article; it is to be copied, not changed."""
    return put_workspace(tmp_path_factory.mktemp("concerns") / "pod", text=ARTICLE)


@pytest.fixture
def desk(built, tmp_path):
    """Return a desk for a copy of it."""
    return copied(built, tmp_path / "pod")


def told(desk):
    """Return all concerns, each with the text of its segment."""
    found = suspicion_of(desk.show, desk.episode).concerns
    texts = {segment.id: segment.text for segment in desk.episode.segments}
    return [(texts[key], concern) for key, concerns in found.items() for concern in concerns]


def of_kind(desk, kind):
    """Return text and words of each concern of a kind."""
    return [(text, concern.words) for text, concern in told(desk) if concern.kind == kind]


def changed(desk, part, **changes):
    """Write the episode's manifest with one segment changed; return the new segment."""
    segment = desk.segment(part)
    new = replace(segment, **changes)
    segments = tuple(new if s is segment else s for s in desk.episode.segments)
    segments = tuple(new if s.id == segment.id else s for s in segments)
    episode = replace(desk.episode, segments=segments)
    (desk.folder / "episode.json").write_bytes(render_manifest(episode))
    return new


def test_a_name_is_told_where_it_is_heard_first(desk):
    """Whoever hears it right there need not hear it everywhere; it is marked everywhere."""
    names = of_kind(desk, "name")
    assert [words for _, words in names if "Zhqwarn" in words] == ['"Zhqwarn" is in no dictionary']
    assert [words for _, words in names if "Tolvorsk" in words] == [
        '"Tolvorsk" is in no dictionary, heard in 2 segments'
    ]
    unknown = suspicion_of(desk.show, desk.episode).unknown
    assert sum("Tolvorsk" in words for words in unknown.values()) == 2
    assert not any("Ruiz" in words and "council" in words for words in unknown.values())


def test_an_acronym_that_could_be_a_word_is_told(desk):
    """As "VOTAK": nobody says how it is said."""
    assert [words for _, words in of_kind(desk, "acronym")] == ['"VOTAK" is in no dictionary']


def test_plain_figures_are_no_concern_and_odd_ones_say_how_they_are_read(desk):
    """Money, percent, years and counts have one reading."""
    assert [words for _, words in of_kind(desk, "number")] == ['"E2E" is said "E two E"']


def test_what_a_lexicon_says_is_no_concern(desk):
    """Of the workspace, or of the episode alone."""
    folder = desk.root / "voices" / "lexicon"
    folder.mkdir()
    (folder / "words.toml").write_text('[words]\nTolvorsk = "toll vorsk"\n', "utf-8")
    (desk.folder / "words.toml").write_text('[words]\nVOTAK = "vo tack"\n', "utf-8")
    left = {words for kind in ("name", "acronym") for _, words in of_kind(desk, kind)}
    assert not any("Tolvorsk" in words or "VOTAK" in words for words in left)
    assert any("Zhqwarn" in words for words in left)


def test_a_whole_episode_has_few_concerns(desk):
    """A list in which everything is suspicious is of no use."""
    assert {concern.kind for _, concern in told(desk)} == {"name", "acronym", "number"}
    assert len(suspicion_of(desk.show, desk.episode).concerns) <= len(desk.episode.segments) // 2


def test_a_segment_that_is_cut_off_or_drawn_out_is_told_first(desk):
    """By how long its other segments take their voice."""
    segment = desk.segment("traffic had grown")
    length_ms = segment.end_ms - segment.start_ms
    for share, said in ((0.5, "unusually short"), (2.5, "unusually long")):
        changed(desk, "traffic had grown", end_ms=segment.start_ms + round(share * length_ms))
        ((text, words),) = of_kind(desk, "length")
        assert "traffic had grown" in text
        assert said in words
        assert max(told(desk), key=lambda row: row[1].score)[1].kind == "length"


def test_more_than_25_seconds_in_one_breath_are_told(desk):
    """However much text it is."""
    segment = desk.segment("traffic had grown")
    changed(desk, "traffic had grown", end_ms=segment.start_ms + 26_000)
    assert of_kind(desk, "long") == [(segment.text, "26 s without a pause: split it")]


def test_a_quotation_that_nobody_says_is_told(desk):
    """The narrator reads it; what a person gave to a speaker is no concern."""
    text = 'The letter ends. "Nobody has told us what this would cost the town."'
    changed(desk, "the union", text=text, spoken=text)
    ((where, words),) = of_kind(desk, "speaker")
    assert (where, words) == (
        text,
        "a quotation that nobody is known to say: the narrator reads it",
    )
    changed(desk, text, role=Role.QUOTE, speaker="Ana Ruiz")
    assert of_kind(desk, "speaker") == []


def test_a_speaker_who_is_guessed_is_told(desk):
    """With the rule by which; a person's choice of another one is none."""
    narration = "For Ana Ruiz it was too late."
    quotation = '"Nobody has told us what this would cost the town in the end."'
    changed(desk, "The company", text=narration, spoken=narration)
    changed(desk, "the union", text=quotation, role=Role.QUOTE, speaker="Ana Ruiz")
    ((where, words),) = of_kind(desk, "speaker")
    assert where == quotation
    assert words.startswith("that Ana Ruiz says this is a guess: ")
    changed(desk, quotation, speaker="Ben Cole")
    assert of_kind(desk, "speaker") == []


def put_clip(desk, part, pcm):
    """Put a sound in for that of a segment."""
    segment = desk.segment(part)
    clips = ClipCache(desk.show.cache / "clips")
    clips.discard("f" * 64)
    clips.put("f" * 64, Clip(pcm, 22_050))
    digest = clips.glance("f" * 64).digest
    return changed(desk, part, clip="f" * 64, clip_digest=digest, end_ms=segment.end_ms)


def tone(seconds, level=12_000, step=30):
    """Return a saw tooth."""
    count = round(22_050 * seconds)
    return b"".join(
        int(level * ((n % step) / step - 0.5)).to_bytes(2, "little", signed=True)
        for n in range(count)
    )


def test_a_clipped_sound_is_told(desk):
    """Its tops are flat."""
    saw = tone(2)
    most = 4000
    samples = [int.from_bytes(saw[i : i + 2], "little", signed=True) for i in range(0, len(saw), 2)]
    flat = b"".join(max(-most, min(most, s)).to_bytes(2, "little", signed=True) for s in samples)
    put_clip(desk, "the union", saw)
    assert of_kind(desk, "clipped") == []
    put_clip(desk, "the union", flat)
    ((_, words),) = of_kind(desk, "clipped")
    assert words.startswith("clipped: ")


def test_silence_inside_is_told_and_that_around_is_not(desk):
    """More than a second of it."""
    put_clip(desk, "the union", bytes(60_000) + tone(1) + bytes(2 * 22_050) + bytes(60_000))
    assert of_kind(desk, "silence") == []
    put_clip(desk, "the union", tone(1) + bytes(round(2 * 22_050 * 1.4)) + tone(1))
    ((_, words),) = of_kind(desk, "silence")
    assert words == "1.4 s of silence inside"


def test_a_clip_is_looked_at_once_and_a_damaged_note_is_made_again(desk):
    """What was found is kept by the digest of the sound; a lost clip is no failure."""
    put_clip(desk, "the union", tone(1) + bytes(round(2 * 22_050 * 1.4)) + tone(1))
    before = suspicion_of(desk.show, desk.episode).concerns
    ClipCache(desk.show.cache / "clips").discard("f" * 64)
    assert suspicion_of(desk.show, desk.episode).concerns == before
    (kept,) = [path for _, _, path in looks_in(desk.show.cache).files()]
    for damage in (b"", b"[]", b'{"version": 1, "looks": {"a": 3}}', b'{"version": 99}'):
        kept.write_bytes(damage)
        assert of_kind(desk, "silence") == []


def test_another_clip_under_the_same_key_is_not_looked_at(desk):
    """It was spoken since, for something else: this is not what is in the episode."""
    put_clip(desk, "the union", tone(1) + bytes(round(2 * 22_050 * 1.4)) + tone(1))
    clips = ClipCache(desk.show.cache / "clips")
    clips.discard("f" * 64)
    clips.put("f" * 64, Clip(tone(1), 22_050))
    assert of_kind(desk, "silence") == []


@pytest.mark.parametrize("pcm", [b"", bytes(2), bytes(5000), tone(0.5)])
def test_any_sound_can_be_looked_at(pcm):
    """Empty, silent, or whole."""
    look = look_at(Clip(pcm, 22_050))
    assert (look.silence_ms, look.flat_share) == (0, 0.0)


def test_the_worst_comes_first_in_a_segment(desk):
    """And every score is a share."""
    for concerns in suspicion_of(desk.show, desk.episode).concerns.values():
        scores = [concern.score for concern in concerns]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)
        assert all(re.search(r"\w", concern.words) for concern in concerns)


def test_an_episode_in_a_language_without_a_dictionary_has_no_unknown_names(tmp_path):
    """Nothing is known of its words; the other concerns stay."""
    put_workspace(tmp_path / "pod", text=ARTICLE)
    desk = Desk(tmp_path / "pod")
    episode = replace(desk.episode, language="de")
    (desk.folder / "episode.json").write_bytes(render_manifest(episode))
    assert suspicion_of(desk.show, desk.episode).unknown == {}
