"""An engine that does what a test says, on top of the tones."""

from threading import Event

from audiobrief.errors import SpeechError
from audiobrief.model.audio import Clip, ClipFacts
from audiobrief.speak.engines.tone import ToneEngine, ToneSession


class ScriptedSession(ToneSession):
    """Speaks tones, except for the texts in the script."""

    def __init__(self, engine):
        super().__init__()
        self.engine = engine
        self.ended = Event()

    def speak(self, text, voice):
        """Return a tone, a quarter or two thirds of it, or raise, as the script says."""
        self.engine.spoken.append(text)
        deeds = self.engine.script.get(text, [])
        deed = deeds.pop(0) if deeds else "good"
        if deed == "blocks":
            self.engine.broken_off.append(self.ended.wait(timeout=20))
        if deed in {"error", "blocks"}:
            raise SpeechError("scripted", text, remedy="none")
        if deed == "interrupt":
            raise KeyboardInterrupt
        clip = super().speak(text, voice)
        share = {"cut": 1 / 4, "short": 2 / 3, "shorter": 0.6}.get(deed, 1)
        return Clip(clip.pcm[: 2 * int(clip.frame_count * share)], 22050)

    def close(self):
        """Count the closings."""
        if not self._closed:
            self.engine.closed += 1
        self.ended.set()
        super().close()


class ScriptedEngine(ToneEngine):
    """Counts what is done with it."""

    clips_per_session = 12

    def __init__(self, script=None, max_sessions=1):
        self.script = script or {}
        self.max_sessions = max_sessions
        self.spoken = []
        self.broken_off = []
        self.opened = self.closed = 0

    def open(self):
        """Return a session that follows the script."""
        self.opened += 1
        return ScriptedSession(self)


class MemoryStore:
    """Clips in memory, in the order in which they came."""

    def __init__(self):
        self.clips = {}

    def get(self, key):
        """Return the clip or ``None``."""
        return self.clips.get(key)

    def glance(self, key):
        """Return what is known of a clip or ``None``."""
        clip = self.clips.get(key)
        return clip and ClipFacts(clip.frame_count, clip.sample_rate_hz, "")

    def discard(self, key):
        """Forget a clip."""
        del self.clips[key]

    def put(self, key, clip):
        """Keep a clip that is never made twice; what is there stays, as in the cache."""
        assert self.clips.get(key) != clip
        self.clips.setdefault(key, clip)
