"""One request for speech, and what is made of its answer (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.errors import EngineUnavailableError, SpeechError
from audiobrief.speak.check import find_flaw
from audiobrief.speak.http_audio import NoSoundError, clip_of
from audiobrief.speak.http_profile import OPENAI_URL
from audiobrief.speak.utterance import shortened
from audiobrief.speak.volume import with_volume

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.model.audio import Clip
    from audiobrief.model.voice import Voice
    from audiobrief.speak.http_post import Answer
    from audiobrief.speak.http_profile import ServerProfile
    from audiobrief.speak.http_server import Server

#: Rate that stands for ``speed`` 1: voices of these servers read news at 160 to 180 words a minute.
NATURAL_WPM = 170


class AskAgain(Exception):  # noqa: N818 - not an error yet
    """A request that another one may mend."""

    def __init__(self, reason: str, *, wait_s: float = 0.0, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.wait_s = wait_s
        #: Not even a connection came about.
        self.unreachable = unreachable


def request_fields(
    text: str, voice: Voice, profile: ServerProfile, server: Server
) -> dict[str, object]:
    """Return the fields of a request, without what the server is known to refuse."""
    request: dict[str, object] = {
        "model": profile.model,
        "input": text,
        "voice": voice.engine_voice,
        "response_format": profile.response_format if server.takes("response_format") else "mp3",
    }
    speed = round(voice.rate_wpm / NATURAL_WPM, 2)
    if speed != 1.0:
        request["speed"] = speed
    if profile.instructions:
        request["instructions"] = profile.instructions
    # Kokoro-FastAPI streams unless told otherwise, and a fault then ends the sound without a word.
    # OpenAI has no such field.
    if profile.base_url != OPENAI_URL and server.takes("stream"):
        request["stream"] = False
    return request


def headers(key: str) -> dict[str, str]:
    """Return the header fields of a request; with an empty key, none for it."""
    fields = {
        "Content-Type": "application/json",
        "Accept": "audio/*, application/json;q=0.5",
        "Accept-Encoding": "identity",
        "User-Agent": "audiobrief",
    }
    return fields | {"Authorization": f"Bearer {key}"} if key else fields


def answered_clip(
    answer: Answer, request: Mapping[str, object], text: str, voice: Voice, profile: ServerProfile
) -> Clip:
    """Return the sound of an answer, if it can be the whole text."""
    try:
        clip = clip_of(
            answer.body,
            answer.headers.get("content-type", "").lower(),
            headerless=request["response_format"] == "pcm",
            pcm_rate_hz=profile.sample_rate_hz,
        )
    except NoSoundError as error:
        raise AskAgain(f"{error}") from error
    flaw = find_flaw(clip, text, voice)
    if flaw:
        raise AskAgain(f"{flaw} at {clip.sample_rate_hz} Hz")
    return with_volume(clip, voice.volume)


def given_up(profile: ServerProfile, text: str, requests: int, trouble: AskAgain) -> SpeechError:
    """Make the error for a text that was asked for in vain."""
    times = "once" if requests == 1 else f"{requests} times"
    if trouble.unreachable:
        return EngineUnavailableError(
            f"no server answers at {profile.host}: {trouble}",
            profile.base_url,
            remedy="start it, or correct base_url in the voice profile",
        )
    return SpeechError(
        f"{profile.host} failed {times} at this text, at last with: {trouble}",
        shortened(text),
        remedy="build again later, finished clips are kept; or give the voice another engine",
    )
