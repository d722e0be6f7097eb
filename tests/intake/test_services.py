"""Wallabag and Readeck, against servers that answer as they do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audiobrief.errors import SourceError
from audiobrief.intake import ReadeckSource, WallabagSource, Wanted
from audiobrief.intake.service import MOST_PAGES
from tests.intake.plain_fetch import Asked, PlainFetch, Told, serving

SECRETS = {
    "WALLABAG_CLIENT_ID": "client-1",
    "WALLABAG_CLIENT_SECRET": "hush-client",
    "WALLABAG_USER": "dora",
    "WALLABAG_PASSWORD": "hush-password",
    "READECK_TOKEN": "hush-token",
}
START = datetime(2025, 3, 14, tzinfo=UTC)


def told(value: object, status: int = 200) -> Told:
    """Return an answer of JSON."""
    return Told(json.dumps(value), status, {"Content-Type": "application/json"})


class Wallabag:
    """A server with entries, changed a minute apart."""

    def __init__(self, count: int) -> None:
        self.entries = [self.entry(number) for number in range(count)]
        self.tokens = 0
        self.token_lasts = 1000
        self.refreshes = True
        self.fails_at_page = 0

    @staticmethod
    def entry(number: int) -> dict[str, Any]:
        """Return an entry."""
        return {
            "id": number,
            "url": f"https://a.example/{number}",
            "title": f"Title {number}",
            "content": f"<p>Text {number}</p>",
            "is_archived": 0,
            "is_starred": number % 2,
            "tags": [{"id": 1, "label": "Harbor", "slug": "harbor"}],
            "updated_at": (START + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "published_by": ["Cem Acar"],
        }

    def __call__(self, asked: Asked) -> Told:
        """Answer as Wallabag does."""
        if asked.path == "/bag/oauth/v2/token":
            return self.token(asked.form)
        if asked.path != "/bag/api/entries.json":
            return Told("<html>not here", 404)
        self.token_lasts -= 1
        if asked.headers.get("authorization") != f"Bearer t{self.tokens}" or self.token_lasts < 0:
            return told({"error": "invalid_grant", "error_description": "expired"}, 401)
        page, size = int(asked.query["page"]), int(asked.query["perPage"])
        if page == self.fails_at_page:
            return Told("<h1>Oops</h1>", 500)
        since = START + timedelta(seconds=-1)
        if "since" in asked.query:
            since = datetime.fromtimestamp(int(asked.query["since"]), UTC)
        found = [
            each
            for each in self.entries
            if datetime.fromisoformat(each["updated_at"]) > since
            and ("archive" not in asked.query or not each["is_archived"])
            and ("starred" not in asked.query or each["is_starred"])
        ]
        found.sort(key=lambda each: each["updated_at"], reverse=asked.query["order"] == "desc")
        return told(
            {
                "page": page,
                "limit": size,
                "pages": max(1, -(-len(found) // size)),
                "total": len(found),
                "_embedded": {"items": found[(page - 1) * size : page * size]},
            }
        )

    def token(self, form: dict[str, str]) -> Told:
        """Answer as its OAuth server does."""
        by_password = form["grant_type"] == "password" and (form["username"], form["password"]) == (
            "dora",
            "hush-password",
        )
        by_token = self.refreshes and form.get("refresh_token") == f"r{self.tokens}"
        if form["client_secret"] != "hush-client" or not (by_password or by_token):
            said = f"Invalid username and password combination: {form.get('password')}"
            return told({"error": "invalid_grant", "error_description": said}, 400)
        self.tokens += 1
        self.token_lasts = 2
        return told({"access_token": f"t{self.tokens}", "refresh_token": f"r{self.tokens}"})


def wallabag(url: str, **settings: Any) -> WallabagSource:
    """Return a source with its secrets."""
    return WallabagSource(f"{url}/bag/", environment=SECRETS, **settings)


def test_wallabag_gives_all_pages_with_a_token_that_ends_between_them() -> None:
    """75 entries are three pages, a token lasts for two of them."""
    with serving(Wallabag(75)) as (url, asked):
        listing = wallabag(url).items(PlainFetch(), {})
    assert len(listing.items) == 75
    assert listing.items[0].url == "https://a.example/74"
    assert listing.items[0].byline == "Cem Acar"
    assert listing.items[0].tags == ("Harbor",)
    assert listing.items[0].content is not None
    assert listing.items[0].content.is_whole
    grants = [each.form["grant_type"] for each in asked if each.method == "POST"]
    assert grants == ["password", "refresh_token"]
    assert not any("hush" in value for value in listing.known.values())


def test_wallabag_takes_the_password_where_the_refresh_token_has_ended() -> None:
    """It is what is left."""
    server = Wallabag(75)
    server.refreshes = False
    with serving(server) as (url, asked):
        assert len(wallabag(url).items(PlainFetch(), {}).items) == 75
    grants = [each.form["grant_type"] for each in asked if each.method == "POST"]
    assert grants == ["password", "refresh_token", "password"]


def test_wallabag_gives_what_has_changed_since() -> None:
    """The last entry is asked for again, since a second has room for two, and is not repeated."""
    server = Wallabag(3)
    with serving(server) as (url, _):
        source = wallabag(url)
        first = source.items(PlainFetch(), {})
        second = source.items(PlainFetch(), first.known)
        same_second = server.entry(2) | {"id": 9, "url": "https://a.example/9"}
        server.entries += [same_second, server.entry(5)]
        third = source.items(PlainFetch(), second.known)
    assert second.items == ()
    assert second.known == first.known
    assert [item.url for item in third.items] == ["https://a.example/9", "https://a.example/5"]


def test_wallabag_gives_the_newest_first_and_then_goes_on() -> None:
    """The first time older ones are left out; later on the rest comes next time."""
    server = Wallabag(50)
    with serving(server) as (url, _):
        source = wallabag(url, most=20)
        first = source.items(PlainFetch(), {})
        server.entries += [server.entry(number) for number in range(50, 75)]
        second = source.items(PlainFetch(), first.known)
        third = source.items(PlainFetch(), second.known)
    assert {item.title for item in first.items} == {f"Title {n}" for n in range(30, 50)}
    assert first.notes == ("30 older entries were left out",)
    both = {item.title for item in (*second.items, *third.items)}
    assert both == {f"Title {n}" for n in range(50, 75)}
    assert "entries come next time" in second.notes[0]


def test_wallabag_filters() -> None:
    """Only starred ones; archived ones only where they are wanted."""
    server = Wallabag(4)
    server.entries[1]["is_archived"] = 1
    with serving(server) as (url, _):
        starred = wallabag(url, starred_only=True).items(PlainFetch(), {})
        everything = wallabag(url, unread_only=False).items(PlainFetch(), {})
    assert [item.title for item in starred.items] == ["Title 3"]
    assert [item.is_read for item in everything.items] == [False, False, True, False]


def test_wallabag_refuses_a_wrong_password_and_nobody_repeats_it() -> None:
    """The server's words are told without the secrets in them."""
    secrets = SECRETS | {"WALLABAG_PASSWORD": "hush-wrong"}
    with serving(Wallabag(3)) as (url, _), pytest.raises(SourceError, match="refuses") as caught:
        WallabagSource(f"{url}/bag", environment=secrets).items(PlainFetch(), {})
    assert "Invalid username" in caught.value.problem
    assert "hush" not in str(caught.value)


