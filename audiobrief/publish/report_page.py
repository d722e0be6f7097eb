"""The report of a build as a page of HTML (pure).

Not by Jinja2: compiling a template of this size takes 27 ms, after every edit of a word.
Everything goes through `markup.tag`, which escapes what is no markup yet.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from audiobrief.publish.markup import stacking, stacking_row, table, tag
from audiobrief.publish.report_details import all_details
from audiobrief.publish.report_parts import listed, section, time_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.publish.report_view import Counted, Line, Row, Story, Total, Trouble, View

_BREAK = Markup("<br>\n")
_HEAD = Markup(
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta http-equiv="Content-Security-Policy"'
    " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
    "<title>{}, {}: {}</title>\n<style>\n{}</style>\n</head>\n"
)
_COLUMNS = (
    *("Article", "Outcome", "Length", "Words", "Left out", "Clips", "Time"),
    "Level before → after",
)
_LUFS_NOTE = "Levels: integrated loudness of the clips and of the finished file, in LUFS."
_SLOW_NOTE = "“Slow”: three times as long as the middle one, for its length."


def render_page(view: View) -> str:
    """Return a report as an HTML page: one file, no script."""
    parts = (
        tag("dl", map(_total, view.totals), class_="totals"),
        section("What went wrong", tag("ul", map(_trouble, view.troubles), class_="troubles"))
        if view.troubles
        else "",
        section("Warnings", listed(view.warnings)) if view.warnings else "",
        section("Stories", _stories(view.stories)) if view.stories else "",
        section("Articles", _articles(view.rows)) if view.rows else "",
        tag("div", _tables(view), class_="columns"),
        all_details(view),
        _unchanged(view),
    )
    header = tag(
        "header",
        tag("p", view.shows, class_="soft", dir="auto"),
        tag("h1", view.heading),
        tag(
            "p", tag("time", view.when, datetime=view.moment), f" · took {view.took}", class_="soft"
        ),
    )
    footer = tag("footer", tag("p", "Nothing of this page is published.", class_="soft small"))
    body = tag("body", tag("div", header, "\n", tag("main", parts), footer, class_="page"))
    return (
        _HEAD.format(view.heading, view.when, view.shows, _style()) + body + Markup("\n</html>\n")
    )


@cache
def _style() -> Markup:
    css = Path(__file__).with_name("templates") / "report.css"
    return Markup(css.read_text("utf-8"))  # noqa: S704 - our own file


def _total(total: Total) -> Markup:
    value = tag("dd", tag("span", total.value, class_="value"))
    more = tag("dd", total.more, class_="soft small") if total.more else ""
    return tag("div", tag("dt", total.name), value, more)


def _trouble(trouble: Trouble) -> Markup:
    return tag(
        "li",
        tag("p", trouble.about, class_="soft small", dir="auto"),
        tag("p", trouble.problem, class_="bad", dir="auto"),
        tag("p", trouble.subject, class_="small", dir="auto") if trouble.subject else "",
        tag("p", "To mend it: ", tag("bdi", trouble.remedy)) if trouble.remedy else "",
    )


def _stories(stories: Sequence[Story]) -> Markup:
    columns = ("Story", "Length", "Told", "Why", "Also told by")
    rows = [
        stacking_row(
            (
                tag("span", story.headline, class_="title", dir="auto"),
                _BREAK,
                tag("span", story.locator, class_="soft small", dir="auto"),
            ),
            zip(
                columns[1:],
                (story.length, story.told, story.reasons, story.others),
                strict=True,
            ),
        )
        for story in stories
    ]
    return stacking("In the order of telling.", columns, rows)


def _articles(rows: Sequence[Row]) -> Markup:
    return stacking(f"Built or failed in this run. {_LUFS_NOTE}", _COLUMNS, map(_article, rows))


def _article(row: Row) -> Markup:
    title, attributes = (
        row.line.title,
        {"class_": "title", "dir": "auto", "lang": row.language or None},
    )
    if row.details:
        name = tag("a", title, href=f"#article-{row.number}", **attributes)
    else:
        name = tag("span", title, **attributes)
    locator = tag("span", row.line.locator, class_="soft small", dir="auto")
    outcome = tag("span", row.outcome, class_="bad") if row.is_failed else row.outcome
    level = ""
    if row.after:
        level = tag("span", _number(row.before), " ", _number(f"→ {row.after}"))
    cells = (outcome, row.line.length, row.words, row.left_out, row.clips, _time(row), level)
    head = (name, _BREAK, locator) if row.line.locator else name
    labels = (*_COLUMNS[1:-1], "Level")
    return stacking_row(head, zip(labels, cells, strict=True))


def _number(text: str) -> Markup:
    return tag("span", text, class_="number")


def _time(row: Row) -> Markup | str:
    if not row.took:
        return ""
    mostly = tag("span", f" mostly {row.mostly}", class_="small soft") if row.mostly else ""
    return tag("span", _number(row.took), mostly, _slow(row))


def _slow(row: Row) -> Markup | str:
    return tag("strong", " ▲ slow", class_="most small") if row.is_slow else ""


def _tables(view: View) -> Iterable[Markup]:
    if view.steps:
        yield section("Where the time went", time_table(view.steps, "Of the whole run."))
    if view.slowest:
        rows = [
            tag(
                "tr",
                tag("th", row.line.title, scope="row", class_="long", dir="auto"),
                tag("td", _number(row.took), _slow(row)),
            )
            for row in view.slowest
        ]
        columns = ("Article", "Time")
        yield section("What took longest", table(_SLOW_NOTE, columns, rows, "narrow"))
    if view.reasons:
        yield section("What was left out", _reasons(view.reasons))


def _reasons(reasons: Sequence[Counted]) -> Markup:
    rows = [
        tag(
            "tr",
            tag("th", one.reason, scope="row", class_="long"),
            tag("td", one.sentences, class_="number"),
            tag("td", one.share, class_="number"),
        )
        for one in reasons
    ]
    caption = "Why, in all articles of this run; the sentences stand below."
    return table(caption, ("Reason", "Sentences", "Share"), rows, "narrow")


def _unchanged(view: View) -> Markup | str:
    if not view.unchanged_count:
        return ""
    count = view.unchanged_count
    rest = count - len(view.unchanged)
    more = tag("p", f"And {rest:,} more.", class_="small soft") if rest else ""
    summary = tag("summary", f"{count:,} article{'s' if count > 1 else ''}")
    lines = tag("ul", map(_line, view.unchanged), class_="list")
    return section("Unchanged", tag("details", summary, lines, more))


def _line(line: Line) -> Markup:
    title = (
        tag("a", line.title, href=line.page, dir="auto") if line.page else tag("bdi", line.title)
    )
    return tag("li", title, " ", tag("span", line.length, class_="soft small"))
