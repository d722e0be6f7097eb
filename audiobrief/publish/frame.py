"""What all pages have in common: style, script, policy, head, languages (the room of Jinja2).

A page is one file. What runs and what styles it stands in it, is the same in every page, and is
named by its digest in the page's policy: whatever else gets into a page, it does not run.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from audiobrief.publish.address import FEED_FILE, show_address
from audiobrief.publish.linked_data import render_linked_data
from audiobrief.publish.notes import AI_DISCLOSURE
from audiobrief.publish.subscribe import render_subscription
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.model.show import Show

#: Written from right to left: the primary subtags of their languages.
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def render_page(
    template: str,
    show: Show,
    *,
    language: str,
    script: str,
    head: Mapping[str, Any] | None,
    **values: object,
) -> str:
    """Return a page: the template with what all pages have, and with values of its own.

    Args:
        template: Its name.
        show: Whose page it is.
        language: RFC 5646, of the texts that are not ours.
        script: Name of what runs in it.
        head: What it tells machines and sites that link to it: ``type``, ``page``, ``cover``,
            ``audio`` and ``audio_type``, ``data`` (schema.org). ``None``: nothing, for a private
            show, whose addresses are nobody's business.
        values: Of the template.
    """
    style, early, code = (_part(name) for name in ("style.css", "early.js", script))
    data = render_linked_data(head["data"]) if head else ""
    return (
        _environment()
        .get_template(template)
        .render(
            show=printable_line(show.title),
            cover=quote(show.cover_file),
            ai_disclosure=AI_DISCLOSURE if show.ai_disclosure else "",
            feed_file=FEED_FILE,
            subscription=_subscription(show),
            language=language,
            is_rtl=(is_rtl := _primary(language) in _RIGHT_TO_LEFT),
            ours=_ours(language, is_rtl=is_rtl),
            style=style,
            early=early,
            script=code,
            policy=_policy(style, early, code),
            head=head,
            linked_data=Markup(data),  # noqa: S704 - escaped there
            **values,
        )
    )


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _ours(language: str, *, is_rtl: bool) -> Markup:
    """Return the attributes of what is in English on a page that is not: how it is to be said."""
    if _primary(language) == "en":
        return Markup()
    attributes = ' lang="en" dir="ltr"' if is_rtl else ' lang="en"'
    return Markup(attributes)  # noqa: S704 - ours


def _subscription(show: Show) -> Markup:
    block = render_subscription(show_address(show, FEED_FILE), is_private=show.is_private)
    return Markup(block)  # noqa: S704 - escaped there


def _policy(style: str, *scripts: str) -> str:
    """Return what a browser lets a page do: run what was written here, load what lies beside it.

    Not every browser takes a neighbor on a disk for ``'self'``.
    """
    return (
        f"default-src 'none'; script-src {' '.join(map(_source, scripts))}; "
        f"style-src {_source(style)}; img-src 'self' file:; media-src 'self' file:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _source(content: str) -> str:
    """Return how a policy names what stands in a page: by its digest (CSP level 3)."""
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


@cache
def _part(name: str) -> Markup:
    """Return a style or a script as it stands in a page; of it, nothing depends on the page."""
    content = files("audiobrief.publish").joinpath("templates", name).read_text("utf-8")
    return Markup(content)  # noqa: S704 - ours


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("audiobrief.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        newline_sequence="\n",
    )
