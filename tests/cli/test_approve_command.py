"""``approve``, ``status`` and ``publish`` as an editor uses them from the shell."""

import itertools
import json
import shutil
import signal
import sys
from datetime import UTC, datetime

import pytest

from audiobrief.model.review import Verdict
from audiobrief.pipeline.review.marks import mark, played
from audiobrief.store.library import read_shelf
from audiobrief.store.lock import locked
from audiobrief.workspace.load import load_workspace
from tests.dying import dying_python
from tests.support import ARTICLE, OTHER, invariant, run_audiobrief, snapshot

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
FERRY, LIBRARY = "Ferry returns to the old harbor", "Council approves a new library"
ENV = {"SOURCE_DATE_EPOCH": "1772440200"}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a workspace with two drafts; it is to be copied, not changed."""
    root = tmp_path_factory.mktemp("approve") / "pod"
    root.mkdir()
    settings = "[publish]\nrequire_approval = true\n"
    (root / "audiobrief.toml").write_text(settings, encoding="utf-8")
    for name, text in (("ferry.txt", ARTICLE), ("library.txt", OTHER)):
        (root / name).write_text(text, encoding="utf-8")
    run = run_audiobrief("build", "ferry.txt", "library.txt", "--engine", "tone", cwd=root, env=ENV)
    assert run.code == 0, run.stderr
    return root


@pytest.fixture
def pod(built, tmp_path):
    """Return a copy of it."""
    return shutil.copytree(built, tmp_path / "pod")


@pytest.fixture
def ask(pod):
    """Return the command, run in the copy."""

    def run(*arguments, **more):
        return run_audiobrief(*arguments, cwd=pod, env=ENV, **more)

    return run


def episode_of(pod, title):
    """Return the show and one of its episodes."""
    show = load_workspace(pod)
    return show, next(e for e in read_shelf(show.episodes).episodes if e.title == title)


def break_segment(pod, title):
    """Mark the third segment of an episode for a fix."""
    show, episode = episode_of(pod, title)
    segment = episode.segments[2]
    pairs = [(segment.id, segment.clip)]
    mark(show, episode, pairs, Verdict.NEEDS_FIX, by="Ana", now=NOW, note="a name")


def row_of(run, title):
    """Return what ``status --json`` says of an episode."""
    return next(row for row in run.json["episodes"] if row["title"] == title)


def test_what_waits_is_listed_with_counts_and_reasons(ask, pod):
    """The newest first; a script gets the numbers."""
    break_segment(pod, FERRY)
    told = ask("approve")
    assert told.code == 0
    assert FERRY in told.stdout
    assert "0 of 8 approved, 1 needs a fix" in told.stdout
    document = ask("approve", "--json").json
    rows = {row["title"]: row for row in document["waiting"]}
    assert document["require_approval"] is True
    assert rows[FERRY]["segments"] == {
        "not heard": 7, "heard": 0, "needs fix": 1, "approved": 0, "total": 8,
    }  # fmt: skip
    assert rows[FERRY]["reasons"] == ["7 segments still need approval", "1 segment needs a fix"]
    assert set(rows) == {FERRY, LIBRARY}


def test_publish_refuses_until_all_is_approved_and_then_writes_the_feed(ask, pod):
    """Exit code 3, with each reason, and the commands that mend it."""
    break_segment(pod, FERRY)
    refused = ask("publish")
    assert refused.code == 3
    assert f'"{FERRY}" is not approved: 7 segments still need approval' in refused.stderr
    assert "1 segment needs a fix" in refused.stderr
    assert f'"{LIBRARY}" is not approved' in refused.stderr
    assert "audiobrief review" in refused.stderr
    assert "audiobrief approve" in refused.stderr
    as_json = ask("publish", "--json").json
    assert as_json["error"]["reasons"]
    assert len(as_json["others"]) == 1
    assert not (pod / "episodes" / "feed.xml").exists()
    assert ask("approve", "--all", "--force").code == 0
    done = ask("publish")
    assert done.code == 0, done.stderr
    assert FERRY in done.stdout
    assert invariant(pod / "episodes") == []
    assert FERRY in (pod / "episodes" / "feed.xml").read_text(encoding="utf-8")
    assert {row["state"] for row in ask("status", "--json").json["episodes"]} == {"published"}
    before = snapshot(pod / "episodes")
    assert ask("publish").code == 0
    assert snapshot(pod / "episodes") == before


def test_an_approval_has_a_name_and_a_time(ask, pod):
    """In review.json, and told by status."""
    done = ask("approve", "ferry returns", "--by", "Ana  Ruiz")
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout == f"{FERRY}: 8 segments approved; approved\n"
    row = row_of(ask("status", "--json"), FERRY)
    assert row["state"] == "approved"
    assert row["review"]["approved_by"] == "Ana Ruiz"
    assert row["review"]["approved_at"] == "2026-03-02T08:30:00Z"
    assert row["review"]["segments"]["approved"] == 8
    told = ask("status").stdout
    assert f"{FERRY}  (approved by Ana Ruiz, 2026-03-02)" in told
    assert f"{LIBRARY}  (0 of 5 approved)" in told
    manifest = json.loads(next(pod.glob("episodes/*ferry*/episode.json")).read_bytes())
    assert manifest["state"] == "approved"


def test_approving_again_changes_nothing(ask, pod):
    """Scripts may repeat themselves."""
    assert ask("approve", FERRY, "--by", "Ana").code == 0
    before = snapshot(pod / "episodes")
    done = ask("approve", FERRY, "--by", "Ben", "--json")
    assert done.code == 0
    assert done.json["episodes"][0]["changed"] == 0
    assert snapshot(pod / "episodes") == before


def test_only_what_was_heard(ask, pod):
    """It is no failure that the rest waits."""
    show, episode = episode_of(pod, FERRY)
    segment = episode.segments[0]
    played(show, episode, segment.clip, [(0, 60_000)], by="Ana", now=NOW)
    assert "0 of 8 approved, 1 heard" in ask("status").stdout
    done = ask("approve", FERRY, "--heard")
    assert done.code == 0
    assert "1 segment approved; not approved" in done.stdout
    assert "7 segments still need approval" in done.stdout


def test_a_segment_that_needs_a_fix_leaves_the_episode_unapproved(ask, pod):
    """Exit code 3; force approves it all the same."""
    break_segment(pod, FERRY)
    done = ask("approve", FERRY)
    assert done.code == 3
    assert "7 segments approved; not approved\n    1 segment needs a fix" in done.stdout
    assert ask("approve", FERRY, "--force").code == 0


def test_a_dry_run_changes_nothing(ask, pod):
    """It says what would be done."""
    before = snapshot(pod)
    assert "8 segments would be approved; approved" in ask("approve", FERRY, "--dry-run").stdout
    assert ask("approve", "--all", "--dry-run", "--json").code == 0
    assert snapshot(pod) == before


def test_it_can_be_taken_back(ask, pod):
    """The episode is a draft, and waits again; what is published leaves the feed."""
    assert ask("approve", FERRY, LIBRARY).code == 0
    assert ask("publish").code == 0
    assert "8 segments taken back; draft" in ask("approve", "--undo", FERRY).stdout
    assert row_of(ask("status", "--json"), FERRY)["state"] == "draft"
    assert ask("publish").code == 3
    assert ask("build", "library.txt", "--engine", "tone").code == 0
    feed = (pod / "episodes" / "feed.xml").read_text(encoding="utf-8")
    assert LIBRARY in feed
    assert FERRY not in feed


@pytest.mark.parametrize(
    "name",
    [
        "{folder}",
        "episodes/{folder}/",
        "{folder_start}",
        "ferry-returns",
        FERRY.upper(),
        "Ferry ret",
        "{guid}",
        "{root}/episodes/{folder}/script.md",
    ],
)
def test_an_episode_is_named_by_folder_title_or_path(ask, pod, name):
    """Or by how these begin, if no other begins so."""
    _, episode = episode_of(pod, FERRY)
    folder = episode.directory
    place = {"folder": folder, "folder_start": folder[:13], "guid": episode.guid, "root": pod}
    done = ask("approve", name.format(**place), "--json")
    assert done.code == 0, done.stderr
    assert [row["title"] for row in done.json["episodes"]] == [FERRY]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Fery returns to the old harbour"], 'did you mean "2026-03-02-ferry-returns'),
        (["2026"], "2 episodes are called so"),
        (["nothing like it"], "there is no such episode"),
        ([""], "there is no such episode"),
        ([FERRY, "--all"], "not both"),
        (["--heard"], "name an episode, or give --all"),
        (["--undo", "--all"], "name the episodes whose approval is taken back"),
        (["--undo", "--force", FERRY], "leave --heard and --force out"),
        ([FERRY, "--by", " "], "cannot be the name of a person"),
        ([FERRY, "--show", "nowhere"], 'no show "nowhere"'),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_done(ask, pod, arguments, said):
    """Exit code 2, also where only the second name is wrong."""
    before = snapshot(pod)
    done = ask("approve", *arguments)
    assert (done.code, done.stdout) == (2, "")
    assert said in done.stderr
    assert ask("approve", FERRY, "nothing like it").code == 2
    assert snapshot(pod) == before


def test_what_cannot_be_heard_is_not_approved(ask, pod):
    """One of two: the other is approved, and the exit code is 1."""
    next(pod.glob("episodes/*ferry*/*.mp3")).unlink()
    done = ask("approve", "--all")
    assert done.code == 1
    assert "its sound is missing or cannot be read" in done.stderr
    assert f"{LIBRARY}: 5 segments approved; approved" in done.stdout


def test_a_damaged_review_is_named(ask, pod):
    """By status, which goes on; and by whoever relies on it."""
    path = next(pod.glob("episodes/*ferry*")) / "review.json"
    path.write_text('{"version": 1, "marks": 3}', encoding="utf-8")
    told = ask("status")
    assert told.code == 1
    assert "the review is damaged" in told.stderr
    assert LIBRARY in told.stdout
    assert row_of(ask("status", "--json"), FERRY)["review"] is None
    for command in (["approve", FERRY], ["publish"]):
        done = ask(*command)
        assert done.code == 1
        assert "restore it from a backup" in done.stderr


def test_taking_back_waits_for_no_build(ask, pod):
    """Exit code 75, as for two builds; approving goes on beside one."""
    show, _ = episode_of(pod, FERRY)
    with locked(show.cache / "lock"):
        assert ask("approve", FERRY, "--by", "Ana").code == 0
        assert row_of(ask("status", "--json"), FERRY)["state"] == "approved"
        assert ask("approve", "--undo", FERRY).code == 75
    assert ask("approve", LIBRARY).code == 0
    assert FERRY in ask("publish").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_killed_at_every_file_operation_it_is_a_draft_or_approved(pod, tmp_path_factory):
    """Both files are whole, and the next run says the same as one that nobody killed."""
    env = ENV | dying_python(tmp_path_factory.mktemp("dying"), pod)
    codes = []
    for k in itertools.count(1):
        killed = run_audiobrief("approve", FERRY, cwd=pod, env={**env, "DIE_AT": str(k)})
        codes.append(killed.code)
        row = row_of(run_audiobrief("status", "--json", cwd=pod), FERRY)
        assert row["review"]["segments"]["approved"] in {0, 8}
        assert row["state"] == ("approved" if row["review"]["segments"]["approved"] else "draft")
        if killed.code == 0:
            break
    assert len(codes) > 4
    assert set(codes[:-1]) == {-signal.SIGKILL}
    assert run_audiobrief("approve", FERRY, LIBRARY, cwd=pod, env=ENV).code == 0
    published = run_audiobrief("publish", cwd=pod, env=ENV)
    assert published.code == 0, published.stderr
    assert invariant(pod / "episodes") == []


def test_where_approval_is_not_asked_for_nothing_waits(ask, pod):
    """Builds publish at once; an approval is noted all the same."""
    (pod / "audiobrief.toml").write_text("", encoding="utf-8")
    assert ask("build", "ferry.txt", "library.txt", "--engine", "tone").code == 0
    assert "require_approval is not set" in ask("approve").stdout
    done = ask("approve", FERRY, "--by", "Ana", "--json")
    assert done.json["episodes"][0]["state"] == "published"
    assert row_of(ask("status", "--json"), FERRY)["review"]["approved_by"] == "Ana"
    assert ask("publish").code == 2


def test_episodes_of_further_shows_are_found(ask, pod):
    """By NAME/folder where two shows have the same article."""
    settings = '[publish]\nrequire_approval = true\n[shows.evening]\ntitle = "Evening"\n'
    (pod / "audiobrief.toml").write_text(settings, encoding="utf-8")
    build = ask("build", "ferry.txt", "--engine", "tone", "--show", "evening")
    assert build.code == 0, build.stderr
    _, episode = episode_of(pod, FERRY)
    twice = ask("approve", FERRY)
    assert twice.code == 2
    assert f"evening/{episode.directory}" in twice.stderr
    done = ask("approve", f"evening/{episode.directory}", "--json")
    assert done.json["episodes"][0]["show"] == "evening"
    assert ask("approve", FERRY, "--show", "evening", "--json").json["episodes"][0]["changed"] == 0


def test_a_review_is_not_served_and_not_sent(ask, pod, tmp_path):
    """It says who has heard what: that is nobody else's."""
    (pod / "audiobrief.toml").write_text(
        '[show]\nbase_url = "https://pod.example/"\n'
        '[publish]\nrequire_approval = true\nto = "folder:../www"\n',
        encoding="utf-8",
    )
    assert ask("approve", "--all").code == 0
    done = ask("publish", "--force")
    assert done.code == 0, done.stderr
    names = {path.name for path in (tmp_path / "www").rglob("*") if path.is_file()}
    assert "feed.xml" in names
    assert names & {"review.json", "episode.json", "script.md"} == set()


def test_an_option_without_its_value_is_told_of_this_command(audiobrief):
    """Where, and which help tells more."""
    run = audiobrief("approve", "--by")
    assert run.code == 2
    assert run.stderr.splitlines() == [
        "error: option '--by' requires an argument",
        "  audiobrief approve",
        '  fix: run "audiobrief approve --help" to see what it takes',
    ]


def test_an_approval_that_was_cut_off_is_finished_by_the_next_one(ask, pod):
    """The review was written, the manifest was not: all that is left to do is that."""
    before = {path: path.read_bytes() for path in pod.glob("episodes/*/episode.json")}
    assert ask("approve", "--all", "--by", "Ana").code == 0
    after = {path: path.read_bytes() for path in before}
    reviews = snapshot_of_reviews(pod)
    for path, content in before.items():
        path.write_bytes(content)
    assert ask("approve", "--all", "--by", "Ana").code == 0
    assert {path: path.read_bytes() for path in before} == after
    assert snapshot_of_reviews(pod) == reviews


def snapshot_of_reviews(pod):
    """Return the reviews of all episodes."""
    return {path: path.read_bytes() for path in pod.glob("episodes/*/review.json")}
