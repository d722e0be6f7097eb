"""HTML of feeds, services and mails: made safe to keep, and read as a line of text (pure)."""

from __future__ import annotations

import html
import re
from typing import Any, Final

from audiobrief.intake.address import web_address
from audiobrief.text.printable import printable, printable_line
from audiobrief.text.references import unescape

#: What runs, loads or asks for something, and what is in it; and a page's title, which stands in
#: the body once a page is parsed as a fragment.
_REMOVED: Final = frozenset(
    [
        "script",
        "style",
        "iframe",
        "frameset",
        "template",
        "noframes",
        "svg",
        "select",
        "textarea",
        "title",
    ]
)
#: The same, but what is in it is text: some of it only since the parser misses that it has ended.
_UNWRAPPED: Final = frozenset(
    ["object", "embed", "applet", "link", "meta", "base", "frame", "form", "input", "noembed"]
)
_BLOCK_NAMES: Final = (
    "address article aside blockquote body br caption center dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol "
    "p pre section summary table tbody td tfoot th thead title tr ul"
)
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
_ADDRESSES: Final = frozenset(["href", "src", "cite", "poster", "longdesc", "data", "action"])
_OTHER_ADDRESSES: Final = frozenset(
    ["srcset", "ping", "background", "formaction", "xlink:href", "srcdoc", "lowsrc", "dynsrc"]
)
#: What makes a text markup. A lone "<dialog>" does not: it may be what a title is about.
_MARKUP = re.compile(
    r"</[a-zA-Z][^<>]*>|<(?:br|hr|img|p|script|svg|iframe)\b[^<>]*>|<!--", re.IGNORECASE
)
_ANY_TAG = re.compile(r"<[^<>]*>")


def clean_html(markup: str, *, base: str | None) -> str:
    """Return HTML without what runs or loads, its links absolute.

    Scripts, frames, forms' fields and handlers go, and links to anything but web pages and mail.
    What is nested deeper than a parser takes comes back as text without any tags.

    Args:
        markup: A fragment or a page.
        base: What links are relative to; ``None``: relative links go.

    >>> clean_html('<p onclick="x()">A <a href="/b">b</a><script>x()</script>', base="https://c.org")
    '<p>A <a href="https://c.org/b">b</a></p>'
    """
    body = parse_html(markup)
    if body is None:
        return html.escape(_ANY_TAG.sub(" ", printable(markup)), quote=False).strip()
    from lxml import etree  # noqa: PLC0415 - lazy, as in parse_html

    for element in list(body.iter(etree.Element)):
        name = element.tag.lower()
        if element is not body and name in _REMOVED | _UNWRAPPED:
            _drop(element, keeps_content=name in _UNWRAPPED)
        elif element.attrib:
            _clean_attributes(element, base)
    return _inner(body)


def parse_html(markup: str) -> Any | None:
    """Return the body of a page or fragment; ``None``: it is nested too deeply for a tree."""
    from lxml import etree  # noqa: PLC0415 - lazy: 15 ms, and no other command needs it

    # As in ingest: nothing is fetched, and trees deeper than 256 are not built.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    # Always in a body: what runs or loads would else be put into the head, and the rest be missing.
    tree = etree.fromstring(f"<body>{printable(markup)}</body>".encode(), parser)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        return None
    return tree.find("body")


def text_of_html(markup: str) -> str:
    r"""Return the text of HTML, a line for each block.

    >>> text_of_html("<p>One <b>two</b>.</p><p>Three.</p>")
    'One two.\nThree.'
    """
    body = parse_html(markup)
    if body is None:
        return " ".join(html.unescape(_ANY_TAG.sub(" ", printable(markup))).split())
    from lxml import etree  # noqa: PLC0415 - lazy, as in parse_html

    # The tree is nobody else's: breaks between blocks are put into it, and read with its text.
    for element in body.iter(*_BLOCKS):
        element.text = f"\n{element.text or ''}"
        element.tail = f"\n{element.tail or ''}"
    etree.strip_elements(body, *_REMOVED, with_tail=False)
    lines = (" ".join(line.split()) for line in "".join(body.itertext()).split("\n"))
    return "\n".join(line for line in lines if line)


def is_markup(text: str) -> bool:
    """Tell whether a text is HTML: it has an end tag, or an element that needs none.

    >>> is_markup("a <b>c</b>"), is_markup("The <dialog> element"), is_markup("a < b > c")
    (True, False, False)
    """
    return _MARKUP.search(text) is not None


def line_of(written: object) -> str | None:
    """Return a title or a name as one line of plain text; ``None``: there is none.

    Args:
        written: As the source has it, often with tags, or escaped more than once.

    >>> line_of("Salt &amp;amp; <b>wind</b><script>x()</script>")
    'Salt & wind'
    >>> line_of("Why <b> is no <strong>")
    'Why <b> is no <strong>'
    """
    if not isinstance(written, str):
        return None
    text = text_of_html(written) if is_markup(written) else written
    text = unescape(text)
    return printable_line(text_of_html(text) if is_markup(text) else text) or None


def _clean_attributes(element: Any, base: str | None) -> None:
    for name, value in list(element.attrib.items()):
        lower = name.lower()
        if lower.startswith("on") or lower in _OTHER_ADDRESSES:
            del element.attrib[name]
        elif lower in _ADDRESSES:
            kept = _address(value, base)
            if kept is None:
                del element.attrib[name]
            else:
                element.set(name, kept)


def _address(value: str, base: str | None) -> str | None:
    stripped = value.strip()
    return stripped if stripped.lower().startswith("mailto:") else web_address(stripped, base=base)


def _drop(element: Any, *, keeps_content: bool) -> None:
    """Take an element out, not the text that follows it."""
    parent = element.getparent()
    if parent is None:  # within one that went before
        return
    kept = list(element) if keeps_content else []
    text = (element.text or "") if keeps_content else ""
    tail = element.tail or ""
    element.tail = None
    place = parent.index(element)
    parent[place : place + 1] = kept
    if kept:
        kept[-1].tail = (kept[-1].tail or "") + tail
        tail = ""
    before = parent[place - 1] if place else None
    if before is None:
        parent.text = (parent.text or "") + text + tail
    else:
        before.tail = (before.tail or "") + text + tail


def _inner(body: Any) -> str:
    from lxml import etree  # noqa: PLC0415 - lazy, as in parse_html

    pieces = [html.escape(body.text or "", quote=False)]
    pieces += [etree.tostring(child, encoding="unicode", method="html") for child in body]
    return "".join(pieces).strip()
