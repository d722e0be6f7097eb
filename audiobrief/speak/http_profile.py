"""What a voice profile says of its server (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from audiobrief.errors import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.voice import Voice

#: OpenAI's own address and the variable in which its libraries look for the key.
OPENAI_URL = "https://api.openai.com/v1"
OPENAI_KEY_ENV = "OPENAI_API_KEY"

_KEYS = (
    "api_key_env",
    "base_url",
    "instructions",
    "max_sessions",
    "model",
    "response_format",
    "sample_rate_hz",
)
#: Of the options that decide the sound.
_DEFAULTS = {
    "base_url": OPENAI_URL,
    "instructions": "",
    "model": "tts-1",
    "response_format": "wav",
    "sample_rate_hz": "24000",
}
_FORMATS = ("wav", "pcm", "mp3", "flac", "opus")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class ServerProfile:
    """A server, and what it is asked for."""

    #: Without a slash at the end.
    base_url: str
    model: str
    #: Name of the environment variable that holds the key; empty: none is sent.
    api_key_env: str
    #: How the text is to be spoken, in words, for models that take it.
    instructions: str
    response_format: str
    #: Of samples without a header, where the content type does not say it.
    sample_rate_hz: int
    #: Requests at once that the server is given.
    max_sessions: int

    @property
    def host(self) -> str:
        """The server as messages name it."""
        return urlsplit(self.base_url).netloc

    @property
    def path(self) -> str:
        """Path of the request."""
        return f"{urlsplit(self.base_url).path}/audio/speech"


def heard_options(options: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the options without defaults: written out, they ask for the same sound.

    >>> heard_options([("base_url", "http://127.0.0.1/v1/"), ("sample_rate_hz", "24000")])
    [('base_url', 'http://127.0.0.1/v1')]
    """
    trimmed = [(n, v.rstrip("/") if n == "base_url" else v) for n, v in options]
    return [(name, value) for name, value in trimmed if _DEFAULTS.get(name) != value]


def server_profile(voice: Voice) -> ServerProfile:
    """Read the options of a voice profile.

    Raises:
        WorkspaceError: One is unknown or wrong. Its value is shown only where it cannot be a key
            that somebody put in the wrong place.

    >>> from audiobrief.model.voice import Voice
    >>> server_profile(Voice("a", "openai", "alloy")).host
    'api.openai.com'
    """
    options = _DEFAULTS | dict(voice.options)
    for name in options:
        if name not in _KEYS:
            raise _unknown(voice, name)
    base_url = options["base_url"].rstrip("/")
    _check_url(voice, base_url)
    api_key_env = options.get("api_key_env", OPENAI_KEY_ENV if base_url == OPENAI_URL else "")
    if api_key_env and not _VARIABLE.fullmatch(api_key_env):
        raise _wrong(
            voice,
            "api_key_env",
            "is no name of an environment variable",
            f'the key stays out of the file: api_key_env = "{OPENAI_KEY_ENV}"',
        )
    response_format = options["response_format"]
    if response_format not in _FORMATS:
        remedy = f"take one of {', '.join(_FORMATS)}"
        raise _wrong(voice, "response_format", "is not known", remedy)
    return ServerProfile(
        base_url=base_url,
        model=options["model"],
        api_key_env=api_key_env,
        instructions=options["instructions"],
        response_format=response_format,
        sample_rate_hz=_whole(voice, options, "sample_rate_hz", 24_000, range(8_000, 192_001)),
        max_sessions=_whole(voice, options, "max_sessions", 4, range(1, 65)),
    )


def _check_url(voice: Voice, base_url: str) -> None:
    try:
        url: SplitResult | None = urlsplit(base_url)
        port_is_right = url is not None and url.port != 0
    except ValueError:
        url, port_is_right = None, False
    if url is None or url.scheme not in {"http", "https"} or not url.hostname or not port_is_right:
        remedy = f'write it like "{OPENAI_URL}" or "http://127.0.0.1:8880/v1"'
        raise _wrong(voice, "base_url", "is no address of a server", remedy)
    if url.username is not None or url.query or url.fragment or not base_url.isascii():
        remedy = "leave out user, password and what follows a question mark; name the key's"
        raise _wrong(voice, "base_url", "has more than an address", f"{remedy} variable instead")
    if re.search(r"[\s\x00-\x1f]", base_url):
        raise _wrong(voice, "base_url", "holds blanks", "remove them")


def _whole(voice: Voice, options: dict[str, str], name: str, default: int, span: range) -> int:
    value = options.get(name)
    if value is None:
        return default
    if not re.fullmatch(r"[0-9]{1,7}", value) or int(value) not in span:
        remedy = f'write a whole number from {span.start} to {span.stop - 1}, like "{default}"'
        raise _wrong(voice, name, "is out of range", remedy)
    return int(value)


def _unknown(voice: Voice, name: str) -> WorkspaceError:
    close = get_close_matches(name, _KEYS, n=1)
    suggestion = f"did you mean {close[0]}? " if close else ""
    return WorkspaceError(
        f"voice {voice.name!r}: openai has no such option",
        name,
        remedy=f"{suggestion}it has {', '.join(_KEYS)}",
    )


def _wrong(voice: Voice, name: str, how: str, remedy: str) -> WorkspaceError:
    return WorkspaceError(
        f"voice {voice.name!r}: {name} {how}", f"voices/{voice.name}.toml", remedy=remedy
    )
