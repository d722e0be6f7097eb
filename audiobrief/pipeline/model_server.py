"""The server of a language model as the settings name it: its address, its key, who asks it."""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from audiobrief.errors import EngineUnavailableError, WorkspaceError
from audiobrief.net.rules import ClientRules

if TYPE_CHECKING:
    from audiobrief.net.client import Client
    from audiobrief.net.world import World
    from audiobrief.workspace.settings import LlmSettings

#: So many characters of a key give it away.
_RECOGNIZABLE = 8
#: Names that nobody can have on the internet.
_HOME = (".local", ".lan", ".home", ".internal", ".home.arpa")


def client_of(settings: LlmSettings, world: World | None) -> Client | None:
    """Return who asks the server; ``None``: there is none, and nothing to import for it."""
    if settings.base_url is None:
        return None
    from audiobrief.net.client import Client  # noqa: PLC0415 - httpx, only where it is used

    # The user has named the host; it may be at home, for this client alone.
    host = urlsplit(settings.base_url).hostname or ""
    return Client(
        ClientRules(deadline_s=settings.timeout_s, delay_s=0.0, allowed_hosts=(host,)), world
    )


def key_of(settings: LlmSettings, place: str) -> str:
    """Return the key for the server; empty: it wants none, or there is no server.

    Args:
        settings: As written.
        place: Where the address stands, for errors: the address itself may have a secret in it.

    Raises:
        WorkspaceError: There is no model, or the address is none to which a key may go.
        EngineUnavailableError: The variable is not set, or holds no key.
    """
    if settings.base_url is None:
        return ""
    _require_usable(settings, place)
    variable = settings.api_key_env
    if variable is None:
        return ""
    # Values that come out of files end with a line.
    key = os.environ.get(variable, "").strip()
    if not key:
        raise EngineUnavailableError(
            f"there is no key for the language model: the variable {variable} is not set",
            place,
            remedy=f"set it, as in: export {variable}=..., or take api_key_env out of [llm]",
        )
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise EngineUnavailableError(
            f"the variable {variable} has a character that no key has",
            place,
            remedy="copy the key again, without blanks and line ends",
        )
    return key


def gives_away(text: str, key: str) -> bool:
    """Tell whether a text has a key in it, or a recognizable beginning of one.

    >>> gives_away("Your key is SK-12345 67890.", "sk-1234567890")
    True
    """
    plain = re.sub(r"\s", "", text).lower()
    if len(key) >= _RECOGNIZABLE:
        return key[:_RECOGNIZABLE].lower() in plain
    return re.search(rf"(?<!\w){re.escape(key)}(?!\w)", text, re.IGNORECASE) is not None


def _require_usable(settings: LlmSettings, place: str) -> None:
    if settings.model is None:
        raise WorkspaceError(
            "no model is named", place, remedy='write model = "...", as the server calls it'
        )
    url = settings.base_url or ""
    parts = _split(url)
    if parts is None or any(mark in url for mark in "@?#"):
        raise WorkspaceError(
            "the address of the language model cannot be used",
            place,
            remedy="write it as https://host/v1, without login and query; a key comes from the"
            " environment, see api_key_env",
        )
    if settings.api_key_env and parts.scheme != "https" and not _is_home(parts.hostname or ""):
        raise WorkspaceError(
            "a key is not sent without encryption", place, remedy="write https:// in the address"
        )


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if has_host else None


def _is_home(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_HOME)
