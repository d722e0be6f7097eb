"""The content address of a clip: equal keys, equal sound (pure)."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.speak.http_profile import heard_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.voice import Voice


#: Options that decide how a server is asked, and change nothing of what it says.
_NOT_HEARD = frozenset(("api_key_env", "max_sessions"))


def clip_key(
    text: str, voice: Voice, fingerprint: str, phonemes: Sequence[tuple[int, int, str]] = ()
) -> str:
    """Return the key under which the clip of a text is kept, 64 hex digits.

    It holds what the engine gets, and nothing else: a voice profile may be renamed or labeled
    with another language, and its clips stay.

    Args:
        text: As sent to the engine.
        voice: The voice profile.
        fingerprint: Of the voice's engine.
        phonemes: Start, end and IPA of the words whose sounds the engine is told.

    >>> from audiobrief.model.voice import Voice
    >>> a, b = Voice("a", "tone", "tone-1"), Voice("b", "tone", "tone-1", volume=1)
    >>> clip_key("Hi.", a, "1") == clip_key("Hi.", b, "1") != clip_key("Hi!", a, "1")
    True
    """
    options = [pair for pair in voice.options if pair[0] not in _NOT_HEARD]
    # A server is paid by the clip: a default that somebody writes out must not cost them all.
    heard = heard_options(options) if voice.engine == "openai" else options
    parts: dict[str, object] = {
        "engine": voice.engine,
        "engine_voice": voice.engine_voice,
        "fingerprint": fingerprint,
        "options": sorted(heard),
        "rate_wpm": int(voice.rate_wpm),
        "text": text,
        "volume": float(voice.volume),
    }
    if phonemes:
        parts["phonemes"] = [list(one) for one in phonemes]
    canonical = json.dumps(parts, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()
