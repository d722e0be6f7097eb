"""What a target is, and what counts as broken."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).with_name("corpus")
#: Longer inputs find no more, and take longer.
MOST_BYTES = 4096


class BrokenError(AssertionError):
    """Something does not hold that must hold for every input."""


@dataclass(frozen=True)
class Target:
    """A part of the product that reads what comes from elsewhere."""

    name: str
    #: Imports what is under test, and returns what takes the bytes.
    #: It raises for what must not happen, and returns nothing.
    load: Callable[[], Callable[[bytes], None]]
    #: Whether twice the input may cost more than about twice as many steps; why, if it may.
    is_linear: bool = True

    @property
    def seeds(self) -> list[Path]:
        """The corpus, sorted by name."""
        return sorted((CORPUS / self.name).glob("*"))


def must(holds: object, what: str) -> None:
    """Raise unless something holds."""
    if not holds:
        raise BrokenError(what)
