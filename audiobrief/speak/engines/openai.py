"""Any server with the speech route of OpenAI: ``POST {base_url}/audio/speech``.

What the options of a voice profile mean is in `http_profile`, what is worth asking again for in
`http_retry`, what comes back in `http_audio`.
"""

from __future__ import annotations

import json
from threading import Event, Lock
from typing import TYPE_CHECKING, Self
from weakref import WeakSet

from audiobrief.errors import SpeechError
from audiobrief.model.voice import EngineVoice
from audiobrief.speak.check import length_band_s
from audiobrief.speak.engine import refuse_unusable
from audiobrief.speak.http_complaint import (
    elsewhere,
    locked_out,
    missing_key,
    read_complaint,
    refused,
    too_long_a_rest,
    untrusted,
)
from audiobrief.speak.http_post import (
    Connection,
    HttpFault,
    Patience,
    UnreachableFault,
    UntrustedServerError,
)
from audiobrief.speak.http_profile import server_profile
from audiobrief.speak.http_retry import Backoff, Verdict, retry_after_s, verdict
from audiobrief.speak.http_secret import conceal, without_key
from audiobrief.speak.http_server import Server, Surroundings
from audiobrief.speak.http_speech import AskAgain, answered_clip, given_up, headers, request_fields
from audiobrief.speak.session import joined
from audiobrief.speak.utterance import divide, plain_text, refuse_endless, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from audiobrief.errors import EngineUnavailableError
    from audiobrief.model.audio import Clip
    from audiobrief.model.voice import Voice
    from audiobrief.speak.http_complaint import Complaint
    from audiobrief.speak.http_post import Answer
    from audiobrief.speak.http_profile import ServerProfile

#: Raised when this adapter makes another sound of the same text and voice.
ADAPTER_VERSION = 1

#: Longest text of a request, in characters (OpenAI, "Create speech", parameter ``input``).
LONGEST_RUN = 4_096

#: What OpenAI lists; other servers have others, and take what the profile says.
_OPENAI_VOICES = (
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage",
    "shimmer", "verse",
)  # fmt: skip

#: Servers around Kokoro read ``[pause:1.5s]`` and ``[word](/ipa/)`` as commands. Round brackets
#: sound the same and command nothing.
_NO_COMMANDS = str.maketrans("[]", "()")


