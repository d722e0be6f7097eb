"""Private shows: who is let in, by a token in the path or by name and password (HTTP Basic)."""

from __future__ import annotations

import binascii
import unicodedata
from base64 import b64decode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from audiobrief.serve.answer import Answer, plain
from audiobrief.serve.gate import client_of
from audiobrief.serve.readdress import DOOR, Edition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.serve.gate import Guesses
    from audiobrief.serve.request import Request
    from audiobrief.serve.roll import Roll
    from audiobrief.store.listeners import Listener

#: The page of a feed that apps ask for news. Older pages are asked for once, many at a time, and
#: sound is asked for in pieces: neither has a limit.
_FEED: Final = "feed.xml"
#: How soon a listener's feed may be asked for again, when that was done ten times at once.
POLL_S: Final = 60.0
_CHALLENGE: Final = ("www-authenticate", 'Basic realm="audiobrief", charset="UTF-8"')


@dataclass(frozen=True, slots=True)
class Hosted:
    """A show, as far as it matters to whoever stands at the door."""

    #: Its folder below ``episodes/``; the first show has none.
    name: str
    #: As its feed writes it, with a closing slash.
    base_url: str
    is_private: bool = False
    #: Whoever comes without a token is asked for name and password.
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that is let in."""

    #: With the path as it is without a token.
    request: Request
    #: Of the listener's token; empty: everybody may come.
    digest: str = ""
    #: What the listener sees; ``None``: what everybody does.
    edition: Edition | None = None

    @property
    def is_feed(self) -> bool:
        """Whether it is for the feed's first page."""
        return self.request.segments[-1] == _FEED


class Doors:
    """Lets requests in.

    Args:
        shows: Of the workspace, the first one first.
        roll: Who may hear private ones.
        guesses: Wrong tokens so far, by address.
        polls: Requests for feeds so far, by listener.
    """

    def __init__(
        self, shows: Sequence[Hosted], roll: Roll, guesses: Guesses, polls: Guesses
    ) -> None:
        self._first = shows[0]
        self._others = {show.name: show for show in shows[1:]}
        self._bases = tuple(show.base_url for show in shows)
        self._roll = roll
        self._guesses = guesses
        self._polls = polls

    @property
    def folders(self) -> frozenset[str] | None:
        """Folders of shows that may be looked into; ``None``: any that is one.

        Where one show is private, a folder that the settings do not know might have been, too.
        """
        are_all_public = not any(s.is_private for s in (self._first, *self._others.values()))
        return None if are_all_public else frozenset(self._others)

    def admit(self, request: Request) -> Visit | Answer:
        """Return the visit, or what is answered instead.

        Without a token, with a wrong one and with a revoked one, it is the same answer, and the
        same as to what is not there.
        """
        show, token, segments = self._place(request.segments)
        if token is None and not show.is_private:
            return Visit(request)
        name, given = (None, token) if token is not None else _basic(request)
        client = client_of(request)
        if given is not None and (wait_s := self._guesses.wait_s(client)):
            return _too_many("Too many wrong tokens.", wait_s)
        listener = self._roll.find(given or "", show.name)
        if listener is None or (name is not None and name != listener.name):
            if given is not None:
                self._guesses.count(client)
            if show.asks and token is None:
                return plain(401, "This is not for everybody.", _CHALLENGE)
            return plain(404, "There is nothing here.")
        if token is not None and (way := self._way_on(segments, show, token)) is not None:
            return way
        return self._let_in(replace(request, segments=segments), listener, show, given or "")

    def _way_on(self, segments: tuple[str, ...], show: Hosted, token: str) -> Answer | None:
        """Return where a path behind a token leads, if not to a file."""
        own = segments[1:] if show.name else segments
        if not own:
            return plain(308, "It is a folder.", ("location", f"{token}/"))
        if not show.name and own[0] in self._others:
            # The first show's page leads to the others, whose doors are their own.
            return plain(302, "It is elsewhere.", ("location", _way_out(own)))
        return None

    def _let_in(
        self, request: Request, listener: Listener, show: Hosted, token: str
    ) -> Visit | Answer:
        # Also for whoever gave it as a password: apps send that for the feed, and none of those
        # that were tried (gPodder, podboat, podget) for the sound that the feed names.
        others = tuple(base for base in self._bases if base != show.base_url)
        visit = Visit(request, listener.sha256, Edition(show.base_url, token, others))
        if visit.is_feed:
            if wait_s := self._polls.wait_s(listener.sha256):
                return _too_many("The feed was asked for too often.", wait_s)
            self._polls.count(listener.sha256)
        return visit

    def _place(self, segments: tuple[str, ...]) -> tuple[Hosted, str | None, tuple[str, ...]]:
        """Return of which show a path is, the token in it, and the path without it."""
        show = self._others.get(segments[0], self._first)
        folder = (show.name,) if show.name else ()
        own = segments[len(folder) :]
        if len(own) < 2 or own[0] != DOOR:
            return show, None, segments
        return show, own[1], (*folder, *own[2:])


def _way_out(own: tuple[str, ...]) -> str:
    """Return the relative address of a path without door and token."""
    # Encoded as they came: a header takes neither line ends nor most letters.
    return "../" * (len(own) + 1) + "/".join(quote(each, safe="") for each in own)


def _basic(request: Request) -> tuple[str | None, str | None]:
    """Return name and password (RFC 7617); ``None``: none are given."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None, None
    try:
        given = b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return "", ""
    name, _, password = given.partition(":")
    return unicodedata.normalize("NFC", name), password


def _too_many(text: str, wait_s: int) -> Answer:
    return plain(429, text, ("retry-after", str(wait_s)))
