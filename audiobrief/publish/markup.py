"""Elements of HTML, and tables that are read on any screen (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable


def tag(name: str, *content: object, **attributes: str | None) -> Markup:
    """Return an element.

    Args:
        name: Of the element.
        content: Escaped unless it is markup; what is no string is gone through.
        attributes: Values are escaped, those that are ``None`` left out; ``class_`` is ``class``,
            ``data_label`` is ``data-label``.

    >>> tag("p", "1 < 2", [tag("b", "&")], class_="soft", title=None)
    Markup('<p class="soft">1 &lt; 2<b>&amp;</b></p>')
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join([escape(one) if isinstance(one, str) else _as_markup(one) for one in content])
    return Markup(f"<{name}{told}>{inside}</{name}>")  # noqa: S704 - all of it is escaped above


def _as_markup(content: object) -> str:
    if isinstance(content, str):
        return escape(content)
    return "".join(map(_as_markup, content))  # type: ignore[call-overload]


def table(
    caption: str,
    columns: Iterable[str],
    rows: Iterable[object],
    class_: str,
    *,
    is_bare: bool = False,
) -> Markup:
    """Return a table of plain columns; bare: one more column that says nothing."""
    heads = [tag("th", column, scope="col") for column in columns]
    bare = tag("td", aria_hidden="true", class_="bars") if is_bare else ""
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", heads, bare)),
        tag("tbody", rows),
        class_=class_,
    )


def stacking(caption: str, columns: Iterable[str], rows: Iterable[object]) -> Markup:
    """Return a table whose rows become blocks where there is no room.

    As these are no table any more to some browsers, their roles are said.
    """
    heads = [tag("th", column, scope="col", role="columnheader") for column in columns]
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", heads, role="row"), role="rowgroup"),
        tag("tbody", rows, role="rowgroup"),
        class_="articles",
        role="table",
    )


def stacking_row(head: object, cells: Iterable[tuple[str, object]]) -> Markup:
    """Return a row of such a table; each cell with the label that it has as a block."""
    return tag(
        "tr",
        tag("th", head, scope="row", role="rowheader", class_="name"),
        [
            tag("td", cell, role="cell", data_label=label, class_=None if cell else "is-empty")
            for label, cell in cells
        ],
        "\n",
        role="row",
    )