class OpenAIEngine:
    """The engine ``openai``.

    Args:
        surroundings: Clock, chance and environment.
        backoff: How often and when it asks again.
        patience: Time limits of a request.
    """

    name = "openai"
    #: Servers limit requests at once as well; four keep a fast one busy.
    max_sessions = 4
    #: A connection opens in the time of a small part of a clip.
    clips_per_session = 2
    license = "as the server's operator says"

    def __init__(
        self,
        *,
        surroundings: Surroundings | None = None,
        backoff: Backoff | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.surroundings = surroundings or Surroundings()
        self.backoff = backoff or Backoff()
        self.patience = patience or Patience()
        self._tell: Callable[[str], None] | None = None
        self._servers: dict[str, Server] = {}
        self._open: WeakSet[OpenAISession] = WeakSet()
        self._lock = Lock()

    def fingerprint(self) -> str:
        """Name the adapter; server and model stand in the profile's options, which are keyed."""
        return f"openai-adapter {ADAPTER_VERSION}"

    def voices(self) -> Sequence[EngineVoice]:
        """List the voices of OpenAI itself."""
        return [EngineVoice(name, name.capitalize(), ()) for name in _OPENAI_VOICES]

    def listen(self, tell: Callable[[str], None]) -> None:
        """Pass notes for the user on, in the threads of the sessions."""
        self._tell = tell

    def open(self) -> OpenAISession:
        """Open a session; it connects with the first text."""
        session = OpenAISession(self)
        with self._lock:
            self._open.add(session)
        return session

    def note(self, text: str) -> None:
        """Tell the user something, if anybody listens."""
        if self._tell is not None:
            self._tell(text)

    def server(self, profile: ServerProfile) -> Server:
        """Return what is known of a server."""
        with self._lock:
            return self._servers.setdefault(profile.base_url, Server())

    def lock_out(self, error: EngineUnavailableError) -> None:
        """End all open sessions: what one account is refused, all of them are."""
        with self._lock:
            sessions = list(self._open)
        for session in sessions:
            session.end(error)


class OpenAISession:
    """One connection; see :class:`audiobrief.speak.engine.Session`."""

    def __init__(self, engine: OpenAIEngine) -> None:
        self._engine = engine
        self._around = engine.surroundings
        self._connection: Connection | None = None
        self._connected_to = ""
        self._wake = Event()
        self._end: SpeechError | None = None
        self._lock = Lock()

    def speak(self, text: str, voice: Voice) -> Clip:
        """Return the sound of one text."""
        self._stop_if_over()
        refuse_unusable(voice)
        profile = server_profile(voice)
        try:
            return self._speak_whole(text, voice, profile)
        except Exception as error:
            # Here, where all that a server says has taken its last form.
            conceal(error, self._secret(profile))
            raise

    def _speak_whole(self, text: str, voice: Voice, profile: ServerProfile) -> Clip:
        plain = plain_text(text).translate(_NO_COMMANDS)
        refuse_endless(plain)
        # Silence would be paid for like speech.
        if not any(character.isalnum() for character in plain):
            remedy = "give it a letter or a digit to say"
            raise SpeechError("there is nothing to speak", shortened(text), remedy=remedy)
        parts = divide(plain, LONGEST_RUN)
        clips = [self._speak_part(part, voice, profile) for part in parts]
        if len({clip.sample_rate_hz for clip in clips}) > 1:
            raise SpeechError(
                f"{profile.host} sent one text at several sample rates",
                shortened(plain),
                remedy="build again; if it stays, make the paragraphs of the article shorter",
            )
        return joined(plain, parts, clips)

    def _speak_part(self, text: str, voice: Voice, profile: ServerProfile) -> Clip:
        """Ask until the answer is the text, as long as that is worth it."""
        server = self._engine.server(profile)
        failures = 0
        while True:
            try:
                clip = self._take_turn(text, voice, profile, server)
            except AskAgain as trouble:
                failures += 1
                backoff = self._engine.backoff
                if not server.budget.take() or failures >= backoff.requests:
                    raise given_up(profile, text, failures, trouble) from trouble
                chance = self._around.chance()
                asked_s = backoff.after_rest_s(trouble.wait_s, chance)
                self._wait(max(backoff.wait_s(failures, chance), asked_s))
            else:
                server.budget.pay_back()
                return clip

    def _take_turn(self, text: str, voice: Voice, profile: ServerProfile, server: Server) -> Clip:
        self._begin(profile, server)
        try:
            self._stop_if_over()
            return self._attempt(text, voice, profile, server)
        finally:
            server.end()

    def _begin(self, profile: ServerProfile, server: Server) -> None:
        """Wait until the server wants no rest and has room."""
        while True:
            rest_until = server.not_before
            left_s = rest_until - self._around.clock()
            self._wait(self._engine.backoff.after_rest_s(left_s, self._around.chance()))
            server.begin(profile.max_sessions, lambda: self._end is not None)
            # Whoever had the room before may have been told to rest.
            if server.not_before <= rest_until or self._end is not None:
                return
            server.end()

    def _attempt(self, text: str, voice: Voice, profile: ServerProfile, server: Server) -> Clip:
        """Ask once, or again at once without what the server does not know."""
        request = request_fields(text, voice, profile, server)
        key = self._key(profile)
        answer = self._post(request, text, voice, profile, key)
        decision = verdict(answer.status, answer.body)
        if decision is Verdict.TAKE:
            return answered_clip(answer, request, text, voice, profile)
        complaint = read_complaint(answer.body)
        if decision is Verdict.ASK_AGAIN:
            raise self._come_back(answer, complaint, profile, server)
        if decision is Verdict.LOCKED_OUT:
            error = locked_out(answer.status, complaint, profile)
            conceal(error, key)  # other sessions raise it as well
            self._engine.lock_out(error)
            raise error
        if decision is Verdict.ELSEWHERE:
            raise elsewhere(answer.headers.get("location", ""), profile)
        if self._concede(request, complaint, profile, server):
            return self._attempt(text, voice, profile, server)
        raise refused(answer.status, complaint, text, voice, profile)

    def _post(
        self,
        request: Mapping[str, object],
        text: str,
        voice: Voice,
        profile: ServerProfile,
        key: str,
    ) -> Answer:
        limit_s = self._engine.patience.answer_s(length_band_s(text, voice.rate_wpm)[1])
        connection, body = self._connection_to(profile), json.dumps(request).encode()
        try:
            return connection.post(profile.path, body, headers(key), limit_s=limit_s)
        except HttpFault as fault:
            self._stop_if_over()
            unreachable = isinstance(fault, UnreachableFault)
            raise AskAgain(str(fault), unreachable=unreachable) from fault
        except UntrustedServerError as error:
            raise untrusted(error.distrust, profile) from error

    def _connection_to(self, profile: ServerProfile) -> Connection:
        """Return the connection; another server takes the place of the one before."""
        with self._lock:
            if self._connection is None or self._connected_to != profile.base_url:
                if self._connection is not None:
                    self._connection.close()
                patience, clock = self._engine.patience, self._around.clock
                self._connection = Connection(profile.base_url, patience, clock)
                self._connected_to = profile.base_url
            return self._connection

    def _key(self, profile: ServerProfile) -> str:
        """Return the key, read each time so that it is kept nowhere; empty: none is needed."""
        name = profile.api_key_env
        if not name:
            return ""
        key = self._secret(profile)
        # http.client would show a key with a line break in its error.
        if key.isascii() and key.isprintable() and key and " " not in key:
            return key
        error = missing_key(name, profile, is_set=bool(key))
        self._engine.lock_out(error)
        raise error

    def _secret(self, profile: ServerProfile) -> str:
        """Return what the variable of the key holds, usable or not."""
        return self._around.environment.get(profile.api_key_env, "").strip()

    def _come_back(
        self, answer: Answer, complaint: Complaint, profile: ServerProfile, server: Server
    ) -> AskAgain | SpeechError:
        """Return what makes the loop ask again, or the error of too long a rest."""
        reason = f"status {answer.status}: {complaint.message}".rstrip(": ")
        wait_s = retry_after_s(answer.headers.get("retry-after"), self._around.now())
        if wait_s is None:
            return AskAgain(reason)
        if wait_s > self._engine.backoff.patience_s:
            return too_long_a_rest(wait_s, profile)
        server.ask_for_rest(self._around.clock() + wait_s)
        if wait_s >= 1:
            note = f"{profile.host} asks to wait {wait_s:.0f} s ({reason})"
            self._engine.note(without_key(note, self._secret(profile)))
        return AskAgain(reason, wait_s=wait_s)

    def _concede(
        self,
        request: Mapping[str, object],
        complaint: Complaint,
        profile: ServerProfile,
        server: Server,
    ) -> bool:
        """Note what the server does not know, if it is something that can be left out."""
        for name, instead in (("stream", "asked without it"), ("response_format", "asked for mp3")):
            if complaint.is_about(name) and server.takes(name) and name in request:
                if server.concede(name):
                    self._engine.note(f"{profile.host} does not take {name!r}: {instead}")
                return True
        return False

    def _wait(self, wait_s: float) -> None:
        if wait_s > 0:
            self._around.pause(self._wake, wait_s)
        self._stop_if_over()

    def _stop_if_over(self) -> None:
        if self._end is not None:
            raise self._end

    def end(self, error: SpeechError) -> None:
        """Ask no more; a request under way may still be answered."""
        with self._lock:
            self._end = self._end or error
        self._wake.set()

    def wind_down(self) -> None:
        """Ask no more, since another text has failed for good."""
        remedy = "mend that one, and build again"
        self.end(SpeechError("another text could not be spoken", "openai", remedy=remedy))

    def close(self) -> None:
        """End the connection; a text in hand fails."""
        self.end(SpeechError("the session is closed", "openai", remedy="open another one"))
        with self._lock:
            if self._connection is not None:
                self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def make_engine(settings: Mapping[str, object] | None = None) -> OpenAIEngine:  # noqa: ARG001 - its settings stand in the voice profiles
    """Make the engine; the entry point ``openai``."""
    return OpenAIEngine()
