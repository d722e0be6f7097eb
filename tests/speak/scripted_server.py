"""A speech server on loopback that does what a test says, and otherwise speaks tones."""

import io
import json
import socket
import struct
import wave
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

import numpy as np
import soundfile

from audiobrief.model.voice import Voice
from audiobrief.speak.engines.tone import ToneEngine

#: Where the dates of the server come from; tests give the engine the same.
NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)

ERRORS = {
    "401": (401, {"error": {"message": "Incorrect API key provided: KEY.", "param": None}}),
    "403": (403, {"detail": "Not allowed"}),
    "quota": (429, {"error": {"message": "You exceeded it.", "code": "insufficient_quota"}}),
    "400": (400, {"error": {"message": "The text is forbidden.", "type": "invalid_request_error"}}),
    "404": (404, {"detail": {"error": "not_found", "message": "No such model: tts-9"}}),
    "format": (400, {"error": {"message": "No.", "param": "response_format"}}),
    "413": (413, "Request Entity Too Large"),
    "500": (500, {"error": {"message": "The server had an error."}}),
    "503": (503, "Service Unavailable"),
    "429": (429, {"error": {"message": "Rate limit reached."}}),
    "json": (200, {"error": "worker died"}),
    "html": (200, "<!DOCTYPE html><html><body>Log in to the hotel</body></html>"),
    "empty": (200, ""),
}


def tones(request):
    """Return the clip that a request asks for."""
    rate_wpm = round(170 * request.get("speed", 1))
    voice = Voice("server", "tone", f"tone-{request['voice']}", rate_wpm=rate_wpm)
    with ToneEngine().open() as session:
        return session.speak(request["input"], voice)


