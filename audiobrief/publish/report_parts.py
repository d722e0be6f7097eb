"""What several parts of the report of a build are made of (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.publish.markup import table, tag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markupsafe import Markup

    from audiobrief.publish.report_view import Share


def section(heading: str, *content: object) -> Markup:
    """Return a part of the page with its heading, by which it can be linked to."""
    name = heading.lower().replace(" ", "-")
    return tag(
        "section", "\n", tag("h2", heading, id=name), "\n", content, "\n", aria_labelledby=name
    )


def listed(texts: Iterable[object], language: str | None = None) -> Markup:
    """Return lines as a list; in their own direction of writing."""
    return tag("ul", (tag("li", text, dir="auto", lang=language) for text in texts), class_="list")


def time_table(shares: Iterable[Share], caption: str) -> Markup:
    """Return what each step took, as figures and bars."""
    rows = [
        tag(
            "tr",
            tag(
                "th",
                tag("strong", share.label, class_="most") if share.is_most else share.label,
                scope="row",
            ),
            tag("td", share.time, class_="number"),
            tag("td", f"{share.percent:.0f} %", class_="number"),
            tag("td", _bar(share), class_="bars", aria_hidden="true"),
        )
        for share in shares
    ]
    return table(caption, ("Step", "Time", "Share"), rows, "narrow", is_bare=True)


def _bar(share: Share) -> Markup:
    kind = "bar is-most" if share.is_most else "bar"
    return tag("span", class_=kind, style=f"width: {share.percent}%")