def test_wallabag_refuses_a_token_that_it_gave() -> None:
    """Once anew is enough: no loop."""

    def answer(asked: Asked) -> Told:
        if asked.method == "POST":
            return told({"access_token": "t"})
        return Told(status=401)

    with serving(answer) as (url, asked), pytest.raises(SourceError, match="refuses access"):
        wallabag(url).items(PlainFetch(), {})
    assert len(asked) == 4


def test_wallabag_gives_no_half_list() -> None:
    """A server that fails at the second page has given nothing."""
    server = Wallabag(75)
    server.fails_at_page = 2
    with serving(server) as (url, _), pytest.raises(SourceError, match="out of order"):
        wallabag(url).items(PlainFetch(), {})


@pytest.mark.parametrize("body", ["<html>a page", "[]", '{"_embedded": {}}', '{"access_token": 7}'])
def test_another_server_is_told(body: str) -> None:
    """Something that answers is not yet Wallabag."""
    with (
        serving(lambda _: Told(body)) as (url, _),
        pytest.raises(SourceError, match=r"something else|no whole JSON"),
    ):
        wallabag(url).items(PlainFetch(), {})


@pytest.mark.parametrize("missing", [name for name in SECRETS if name.startswith("WALLABAG")])
def test_a_missing_secret_is_named(missing: str) -> None:
    """By its variable, before anybody is asked."""
    secrets = {name: value for name, value in SECRETS.items() if name != missing}
    source = WallabagSource("https://bag.example", environment=secrets)
    with pytest.raises(SourceError, match=missing) as caught:
        source.items(PlainFetch(), {})
    assert missing in caught.value.remedy


