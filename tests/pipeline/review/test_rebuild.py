"""The sound is built again behind the page: from the article, or from the manifest alone."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise

import pytest

from audiobrief.errors import SourceError
from audiobrief.model.change import Join, LeaveOut, Move, Recast, Restore, Reword, Split, Undo
from audiobrief.pipeline.brief import brief
from audiobrief.pipeline.briefing import BriefOptions
from audiobrief.workspace.load import load_workspace
from tests.brief.writing import article
from tests.pipeline.review.fixed import copied
from tests.pipeline.review.marked import NOW, put_workspace
from tests.support import EDITED, OTHER, invariant, snapshot

BOAT = "The first boat leaves"
PLANK = "We tested every plank"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a workspace with one episode that nobody changes."""
    return put_workspace(tmp_path_factory.mktemp("built") / "show")


@pytest.fixture(params=["drafts", "published"])
def desk(built, tmp_path, request):
    """Return a desk with a copy of it, with and without approval."""
    desk = copied(built, tmp_path / "show")
    if request.param == "published":
        path = desk.root / "audiobrief.toml"
        path.write_text(path.read_text().replace("= true", "= false"), encoding="utf-8")
        desk.build()
    yield desk
    desk.bench.close()


@pytest.fixture
def orphan(desk):
    """Return a desk with an episode whose article is gone."""
    (desk.root / "articles" / "ferry.txt").unlink()
    return desk


def facts(episode):
    """Return what no change of the script may change."""
    refs = [(a.id, a.locator, a.headline, a.byline, a.outlet, a.url) for a in episode.articles]
    rows = [(row.article, row.text) for row in episode.ledger]
    return episode.guid, episode.directory, episode.published, refs, rows, episode.language


def head(desk):
    """Return what the script file tells of its article."""
    return [row for row in desk.script.decode().split("\n") if row.startswith("- ")][:3]


def test_an_episode_whose_article_is_gone_is_left_alone(orphan):
    """Nothing has changed: nothing is written."""
    before, files = orphan.episode, snapshot(orphan.root / "episodes")
    first = orphan.rebuild()
    assert (first.enclosure, facts(first)) == (before.enclosure, facts(before))
    assert first.segments == before.segments
    again = snapshot(orphan.root / "episodes")
    assert {n for n in files if files[n][1] != again[n][1]} <= {
        f"{before.directory}/episode.json",
        "show.json",
    }
    orphan.rebuild()
    assert snapshot(orphan.root / "episodes") == again


def test_an_episode_whose_article_is_gone_is_changed_like_any_other(orphan):
    """What was said, what was not, and why, stays whole; only new words are spoken."""
    known, told = facts(orphan.episode), head(orphan)
    boat, council = orphan.find(BOAT), orphan.find("Harbor master Ana Ruiz announced")
    orphan.fix(Reword(boat.id, "The first boat leaves at dawn."))
    parts = orphan.fix(Split(council.id, council.text.index("at a meeting"))).segments
    orphan.fix(Recast(parts[1], "high"))
    orphan.fix(Move(parts[1], parts[0]))
    orphan.fix(LeaveOut(orphan.find(PLANK).id))
    built = orphan.rebuild()
    assert built.build.synthesized == 0
    assert [s.text for s in built.segments] == orphan.texts
    assert facts(built) == known
    assert head(orphan) == told
    (row,) = [row for row in built.ledger if PLANK in row.text]
    assert row.segments or "left out" in row.reason
    for row in built.ledger:
        ids = {s.id for s in built.segments}
        assert set(row.segments) <= ids
    assert invariant(orphan.root / "episodes") == []
    assert not orphan.is_stale


def test_all_of_it_is_taken_back_when_the_article_is_gone(orphan):
    """Build by build, to the same sound and the same script."""
    before, script = orphan.episode, orphan.script
    boat, plank = orphan.find(BOAT), orphan.find(PLANK)
    new = orphan.fix(Reword(boat.id, "The first boat leaves at dawn.")).segments[0]
    orphan.rebuild()
    orphan.fix(LeaveOut(plank.id))
    orphan.rebuild()
    parts = orphan.fix(Split(new, 20)).segments
    orphan.rebuild()
    for segment in (parts[0], plank.id, new):
        orphan.fix(Undo(segment))
        orphan.rebuild()
    after = orphan.episode
    assert [(s.text, s.voice, s.clip, s.source) for s in after.segments] == [
        (s.text, s.voice, s.clip, s.source) for s in before.segments
    ]
    assert [(r.text, r.segments, r.reason) for r in after.ledger] == [
        (r.text, r.segments, r.reason) for r in before.ledger
    ]
    assert after.enclosure == before.enclosure
    assert spoken_rows(orphan.script) == spoken_rows(script)


def spoken_rows(script):
    return script.decode().split("\n---\n")[0]


