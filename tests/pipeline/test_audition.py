"""How well a voice is understood: a real recognizer, the narrator's voice, the shipped sample."""

import pytest

from audiobrief.pipeline.audition import (
    LEAST_UNDERSTOOD,
    read_by,
    sample_texts,
    shipped_cast,
    word_error_rate,
)


def test_the_narrator_is_understood_and_another_text_is_not():
    """Three sentences; then the same sound is held against others."""
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed (the extra [asr])")
    narrator = shipped_cast()[0]
    assert narrator.name == "anchor"
    texts = sample_texts()
    clips = read_by(narrator, texts[3:6])
    assert word_error_rate(clips, texts[3:6]) <= 1 - LEAST_UNDERSTOOD[1]
    assert word_error_rate(clips, texts[6:9]) > 0.6
