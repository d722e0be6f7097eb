"""The part of the report of a build that tells of each article (pure)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from markupsafe import Markup

from audiobrief.publish.markup import table, tag
from audiobrief.publish.report_parts import listed, section, time_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiobrief.publish.report_view import Details, Dropped, Line, Row, View


def all_details(view: View) -> Markup | str:
    """Return the part of the page that has an article after another; empty: there is none."""
    told = [(row, row.details) for row in view.rows if row.details is not None]
    if not told:
        return ""
    is_open = "" if view.is_open else None
    return section("Article by article", (_one_details(*one, is_open) for one in told))


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
        _titled("Notes", listed(row.notes)) if row.notes else (),
        _in_short(details) if details.is_short else _at_length(row, details),
        _doubtful(row, is_short=details.is_short),
        _dropped(row, details),
        _titled("Added", listed(map(_addition, details.added), language)) if details.added else (),
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
    time = _titled("Time", time_table(details.shares, caption))
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
    yield listed((tag("del", text) for text in group.texts), language)


def _addition(added: tuple[str, str]) -> Iterable[object]:
    text, reason = added
    return (text, " ", tag("span", reason, class_="soft small", lang="en"))