def test_a_script_in_another_encoding_is_refused_and_left_as_it_is(orphan):
    """No letter of it is lost to a build of the manifest."""
    path = orphan.folder / "script.md"
    text = path.read_text(encoding="utf-8").replace("six in the morning", "six at the caf\u00e9")
    path.write_bytes(text.encode("latin-1"))
    assert orphan.is_stale
    with pytest.raises(SourceError, match="not UTF-8"):
        orphan.rebuild()
    assert path.read_bytes() == text.encode("latin-1")


def test_a_dropped_sentence_comes_back_when_the_article_is_gone(orphan):
    """It accounts for its row."""
    number = next(n for n, r in enumerate(orphan.episode.ledger) if r.text == "Share")
    (made,) = orphan.fix(Restore(number)).segments
    built = orphan.rebuild()
    row = built.ledger[number]
    assert (row.segments, row.reason) == ((made,), None)
    (segment,) = [s for s in built.segments if s.id == made]
    assert segment.source == (number, number + 1)


def test_the_article_comes_back_and_the_edits_stay(orphan, built):
    """Three versions meet as ever: what the article gives is known still."""
    orphan.fix(Reword(orphan.find(BOAT).id, "The first boat leaves at dawn."))
    orphan.rebuild()
    text = (built / "articles" / "ferry.txt").read_text(encoding="utf-8")
    changed = text.replace("eleven months", "twelve months")
    (orphan.root / "articles" / "ferry.txt").write_text(changed, encoding="utf-8")
    orphan.build()
    texts = " ".join(s.text for s in orphan.episode.segments)
    assert "twelve months" in texts
    assert "leaves at dawn." in texts
    orphan.fix(Undo(orphan.find("leaves at dawn").id))
    assert "six in the morning" in " ".join(s.text for s in orphan.rebuild().segments)


def test_another_article_in_the_old_file_is_not_taken_for_it(desk):
    """The episode is built of its manifest, and no other one is made."""
    (desk.root / "articles" / "ferry.txt").write_text(OTHER, encoding="utf-8")
    desk.fix(Reword(desk.find(BOAT).id, "The first boat leaves at dawn."))
    built = desk.rebuild()
    assert "The first boat leaves at dawn." in [s.text for s in built.segments]
    assert desk.episode.guid == built.guid


