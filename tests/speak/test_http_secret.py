"""The key of a server is in nothing that is said, however the server repeats it."""

import json
import re
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

import pytest

from audiobrief.errors import AudiobriefError
from audiobrief.model.voice import Voice
from audiobrief.speak.engines.openai import OpenAIEngine
from audiobrief.speak.http_retry import Backoff
from audiobrief.speak.http_secret import conceal, without_key
from audiobrief.speak.http_server import Surroundings

KEY = "sk-Very/Secret+0123456789=AbCdEf"
TEXT = "The pier will hold, and the ferry sails again from Monday."
ESCAPED = "".join(f"\\u{ord(c):04x}" for c in KEY)


def whole(status, body="", content_type="application/json", **headers):
    """Return an answer as it goes over the wire."""
    fields = {"Content-Type": content_type, "Content-Length": str(len(body.encode())), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} x\r\n{lines}\r\n{body}".encode()


def told(text):
    """Return the body of an error."""
    return json.dumps({"error": {"message": text}})


ECHOES = {
    "plain": whole(401, told(f"Incorrect API key provided: {KEY}.")),
    "escaped slash": whole(401, told(f"Wrong: {KEY}").replace("/", "\\/")),
    "escaped letters": whole(401, told("Wrong: KEY").replace("KEY", ESCAPED)),
    "escaped twice": whole(401, told(f"Wrong: {ESCAPED}")),
    "lower case": whole(403, told(f"Wrong: {KEY.lower()}")),
    "percent": whole(400, told(f"Wrong: {quote(KEY, safe='')}")),
    "percent twice": whole(400, told(f"Wrong: {quote(quote(KEY, safe=''), safe='')}")),
    "page": whole(404, "<p>sk-Very&#47;Secret&#x2b;0123456789=AbCdEf</p>", "text/html"),
    "cut": whole(400, told("x" * 175 + KEY)),
    "as the voice": whole(400, told(f"voice {KEY} not found")),
    "200 with an error": whole(200, json.dumps({"error": f"invalid key {KEY}"})),
    "200 with escapes": whole(200, told("Wrong: KEY").replace("KEY", ESCAPED)),
    "200, cut": whole(200, told("x" * 80 + KEY)),
    "content type": whole(200, "\x01\x02 garbage", f"x/{KEY}"),
    "redirect": whole(302, Location=f"https://other.example/{KEY}/x?k={KEY}"),
    "redirect, percent": whole(302, Location=f"https://other.example/{quote(KEY, safe='')}/x"),
    "status line": f"HTTP/1.1 4x1 {KEY}\r\n\r\n".encode(),
    "protocol": f"HTTP/{KEY} 200 OK\r\n\r\n".encode(),
    "chunk": f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{KEY}\r\n".encode(),
    "rest": whole(429, told(f"Slow down, {KEY}"), Retry_After="5"),
    "long rest": whole(429, told(f"Slow down, {KEY}"), Retry_After="3600"),
    "strange rest": whole(429, told("Slow down"), Retry_After=KEY),
    "server error": whole(500, f"boom {KEY}", "text/plain"),
}

#: Answers of which nothing is passed on that holds the key.
UNQUOTED = {"long rest", "strange rest"}


@pytest.fixture
def echoing():
    """Return a function that starts a server with one answer and returns its address."""
    running = []

    def start(answer):
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_arguments):
                """Be quiet."""

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.wfile.write(answer)
                self.close_connection = True

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/v1"

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


def readings(text):
    """Return a text as it is, and with its escapes read, in lower case."""
    plain = re.sub(r"\\+u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), text, flags=re.IGNORECASE)
    plain = re.sub(r"\\+(?=\W)", "", plain)
    return {each.lower() for each in (text, plain, unquote(text), unquote(unquote(text)))}


@pytest.mark.parametrize("echo", ECHOES)
def test_a_key_that_a_server_repeats_is_not_shown(echoing, echo):
    """Not in the error, its cause, its trace, or a note, in any spelling; nor a large part."""
    notes = []
    around = Surroundings(environment={"SPEECH_KEY": KEY}, pause=lambda *_: None)
    engine = OpenAIEngine(surroundings=around, backoff=Backoff(requests=2))
    engine.listen(notes.append)
    options = ("api_key_env", "SPEECH_KEY"), ("base_url", echoing(ECHOES[echo]))
    voice = Voice("anchor", "openai", "alloy", options=options)
    with engine.open() as session, pytest.raises(AudiobriefError) as caught:
        session.speak(TEXT, voice)
    error = caught.value
    with engine.open() as other, pytest.raises(AudiobriefError):
        other.speak(TEXT, voice)
    shown = [str(error), repr(error), *map(repr, error.args), *notes]
    shown += [error.problem, error.subject, error.remedy, *traceback.format_exception(error)]
    assert error.problem.isprintable()
    for text in shown:
        assert not [each for each in readings(text) if KEY.lower()[:10] in each]
    assert any("[key]" in text for text in shown) == (echo not in UNQUOTED)


def test_texts_without_the_key_stay():
    """And without a key all do."""
    for text in ("", "100 %", r"C:\voices\x", "sk-very", "…", "\\"):
        assert without_key(text, KEY) == text
        assert without_key(text, "") == text


def test_every_error_of_a_chain_is_cleaned():
    """Causes and what was being handled, once each, though they go in a circle."""
    first, second = ValueError(f"bad {KEY}", 7), AudiobriefError(KEY, KEY, remedy=KEY)
    second.__cause__, first.__context__ = first, second
    conceal(second, KEY)
    assert first.args == ("bad [key]", 7)
    assert (second.problem, second.subject, second.remedy) == ("[key]",) * 3
