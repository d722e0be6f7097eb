"""The table of all figures and the floors under them: floors rise by themselves, never fall."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tests.eval.figure import SHARED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.eval.figure import Figure

#: One module a part, each with ``measure() -> list[Figure]``.
PARTS = ("pages", "metadata", "spoken", "sentences", "quotes", "sample")
#: How the names of a part's figures begin.
_BEGINNINGS = {
    "pages": "body ",
    "metadata": "metadata:",
    "spoken": "spoken ",
    "sentences": "sentences:",
    "quotes": "quotes",
    "sample": "sample:",
}
#: Parts that have no shared data.
_ALL_OWN = ("sentences", "quotes")
FLOORS = Path(__file__).resolve().parent / "floors.json"
#: Floors are kept to this many decimals, rounded down.
_DECIMALS = 3


def main(arguments: Sequence[str]) -> int:
    """Score the named parts (all without a name), print the table, and compare with the floors.

    Returns:
        0; 1 when a figure lies below its floor, or is missing.
    """
    options = _parse(arguments)
    figures = measure(options.parts or PARTS)
    floors = read_floors()
    print(render(figures, floors))
    fallen = below(figures, floors)
    lost = vanished(figures, floors, options.parts or PARTS)
    if options.raise_floors or options.lower_floors:
        write_floors(raised(figures, floors, lower=options.lower_floors))
        return 0
    for figure in fallen:
        print(f"BELOW ITS FLOOR: {figure.name}: {figure.value:.4f} < {floors[figure.name]}")
    for name in lost:
        print(f"NOT MEASURED ANY MORE: {name}, whose floor is {floors[name]}")
    return 1 if fallen or lost else 0


def _parse(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m tests.eval", description=main.__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar=f"[{' | '.join(PARTS)}]")
    parser.add_argument("--raise-floors", action="store_true", help="keep what is better now")
    parser.add_argument("--lower-floors", action="store_true", help="take the figures as they are")
    return parser.parse_args(arguments)


def measure(parts: Sequence[str]) -> list[Figure]:
    """Return the figures of some parts; parts whose data is absent have none."""
    return [figure for part in parts for figure in import_module(f"tests.eval.{part}").measure()]


def read_floors() -> dict[str, float]:
    """Return the committed floors by name of figure."""
    floors: dict[str, float] = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    return floors


def write_floors(floors: Mapping[str, float]) -> None:
    """Write the floors, sorted."""
    text = json.dumps(dict(sorted(floors.items())), indent=2, ensure_ascii=False)
    FLOORS.write_text(text + "\n", "utf-8", newline="\n")


def below(figures: Sequence[Figure], floors: Mapping[str, float]) -> list[Figure]:
    """Return the figures that have dropped below their floor."""
    return [f for f in figures if f.name in floors and f.value < floors[f.name]]


def vanished(
    figures: Sequence[Figure], floors: Mapping[str, float], parts: Sequence[str]
) -> list[str]:
    """Return the floors of some parts that no figure stands on any more.

    A figure that is lost has not been met. Where the shared data is absent, our own counts alone.
    """
    names = {figure.name for figure in figures}
    return [
        name
        for name in floors
        for part in parts
        if name.startswith(_BEGINNINGS[part]) and name not in names
        if SHARED.exists() or part in _ALL_OWN or ", own " in name
    ]


def raised(
    figures: Sequence[Figure], floors: Mapping[str, float], *, lower: bool = False
) -> dict[str, float]:
    """Return the floors after this measurement: higher ones, and lower ones only when asked."""
    scale = 10**_DECIMALS
    new = {f.name: int(f.value * scale + 1e-9) / scale for f in figures}
    if lower:
        return {**floors, **new}
    return {**floors, **{name: max(value, floors.get(name, 0.0)) for name, value in new.items()}}


def render(figures: Sequence[Figure], floors: Mapping[str, float]) -> str:
    """Return the table: figure, how many, floor, target, and whether the target is met."""
    width = max((len(f.name) for f in figures), default=0)
    rows = [f"{'figure':<{width}}  {'value':>6}  {'of':>5}  {'floor':>6}  {'target':>6}"]
    for f in figures:
        floor = f"{floors[f.name]:.3f}" if f.name in floors else "-"
        target = f"{f.target:.3f}" if f.target is not None else "-"
        met = "" if f.target is None else ("  met" if f.value >= f.target else "  MISSED")
        rows.append(
            f"{f.name:<{width}}  {f.value:>6.3f}  {f.count:>5}  {floor:>6}  {target:>6}{met}"
            + (f"  {f.note}" if f.note else "")
        )
    return "\n".join(rows)
