"""Contenders take turns, and are compared within each round."""

from types import SimpleNamespace

from audiobrief.bench import bars
from audiobrief.bench.contenders import CONTENDERS, Contender
from audiobrief.bench.rounds import Row, ratios, take_turns
from audiobrief.bench.tree import Taken

COURSE = SimpleNamespace(spoken=[SimpleNamespace(seconds=180.0)])
STANDARD = next(c for c in CONTENDERS if c.key == "concat")


def contender(key, cpu_of_turn, *, needs=(), seen=None):
    """Return one that takes what it is told to."""

    def run(_course, turn):
        if seen is not None:
            seen.append((key, turn))
        cpu_s = cpu_of_turn[turn]
        failure = "failed: it broke" if cpu_s is None else None
        return Taken(1.0, cpu_s, 50.0, 60.0, failure)

    return Contender(key, key, "clips", run, needs)


def test_all_take_turns():
    """One round after another, in each of them every contender once."""
    seen = []
    both = [contender("concat", [1.0, 2.0], seen=seen), contender("ours", [1.0, 1.0], seen=seen)]
    told = []
    take_turns(both, COURSE, 2, told.append)
    assert seen == [("concat", 0), ("ours", 0), ("concat", 1), ("ours", 1)]
    assert told[-1] == "round 2 of 2: ours"


def test_ratios_are_taken_within_the_rounds():
    """A machine that is slower in one round changes nothing."""
    both = [contender("concat", [1.0, 4.0, 2.0]), contender("ours", [0.5, 2.0, 1.2])]
    standard, ours = take_turns(both, COURSE, 3, lambda _doing: None)
    assert ours.against_standard("cpu_s") == (0.5, 0.5, 0.6)
    assert ours.spread("cpu_s") == (1.2, 0.5, 2.0)
    assert standard.against_standard("cpu_s") == (1.0, 1.0, 1.0)


def test_what_is_not_installed_is_named_and_what_fails_runs_no_more():
    """And the others go on."""
    seen = []
    three = [
        contender("absent", [1.0, 1.0], needs=("no-such-program",), seen=seen),
        contender("broken", [None, 1.0], seen=seen),
        contender("concat", [1.0, 1.0], seen=seen),
    ]
    absent, broken, standard = take_turns(three, COURSE, 2, lambda _doing: None)
    assert absent.failure == "no-such-program: not installed"
    assert (broken.failure, broken.runs) == ("failed: it broke", ())
    assert len(standard.runs) == 2
    assert [key for key, _turn in seen] == ["broken", "concat", "concat"]


def test_what_a_system_does_not_tell_is_no_ratio():
    """No zero, no guess."""
    blind = Taken(2.0, None, None, None)
    assert ratios([blind], [blind], "cpu_s") == []
    row = Row(180.0, STANDARD, (blind,), (blind,))
    assert row.spread("cpu_s") is None
    assert row.as_row()["cpu_ratio"] is None
    assert row.as_row()["wall_ratio"]["median"] == 1.0


def row_of(cpu_s, peak_mb, wall_s=1.0):
    """Return a row with one run."""
    return Row(1800.0, STANDARD, (Taken(wall_s, cpu_s, peak_mb, None),))


def test_bars_are_held_where_they_are_set():
    """30 minutes for CPU; 3 and 10 hours for memory, of the assembly alone."""
    rows = {(seconds, key): row_of(2.0, 90.0) for seconds in (180, 1800) for key in ("assembly",)}
    rows |= {(seconds, "concat"): row_of(1.9, 50.0) for seconds in (180, 1800)}
    rows |= {(seconds, "loudnorm"): row_of(9.0, 50.0) for seconds in (180, 1800)}
    assert [f.is_good for f in bars.cpu_figures(rows, 180)] == [True, True]
    assert [f.is_good for f in bars.cpu_figures(rows, 1800)] == [False, True]
    assert list(bars.memory_figures(rows)) == []
    rows |= {(10800, "assembly"): row_of(9.0, 120.0), (36000, "assembly"): row_of(9.0, 130.0)}
    assert [f.is_good for f in bars.memory_figures(rows)] == [False, True]
    assert [f.unit for f in bars.memory_figures(rows)] == ["", "MB"]


def test_the_proofs_have_their_bars():
    """Cores at least, segments and edit at most."""
    slow, fast = row_of(1.0, 50.0, wall_s=20.0), row_of(1.0, 50.0, wall_s=1.4)
    assert [f.bound for f in bars.cores_figures(slow, fast)] == ["at least 1.6"]
    assert [f.is_good for f in bars.cores_figures(fast, slow)] == [False]
    assert [f.is_good for f in bars.segment_figures(slow, fast)] == [False]
    assert [f.is_good for f in bars.edit_figures(slow, fast)] == [True, True]
    assert [f.is_good for f in bars.edit_figures(fast, slow)] == [False, False]
