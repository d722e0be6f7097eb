"""The network as the settings want it: one client, and the sources that it is used for."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from audiobrief.errors import NetworkError, SourceError, TryLaterError, UnsafeAddressError
from audiobrief.intake import (
    FeedSource,
    Fetched,
    ImapSource,
    Known,
    ListSource,
    OpmlSource,
    ReadeckSource,
    Source,
    WallabagSource,
    Wanted,
)
from audiobrief.intake.secret import secret
from audiobrief.net.address import Allowed, parse_url
from audiobrief.net.answer import API, FEED, Answer, Limit
from audiobrief.net.answer import Known as Marks
from audiobrief.net.client import Client
from audiobrief.net.fault import Fault, UnsafeFault
from audiobrief.net.redact import redact
from audiobrief.net.rules import ClientRules, HostRule
from audiobrief.net.world import World
from audiobrief.pipeline.mail_connection import MailConnection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.workspace.load import Workspace
    from audiobrief.workspace.settings import SourceSettings

#: An article that a service has kept for its user.
_KEPT = Limit(("text/html", "application/xhtml+xml", "text/markdown"))
#: Kinds of sources that keep articles for their user.
_SERVICES = frozenset({"readeck", "wallabag"})
_LIMITS = {Wanted.FEED: FEED, Wanted.JSON: API, Wanted.PAGE: _KEPT}


def client_for(workspace: Workspace, world: World | None = None) -> Client:
    """Return a client that keeps to the ``[network]`` settings.

    Raises:
        WorkspaceError: An allowed host is not written as one.
    """
    network = workspace.settings.network
    hosts = {
        host.lower(): HostRule(host, headers=rule.headers, cookies=rule.cookies)
        for host, rule in network.hosts.items()
    }
    for source in workspace.settings.sources:
        if source.kind in _SERVICES and (host := _host_of(source.url or "")):
            # It is the user's own: an account is there to be read, article by article.
            hosts[host] = replace(hosts.get(host, HostRule(host)), delay_s=0.0)
    rules = ClientRules(
        contact_url=network.contact or "",
        allowed_hosts=tuple(network.allow),
        hosts=tuple(hosts.values()),
    )
    return Client(rules, world)


def _host_of(url: str) -> str:
    """Return the host of an address; empty: it is none, which the client will say."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Network:
    """The client as sources use it; see :class:`audiobrief.intake.Fetch`."""

    client: Client

    def get(
        self,
        url: str,
        *,
        wanted: Wanted,
        known: Known | None = None,
        secrets: Mapping[str, str] | None = None,
        found_on: str | None = None,
    ) -> Fetched:
        """Return what is at an address, whatever the status of the answer."""
        marks = None
        if known is not None:
            marks = Marks(known.etag, known.last_modified, known.url)
        limit = _LIMITS[wanted]
        try:
            answer = self.client.get(
                url, known=marks, limit=limit, secrets=secrets, found_on=found_on
            )
        except NetworkError as error:
            return _refused(error, url)
        return _fetched(answer)

    def post(self, url: str, *, form: Mapping[str, str]) -> Fetched:
        """Send the fields of a form, and return the JSON that is answered."""
        try:
            return _fetched(self.client.post(url, form=form))
        except NetworkError as error:
            return _refused(error, url)


def _fetched(answer: Answer) -> Fetched:
    return Fetched(
        answer.url,
        answer.body,
        content_type=answer.content_type or "",
        charset=answer.charset,
        etag=answer.known.etag,
        last_modified=answer.known.last_modified,
    )


def _refused(error: NetworkError, url: str) -> Fetched:
    """Return the status of an answer that refuses; everything else stays an error.

    One of another kind or a strange 304 has a status that speaks of success, and must not be taken
    for an unchanged one.
    """
    if error.status is None or error.status < 400 or isinstance(error, TryLaterError):
        raise error
    return Fetched(url, None, error.status)


def source_of(settings: SourceSettings, workspace: Workspace, world: World | None = None) -> Source:
    """Return the source that the settings describe; which keys each kind has was checked.

    A source that can go on where it has stopped is told how many articles are taken at once; of
    the others the caller takes so many.

    Args:
        settings: One of ``[[sources]]``.
        workspace: Whose they are.
        world: What tests replace of the network.

    Raises:
        UnsafeAddressError: Its address is never asked.
        SourceError: It is no address, or a variable of the environment is not set.
    """
    _require_address(settings.url)
    path = workspace.root / (settings.path or "")
    url = settings.url or ""
    match settings.kind:
        case "feed":
            return FeedSource(url)
        case "opml":
            return OpmlSource(url or path, settings.most)
        case "list":
            return ListSource(path)
        case "readeck":
            return ReadeckSource(url, settings.token_env or "")
        case "wallabag":
            return WallabagSource(
                url,
                settings.client_id_env or "",
                settings.client_secret_env or "",
                settings.user_env or "",
                settings.password_env or "",
                most=settings.most,
            )
        case "imap":
            host = settings.host or ""
            allowed = Allowed.parse(workspace.settings.network.allow)
            user = secret(os.environ, settings.user_env or "", "name of the mail account", host)
            return ImapSource(
                host,
                user,
                settings.folder,
                password_env=settings.password_env or "",
                most=settings.most,
                connect=MailConnection(allowed, world or World()),
            )


def _require_address(url: str | None) -> None:
    """Refuse here what a list would take for the name of a file."""
    if url is None:
        return
    try:
        parse_url(url)
    except UnsafeFault as fault:
        raise UnsafeAddressError(fault.problem, redact(url), remedy=fault.remedy) from fault
    except Fault as fault:
        raise SourceError(fault.problem, redact(url), remedy=fault.remedy) from fault
