"""The bench measures what it says; how fast is for the machine to say."""

import json

from click.testing import CliRunner

from audiobrief.cli.commands import bench
from audiobrief.speak.bench import measure_speech


def test_both_engines_are_measured_bare_and_through_their_workers():
    """Two texts, once."""
    speeds = measure_speech(texts=2, rounds=1)
    assert [speed.engine for speed in speeds] == ["pyttsx3", "espeak"]
    assert all(speed.worker_x > 0 and speed.bare_x > 0 for speed in speeds)
    assert all(speed.share == speed.worker_x / speed.bare_x for speed in speeds)


def figures():
    """Yield a figure that is told, one that is good and one that is not."""
    yield bench.Figure("speech", "told", 150.0, "x real time")
    yield bench.Figure("speech", "good", 0.9, "", 0.8)
    yield bench.Figure("speech", "poor", 0.7, "", 0.8)


def test_a_missed_yardstick_is_shown_and_is_an_exit_code(monkeypatch):
    """For people a table, for scripts a document."""
    monkeypatch.setattr(bench, "GROUPS", (figures,))
    shown = CliRunner().invoke(bench.command, [], standalone_mode=False)
    assert shown.return_value == 1
    assert [line.split(": ")[-1] for line in shown.output.splitlines()[1:]] == ["ok", "MISSED"]
    told = CliRunner().invoke(bench.command, ["--json"], standalone_mode=False)
    assert [row["good"] for row in json.loads(told.output)["figures"]] == [True, True, False]


def test_quietly_only_what_is_missed_is_shown(monkeypatch):
    """And nothing when all is good."""
    monkeypatch.setattr(bench, "GROUPS", (figures,))
    shown = CliRunner().invoke(bench.command, ["-q"], standalone_mode=False)
    assert len(shown.output.splitlines()) == 1
