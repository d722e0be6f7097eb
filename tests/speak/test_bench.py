"""The bench measures what it says; how fast is for the machine to say."""

from audiobrief.speak.bench import measure_speech


def test_both_engines_are_measured_bare_and_through_their_workers():
    """Two texts, once."""
    speeds = measure_speech(texts=2, rounds=1)
    assert [speed.engine for speed in speeds] == ["pyttsx3", "espeak"]
    assert all(speed.worker_x > 0 and speed.bare_x > 0 for speed in speeds)
    assert all(speed.share == speed.worker_x / speed.bare_x for speed in speeds)
