"""The report of a build as a page of HTML (pure).

Not by Jinja2: compiling a template of this size takes 27 ms, after every edit of a word.
Everything goes through `markup.tag`, which escapes what is no markup yet.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from audiobrief.publish.markup import stacking, stacking_row, table, tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.publish.report_view import (
        Counted,
        Details,
        Dropped,
        Line,
        Row,
        Share,
        Story,
        Total,
        Trouble,
        View,
    )

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
        _section("What went wrong", tag("ul", map(_trouble, view.troubles), class_="troubles"))
        if view.troubles
        else "",
        _section("Warnings", _list(view.warnings)) if view.warnings else "",
        _section("Stories", _stories(view.stories)) if view.stories else "",
        _section("Articles", _articles(view.rows)) if view.rows else "",
        tag("div", _tables(view), class_="columns"),
        _all_details(view),
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


def _section(heading: str, *content: object) -> Markup:
    name = heading.lower().replace(" ", "-")
    return tag(
        "section", "\n", tag("h2", heading, id=name), "\n", content, "\n", aria_labelledby=name
    )


def _list(texts: Iterable[object], language: str | None = None) -> Markup:
    return tag("ul", (tag("li", text, dir="auto", lang=language) for text in texts), class_="list")


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
        yield _section("Where the time went", _shares(view.steps, "Of the whole run."))
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
        yield _section("What took longest", table(_SLOW_NOTE, columns, rows, "narrow"))
    if view.reasons:
        yield _section("What was left out", _reasons(view.reasons))


def _shares(shares: Iterable[Share], caption: str) -> Markup:
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


def _all_details(view: View) -> Markup | str:
    told = [(row, row.details) for row in view.rows if row.details is not None]
    if not told:
        return ""
    is_open = "" if view.is_open else None
    return _section("Article by article", (_one_details(*one, is_open) for one in told))


def _one_details(row: Row, details: Details, is_open: str | None) -> Markup:
    language = row.language or None
    more = [row.line.length, row.took]
    if row.notes:
        more.append(f"{len(row.notes)} note{'s' if len(row.notes) > 1 else ''}")
    summary = tag(
        "summary",
        tag("h3", row.line.title, dir="auto", lang=language),
        tag("span", f" {', '.join(more)}", class_="soft small"),
    )
    content = chain(
        _links(row.line),
        _titled("Notes", _list(row.notes)) if row.notes else (),
        _in_short(details) if details.is_short else _at_length(row, details),
        _doubtful(row, is_short=details.is_short),
        _dropped(row, details),
        _titled("Added", _list(map(_addition, details.added), language)) if details.added else (),
    )
    inside = tag("div", content, class_="inside", id=f"article-{row.number}")
    return tag("details", summary, inside, "\n", open=is_open)


def _titled(heading: str, *content: object) -> Iterable[object]:
    return (tag("h4", heading), content)


def _links(line: Line) -> Iterable[object]:
    if not line.page:
        return ()
    page = tag("a", "Page", href=line.page, aria_label=f"Page of {line.title}")
    script = tag("a", "Script", href=line.script, aria_label=f"Script of {line.title}")
    return (tag("p", page, " · ", script, class_="small"),)


def _at_length(row: Row, details: Details) -> Iterable[object]:
    """Return time and loudness side by side."""
    caption = f"Clips: {row.clips}. Encoded now: {details.encoded}."
    time = _titled("Time", _shares(details.shares, caption))
    return (tag("div", tag("div", time), tag("div", _sound(details)), class_="columns"),)


def _in_short(details: Details) -> Iterable[object]:
    """Return time and loudness in two sentences: for one article of many."""
    times = ", ".join(f"{share.label.lower()} {share.time}" for share in details.shares)
    voices = ", ".join(f"{voice.name} {voice.mean}" for voice in details.voices)
    before = f"Clips before mastering: {voices} LUFS. " if voices else ""
    yield _drawn(details.wave)
    yield tag("p", f"Time: {times}. Encoded now: {details.encoded}.")
    yield tag(
        "p", f"{before}Finished: {details.after} LUFS, true peak {details.peak} dBTP.", dir="auto"
    )


def _drawn(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - ours, and escaped


def _sound(details: Details) -> Iterable[object]:
    wide = f", loudness range {details.range} LU" if details.range else ""
    caption = (
        "LUFS as each voice gave its clips, and of the finished file: target"
        f" {details.target}, true peak {details.peak} dBTP (at most {details.ceiling}){wide}."
    )
    rows = [
        tag(
            "tr",
            tag("th", voice.name, scope="row", class_="long", dir="auto"),
            [tag("td", cell, class_="number") for cell in voice[1:]],
        )
        for voice in details.voices
    ]
    finished = tag(
        "tr",
        tag("th", tag("strong", "Finished"), scope="row"),
        tag("td"),
        tag("td", tag("strong", details.after), class_="number"),
        tag("td"),
        tag("td"),
    )
    columns = ("Voice", "Clips", "Level", "Softest", "Loudest")
    levels = table(caption, columns, (*rows, finished), "voices")
    unknown = "How loud the clips were is not known: an earlier version has encoded them."
    note = "" if details.voices else tag("p", unknown, class_="small soft")
    return _titled("Loudness", _drawn(details.wave), _drawn(details.levels), levels, note)


def _doubtful(row: Row, *, is_short: bool) -> Iterable[object]:
    if not row.doubtful:
        return ()
    if is_short:
        return _titled("In no dictionary", tag("p", ", ".join(row.doubtful), dir="auto"))
    words = tag("ul", [tag("li", word, dir="auto") for word in row.doubtful], class_="words")
    hint = tag(
        "p",
        ("Hear one: ", tag("code", "audiobrief lexicon test WORD")),
        (". Mend one: ", tag("code", "audiobrief lexicon add WORD RESPELLING"), "."),
        class_="small soft",
    )
    return _titled("In no dictionary", words, hint)


def _dropped(row: Row, details: Details) -> Iterable[object]:
    of = " of the source" if details.dropped else ""
    share = f"{row.left_out.capitalize()}{of} ({details.source})."
    rest = ""
    if details.not_shown:
        said = f"And {details.not_shown:,} more: all of them stand in the script."
        rest = tag("p", said, class_="small soft")
    language = row.language or None
    groups = tag("div", (_group(group, language) for group in details.dropped), class_="groups")
    return _titled("Left out", tag("p", share, class_="small soft"), groups, rest)


def _group(group: Dropped, language: str | None) -> Iterable[object]:
    article = (", in “", tag("bdi", group.article), "”") if group.article else ""
    yield tag("h5", group.reason, article, f" ({len(group.texts)})")
    yield _list((tag("del", text) for text in group.texts), language)


def _addition(added: tuple[str, str]) -> Iterable[object]:
    text, reason = added
    return (text, " ", tag("span", reason, class_="soft small", lang="en"))


def _unchanged(view: View) -> Markup | str:
    if not view.unchanged_count:
        return ""
    count = view.unchanged_count
    rest = count - len(view.unchanged)
    more = tag("p", f"And {rest:,} more.", class_="small soft") if rest else ""
    summary = tag("summary", f"{count:,} article{'s' if count > 1 else ''}")
    lines = tag("ul", map(_line, view.unchanged), class_="list")
    return _section("Unchanged", tag("details", summary, lines, more))


def _line(line: Line) -> Markup:
    title = (
        tag("a", line.title, href=line.page, dir="auto") if line.page else tag("bdi", line.title)
    )
    return tag("li", title, " ", tag("span", line.length, class_="soft small"))
