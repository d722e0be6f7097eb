"""Shares of the articles on several machines: their union is what one build makes."""

import json
import os
import signal
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import WorkspaceError
from audiobrief.model.shard import Shard
from audiobrief.pipeline.shards import Failure, Record
from tests.scale.newsroom import article, command, differences, environment, newsroom
from tests.support import run_audiobrief, snapshot

COUNT = 3
TEXTS = {f"boat-{n}.txt": article(n) for n in range(COUNT)}
TIME = {"SOURCE_DATE_EPOCH": "1790000000"}


def _run(root, *arguments, **kwargs):
    # Workers are other tests' matter, and take their time to start.
    arguments = (*arguments, "--pool", "here") if arguments[0] == "build" else arguments
    return run_audiobrief("-C", root, *arguments, cwd=root, env=TIME, **kwargs)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return what one build makes of all articles."""
    root = newsroom(tmp_path_factory.mktemp("whole") / "pod", 0, articles=TEXTS)
    assert _run(root, "build").code == 0
    return root


@pytest.fixture
def machine(tmp_path):
    """Return a function that makes a workspace with the shared store."""
    (tmp_path / "store").mkdir()

    def make(name, texts=None):
        settings = f'[store]\nurl = "{tmp_path / "store"}"\n'
        return newsroom(tmp_path / name, 0, settings=settings, articles=texts or TEXTS)

    return make


def _files(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("count", [3])
def test_the_union_of_all_shares_is_the_whole(machine, whole, count):
    """However many there are; each machine has made its own alone, and no episode."""
    made = []
    for index in range(count):
        root = machine(f"machine-{index}")
        told = _run(root, "build", "--shard", f"{index}/{count}", "--json")
        assert told.code == 0, told.stderr
        made += [row["locator"] for row in told.json["episodes"]]
        assert told.json["feed"] is None
        assert not (root / "episodes").exists()
    assert sorted(made) == sorted(f"articles/{name}" for name in TEXTS)
    root = machine("publisher")
    before = snapshot(root)
    told = _run(root, "publish", "--shards", count, "--dry-run", "--json")
    assert told.code == 0, told.stderr
    assert [row["outcome"] for row in told.json["built"]["episodes"]] == ["built"] * COUNT
    assert snapshot(root) == before
    (root / "articles" / "again.txt").write_text(TEXTS["boat-0.txt"], encoding="utf-8")
    assert _run(root, "publish", "--shards", count).code == 1
    (root / "articles" / "again.txt").unlink()
    told = _run(root, "publish", "--shards", count, "--json")
    assert told.code == 0, told.stderr
    built = told.json["built"]["episodes"]
    assert [(row["outcome"], row["synthesized"]) for row in built] == [("built", 0)] * COUNT
    assert differences(whole / "episodes", root / "episodes") == []
    assert not list((root / ".audiobrief" / "clips").rglob("*.clip"))


def test_a_dry_run_of_publish_names_the_shards_that_are_not_finished(machine):
    """Whoever starts sixteen of them can ask."""
    root = machine("publisher")
    told = _run(root, "publish", "--shards", 2, "--dry-run")
    assert (told.code, "0/2, 1/2" in told.stderr) == (1, True)


@pytest.mark.parametrize("flag", ["--voice", "--engine"])
def test_a_voice_of_one_run_is_refused(machine, flag):
    """What publishes knows the settings alone, and would refuse what was made."""
    told = _run(machine("pod"), "build", "--shard", "0/1", flag, "anchor")
    assert (told.code, told.stderr.count("\n")) == (2, 3)
    assert told.stderr.startswith(f"error: shards are published by the settings, and {flag} is")


def test_what_is_published_is_left_alone(machine, tmp_path):
    """A second day: shares with the episodes of the first one touch none; nothing is made twice."""
    root = machine("pod")
    for index in range(2):
        assert _run(root, "build", "--shard", f"{index}/2").code == 0
    assert _run(root, "publish", "--shards", 2).code == 0
    (root / "articles" / "new.txt").write_text(article(50), encoding="utf-8")
    before = snapshot(root / "episodes")
    for index in range(2):
        assert _run(root, "build", "--shard", f"{index}/2").code == 0
    assert snapshot(root / "episodes") == before
    assert _run(root, "publish", "--shards", 2).code == 0
    after = snapshot(root / "episodes")
    new = {name for name in after.keys() - before.keys() if name.endswith("/episode.json")}
    assert len(new) == 1
    sounds = [name for name in before if name.endswith(".mp3")]
    assert all(after[name] == before[name] for name in sounds)
    assert _run(root, "publish", "--shards", 2).code == 0
    assert snapshot(root / "episodes") == after
    told = _run(root, "build", "--json")
    assert {row["outcome"] for row in told.json["episodes"]} == {"unchanged"}


def test_two_articles_of_one_text_are_one_episode_by_shares_too(machine):
    """What is decided once, in the order of the articles, is what a build decides."""
    root = machine("pod", {"one.txt": article(1), "same.txt": article(1)})
    assert _run(root, "build", "--shard", "0/1").code == 0
    told = _run(root, "publish", "--shards", 1, "--json")
    assert told.code == 0, told.stderr
    rows = told.json["built"]["episodes"]
    assert [row["outcome"] for row in rows] == ["built", "unchanged"]
    assert len(list(root.glob("episodes/*/episode.json"))) == 1


def test_what_shares_have_made_waits_for_approval_and_is_let_in(machine):
    """As without shares: exit code 3 while it waits; then it is in the feed, sent or not."""
    root = machine("pod", {"one.txt": article(1)})
    with (root / "audiobrief.toml").open("a", encoding="utf-8") as file:
        file.write("[publish]\nrequire_approval = true\n")
    assert _run(root, "build", "--shard", "0/1").code == 0
    told = _run(root, "publish", "--shards", 1, "--json")
    assert told.code == 3
    assert [row["outcome"] for row in told.json["built"]["episodes"]] == ["built"]
    assert "approv" in told.json["shows"][0]["error"]["problem"]
    assert not (root / "episodes" / "feed.xml").exists()
    assert _run(root, "approve", "--all", "--by", "Ana").code == 0
    told = _run(root, "publish", "--shards", 1, "--json")
    assert told.code == 0, told.stderr
    assert len(told.json["shows"][0]["released"]) == 1
    assert (root / "episodes" / "feed.xml").exists()


def test_a_missing_share_is_named_and_nothing_is_changed(machine):
    """Exit code 1, and how it is made."""
    root = machine("pod")
    for index in (0, 2):
        assert _run(root, "build", "--shard", f"{index}/4").code == 0
    told = _run(root, "publish", "--shards", 4)
    assert told.code == 1
    assert "2 of 4 shards are not finished" in told.stderr
    assert "1/4, 3/4" in told.stderr
    assert "audiobrief build --shard 1/4" in told.stderr
    assert not (root / "episodes").exists()


def test_shares_of_other_articles_are_refused(machine):
    """One machine had an article more; or the publisher has."""
    one, other = machine("one"), machine("other", {**TEXTS, "more.txt": article(60)})
    assert _run(one, "build", "--shard", "0/2").code == 0
    assert _run(other, "build", "--shard", "1/2").code == 0
    told = _run(one, "publish", "--shards", 2)
    assert told.code == 1
    assert "not built of the same articles" in told.stderr
    assert not (one / "episodes").exists()
    assert _run(other, "build", "--shard", "0/2").code == 0
    told = _run(one, "publish", "--shards", 2)
    assert told.code == 1
    assert "other articles, settings or episodes than are here" in told.stderr
    assert not (one / "episodes").exists()
    assert _run(other, "publish", "--shards", 2).code == 0


def test_an_article_that_fails_is_told_by_its_share_and_by_the_publisher(machine):
    """All others are published."""
    texts = {**TEXTS, "empty.txt": "\n", "voiceless.txt": article(70)}
    root = machine("pod", texts)
    codes = [_run(root, "build", "--shard", f"{index}/2").code for index in range(2)]
    assert sorted(codes) == [0, 1]
    told = _run(root, "publish", "--shards", 2)
    assert told.code == 1
    assert "articles/empty.txt" in told.stderr
    assert len(list(root.glob("episodes/*/episode.json"))) == COUNT + 1


def test_what_workers_could_not_make_is_not_tried_by_the_publisher(machine):
    """Its error is the one that the share has met."""
    root = machine("pod", {"one.txt": article(1)})
    voice = root / "voices" / "reader.toml"
    wrong = voice.read_text().replace('voice = "tone"', 'voice = "nobody"')
    voice.write_text(wrong)
    assert _run(root, "build", "--shard", "0/1").code == 2
    told = _run(root, "publish", "--shards", 1)
    assert told.code == 2
    assert "tone has no such voice" in told.stderr


@pytest.mark.parametrize("text", ["0/0", "3/3", "x", "-1/2", "1", "1/", "1.0/2", "0/99999", ""])
def test_what_is_no_share_is_told(machine, text):
    """Exit code 2, and the form."""
    told = _run(machine("pod"), "build", "--shard", text)
    assert told.code == 2
    assert "--shard 0/3" in told.stderr


def test_shares_need_a_shared_store(tmp_path):
    """Exit code 2, and which setting."""
    root = newsroom(tmp_path / "pod", 1)
    for arguments in (("build", "--shard", "0/2"), ("publish", "--shards", 2)):
        told = _run(root, *arguments)
        assert told.code == 2
        assert "[store]" in told.stderr


def test_a_share_that_is_killed_goes_on_where_it_was(machine, whole, tmp_path):
    """What was finished is not spoken again; the union is the same."""
    root = machine("pod")
    manifests = tmp_path / "store" / "manifests"
    words = command(root, "build", "--shard", "0/1", "--pool", "local:1")
    with subprocess.Popen(
        words,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        while process.poll() is None and not (manifests.is_dir() and _files(manifests)):
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    finished = len(_files(manifests))
    told = _run(root, "build", "--shard", "0/1", "--json")
    assert told.code == 0, told.stderr
    idle = [row for row in told.json["episodes"] if row["synthesized"] == 0]
    assert len(idle) >= finished > 0
    assert _run(root, "publish", "--shards", 1).code == 0
    assert differences(whole / "episodes", root / "episodes") == []


def test_of_two_publishers_at_once_one_waits_its_turn(machine, whole):
    """One ends well, the other as well or with 75; what is there is the whole."""
    root = machine("pod")
    assert _run(root, "build", "--shard", "0/1").code == 0
    words = command(root, "publish", "--shards", 1)
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    both = [subprocess.Popen(words, env=environment(), **pipes) for _ in range(2)]
    told = [process.communicate(timeout=120)[1].decode() for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes in ([0, 0], [0, 75]), told
    assert differences(whole / "episodes", root / "episodes") == []


@given(st.text(), st.integers(1, 50))
def test_each_article_is_of_one_share(article_id, count):
    """Whoever asks."""
    assert sum(Shard(index, count).has(article_id) for index in range(count)) == 1


@given(st.integers(0, 9999), st.integers(1, 10_000))
def test_a_share_is_written_as_it_is_read(index, count):
    """And what lies outside is refused."""
    if index < count:
        assert Shard.parse(str(Shard(index, count))) == Shard(index, count)
    else:
        with pytest.raises(WorkspaceError):
            Shard.parse(f"{index}/{count}")


def test_a_record_is_read_as_it_was_written():
    """What is none is refused, and no defect."""
    error = WorkspaceError("problem", "subject", remedy="remedy")
    record = Record("0/2", "d", "2026-01-01", ("k",), (Failure.of("k", "a.txt", error),))
    assert Record.from_json(record.to_json()) == record
    told = record.failed[0].error()
    assert (type(told), str(told)) == (WorkspaceError, str(error))
    for wrong in (b"", b"[]", b"{}", b"null", json.dumps({"failed": [1]}).encode()):
        with pytest.raises(ValueError, match=r".+"):
            Record.from_json(wrong)