def test_no_secret_is_in_a_source() -> None:
    """What is printed of it names variables alone."""
    for source in (wallabag("https://a.example"), ReadeckSource("https://a", environment=SECRETS)):
        assert "hush" not in repr(source)


class Readeck:
    """A server with bookmarks, changed a minute apart."""

    def __init__(self, count: int) -> None:
        self.bookmarks = [self.bookmark(number) for number in range(count)]
        self.broken_articles: set[str] = set()

    @staticmethod
    def bookmark(number: int) -> dict[str, Any]:
        """Return a bookmark."""
        return {
            "id": f"b{number}",
            "url": f"https://a.example/{number}",
            "title": f"Title {number}",
            "site_name": "Harbor Letters",
            "authors": ["Cem Acar", "Dora Lind"],
            "lang": "en",
            "loaded": True,
            "has_article": True,
            "is_archived": False,
            "is_marked": number % 2 == 1,
            "labels": ["harbor"],
            "published": "2025-03-01T00:00:00Z",
            "created": (START + timedelta(minutes=number)).isoformat(),
            "updated": (START + timedelta(minutes=number, milliseconds=500)).isoformat(),
        }

    def __call__(self, asked: Asked) -> Told:
        """Answer as Readeck does."""
        if asked.headers.get("authorization") != "Bearer hush-token":
            return told({"status": 401, "message": "Unauthorized"}, 401)
        if asked.path.endswith("/article"):
            name = asked.path.split("/")[-2]
            if name in self.broken_articles:
                return Told(status=500)
            html = f"<section><p>Text of {name}</p></section>"
            return Told(html, headers={"Content-Type": "text/html; charset=utf-8"})
        since = datetime.fromisoformat(asked.query.get("updated_since", "2000-01-01T00:00:00Z"))
        found = [
            each
            for each in self.bookmarks
            if datetime.fromisoformat(each["updated"]) > since
            and ("is_marked" not in asked.query or each["is_marked"])
            and ("is_archived" not in asked.query or not each["is_archived"])
        ]
        found.sort(key=lambda each: each["created"], reverse=True)
        offset, limit = int(asked.query["offset"]), int(asked.query["limit"])
        return told(found[offset : offset + limit])


def readeck(url: str, **settings: Any) -> ReadeckSource:
    """Return a source with its token."""
    return ReadeckSource(url, environment=SECRETS, **settings)


def test_readeck_gives_all_pages_with_their_articles() -> None:
    """120 bookmarks are three pages; each has the article that the server keeps."""
    fetch = PlainFetch()
    with serving(Readeck(120)) as (url, _):
        listing = readeck(url).items(fetch, {})
    assert len(listing.items) == 120
    item = listing.items[0]
    assert (item.url, item.outlet, item.language) == (
        "https://a.example/119",
        "Harbor Letters",
        "en",
    )
    assert (item.byline, item.tags) == ("Cem Acar and Dora Lind", ("harbor",))
    assert item.content is not None
    assert item.content.is_whole
    assert "Text of b119" in item.content.text
    assert fetch.wanted[f"{url}/api/bookmarks"] is Wanted.JSON
    assert fetch.wanted[f"{url}/api/bookmarks/b119/article"] is Wanted.PAGE
    assert listing.notes == ()


def test_readeck_gives_what_has_changed_since() -> None:
    """Nothing twice, although whole seconds are asked for."""
    server = Readeck(3)
    with serving(server) as (url, asked):
        source = readeck(url)
        first = source.items(PlainFetch(), {})
        second = source.items(PlainFetch(), first.known)
        server.bookmarks.append(server.bookmark(7))
        third = source.items(PlainFetch(), second.known)
    assert second.items == ()
    assert [item.title for item in third.items] == ["Title 7"]
    assert sum(each.path.endswith("/b2/article") for each in asked) == 1


def test_readeck_waits_for_pages_that_it_still_reads() -> None:
    """They come when they are there; deleted ones never."""
    server = Readeck(3)
    server.bookmarks[1]["loaded"] = False
    server.bookmarks[2]["is_deleted"] = True
    with serving(server) as (url, _):
        assert [each.title for each in readeck(url).items(PlainFetch(), {}).items] == ["Title 0"]


def test_readeck_filters_and_limits() -> None:
    """Only favorites; only the newest, and that is told."""
    with serving(Readeck(120)) as (url, _):
        starred = readeck(url, starred_only=True).items(PlainFetch(), {})
        newest = readeck(url, most=10).items(PlainFetch(), {})
    assert len(starred.items) == 60
    assert len(newest.items) == 10
    assert newest.notes == ("bookmarks beyond the 10 newest were left out",)


