"""Show notes: what apps print under an episode (feed rules C3, I10, S6, pure; the room of nh3)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import nh3

from audiobrief.publish.address import web_address
from audiobrief.publish.people import listed, narrators_of, quote_voices_of, quoted_in
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from audiobrief.model.episode import ArticleRef, Episode

#: What a reader learns about the voice, wherever a text says it.
AI_DISCLOSURE = "Made with a synthetic voice."

# Feed rules F4 and I10.
MAX_DESCRIPTION_BYTES = 4000
#: Feed rule I10: what every app shows.
NOTES_TAGS = frozenset({"p", "ol", "ul", "li", "a", "b", "i", "strong", "em", "br"})


def render_description(episode: Episode, *, ai_disclosure: bool) -> str:
    """Return the notes as plain text, for the ``description`` of an item.

    Apps read a description as HTML, so ``&`` and ``<`` are escaped; the line ends are our only
    markup. The list of chapters is whole or absent: apps that read it count on that (C3).

    Returns:
        4000 bytes of UTF-8 at most.
    """
    summary = escape(printable_line(episode.summary), quote=False)
    sources = "\n".join(escape(_source_line(ref), quote=False) for ref in episode.articles)
    headlines = "\n".join(escape(_quoted(ref), quote=False) for ref in episode.articles)
    heard = escape("\n".join(heard_lines(episode, ai_disclosure=ai_disclosure)), quote=False)
    disclosure = AI_DISCLOSURE if ai_disclosure else ""
    chapters = escape("\n".join(chapter_lines(episode)), quote=False)
    candidates = (
        (summary, sources, heard, chapters),
        (sources, heard, chapters),
        (sources, disclosure, chapters),
        (headlines, disclosure, chapters),
        (chapters,),
        (summary, disclosure),
    )
    texts = ("\n\n".join(filter(None, parts)) for parts in candidates)
    fitting = (t for t in texts if t and len(t.encode()) <= MAX_DESCRIPTION_BYTES)
    # An episode of which nothing fits has at least its title.
    return next(fitting, escape(printable_line(episode.title)[:200], quote=False))


def render_content(episode: Episode, *, ai_disclosure: bool) -> str:
    """Return the notes as HTML of the tags that every app shows (feed rule I10).

    Every source is linked. Whatever stands in a title or a name, it is no markup.
    """
    sources = [_source_html(ref) for ref in episode.articles]
    parts = [_paragraph(escape(printable_line(episode.summary)))]
    if len(sources) == 1:
        parts += [_paragraph(sources[0])]
    elif sources:
        parts.append(f"<ul>{''.join(f'<li>{source}</li>' for source in sources)}</ul>")
    heard = heard_lines(episode, ai_disclosure=ai_disclosure)
    parts += [_paragraph("<br>".join(escape(line) for line in heard))]
    parts.append(_paragraph("<br>".join(escape(line) for line in chapter_lines(episode))))
    return clean("".join(parts))


def clean(html: str) -> str:
    """Return HTML of nothing but the tags that apps show, and links to web pages.

    >>> clean('<p onclick="x()">Rain<script>alert(1)</script> <a href="javascript:x()">a</a></p>')
    '<p>Rain <a>a</a></p>'
    """
    return nh3.clean(
        html,
        tags=set(NOTES_TAGS),
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel=None,
    )


def _paragraph(content: str) -> str:
    return f"<p>{content}</p>" if content else ""


def heard_lines(episode: Episode, *, ai_disclosure: bool) -> list[str]:
    """Return who is heard: the people quoted, and where the show tells of them, the voices.

    Args:
        episode: Of which it is told.
        ai_disclosure: Whether the show tells that its voices are synthetic.
    """
    lines = [f"Quoted: {listed(people)}."] if (people := quoted_in(episode)) else []
    if not ai_disclosure:
        return lines
    narrators, others = listed(narrators_of(episode)), listed(quote_voices_of(episode))
    read_by = f" Read by {narrators}" if narrators else ""
    if read_by and others:
        read_by += f"; quotations by {others}"
    return [*lines, f"{AI_DISCLOSURE}{read_by}{'.' if read_by else ''}"]


def chapter_lines(episode: Episode) -> list[str]:
    """Return the ``00:00:00 Title`` list that Spotify and YouTube read (feed rule C3)."""
    return [
        f"{clock(chapter.start_ms)} {printable_line(chapter.title)}" for chapter in episode.chapters
    ]


def clock(ms: int) -> str:
    """Return a time with whole seconds, rounded down.

    >>> clock(3_725_999)
    '01:02:05'
    """
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


def credit(ref: ArticleRef) -> str:
    """Return who wrote an article where, as far as it is known.

    >>> from audiobrief.model.episode import ArticleRef
    >>> credit(ArticleRef("1", "a.txt", "Rain", byline="Ada Marsh", outlet="The Echo"))
    'Ada Marsh, The Echo'
    """
    known = (printable_line(part) for part in (ref.byline, ref.outlet) if part)
    return ", ".join(filter(None, known))


def _source_line(ref: ArticleRef) -> str:
    text = " ".join(filter(None, (f"{_quoted(ref)}", f"by {credit(ref)}" if credit(ref) else "")))
    address = web_address(ref.url)
    return f"{text}: {address}" if address else text


def _source_html(ref: ArticleRef) -> str:
    headline, address = escape(printable_line(ref.headline)), web_address(ref.url)
    text = f'<a href="{escape(address)}">{headline}</a>' if address else headline
    return f"{text}<br>{escape(credit(ref))}" if credit(ref) else text


def _quoted(ref: ArticleRef) -> str:
    return f"\u201c{printable_line(ref.headline)}\u201d"
