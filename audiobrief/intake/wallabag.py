"""A Wallabag server as a source (its API: https://doc.wallabag.org/developer/api/readme/)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import SourceError
from audiobrief.intake.exports.wallabag_entry import item_of_entry
from audiobrief.intake.item import distinct
from audiobrief.intake.json_text import parse_json
from audiobrief.intake.moment import parse_moment
from audiobrief.intake.seam import Listing, Wanted
from audiobrief.intake.secret import secret
from audiobrief.intake.service import Pages, endpoint, json_of, notes_on_secrecy, wrong_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.intake.seam import Fetch, Fetched

_PER_PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class WallabagSource:
    """The entries of an account on a Wallabag server.

    Each field that ends in ``_env`` names a variable of the environment. ``known`` holds the moment
    of the last change that was seen, and which entries were changed in that second.
    """

    base_url: str
    client_id_env: str = "WALLABAG_CLIENT_ID"
    client_secret_env: str = "WALLABAG_CLIENT_SECRET"  # noqa: S105 - the name of a variable
    user_env: str = "WALLABAG_USER"
    password_env: str = "WALLABAG_PASSWORD"  # noqa: S105 - as above
    #: Only entries that are not archived; else all.
    unread_only: bool = True
    starred_only: bool = False
    most: int = 500
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    @property
    def name(self) -> str:
        """Return where the server is."""
        return self.base_url

    def items(self, fetch: Fetch, known: Mapping[str, str]) -> Listing:
        """Return the entries that have changed since; the first time, the ``most`` newest.

        Raises:
            SourceError: The server refuses, fails or answers something else; a secret is missing.
            AudiobriefError: There is no answer.
        """
        account = _Account(fetch, self.base_url, self._secrets())
        since = int(known["since"]) if known.get("since", "").isdecimal() else None
        entries, left_out = self._entries(account, since)
        seen = set(known.get("seen", "").split())
        fresh = [each for each in entries if _mark(each) not in seen]
        made = [item_of_entry(each) for each in fresh]
        notes = list(notes_on_secrecy(self.base_url))
        if left_out:
            when = "older entries were left out" if since is None else "entries come next time"
            notes.append(f"{left_out} {when}")
        if None in made:
            notes.append(f"{made.count(None)} entries have neither an address nor a text")
        items = tuple(distinct(item for item in made if item is not None))
        return Listing(items, _known(entries) or known, tuple(notes))

    def _secrets(self) -> dict[str, str]:
        wanted = {
            "client_id": (self.client_id_env, "client id"),
            "client_secret": (self.client_secret_env, "client secret"),
            "username": (self.user_env, "user name"),
            "password": (self.password_env, "password"),
        }
        return {
            name: secret(self.environment, variable, f"Wallabag {what}", self.base_url)
            for name, (variable, what) in wanted.items()
        }

    def _entries(self, account: _Account, since: int | None) -> tuple[list[dict[str, Any]], int]:
        """Return entries page by page, and how many more there are."""
        pages = Pages(self.most)
        page, total = 0, 0
        while pages.wants_more and len(pages.entries) < self.most:
            page += 1
            parameters = {
                "archive": 0 if self.unread_only else None,
                "starred": 1 if self.starred_only else None,
                "sort": "updated",
                # What does not fit is older the first time, and comes next time later on.
                "order": "desc" if since is None else "asc",
                "since": None if since is None else max(0, since - 1),
                "page": page,
                "perPage": _PER_PAGE,
                "detail": "full",
            }
            answer = account.get("/api/entries.json", parameters)
            total = answer.total
            pages.add(answer.entries, is_last=page >= answer.pages)
        taken = len(pages.entries) if pages.is_cut else self.most
        return pages.entries, max(0, total - taken)


@dataclass(frozen=True, slots=True)
class _Page:
    entries: list[Any]
    pages: int
    total: int


class _Account:
    """An account on a server, logged in when it is needed."""

    def __init__(self, fetch: Fetch, base_url: str, secrets: Mapping[str, str]) -> None:
        self._fetch = fetch
        self._base_url = base_url
        self._secrets = secrets
        self._token: str | None = None
        self._refresh: str | None = None

    def get(self, path: str, parameters: Mapping[str, object]) -> _Page:
        url = endpoint(self._base_url, path, parameters)
        if self._token is None:
            self._log_in()
        fetched = self._authorized(url)
        if fetched.status == 401:
            # A token lives for an hour; it may end between two pages.
            self._log_in()
            fetched = self._authorized(url)
        return _page(json_of(fetched), fetched.url)

    def _authorized(self, url: str) -> Fetched:
        return self._fetch.get(
            url, wanted=Wanted.JSON, secrets={"Authorization": f"Bearer {self._token}"}
        )

    def _log_in(self) -> None:
        """Get a token: for the refresh token, if there is one and it still counts, else anew."""
        client = {name: self._secrets[name] for name in ("client_id", "client_secret")}
        fetched = None
        if self._refresh:
            refresh = {"grant_type": "refresh_token", "refresh_token": self._refresh}
            fetched = self._ask({**refresh, **client})
        if fetched is None or fetched.status in {400, 401}:
            fetched = self._ask({"grant_type": "password", **self._secrets})
        if fetched.status in {400, 401, 403}:
            raise SourceError(
                f"Wallabag refuses the login{self._reason(fetched)}",
                self._base_url,
                remedy="check the variables with user name, password, client id and client secret",
            )
        answer = json_of(fetched)
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise wrong_answer(fetched.url)
        self._token = token
        refresh_token = answer.get("refresh_token")
        self._refresh = refresh_token if isinstance(refresh_token, str) else None

    def _ask(self, form: Mapping[str, str]) -> Fetched:
        url = endpoint(self._base_url, "/oauth/v2/token")
        return self._fetch.post(url, form=form)

    def _reason(self, fetched: Fetched) -> str:
        """Return what the server says of it, if it is OAuth's answer; no secret is repeated."""
        try:
            answer = parse_json(fetched.body or b"", fetched.url)
        except SourceError:  # a page of the web server's: its status says enough
            return f" (HTTP {fetched.status})"
        said = str(answer.get("error_description") if isinstance(answer, dict) else "")[:200]
        for value in self._secrets.values():
            said = said.replace(value, "***")
        return f" ({said})" if said else ""


def _page(answer: Any, url: str) -> _Page:
    embedded = answer.get("_embedded") if isinstance(answer, dict) else None
    entries = embedded.get("items") if isinstance(embedded, dict) else None
    if not isinstance(entries, list):
        raise wrong_answer(url)
    pages, total = answer.get("pages"), answer.get("total")
    return _Page(
        entries,
        pages if isinstance(pages, int) else 1,
        total if isinstance(total, int) else len(entries),
    )


def _known(entries: list[dict[str, Any]]) -> dict[str, str]:
    """Return what the next call is to be given; empty: nothing has come."""
    moments = [_seconds(each) for each in entries]
    last = max(moments, default=0)
    if not last:
        return {}
    seen = [_mark(each) for each, moment in zip(entries, moments, strict=True) if moment == last]
    return {"since": str(last), "seen": " ".join(seen)}


def _mark(entry: Mapping[str, Any]) -> str:
    return f"{entry.get('id')}@{_seconds(entry)}"


def _seconds(entry: Mapping[str, Any]) -> int:
    moment = parse_moment(entry.get("updated_at"))
    return 0 if moment is None else int(moment.timestamp())