def test_an_article_that_readeck_does_not_give_is_told() -> None:
    """Its address is there all the same."""
    server = Readeck(2)
    server.broken_articles.add("b0")
    with serving(server) as (url, _):
        listing = readeck(url).items(PlainFetch(), {})
    assert [item.content is None for item in listing.items] == [False, True]
    assert listing.notes == ("of 1 bookmarks the server did not give the article it has",)


def test_readeck_refuses_a_wrong_token() -> None:
    """The variable is named, the token is not."""
    with serving(Readeck(2)) as (url, _), pytest.raises(SourceError, match="token") as caught:
        ReadeckSource(url, environment={"READECK_TOKEN": "hush-other"}).items(PlainFetch(), {})
    assert "READECK_TOKEN" in caught.value.remedy
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(("status", "body"), [(500, "x"), (200, "{}"), (200, "<html>")])
def test_a_readeck_that_fails_is_told(status: int, body: str) -> None:
    """Broken, or something else."""
    with serving(lambda _: Told(body, status)) as (url, _), pytest.raises(SourceError):
        readeck(url).items(PlainFetch(), {})


def test_secrets_without_encryption_are_noted() -> None:
    """Somebody on the way could read them; on this machine nobody is on the way."""

    class Elsewhere(PlainFetch):
        """Sends all requests to the server of the test."""

        def get(self, url: str, **asked: Any) -> Any:
            """Return what is at an address."""
            return super().get(url.replace("http://readeck.example", here), **asked)

    with serving(Readeck(1)) as (here, _):
        listing = readeck("http://readeck.example").items(Elsewhere(), {})
        assert readeck(here).items(PlainFetch(), {}).notes == ()
    assert "without encryption" in listing.notes[0]


@pytest.mark.parametrize("base", ["", "readeck", "ftp://a.example", "https://a.example/?x=1"])
def test_a_wrong_base_address_is_told(base: str) -> None:
    """Before anything is sent."""
    with pytest.raises(SourceError, match="no address of a server"):
        readeck(base).items(PlainFetch(), {})


def endless(page: list[Any]) -> Any:
    """Return a server of both services that always has one more page, always this one."""

    def answer(asked: Asked) -> Told:
        if asked.method == "POST":
            return told({"access_token": "t"})
        if asked.path.endswith("/article"):
            return Told("<p>Text", headers={"Content-Type": "text/html"})
        if "entries" in asked.path:
            return told({"pages": 10**9, "total": 10**9, "_embedded": {"items": page}})
        return told(page)

    return answer


@pytest.mark.parametrize("make", [wallabag, readeck])
def test_a_server_that_repeats_a_page_is_asked_twice_for_it(make: Any) -> None:
    """What it has is taken once, and no article is asked for again."""
    rows = [Wallabag.entry(n) | Readeck.bookmark(n) for n in range(50)]
    with serving(endless(rows)) as (url, asked):
        listing = make(url).items(PlainFetch(), {})
    assert len(listing.items) == 50
    lists = [each for each in asked if "page" in each.query or "offset" in each.query]
    assert len(lists) == 2
    articles = [each.path for each in asked if each.path.endswith("/article")]
    assert len(articles) == len(set(articles))


@pytest.mark.parametrize("make", [wallabag, readeck])
def test_a_server_with_pages_without_end_is_left(make: Any) -> None:
    """Whatever is new on each; what was left out is told."""
    served: list[int] = []

    def answer(asked: Asked) -> Told:
        served.append(len(served))
        # A page of Readeck that is not full is its last; what is no object is no bookmark.
        own = Wallabag.entry(len(served)) | Readeck.bookmark(len(served)) | {"id": len(served)}
        given: Told = endless([own, *[None] * 49])(asked)
        return given

    with serving(answer) as (url, asked):
        listing = make(url).items(PlainFetch(), {})
    lists = [each for each in asked if "page" in each.query or "offset" in each.query]
    assert len(lists) == MOST_PAGES
    assert len(listing.items) == MOST_PAGES
    assert any("left out" in note for note in listing.notes)


def test_readeck_goes_on_behind_what_is_no_bookmark() -> None:
    """A full page of which one cannot be read is not the last."""
    server = Readeck(70)

    def answer(asked: Asked) -> Told:
        given = server(asked)
        if asked.path.endswith("/api/bookmarks"):
            rows = json.loads(given.body)
            return told([None, *rows[1:]])
        return given

    with serving(answer) as (url, _):
        assert len(readeck(url).items(PlainFetch(), {}).items) == 68
