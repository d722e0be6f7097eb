"""What stops a build before anything is begun."""

import pytest

from audiobrief.errors import WorkspaceError
from audiobrief.pipeline.required import require_ready
from audiobrief.workspace.load import load_workspace


@pytest.fixture
def folders(tmp_path):
    """Return a workspace, and a folder of somebody else."""
    (tmp_path / "workspace").mkdir()
    (tmp_path / "other").mkdir()
    return tmp_path / "workspace", tmp_path / "other"


def test_a_link_to_a_folder_that_is_not_ours_is_refused(folders):
    """Though it is empty: it could be anybody's."""
    workspace, other = folders
    (workspace / "episodes").symlink_to(other, target_is_directory=True)
    with pytest.raises(WorkspaceError, match=r"a link stands .* without show\.json"):
        require_ready(load_workspace(workspace))


def test_a_folder_of_episodes_may_lie_on_another_disk(folders):
    """It was moved there with its identity, and linked."""
    workspace, other = folders
    (workspace / "episodes").symlink_to(other, target_is_directory=True)
    (other / "show.json").write_text("{}", encoding="utf-8")
    require_ready(load_workspace(workspace))


@pytest.mark.parametrize(("mark", "is_refused"), [(None, True), ("episode.json", False)])
def test_a_link_in_place_of_one_episode_is_judged_in_the_same_way(folders, mark, is_refused):
    """By its manifest."""
    workspace, other = folders
    (workspace / "episodes").mkdir()
    (workspace / "episodes" / "2026-01-01-ferry").symlink_to(other, target_is_directory=True)
    if mark:
        (other / mark).write_text("{}", encoding="utf-8")
    if not is_refused:
        require_ready(load_workspace(workspace))
        return
    with pytest.raises(WorkspaceError, match="a link stands") as caught:
        require_ready(load_workspace(workspace))
    assert caught.value.subject == "episodes/2026-01-01-ferry"


@pytest.mark.parametrize("key", ["intro", "outro", "bed"])
def test_music_that_is_none_is_a_mistake_of_the_settings(folders, key):
    """Told once, by the line of the settings, and not for each article."""
    workspace, _ = folders
    (workspace / "m.mp3").write_text("#EXTM3U\nfile:///etc/passwd\n", encoding="utf-8")
    (workspace / "audiobrief.toml").write_text(f'[sound]\n{key} = "m.mp3"\n', encoding="utf-8")
    with pytest.raises(WorkspaceError, match=f"{key}: the music cannot be decoded") as caught:
        require_ready(load_workspace(workspace))
    assert "audiobrief.toml:2" in caught.value.subject
