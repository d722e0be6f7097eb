"""The bench of the review: one sentence is changed, heard and built, and nothing else is."""

import shutil

import pytest

from audiobrief.bench.reviewed import MOST_UNTIL_HEARD_S, ReviewBench

SENTENCES = 12


def measured(folder):
    """Return the figures of two rounds by name, and what was left out."""
    bench = ReviewBench(folder, lambda _doing: None, rounds=2, sentences=SENTENCES)
    return {figure.name: figure for figure in bench.measure()}, bench.left_out


def test_by_a_click_in_a_browser(tmp_path):
    """From the click to the sound of the new clip, by the browser's own clock."""
    if shutil.which("chromium") is None:
        pytest.skip("Chromium is not installed")
    figures, left_out = measured(tmp_path)
    (heard,) = (f for name, f in figures.items() if name.endswith("heard, by a click in Chromium"))
    assert (heard.unit, heard.yardstick, heard.is_limit) == ("s", MOST_UNTIL_HEARD_S, True)
    assert 0 < heard.low <= heard.value <= heard.high
    (others,) = (f for name, f in figures.items() if name.endswith("clips changed besides"))
    assert others.high == 0
    assert left_out == []


def test_without_a_browser_over_http(tmp_path, monkeypatch):
    """It is said, and the same is measured as the page asks."""
    monkeypatch.setenv("PATH", str(tmp_path))
    figures, left_out = measured(tmp_path)
    assert any(name.endswith("heard, over HTTP") for name in figures)
    (built,) = (f for name, f in figures.items() if name.endswith("in the episode's MP3"))
    assert built.yardstick is None
    assert left_out == ["the browser, HTTP instead: Chromium is not installed"]
