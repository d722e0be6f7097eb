"""Music in the settings: the shipped sting by its name, files of the workspace by their paths."""

from pathlib import Path

import pytest
import soundfile

from audiobrief.errors import WorkspaceError
from audiobrief.model.audio import MusicSpec, SoundSpec
from audiobrief.workspace.load import load_workspace
from audiobrief.workspace.music import fingerprint_music


def workspace_of(folder: Path, text: str):
    """Load a workspace with these settings."""
    (folder / "audiobrief.toml").write_text(text, encoding="utf-8")
    return load_workspace(folder)


def test_without_settings_there_is_no_music(tmp_path):
    """Nobody gets music who did not ask for it."""
    assert load_workspace(tmp_path).music == MusicSpec()


def test_sting_is_the_shipped_one(tmp_path):
    """It can be read as it is shipped, and has nothing to do with the levels."""
    workspace = workspace_of(tmp_path, '[sound]\nintro = "sting"\n')

    music = workspace.music

    assert (music.outro, music.bed) == (None, None)
    assert 2.0 < soundfile.info(music.intro).duration < 3.0
    assert workspace.sound == SoundSpec()


def test_a_path_is_relative_to_the_workspace(tmp_path):
    """Whatever the working directory; an absolute path stays itself."""
    for name in ("bed.mp3", "end.wav"):
        (tmp_path / name).write_bytes(b"x")
    end = tmp_path / "end.wav"

    music = workspace_of(tmp_path, f"[sound]\nbed = 'bed.mp3'\noutro = '{end}'\n").music

    assert music == MusicSpec(outro=str(end), bed=str(tmp_path / "bed.mp3"))


@pytest.mark.parametrize(("key", "name"), [("intro", "no.wav"), ("bed", "sting"), ("outro", ".")])
def test_a_missing_file_is_named_with_its_line(tmp_path, key, name):
    """There is no shipped bed; a folder is no music."""
    with pytest.raises(WorkspaceError, match=f'there is no music "{name}"') as caught:
        workspace_of(tmp_path, f'[sound]\n{key} = "{name}"\n').music  # noqa: B018 - reads the files

    assert caught.value.subject == f"audiobrief.toml:2  sound.{key}"
    assert str(tmp_path) in caught.value.remedy


def test_the_fingerprint_is_of_the_content(tmp_path):
    """Another file of the same name is other music; the same music under another name is not."""

    def fingerprint(name, content):
        (tmp_path / name).write_bytes(content)
        return workspace_of(tmp_path, f'[sound]\nbed = "{name}"\n').music_fingerprint

    one = fingerprint("a.mp3", b"x")

    assert fingerprint("b.mp3", b"x") == one
    assert fingerprint("a.mp3", b"y") != one
    assert load_workspace(tmp_path / ".").music_fingerprint != ("", "", "")
    (tmp_path / "audiobrief.toml").unlink()
    assert load_workspace(tmp_path).music_fingerprint == ("", "", "")


def test_music_that_cannot_be_read_is_named():
    """A folder cannot, nor what vanished since."""
    with pytest.raises(WorkspaceError, match="cannot be read"):
        fingerprint_music(MusicSpec(intro=str(Path(__file__).parent)))
