"""On a terminal, each episode in the making has a row."""

import io

from rich.console import Console
from rich.progress import Progress

from audiobrief.cli.progress import _Rows
from audiobrief.pipeline.events import Event, Stage


def _shown(progress):
    return [(task.description, task.completed, task.total) for task in progress.tasks]


def test_several_episodes_have_a_row_each():
    """In the order in which they were begun; what is made has none any more."""
    progress = Progress(console=Console(file=io.StringIO()))
    tell = _Rows(progress)
    tell(Event(Stage.READ, "c.txt", 2, 3))
    tell(Event(Stage.SPEAK, "a.txt", 1, 9))
    tell(Event(Stage.SPEAK, "b.txt", 2, 7))
    tell(Event(Stage.ASSEMBLE, "a.txt", 3, 9))
    assert _shown(progress) == [
        ("reading  c.txt", 2, 3),
        ("assembling  a.txt", 3, 9),
        ("speaking  b.txt", 2, 7),
    ]
    tell(Event(Stage.MADE, "a.txt", 1, 1))
    tell(Event(Stage.MADE, "never-begun.txt", 1, 1))
    tell(Event(Stage.PUBLISH, "", 0, 1))
    assert _shown(progress) == [("publishing", 0, 1), ("speaking  b.txt", 2, 7)]


def test_no_more_rows_than_a_terminal_shows():
    """A hundred episodes at once do not scroll it away; a name is shown in one line."""
    progress = Progress(console=Console(file=io.StringIO()))
    tell = _Rows(progress)
    for number in range(100):
        tell(Event(Stage.SPEAK, f"{number}\n[red].txt", 1, 9))
    assert 10 <= len(progress.tasks) <= 20
    assert not any("\n" in description for description, _, _ in _shown(progress))
    for number in range(100):
        tell(Event(Stage.MADE, f"{number}\n[red].txt", 1, 1))
    assert len(progress.tasks) == 1
