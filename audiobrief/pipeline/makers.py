"""Who makes what was decided: nobody, this process, or workers where it is worth it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from audiobrief.errors import AudiobriefError, SharedStoreError, defect
from audiobrief.pipeline.events import Event, Stage
from audiobrief.pipeline.produce import produce
from audiobrief.pipeline.settler import adopted

if TYPE_CHECKING:
    from audiobrief.pipeline.counter import Counter
    from audiobrief.pipeline.decide import Decision
    from audiobrief.pipeline.settler import Settler

#: Where it is worth it to start workers: see DESIGN.md, "Who makes the episodes".
WORTH_WORKERS: Final = 12
FEWEST_CORES: Final = 2


class Maker(Protocol):
    """Makes episodes, now or later; everything is called in the thread of the build."""

    def add(self, index: int, decision: Decision) -> None:
        """Have an episode made."""
        ...

    def await_made(self, guid: str) -> None:
        """Wait until an episode is made, if it is to be made."""
        ...

    def finish(self) -> None:
        """Wait until all are made."""
        ...

    def interrupt(self) -> None:
        """Settle what is made already, and give up the rest."""
        ...

    def warnings(self) -> tuple[str, ...]:
        """Say what was done instead of what was asked."""
        ...

    def close(self) -> None:
        """Leave nothing behind; what is not made is given up."""
        ...


class Nobody:
    """Makes nothing, in a dry run."""

    def add(self, index: int, decision: Decision) -> None:
        """Do nothing."""

    def await_made(self, guid: str) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""

    def interrupt(self) -> None:
        """Do nothing."""

    def warnings(self) -> tuple[str, ...]:
        """Say what was done instead of what was asked."""
        return ()

    def close(self) -> None:
        """Do nothing."""


class Here:
    """Makes each episode in this process, at once.

    Args:
        settler: Takes what becomes of it.
        counter: Knows what earlier runs have left made.
    """

    def __init__(self, settler: Settler, counter: Counter) -> None:
        self._settler = settler
        self._counter = counter

    def add(self, index: int, decision: Decision) -> None:
        """Make an episode."""
        settler, making = self._settler, self._settler.run.making
        making.begin()
        try:
            if self._is_there(index, decision):
                return
            with self._counter.drawing(decision):
                episode, notes = produce(decision.recipe, decision.slot, settler.run.workshop)
        except AudiobriefError as error:
            settler.failed(index, decision, error, making.times_s())
        except Exception as error:  # noqa: BLE001 - a defect costs one article, not the run
            settler.failed(index, decision, defect(error), making.times_s())
        else:
            figures = making.made(episode)
            settler.made(index, decision, episode, notes, making.times_s(), figures)
        settler.run.tell(Event(Stage.MADE, decision.locator, 1, 1))

    def _is_there(self, index: int, decision: Decision) -> bool:
        """Say whether an earlier run, or another machine, has left it made."""
        if not self._counter.is_open:
            return False
        try:
            return adopted(self._counter, self._settler, index, decision)
        except SharedStoreError:
            # It is made here just as well; that the store is out of reach, its caches tell.
            self._counter.leave_alone()
            return False

    def await_made(self, guid: str) -> None:
        """Do nothing: it is made."""

    def finish(self) -> None:
        """Do nothing: all are made."""

    def interrupt(self) -> None:
        """Do nothing: the one in hand is given up already."""

    def warnings(self) -> tuple[str, ...]:
        """Say what was done instead of what was asked."""
        return self._counter.warnings()

    def close(self) -> None:
        """Leave nothing behind."""
        self._counter.close()


class WhenWorthIt:
    """Waits for enough episodes before it has them made by workers; fewer are made here.

    Args:
        few: Makes a few.
        many: Makes many.
    """

    def __init__(self, few: Maker, many: Maker) -> None:
        self._few, self._many = few, many
        self._held: list[tuple[int, Decision]] = []
        self._are_many = False

    def add(self, index: int, decision: Decision) -> None:
        """Keep an episode back until it is known who makes it."""
        if self._are_many:
            self._many.add(index, decision)
            return
        self._held.append((index, decision))
        if len(self._held) >= WORTH_WORKERS:
            self._are_many = True
            self._release(self._many)

    def await_made(self, guid: str) -> None:
        """Wait until an episode is made; those that are kept back are made for it."""
        if any(decision.slot.guid == guid for _, decision in self._held):
            self._release(self._few)
        self._many.await_made(guid)

    def finish(self) -> None:
        """Wait until all are made."""
        self._release(self._few)
        self._many.finish()

    def interrupt(self) -> None:
        """Give up what is kept back."""
        self._many.interrupt()

    def warnings(self) -> tuple[str, ...]:
        """Say what was done instead of what was asked."""
        return self._few.warnings()

    def close(self) -> None:
        """Leave nothing behind."""
        self._few.close()
        self._many.close()

    def _release(self, maker: Maker) -> None:
        while self._held:
            maker.add(*self._held.pop(0))
