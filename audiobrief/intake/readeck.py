"""A Readeck server as a source (its API is documented on each server, under /docs/api)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from audiobrief.errors import SourceError
from audiobrief.intake.address import web_address
from audiobrief.intake.charset import read_text
from audiobrief.intake.item import byline_of, content_of, distinct, key_of, language_of, tags_of
from audiobrief.intake.markup import line_of
from audiobrief.intake.moment import parse_moment
from audiobrief.intake.seam import Listing, Wanted
from audiobrief.intake.secret import secret
from audiobrief.intake.service import Pages, endpoint, json_of, notes_on_secrecy, wrong_answer
from audiobrief.model.intake import Content, ContentKind, Item

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from audiobrief.intake.seam import Fetch, Fetched

_PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class ReadeckSource:
    """The bookmarks of an account on a Readeck server, with the articles that it has kept.

    ``known`` holds the moment of the last change that was seen, and which bookmarks were changed
    then.
    """

    base_url: str
    #: The variable of the environment that holds the token.
    token_env: str = "READECK_TOKEN"  # noqa: S105 - the name of a variable
    #: Only bookmarks that are not archived; else all.
    unread_only: bool = True
    #: Only favorites.
    starred_only: bool = False
    most: int = 500
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    @property
    def name(self) -> str:
        """Return where the server is."""
        return self.base_url

    def items(self, fetch: Fetch, known: Mapping[str, str]) -> Listing:
        """Return the bookmarks that have changed since, newest first.

        Raises:
            SourceError: The server refuses, fails or answers something else; the token is missing.
            AudiobriefError: There is no answer.
        """
        token = secret(self.environment, self.token_env, "Readeck token", self.base_url)
        server = _Server(fetch, self.base_url, token, self.token_env)
        bookmarks, is_cut = self._bookmarks(server, known.get("since"))
        seen = set(known.get("seen", "").split())
        fresh = [each for each in bookmarks if _mark(each) not in seen and not _is_pending(each)]
        notes = list(notes_on_secrecy(self.base_url))
        if is_cut:
            notes.append(f"bookmarks beyond the {self.most} newest were left out")
        made = [(each, server.article(each)) for each in fresh]
        if lacking := sum(bool(each.get("has_article")) and not page for each, page in made):
            notes.append(f"of {lacking} bookmarks the server did not give the article it has")
        items = [_item(each, page) for each, page in made]
        if None in items:
            notes.append(f"{items.count(None)} bookmarks have neither an address nor a text")
        kept = tuple(distinct(item for item in items if item is not None))
        return Listing(kept, _known(bookmarks) or known, tuple(notes))

    def _bookmarks(self, server: _Server, since: str | None) -> tuple[list[dict[str, Any]], bool]:
        """Return bookmarks page by page, and whether there are more."""
        pages = Pages(self.most)
        while pages.wants_more:
            page = server.page(
                {
                    "type": "article",
                    "is_archived": "false" if self.unread_only else None,
                    "is_marked": "true" if self.starred_only else None,
                    "updated_since": since,
                    "sort": "-created",
                    "limit": _PER_PAGE,
                    "offset": pages.received,
                }
            )
            pages.add(page, is_last=len(page) < _PER_PAGE)
        return pages.entries, pages.is_cut


class _Server:
    def __init__(self, fetch: Fetch, base_url: str, token: str, token_env: str) -> None:
        self._fetch = fetch
        self._base_url = base_url
        self._secrets = {"Authorization": f"Bearer {token}"}
        self._token_env = token_env

    def page(self, parameters: Mapping[str, object]) -> list[Any]:
        fetched = self._get(endpoint(self._base_url, "/api/bookmarks", parameters), Wanted.JSON)
        answer = json_of(fetched)
        if not isinstance(answer, list):
            raise wrong_answer(fetched.url)
        return answer

    def article(self, bookmark: Mapping[str, Any]) -> str:
        """Return the article that the server has kept, as HTML; empty: it does not give it."""
        identifier = bookmark.get("id")
        if not bookmark.get("has_article") or not isinstance(identifier, str):
            return ""
        path = f"/api/bookmarks/{quote(identifier, safe='')}/article"
        fetched = self._get(endpoint(self._base_url, path), Wanted.PAGE)
        # One article that fails is one: its address is there, and the caller can go there.
        if fetched.status != 200 or fetched.body is None:
            return ""
        return read_text(fetched.body, fetched.charset, "utf-8").text

    def _get(self, url: str, wanted: Wanted) -> Fetched:
        fetched = self._fetch.get(url, wanted=wanted, secrets=self._secrets)
        if fetched.status in {401, 403}:
            raise SourceError(
                f"Readeck refuses the token (HTTP {fetched.status})",
                self._base_url,
                remedy=f"make a token in its settings, and put it into {self._token_env}",
            )
        return fetched


def _item(bookmark: Mapping[str, Any], page: str) -> Item | None:
    written = bookmark.get("url")
    url = web_address(written if isinstance(written, str) else None)
    content = content_of(page, base=url, is_content=True, has_address=url is not None)
    if url is None and content is None:
        return None
    authors, labels = bookmark.get("authors"), bookmark.get("labels")
    return Item(
        key=key_of(url, None, line_of(bookmark.get("title")), content.text if content else None),
        url=url,
        title=line_of(bookmark.get("title")),
        published=parse_moment(bookmark.get("published")),
        updated=_updated(bookmark),
        byline=byline_of(authors if isinstance(authors, list) else ()),
        outlet=line_of(bookmark.get("site_name")) or line_of(bookmark.get("site")),
        language=language_of(bookmark.get("lang")),
        tags=tags_of(labels if isinstance(labels, list) else ()),
        is_read=bool(bookmark.get("is_archived")),
        # The server has read the page already: what it has is the article.
        content=None if content is None else Content(ContentKind.HTML, content.text, is_whole=True),
    )


def _is_pending(bookmark: Mapping[str, Any]) -> bool:
    """Tell whether the server still reads the page, or the bookmark is deleted."""
    return bookmark.get("loaded") is False or bool(bookmark.get("is_deleted"))


def _known(bookmarks: list[dict[str, Any]]) -> dict[str, str]:
    """Return what the next call is to be given; empty: nothing has come."""
    moments = [moment for each in bookmarks if (moment := _updated(each)) is not None]
    if not moments:
        return {}
    last = max(moments)
    seen = [_mark(each) for each in bookmarks if _updated(each) == last]
    # Whole seconds: what is asked for then surely has what has changed at that moment.
    return {"since": last.replace(microsecond=0).isoformat(), "seen": " ".join(seen)}


def _mark(bookmark: Mapping[str, Any]) -> str:
    moment = _updated(bookmark)
    return f"{bookmark.get('id')}@{moment.isoformat() if moment else ''}"


def _updated(bookmark: Mapping[str, Any]) -> datetime | None:
    return parse_moment(bookmark.get("updated"))
