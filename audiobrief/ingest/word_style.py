"""The styles of a Word document (ECMA-376, part 1, 17.7): what a paragraph is to a listener."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from audiobrief.ingest.markup_file import attribute, children

_OFF = ("0", "false", "off", "none")
_MOST_BASES = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What a style of paragraphs is to a listener."""

    #: Its own name, which for built-in ones is English in every language, in lower case.
    name: str = ""
    #: Of a heading, counted from 1; 0: none.
    level: int = 0
    is_item: bool = False
    is_hidden: bool = False


def read_styles(root: Any) -> dict[str, Style]:
    """Return the styles of paragraphs by their id; a style has what it is based on."""
    elements = (
        {attribute(e, "styleId"): e for e in children(root, "style")} if root is not None else {}
    )
    styles: dict[str, Style] = {}
    for name in elements:
        chain: list[str] = []
        current = name
        while current in elements and current not in chain and len(chain) < _MOST_BASES:
            chain.append(current)
            current = value_of(elements[current], "basedOn")
        style = Style()
        for base in reversed(chain):
            style = _with_properties(style, elements[base])
        styles[name] = style
    return styles


def _with_properties(style: Style, element: Any) -> Style:
    name = value_of(element, "name").lower()
    level = style.level
    if name.startswith("heading ") and name[8:].isdigit():
        level = int(name[8:])
    for properties in children(element, "pPr"):
        if (outline := value_of(properties, "outlineLvl")).isdigit():
            level = int(outline) + 1 if int(outline) < 9 else 0
        if children(properties, "numPr"):
            style = replace(style, is_item=True)
    hidden = any(is_on(e, "vanish") for e in children(element, "rPr"))
    return replace(style, name=name, level=level, is_hidden=style.is_hidden or hidden)


def value_of(element: Any, name: str) -> str:
    """Return what a property below an element is set to; empty when it is not there."""
    return next((attribute(e, "val") for e in children(element, name)), "")


def is_on(properties: Any, name: str) -> bool:
    """Tell whether a property is switched on: it is there, and does not say that it is off."""
    found = children(properties, name)
    return bool(found) and attribute(found[0], "val") not in _OFF