def test_what_article_and_editor_have_both_changed_is_heard_as_the_editor_wrote_it(desk):
    """Until somebody decides: a build by hand still tells the conflict."""
    desk.fix(Reword(desk.find(BOAT).id, "The first boat leaves at dawn."))
    (desk.root / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    built = desk.rebuild()
    assert "The first boat leaves at dawn." in [s.text for s in built.segments]
    assert not desk.is_stale
    with pytest.raises(AssertionError, match="ScriptConflictError"):
        desk.build()


def test_a_change_of_the_article_elsewhere_is_taken_over(desk):
    """As by any build."""
    desk.fix(Reword(desk.find("Harbor master").id, "Ana Ruiz said so."))
    (desk.root / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    texts = [s.text for s in desk.rebuild().segments]
    assert any("seven in the morning" in text for text in texts)
    assert "Ana Ruiz said so." in texts
    assert desk.is_unchanged()


def test_manifests_of_before_are_built_of_too(orphan):
    """They do not say what a segment is in its article: nothing is spoken again for that."""
    path = orphan.folder / "episode.json"
    data = json.loads(path.read_bytes())
    for segment in data["segments"]:
        del segment["kind"]
    path.write_text(json.dumps(data), encoding="utf-8")
    before = orphan.episode
    assert not orphan.is_stale
    orphan.fix(Reword(orphan.find(BOAT).id, "The first boat leaves at dawn."))
    built = orphan.rebuild()
    assert built.build.synthesized == 0
    clips = {s.clip for s in built.segments}
    assert sum(s.clip in clips for s in before.segments) == len(before.segments) - 1


# -- what is stale --------------------------------------------------------------------------------


def test_whatever_changes_the_sound_makes_it_stale(desk):
    """A script, a word of the episode, a word of all; not what changes nothing of it."""
    assert not desk.is_stale
    desk.type("- Source: ", "- Source: elsewhere ")
    (desk.folder / "words.toml").write_text('[words]\nabsent = "x y"\n', encoding="utf-8")
    assert not desk.is_stale
    (desk.folder / "words.toml").write_text('[words]\nboat = "bote"\n', encoding="utf-8")
    assert desk.is_stale
    desk.rebuild()
    assert not desk.is_stale
    folder = desk.root / "voices" / "lexicon"
    folder.mkdir()
    (folder / "a.toml").write_text('[words]\npier = "peer"\n', encoding="utf-8")
    assert desk.is_stale
    assert sum("peer" in s.spoken for s in desk.rebuild().segments) == 2
    assert not desk.is_stale
    desk.type(BOAT, "The last boat leaves")
    assert desk.is_stale


def test_a_script_that_nobody_understands_is_told_and_nothing_is_lost(desk):
    """The page shows what there is; the error names the line."""
    before = desk.episode
    desk.type("[narrator \u00b7 low] The ferry", "[nobody \u00b7 low] The ferry")
    script = desk.script
    assert desk.is_stale
    assert desk.now == before.segments
    with pytest.raises(SourceError, match="no role"):
        desk.rebuild()
    assert (desk.script, desk.episode) == (script, before)


def test_superseded_sound_of_drafts_does_not_pile_up(desk):
    """What is heard now and what was heard before it may stay, no more."""
    for number in range(4):
        segment = desk.find("boat leaves")
        desk.fix(Reword(segment.id, f"The first boat leaves at {number + 2} o'clock."))
        desk.rebuild()
        assert desk.episode.enclosure.file in {p.name for p in desk.folder.glob("*.mp3")}
        assert len(list(desk.folder.glob("*.mp3"))) <= 2


# -- programmes -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built_programme(tmp_path_factory):
    """Return a workspace with a programme of three stories, and what was asked for."""
    root = put_workspace(
        tmp_path_factory.mktemp("programme") / "show",
        text=f"News of the harbor\n\n{article('harbor', 1, 20)}",
    )
    for topic in ("clinic", "orchard"):
        path = root / "articles" / f"{topic}.txt"
        path.write_text(f"News of the {topic}\n\n{article(topic, 2, 20)}", encoding="utf-8")
    for path in (root / "episodes").glob("*/*"):
        path.unlink()
    for path in (p for p in (root / "episodes").iterdir() if p.is_dir()):
        path.rmdir()
    options = BriefOptions(minutes=2.0, since_hours=10_000.0)
    report = brief(load_workspace(root), now=NOW, options=options)
    assert report.outcomes[0].error is None
    return root, options


@pytest.fixture
def programme(built_programme, tmp_path):
    """Return a desk with a copy of it."""
    root, options = built_programme
    desk = copied(root, tmp_path / "show")
    yield desk, options
    desk.bench.close()


def test_a_programme_is_built_of_its_manifest_and_never_chosen_again(programme):
    """Chapters, stories and ledger stay; a dropped sentence comes back."""
    desk, options = programme
    before = desk.episode
    assert not desk.is_stale
    body = [s for s in desk.now if s.role == "narrator" and s.source[0] < s.source[1]]
    (new,) = desk.fix(Reword(body[1].id, "Something else was said 1.")).segments
    dropped = next(n for n, r in enumerate(before.ledger) if r.reason == "left out for time")
    (back,) = desk.fix(Restore(dropped)).segments
    built = desk.rebuild()
    assert built.build.synthesized == 0
    assert {new, back} <= {s.id for s in built.segments}
    assert facts(built) == facts(before)
    assert built.programme == before.programme
    assert [c.title for c in built.chapters] == [c.title for c in before.chapters]
    assert built.ledger[dropped].segments == (back,)
    desk.fix(Undo(new))
    desk.fix(Undo(back))
    assert desk.rebuild().enclosure == before.enclosure
    # The same programme, asked for again, has what the editor did.
    (new,) = desk.fix(Reword(body[2].id, "Something else was said 2.")).segments
    desk.rebuild()
    report = brief(desk.show, now=NOW + timedelta(hours=1), options=options)
    assert report.outcomes[0].error is None
    assert new in {s.id for s in desk.episode.segments}


def test_chapters_stay_where_they_are_while_lines_come_and_go(programme):
    """Moved to the end and back, first lines left out and taken back: the same script again."""
    desk, _ = programme
    before, script = desk.episode, desk.script
    headlines = desk.find("The headlines.")
    desk.fix(Move(headlines.id, None))
    built = desk.rebuild()
    assert [c.title for c in built.chapters] == [c.title for c in before.chapters]
    desk.fix(Undo(headlines.id))
    first = [s for s in before.segments if s.chapter][2]
    desk.rebuild()
    desk.fix(LeaveOut(first.id))
    desk.rebuild()
    desk.fix(Undo(first.id))
    built = desk.rebuild()
    assert [(c.title, c.start_ms) for c in built.chapters] == [
        (c.title, c.start_ms) for c in before.chapters
    ]
    spoken, *_ = desk.script.partition(b"---")
    assert spoken == script.partition(b"---")[0]


def test_parts_of_a_chapter_may_be_joined_moved_and_left_out(programme):
    """A chapter begins with what is left of it."""
    desk, _ = programme
    firsts = [s for s in desk.episode.segments if s.chapter]
    second = firsts[1]
    desk.fix(LeaveOut(second.id))
    built = desk.rebuild()
    assert [s.chapter for s in built.segments if s.chapter] == [s.chapter for s in firsts]
    body = [s for s in desk.now if s.role == "narrator"]
    pair = next((a, b) for a, b in pairwise(body) if a.paragraph == b.paragraph)
    (joined,) = desk.fix(Join(pair[0].id)).segments
    desk.fix(Move(joined, None))
    built = desk.rebuild()
    assert built.segments[-1].id == joined
    assert built.build.synthesized == 0
