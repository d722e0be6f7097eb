"""The command line: help, errors in three lines, exit codes, JSON, and a fast start."""

import json
import os
import subprocess
import sys

import pytest

from audiobrief import __version__
from audiobrief.cli.root import COMMANDS
from tests.support import ARTICLE

HEAVY = ("numpy", "pydub", "mutagen", "feedgen", "pyttsx3", "trafilatura", "PIL", "pydantic")


def test_help_imports_nothing_heavy():
    """Not even click: the start of every command depends on it."""
    code = (
        "import sys; sys.argv = ['audiobrief', '--help']\n"
        "from audiobrief.cli.main import main\n"
        "try: main()\n"
        "finally: print(sorted(m for m in sys.modules if '.' not in m), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not {"click", *HEAVY} & set(json.loads(done.stderr.replace("'", '"')))


def test_an_interrupt_at_the_very_start_is_told_in_a_line(tmp_path):
    """While click is still being imported; 130 is 128 and the number of SIGINT."""
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "audiobrief", "status"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (130, "interrupted: nothing was done\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_leads_with_examples(audiobrief, name):
    """Examples come before usage and options."""
    done = audiobrief(name, "--help")
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith("Examples:\n  audiobrief ")
    assert done.stdout.index("Usage:") < done.stdout.index("Options:")


def test_the_version_is_printed(audiobrief):
    """One line, for bug reports."""
    assert audiobrief("--version").stdout == f"audiobrief, version {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["buidl"], "no such command 'buidl'. Did you mean 'build'?"),
        (["build", "--engin", "tone"], "No such option"),
        (["script"], "missing argument"),
    ],
)
def test_wrong_usage_is_told_in_three_lines(audiobrief, arguments, problem):
    """What, where, and what to run; exit code 2."""
    done = audiobrief(*arguments)
    assert done.code == 2
    what, where, fix = done.stderr.splitlines()
    assert problem.lower() in what.lower()
    assert where.startswith("  audiobrief")
    assert fix.startswith('  fix: run "audiobrief')


def test_flags_work_before_and_after_the_command(audiobrief, tmp_path):
    """``-C`` and ``--json`` belong to every command."""
    (tmp_path / "w").mkdir()
    before = audiobrief("-C", "w", "--json", "status")
    after = audiobrief("status", "-C", "w", "--json")
    assert before == after
    assert before.json == {"episodes": [], "damaged": [], "sources": []}


def test_paths_lead_from_here_and_else_from_the_workspace(audiobrief, tmp_path):
    """``-C DIR build a.txt`` finds the article on either side."""
    (tmp_path / "w").mkdir()
    for folder, word in ((tmp_path, "here"), (tmp_path / "w", "there")):
        (folder / f"{word}.txt").write_text(ARTICLE.replace("Ferry", word), encoding="utf-8")
        shown = audiobrief("-C", "w", "script", f"{word}.txt", "--json")
        assert shown.json["scripts"][0]["headline"].startswith(word)


def test_a_missing_workspace_is_an_error(audiobrief):
    """A typo after ``-C`` does not make a new workspace."""
    done = audiobrief("status", "-C", "nowhere")
    assert done.code == 2
    assert done.stderr.startswith("error: the workspace is no folder\n")


def test_an_error_with_json_is_a_document_too(audiobrief):
    """A script reads the error from stdout as it reads results."""
    done = audiobrief("status", "-C", "nowhere", "--json")
    assert set(done.json["error"]) == {"problem", "subject", "remedy"}


@pytest.mark.parametrize("arguments", [["buidl"], ["build", "--nonsense"], ["build", "-C", "no"]])
def test_every_failure_with_json_is_one_document(audiobrief, arguments):
    """Wrong usage too."""
    done = audiobrief(*arguments, "--json")
    assert done.code == 2
    assert set(done.json) == {"error", "others"}


def test_all_mistakes_in_the_settings_are_told(audiobrief, tmp_path):
    """Three lines for each of them, exit code 2."""
    (tmp_path / "audiobrief.toml").write_text("[shwo]\n[show]\ntitel = 1\n", encoding="utf-8")
    done = audiobrief("status")
    assert done.code == 2
    assert done.stderr.count("error: ") == 2
    assert 'did you mean "title"?' in done.stderr


def test_init_makes_a_workspace_and_tells_the_next_step(audiobrief, tmp_path):
    """The folders, the settings, a sample; a second run keeps them all."""
    done = audiobrief("init", "show")
    assert done.code == 0
    assert done.stdout.splitlines()[-1] == "next: audiobrief -C show build"
    assert {p.name for p in (tmp_path / "show").iterdir()} == {
        "audiobrief.toml",
        "articles",
        "voices",
        "episodes",
    }
    again = audiobrief("init", "show", "--json").json
    assert again["made"] == []


def test_voices_lists_the_shipped_ones_with_their_part(audiobrief):
    """The narrator and the guests are told apart."""
    rows = {v["name"]: v["part"] for v in audiobrief("voices", "--json").json["voices"]}
    assert rows["anchor"] == "narrator"
    assert rows["guest-1"] == "quotes"


def test_a_source_that_there_is_not_is_no_quiet_day(audiobrief, tmp_path):
    """A slip of the pen would else read as: nothing to tell."""
    text = '[[sources]]\nname = "Harbor Post"\nurl = "https://post.example/feed.xml"\n'
    (tmp_path / "audiobrief.toml").write_text(text, encoding="utf-8")
    done = audiobrief("-C", str(tmp_path), "brief", "--source", "Habor Post")
    assert done.code == 2
    assert 'there is no source "Habor Post"' in done.stderr
    assert 'did you mean "Harbor Post"?' in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no name has a line end there")
def test_a_name_with_a_line_end_or_an_escape_sequence_breaks_no_message(audiobrief, tmp_path):
    """Three lines, and nothing that a terminal obeys."""
    name = "a\nerror: \x1b[2Jall is lost.txt"
    (tmp_path / name).write_text("Word", encoding="utf-8")
    run = audiobrief("build", name, "--engine", "tone")
    assert run.code == 1
    assert len(run.stderr.splitlines()) == 3
    assert "\x1b" not in run.stderr + run.stdout
