"""What a server says is wrong, in whatever form, and the errors made of it (pure)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from audiobrief.errors import (
    EngineUnavailableError,
    SpeechError,
    VoiceNotFoundError,
    WorkspaceError,
)
from audiobrief.speak.utterance import shortened

if TYPE_CHECKING:
    from audiobrief.model.voice import Voice
    from audiobrief.speak.http_profile import ServerProfile
    from audiobrief.speak.tls_complaint import Distrust

#: Longest message that is passed on.
_MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error of a server."""

    #: In one line, shortened.
    message: str
    #: Field of the request that it names, if it names one.
    field: str = ""

    def is_about(self, field: str) -> bool:
        """Tell whether a field of the request is the trouble."""
        return field == self.field or re.search(rf"\b{field}\b", self.message) is not None


def read_complaint(body: bytes) -> Complaint:
    """Return what a server complains of.

    OpenAI writes ``{"error": {"message", "param"}}``, Kokoro-FastAPI ``{"detail": {"message"}}``,
    FastAPI itself ``{"detail": [{"loc", "msg"}]}``, others a string in either, or a page.

    >>> read_complaint(b'{"error": {"message": "No such voice.", "param": "voice"}}')
    Complaint(message='No such voice.', field='voice')
    >>> read_complaint(b'{"detail": [{"loc": ["body", "stream"], "msg": "Extra inputs"}]}')
    Complaint(message='Extra inputs', field='stream')
    >>> read_complaint(b"Bad Gateway").message
    'Bad Gateway'
    """
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        return Complaint(_line(body.decode("utf-8", "replace")))
    if isinstance(told, dict):
        told = told.get("error") or told.get("detail") or told
    if isinstance(told, list) and told:
        told = told[0]
    if not isinstance(told, dict):
        return Complaint(_line(str(told)))
    place = told.get("loc")
    field = place[-1] if isinstance(place, list) and place else told.get("param")
    message = told.get("message") or told.get("msg") or told.get("error") or told
    return Complaint(_line(str(message)), str(field or ""))


def _line(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _MOST_CHARACTERS else f"{line[: _MOST_CHARACTERS - 1]}…"


def missing_key(name: str, profile: ServerProfile, *, is_set: bool) -> EngineUnavailableError:
    """Make the error for a variable without a usable key."""
    how = "holds no key: it has blanks or letters that no key has" if is_set else "is not set"
    return EngineUnavailableError(
        f"the key for {profile.host} is missing: the variable {name} {how}",
        name,
        remedy=f"export {name}=YOUR-KEY",
    )


def locked_out(status: int, complaint: Complaint, profile: ServerProfile) -> EngineUnavailableError:
    """Make the error for an account that gets nothing."""
    remedy = "name the variable that holds a key: api_key_env in the voice profile"
    if profile.api_key_env:
        remedy = f"check the account, or set another key: export {profile.api_key_env}=YOUR-KEY"
    return EngineUnavailableError(
        f"{profile.host} refuses the account (status {status}): {complaint.message}",
        profile.base_url,
        remedy=remedy,
    )


def refused(
    status: int, complaint: Complaint, text: str, voice: Voice, profile: ServerProfile
) -> SpeechError:
    """Make the error for a request that the server will never fulfil."""
    said = f"(status {status}): {complaint.message or 'without a reason'}"
    # Not "is_about": an address or a model may have the word in its name.
    if complaint.field == "voice" or re.search(r"\bvoices?\b", complaint.message, re.IGNORECASE):
        return VoiceNotFoundError(
            f"voice {voice.name!r}: {profile.host} has no such voice {said}",
            voice.engine_voice,
            remedy=f"correct engine_voice in voices/{voice.name}.toml",
        )
    if status in {404, 405}:
        return SpeechError(
            f"{profile.host} has no such model or address {said}",
            f"{profile.base_url}/audio/speech, model {profile.model}",
            remedy=f"correct base_url or model in voices/{voice.name}.toml",
        )
    return SpeechError(
        f"{profile.host} refuses this text {said}",
        shortened(text),
        remedy=f"reword the text, or correct voices/{voice.name}.toml",
    )


def elsewhere(location: str, profile: ServerProfile) -> WorkspaceError:
    """Make the error for a redirect, which is never followed: the key is for this host alone."""
    url = urlsplit(location)
    # Without its query, which may hold a signature.
    place = f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}" if url.netloc else url.path
    return WorkspaceError(
        f"{profile.host} sends requests to another address",
        place or "unnamed",
        remedy="if you trust it, set base_url to it, without /audio/speech at its end",
    )


def too_long_a_rest(wait_s: float, profile: ServerProfile) -> SpeechError:
    """Make the error for a server that is asked again in an hour at best."""
    return SpeechError(
        f"{profile.host} takes no requests for the next {wait_s:,.0f} s",
        profile.base_url,
        remedy="build again after that; finished clips are kept",
    )


def untrusted(distrust: Distrust, profile: ServerProfile) -> EngineUnavailableError:
    """Make the error for a server whose certificate is wrong."""
    return EngineUnavailableError(
        f"{profile.host} cannot prove who it is: {distrust.reason}",
        profile.base_url,
        remedy=distrust.remedy,
    )