def wav_of(pcm, rate_hz, *, channels=1):
    """Return a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((channels, 2, rate_hz, 0, "NONE", ""))
        out.writeframes(pcm)
    return file.getvalue()


def compressed(clip, form):
    """Return the clip as MP3 or FLAC."""
    file = io.BytesIO()
    samples = np.frombuffer(clip.pcm, dtype="<i2")
    soundfile.write(file, samples, clip.sample_rate_hz, format=form.upper())
    return file.getvalue()


def with_length(wav, length):
    """Return a WAV file whose header has other lengths, as streaming servers write it."""
    return wav[:4] + struct.pack("<I", length) + wav[8:40] + struct.pack("<I", length) + wav[44:]


def twisted(deed, clip, form):
    """Return the body that a deed makes of a clip."""
    wav = wav_of(clip.pcm, clip.sample_rate_hz)
    bodies = {
        "wrong rate": lambda: wav_of(clip.pcm, clip.sample_rate_hz * 8),
        "insane rate": lambda: wav_of(clip.pcm, 1),
        "half a file": lambda: wav[: len(wav) // 2],
        "placeholder": lambda: with_length(wav, 0xFFFFFFFF),
        "half, placeholder": lambda: with_length(wav, 0xFFFFFFFF)[: len(wav) // 8],
        "mp3": lambda: compressed(clip, "mp3"),
        "flac": lambda: compressed(clip, "flac"),
        "pcm": lambda: clip.pcm,
        "stereo": lambda: wav_of(
            np.repeat(np.frombuffer(clip.pcm, "<i2"), 2).tobytes(), 22050, channels=2
        ),
    }
    return bodies.get(deed, bodies.get(form, lambda: wav))()


class ScriptedServer:
    """Counts what it is asked; ``deeds`` says what to do with which request.

    Args:
        deeds: A list of deeds, one a request, then good ones; or a function of number of the
            request and its fields.
        refuses: Names of fields that it does not know.
        context: For HTTPS.
    """

    def __init__(self, deeds=(), refuses=(), context=None):
        self._deeds = deeds if callable(deeds) else self._in_turn(list(deeds))
        self.refuses = refuses
        #: Fields of every request, the headers that came with it, and the path.
        self.requests = []
        self.headers = []
        self.paths = []
        #: Connections that were accepted.
        self.connections = 0
        self.deeds = Counter()
        self.busy = self.most_busy = 0
        self.gate = None
        #: Set with the first request.
        self.asked = Event()
        self.released = Event()
        self.lock = Lock()
        server = self

        class Handler(_Handler):
            scripted = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        if context is not None:
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        scheme = "http" if context is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._http.server_port}/v1"
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @staticmethod
    def _in_turn(deeds):
        return lambda number, _request: deeds[number] if number < len(deeds) else "good"

    def deed(self, request, headers, path):
        """Note a request and return what to do with it."""
        with self.lock:
            deed = self._deeds(len(self.requests), request)
            self.requests.append(request)
            self.headers.append(headers)
            self.paths.append(path)
            self.deeds[deed] += 1
        self.asked.set()
        return deed

    def begin(self):
        """Count a request under way."""
        with self.lock:
            self.busy += 1
            self.most_busy = max(self.most_busy, self.busy)

    def end(self):
        """Count it no more."""
        with self.lock:
            self.busy -= 1

    def close(self):
        """Let all go that wait, and stop. Any number of times."""
        if self.released.is_set():
            return
        self.released.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scripted = None

    def setup(self):
        """Count the connection."""
        super().setup()
        with self.scripted.lock:
            self.scripted.connections += 1

    def log_message(self, *_arguments):
        """Be quiet."""

    def handle(self):
        """Take a client that has gone for an end."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def do_POST(self):
        """Answer one request."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = json.loads(body)
        self.scripted.begin()
        self._is_under_way = True
        try:
            deed = self.scripted.deed(request, dict(self.headers), self.path)
            if self.scripted.gate is not None:
                self.scripted.gate.wait(timeout=20)
            self._do(deed, request)
        finally:
            self._end()

    def _end(self):
        """Count the request no more, once: with the last byte the client may send another."""
        if self._is_under_way:
            self._is_under_way = False
            self.scripted.end()

    def _do(self, deed, request):
        unknown = [name for name in self.scripted.refuses if name in request]
        status, _, detail = deed.partition(" ")
        if urlsplit(self.path).path != "/v1/audio/speech":
            self._send(404, "no such page")
        elif unknown:
            told = {
                "detail": [{"type": "extra_forbidden", "loc": ["body", unknown[0]], "msg": "No"}]
            }
            self._send(422, json.dumps(told))
        elif request["voice"].startswith("no-such"):
            self._send(400, json.dumps({"error": {"message": "Voice 'x' not found"}}))
        elif deed in ERRORS or (status == "429" and detail):
            self._send_error(status if detail else deed, detail)
        elif status == "redirect":
            self._send(307, "", Location=detail)
        elif deed == "reset":
            self._reset()
        else:
            self._send_sound(deed, twisted(deed, tones(request), request["response_format"]))

    def _send_error(self, name, retry_after):
        status, told = ERRORS[name]
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        text = told if isinstance(told, str) else json.dumps(told)
        fields = {}
        if retry_after.startswith("+"):
            date = NOW + timedelta(seconds=int(retry_after))
            fields["Retry-After"] = format_datetime(date, usegmt=True)
        elif retry_after:
            fields["Retry-After"] = retry_after
        self._send(status, text.replace("KEY", key), **fields)

    def _send(self, status, body, **headers):
        content = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self._end()
        self.wfile.write(content)

    def _send_sound(self, deed, body):
        if deed == "mute":
            self.rfile.read(1)  # until the client has enough
        elif deed in {"stall", "drip", "cut"}:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self._send_part(deed, body)
        elif deed in {"chunked", "cut chunks"}:
            self._send_chunks(body, whole=deed == "chunked")
        elif deed == "idle":
            self._send(200, body)
            self.close_connection = True  # without having said so
        else:
            self._send(200, body, Content_Type="audio/wav")

    def _send_part(self, deed, body):
        if deed == "drip":
            for byte in body:
                self.wfile.write(bytes([byte]))
                if self.scripted.released.wait(timeout=0.02):
                    break
        else:
            self.wfile.write(body[: len(body) // 2])
        if deed == "stall":
            self.rfile.read(1)
        self.close_connection = True

    def _send_chunks(self, body, *, whole):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(body), 10_000):
            piece = body[at : at + 10_000]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        if whole:
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.close_connection = True

    def _reset(self):
        # Closing with "linger 0" sends a reset in place of an end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
