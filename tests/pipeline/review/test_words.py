"""A word is said otherwise: here, in the episode, everywhere."""

from __future__ import annotations

import json

import pytest

from audiobrief.errors import SourceError, WorkspaceError
from audiobrief.model.change import Join, LeaveOut, Reword, Split, Undo
from audiobrief.model.report import Result
from audiobrief.pipeline.review.saying import say
from audiobrief.pipeline.review.words import add_word, count, remove_word, words_of
from audiobrief.serve.kind import episode_kind
from audiobrief.store.clips import ClipCache
from audiobrief.store.library import read_shelf
from audiobrief.text.speech.lexicon import Entry
from tests.pipeline.review.fixed import copied
from tests.pipeline.review.marked import put_workspace
from tests.support import OTHER, run_audiobrief, snapshot

BOAT = "The first boat leaves"
PIER = Entry("pier", say="peer")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a workspace with two episodes of which one has the word "pier" twice."""
    return put_workspace(tmp_path_factory.mktemp("built") / "show")


@pytest.fixture
def desk(built, tmp_path):
    """Return a desk with a copy of it."""
    desk = copied(built, tmp_path / "show")
    yield desk
    desk.bench.close()


def spoken(desk, word):
    """Return in which segments of now a word is said."""
    return [s.id for s in desk.now if word in s.spoken]


def words_file(desk):
    return (desk.folder / "words.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("scope", ["here", "episode", "show"])
def test_the_number_shown_is_the_number_that_changes(desk, scope):
    """Before, what is changed, what is spoken again, and what the sound has then are one."""
    segment = desk.find("We tested every plank")
    counts = count(desk.show, desk.episode, "pier", segment.id)
    assert (counts.here, counts.episode, counts.show_segments, counts.show_episodes) == (1, 2, 2, 1)
    before = {s.id: s.clip for s in desk.episode.segments}
    done = add_word(desk.bench, desk.episode, PIER, scope, segment.id)
    assert done.changed == counts.of(scope)
    assert desk.is_stale
    assert len(spoken(desk, "peer")) == done.changed
    built = desk.rebuild()
    changed = {s.id: s.clip for s in built.segments if s.clip != before[s.id]}
    assert len(changed) == done.changed
    assert changed[segment.id] == done.clip
    # The one of the segment was spoken at once.
    assert built.build.synthesized == done.changed - 1
    files = snapshot(desk.root / "episodes")
    assert desk.is_unchanged()
    assert snapshot(desk.root / "episodes") == files


@pytest.mark.parametrize("scope", ["episode", "show"])
def test_a_wider_entry_does_not_count_where_a_narrower_one_stays(desk, scope):
    """The line with its own way to say it keeps it; the number shown says so."""
    first, other = [s for s in desk.now if "pier" in s.text]
    add_word(desk.bench, desk.episode, Entry("pier", say="peer"), "here", other.id)
    desk.rebuild()
    counts = count(desk.show, desk.episode, "pier", first.id)
    assert (counts.here, counts.of(scope)) == (1, 1)
    before = {s.id: s.clip for s in desk.episode.segments}
    done = add_word(desk.bench, desk.episode, Entry("pier", say="pire"), scope, first.id)
    assert done.changed == 1
    changed = [s.id for s in desk.rebuild().segments if s.clip != before[s.id]]
    assert changed == [first.id]


@pytest.mark.parametrize("scope", ["here", "episode", "show"])
def test_an_entry_is_removed_again(desk, scope):
    """Everything sounds as before, from the clips that there are."""
    segment, sound = desk.find("We tested every plank"), desk.episode.enclosure
    add_word(desk.bench, desk.episode, PIER, scope, segment.id)
    desk.rebuild()
    assert [one.scope for one in words_of(desk.bench, desk.episode)] == [scope]
    done = remove_word(desk.bench, desk.episode, "pier", scope, segment.id)
    assert (done.changed, done.clip) == ({"here": 1}.get(scope, 2), segment.clip)
    assert words_of(desk.show, desk.episode) == ()
    built = desk.rebuild()
    assert (built.enclosure, built.build.synthesized) == (sound, 0)


def test_hear_it_before_anything_is_saved(desk):
    """The clip is there, and no file has changed."""
    segment, files = desk.find("We tested every plank"), snapshot(desk.root / "episodes")
    said = say(desk.bench, desk.episode, segment.id, entry=PIER)
    assert "peer" in said.spoken
    clip = ClipCache(desk.root / ".audiobrief" / "clips").get(said.clip)
    assert (clip.duration_ms, clip.duration_ms > 0) == (said.duration_ms, True)
    assert snapshot(desk.root / "episodes") == files
    assert add_word(desk.bench, desk.episode, PIER, "here", segment.id).clip == said.clip


def test_other_words_and_another_voice_are_heard(desk):
    """Of a segment, or of none."""
    segment = desk.find(BOAT)
    plain = say(desk.bench, desk.episode, segment.id)
    assert plain.clip == segment.clip
    high = say(desk.bench, desk.episode, segment.id, voice="high")
    text = say(desk.bench, desk.episode, segment.id, text="It leaves at 7 p.m.")
    alone = say(desk.bench, desk.episode, None, text="pier", entry=PIER)
    assert len({plain.clip, high.clip, text.clip, alone.clip}) == 4
    assert (high.spoken, alone.spoken) == (plain.spoken, "peer")
    fixed = desk.fix(Reword(segment.id, "It leaves at 7 p.m."))
    assert (fixed.clip, fixed.was_spoken) == (text.clip, 0)


@pytest.mark.parametrize(
    "wanted",
    [{"segment_id": "nothing"}, {"segment_id": None}, {"text": " "}, {"text": "\x00"}],
)
def test_what_cannot_be_said_is_refused(desk, wanted):
    """With an error of ours."""
    segment = {"segment_id": desk.find(BOAT).id, **wanted}
    with pytest.raises(SourceError):
        say(desk.bench, desk.episode, segment.pop("segment_id"), **segment)


def test_a_voice_that_takes_no_ipa_says_the_word_as_printed_and_that_is_told(desk):
    """When it is heard before it is saved, and when it is saved; a respelling beside it does."""
    segment = desk.find("We tested every plank")
    entry = Entry("pier", ipa="p\u026a\u0259")
    said = say(desk.bench, desk.episode, segment.id, entry=entry)
    assert said.clip == segment.clip
    done = add_word(desk.bench, desk.episode, entry, "here", segment.id)
    for notes in (said.notes, done.notes):
        (note,) = notes
        assert '"pier" is said as printed' in note
    respelled = Entry("pier", ipa="p\u026a\u0259", say="peer")
    assert say(desk.bench, desk.episode, segment.id, entry=respelled).notes == ()


def test_a_word_is_not_said_otherwise_where_it_is_not(desk):
    """No entry for a segment that does not have it."""
    with pytest.raises(SourceError, match="is not in this segment"):
        add_word(desk.bench, desk.episode, PIER, "here", desk.find(BOAT).id)
    assert not (desk.folder / "words.toml").exists()


def test_one_word_is_said_in_several_ways_in_several_segments(desk):
    """The line wins over the episode, and the episode over the show."""
    first, second = (s for s in desk.now if "pier" in s.text)
    add_word(desk.bench, desk.episode, Entry("pier", say="pah"), "show", None)
    add_word(desk.bench, desk.episode, Entry("pier", say="poe"), "episode", first.id)
    add_word(desk.bench, desk.episode, Entry("pier", say="pew"), "here", second.id)
    assert ("poe" in desk.find(first.text).spoken, "pew" in desk.find(second.text).spoken) == (
        True,
        True,
    )
    assert [one.scope for one in words_of(desk.bench, desk.episode)] == ["here", "episode", "show"]
    # What is entered more widely from a place counts at that place.
    add_word(desk.bench, desk.episode, Entry("pier", say="pie"), "show", second.id)
    assert (spoken(desk, "pie"), "pier" in words_file(desk)) == ([first.id, second.id], False)


def test_an_entry_for_a_line_follows_it_and_comes_back_with_it(desk):
    """When it is reworded, divided, joined, and when all of that is undone."""
    segment = desk.find("We tested every plank")
    add_word(desk.bench, desk.episode, PIER, "here", segment.id)
    was = words_file(desk)
    (reworded,) = desk.fix(Reword(segment.id, "The new pier will hold, and we know it.")).segments
    assert spoken(desk, "peer") == [reworded]
    assert segment.id not in words_file(desk)
    parts = desk.fix(Split(reworded, len("The new pier will hold,"))).segments
    assert spoken(desk, "peer") == [parts[0]]
    (joined,) = desk.fix(Join(parts[0])).segments
    assert spoken(desk, "peer") == [joined]
    desk.fix(Undo(joined))
    desk.fix(Undo(parts[0]))
    assert desk.fix(Undo(reworded)).segments == (segment.id,)
    assert (spoken(desk, "peer"), words_file(desk)) == ([segment.id], was)


def test_an_entry_whose_line_is_gone_is_told(desk):
    """By the build and by `script`, with its place; it may come back."""
    segment = desk.find("We tested every plank")
    add_word(desk.bench, desk.episode, PIER, "here", segment.id)
    desk.fix(LeaveOut(segment.id))
    (outcome,) = desk.build().outcomes
    assert any('words.toml:3: "pier" is for a line' in note for note in outcome.notes)
    shown = run_audiobrief("script", "articles/ferry.txt", "--json", cwd=desk.root).json
    assert any('"pier" is for a line' in note for note in shown["scripts"][0]["notes"])
    desk.fix(Undo(segment.id))
    assert spoken(desk, "peer") == [segment.id]


def test_script_shows_how_words_are_said(desk):
    """As a build would speak them."""
    add_word(desk.bench, desk.episode, PIER, "episode", None)
    shown = run_audiobrief("script", "articles/ferry.txt", "--json", cwd=desk.root).json
    assert sum("peer" in s["spoken"] for s in shown["scripts"][0]["segments"]) == 2


def test_a_build_of_the_inbox_sees_a_word_that_a_person_has_written(desk):
    """Although it looks at no article that has not changed."""

    def built():
        run = run_audiobrief("build", "--json", cwd=desk.root)
        assert run.code == 0, run.stderr
        return run.json["episodes"][0]["outcome"], run.json["episodes"][0]["synthesized"]

    assert [built(), built()] == [("unchanged", 0)] * 2
    text = '# mine\n[words]\npier = "peer"\n"harbor" = [{ letters = true, here = ["x"] }]\n'
    (desk.folder / "words.toml").write_text(text, encoding="utf-8")
    assert [built(), built()] == [("built", 2), ("unchanged", 0)]
    add_word(desk.bench, desk.episode, Entry("pier", say="pew"), "episode", None)
    assert words_file(desk) == text.replace('pier = "peer"', '"pier" = "pew"')


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[words]\npier = { say = "peer", here = "x" }\n', "here"),
        ('[words]\npier = { sya = "peer" }\n', "sya"),
        ("[words]\npier = { here = ['x'] }\n", "respelling"),
        ("[words\n", "TOML"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(desk, text, problem):
    """The article fails alone; the review shows what is wrong."""
    (desk.folder / "words.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError) as caught:
        desk.bench.redraft(desk.episode)
    assert problem in f"{caught.value.problem} {caught.value.subject} {caught.value.remedy}"
    assert f"{desk.episode.directory}/words.toml" in caught.value.subject
    run = run_audiobrief("build", "--json", cwd=desk.root)
    assert (run.code, run.json["episodes"][0]["outcome"]) == (2, "failed")


def test_show_counts_all_episodes_and_says_which_are_another_sound_now(desk):
    """Those of other articles, too."""
    (desk.root / "articles" / "council.txt").write_text(OTHER, encoding="utf-8")
    desk.build()
    ferry = next(
        json.loads(p.read_bytes())["guid"]
        for p in desk.root.glob("episodes/*/episode.json")
        if "ferry" in p.parent.name
    )
    shelf = {e.guid: e for e in read_shelf(desk.show.episodes).episodes}
    counts = count(desk.show, shelf[ferry], "town", None)
    inside = sum("town" in s.text for s in shelf[ferry].segments)
    every = sum("town" in s.text for e in shelf.values() for s in e.segments)
    assert (counts.episode, counts.show_segments, counts.show_episodes) == (inside, every, 2)
    done = add_word(desk.bench, shelf[ferry], Entry("town", say="tahn"), "show", None)
    assert set(done.episodes) == {e.directory for e in shelf.values()}
    report = desk.build()
    assert [o.result for o in report.outcomes] == [Result.BUILT, Result.BUILT]
    assert sum(o.synthesized for o in report.outcomes) == every


@pytest.mark.parametrize("word", ["", "\x00", "...", "x" * 500])
def test_no_word(desk, word):
    """A client may send anything."""
    with pytest.raises(SourceError):
        count(desk.show, desk.episode, word, None)


def test_an_entry_that_is_not_there_is_not_removed(desk):
    """Somebody was faster."""
    for scope in ("episode", "show"):
        with pytest.raises(SourceError, match="no entry"):
            remove_word(desk.bench, desk.episode, "pier", scope, None)


@pytest.mark.parametrize("name", ["words.toml", "history.json", "review.json"])
def test_what_editors_have_written_is_not_served(name):
    """Neither to listeners nor to a target."""
    assert episode_kind(name) is None
