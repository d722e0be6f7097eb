"""A server, an engine that talks to it, and the faults that a server has."""

from audiobrief.model.voice import Voice
from audiobrief.speak.engines.openai import OpenAIEngine
from audiobrief.speak.http_post import Patience
from audiobrief.speak.http_server import Surroundings
from tests.speak.scripted_server import NOW, tones

KEY = "sk-very-secret-0123456789"
TEXT = "The pier will hold, and the ferry sails again from Monday."
QUICK = Patience(connect_s=5, stall_s=0.5, overhead_s=1.5, slowest=1000)


class Desk:
    """A server, an engine that talks to it, and what the engine waited and said."""

    def __init__(self, server, **kwargs):
        self.server = server
        self.waits = []
        self.notes = []
        surroundings = Surroundings(
            environment={"SPEECH_KEY": KEY},
            now=lambda: NOW,
            pause=lambda _wake, wait_s: self.waits.append(wait_s),
            chance=lambda: 1.0,
        )
        self.engine = OpenAIEngine(surroundings=surroundings, **kwargs)
        self.engine.listen(self.notes.append)

    def voice(self, name="alloy", rate_wpm=170, volume=1.0, **options):
        """Return a profile that names the server."""
        options = {"base_url": self.server.url, "model": "tts-1", "api_key_env": "SPEECH_KEY"} | {
            k: v for k, v in options.items() if v is not None
        }
        pairs = tuple(sorted(options.items()))
        return Voice("anchor", "openai", name, rate_wpm=rate_wpm, volume=volume, options=pairs)

    def speak(self, text=TEXT, **kwargs):
        """Speak one text in a session of its own."""
        with self.engine.open() as session:
            return session.speak(text, self.voice(**kwargs))


def good(clip, text=TEXT):
    """Tell whether a clip is the tones of the text, to the sample."""
    return clip.pcm == tones({"input": text, "voice": "alloy"}).pcm


FAULTS = {
    "429": "Rate limit reached",
    "500": "status 500: The server had an error",
    "503": "status 503: Service Unavailable",
    "cut": "cut off at",
    "cut chunks": "broke off",
    "reset": "closed",
    "half a file": "WAV file cut off",
    "half, placeholder": "are plausible at 22050 Hz",
    "wrong rate": "are plausible at 176400 Hz",
    "insane rate": "sample rate of 1 Hz",
    "empty": "without content",
    "html": "text instead of sound: <!DOCTYPE html>",
    "json": "worker died",
    "pcm": "unknown kind, audio/wav",
}
SLOW = {"stall": "did not come in time", "drip": "did not come in time", "mute": "did not come"}
