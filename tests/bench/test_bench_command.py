"""``audiobrief bench`` shows what was measured; how fast it is, is for the machine to say."""

import json

import pytest
from click.testing import CliRunner

from audiobrief.bench.contenders import CONTENDERS
from audiobrief.bench.figure import Figure
from audiobrief.bench.heard import measure_heard
from audiobrief.bench.parts import parse_parts
from audiobrief.bench.report import TABLE_HEAD
from audiobrief.bench.rounds import Row
from audiobrief.bench.tree import Taken
from audiobrief.cli.commands import bench

RUNS = (Taken(3.0, 2.0, 50.0, 60.0, sound_s=181.0), Taken(5.0, 4.0, 50.0, 70.0, sound_s=181.0))


def measured(_job):
    """Yield figures of every kind, and rows of three contenders."""
    yield Figure("speech", "told", 150.0, "x real time")
    yield Figure("speech", "good", 0.9, "", 0.8)
    yield Figure("speech", "poor", 0.7, "", 0.8)
    yield Figure("sound", "small", 0.7, "s", 0.8, is_limit=True, low=0.6, high=0.9)
    by_key = {contender.key: contender for contender in CONTENDERS}
    yield Row(180.0, by_key["naive"], (), RUNS, "not finished in 600 s")
    yield Row(180.0, by_key["piped"], RUNS[:1], RUNS, "failed: x")
    yield Row(180.0, by_key["concat"], RUNS, RUNS)


@pytest.fixture
def shown(monkeypatch):
    """Run the command on these measurements."""
    monkeypatch.setattr(bench, "GROUPS", (measured,))

    def run(*arguments):
        return CliRunner().invoke(bench.command, arguments, standalone_mode=False)

    return run


def test_a_missed_yardstick_is_shown_and_is_an_exit_code(shown):
    """For people a table, for scripts a document."""
    people = shown()
    assert people.return_value == 1
    lines = people.output.splitlines()
    assert [line.split(": ")[-1] for line in lines[1:4]] == ["ok", "MISSED", "ok"]
    assert "at most 0.8" in lines[3]
    assert lines[4].endswith("not finished in 600 s")
    told = json.loads(shown("--json").output)
    assert [row["good"] for row in told["figures"]] == [True, True, False, True]


def test_quietly_only_what_is_missed_is_shown(shown):
    """And nothing when all is good."""
    assert len(shown("-q").output.splitlines()) == 1


def test_the_document_has_machine_figures_and_rows(shown):
    """Scripts find every measurement with its spread."""
    told = json.loads(shown("--json").output)
    assert {"cpu", "cores", "system", "python", "date", "load"} <= set(told["machine"])
    naive, _piped, concat = told["sound"]
    assert (naive["failure"], naive["cpu_s"]) == ("not finished in 600 s", None)
    assert concat["cpu_s"] == {"median": 3.0, "low": 2.0, "high": 4.0}
    assert concat["cpu_ratio"] == {"median": 1.0, "low": 1.0, "high": 1.0}
    assert (concat["tree_mb"]["high"], concat["rounds"], concat["length_s"]) == (70.0, 2, 180.0)


def test_markdown_is_whole_tables(shown):
    """Every row has the columns of its head; a bar in a name does not divide it."""
    text = shown("--markdown").output
    assert TABLE_HEAD in text
    tables = [block for block in text.split("\n\n") if block.startswith("|")]
    assert len(tables) == 2
    for table in tables:
        widths = {line.replace("\\|", "").count("|") for line in table.splitlines()}
        assert len(widths) == 1
    assert "| 3 min | clips | ffmpeg concat, one pass | 3.00 | 1 |" in text
    assert "| small | 0.70 s (0.60 to 0.90) | at most 0.8 |" in text
    assert "| poor | 0.70 | at least 0.8, missed |" in text


@pytest.mark.parametrize("text", ["3", "10x", "three", "3m,,", "0m", "cores:0", "3m:21", "all,3m"])
def test_parts_that_are_none_are_refused(text):
    """A typo must not cost an hour."""
    with pytest.raises(ValueError, match=r"^"):
        parse_parts(text, 3)


def test_all_is_what_the_readme_shows():
    """Four lengths and the three proofs; long episodes have fewer rounds."""
    parts = parse_parts("all", 5)
    assert [p.seconds for p in parts if not p.proof] == [180, 1800, 10800, 36000]
    assert [p.proof for p in parts if p.proof] == ["cores", "segments", "edit"]
    assert [p.rounds for p in parts] == [5, 5, 2, 1, 5, 5, 5]


def test_a_wrong_part_is_wrong_usage(audiobrief):
    """The word is named, and what would be right."""
    done = audiobrief("bench", "--sound", "3m,10x")
    assert done.code == 2
    assert "'10x' is no length (3m, 10h)" in done.stderr


def test_a_word_is_heard_by_both_engines():
    """The command runs and says so."""
    names = [figure.name for figure in measure_heard(rounds=1)]
    assert names == ["pyttsx3, a word heard again", "espeak, a word heard again"]
