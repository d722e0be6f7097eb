"""What ``doctor`` says of other formats than MP3: made for real where the settings ask for them."""

import sys

import numpy as np
import pytest

from audiobrief import doctor
from audiobrief.doctor import Check, Status
from audiobrief.model.audio import Clip
from audiobrief.workspace.load import load_workspace


@pytest.fixture
def clip():
    """Return a second of sound."""
    time_s = np.arange(22050) / 22050
    frames = 9000 * np.sin(2 * np.pi * 300 * time_s) * np.sin(2 * np.pi * 3 * time_s)
    return Clip(np.rint(frames).astype("<i2").tobytes(), 22050)


@pytest.fixture
def neither(monkeypatch, tmp_path):
    """Hide PyAV and every ffmpeg."""
    monkeypatch.setitem(sys.modules, "audiobrief.assemble.libav", None)
    monkeypatch.setenv("PATH", str(tmp_path))


def checked(folder, formats, clip):
    """Return the line for these formats."""
    text = f"[sound]\nformats = {formats}\n" if formats else ""
    (folder / "audiobrief.toml").write_text(text, encoding="utf-8")
    workspace = load_workspace(folder)
    return doctor._guarded("formats", lambda: doctor._formats(workspace, clip))


def test_formats_that_are_asked_for_are_made(tmp_path, clip):
    """Each with its size and what made it."""
    pytest.importorskip("av", reason="the extra formats is not installed")
    check = checked(tmp_path, '["opus", "flac"]', clip)

    assert (check.status, check.fix) == (Status.OK, "")
    assert check.detail.startswith("MP3, opus of ")
    assert "(PyAV " in check.detail
    assert "(libsndfile " in check.detail


def test_a_format_that_cannot_be_made_fails_with_what_mends_it(tmp_path, clip, neither):
    """The settings ask for it, so a build would fail."""
    check = checked(tmp_path, '["flac", "m4a"]', clip)

    assert check.status is Status.FAIL
    assert "nothing here makes M4A" in check.detail
    assert "pip install 'audiobrief[formats]'" in check.fix


def test_where_nothing_is_asked_for_the_possible_formats_are_told(tmp_path, clip, neither):
    """Nothing needs mending then."""
    assert checked(tmp_path, "", clip) == Check(
        "formats",
        Status.OK,
        "possible: mp3, flac, wav; for m4a, opus: pip install 'audiobrief[formats]', "
        "or install ffmpeg",
    )
