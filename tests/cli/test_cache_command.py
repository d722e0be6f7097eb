"""``audiobrief cache``: shown, pruned, kept below its limit by builds."""

import os

import pytest

from audiobrief.pipeline.caches import caches_in
from tests.support import run_audiobrief

ARTICLE = (
    "The ferry\n\nThe ferry runs again. It leaves at six, and nobody was surprised by that.\n"
    "Tickets cost the same as they did before the storm, said the owner of the two boats.\n"
)


def built(folder, settings=""):
    """Build one article in a new workspace."""
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "audiobrief.toml").write_text(settings, encoding="utf-8")
    run = run_audiobrief("build", "a.txt", "--engine", "tone", "--json", cwd=folder)
    assert run.code == 0, run.stderr
    return run.json["episodes"][0]["synthesized"]


def test_the_cache_is_shown_and_pruned(tmp_path):
    """All clips go, the episode stays, and the next build of a change speaks them again."""
    count = built(tmp_path)
    shown = run_audiobrief("cache", "--json", cwd=tmp_path).json
    assert (shown["clips"], shown["encoded"], shown["max_mb"]) == (count, count, 2000)
    assert shown["waveforms"] == 1
    command = ("cache", "prune", "--max-mb", "0", "--json")
    planned = run_audiobrief(*command, "--dry-run", cwd=tmp_path).json
    assert (planned["removed"], planned["dry_run"]) == (2 * count + 1, True)
    assert run_audiobrief(*command, cwd=tmp_path).json["removed"] == 2 * count + 1
    assert run_audiobrief("cache", cwd=tmp_path).stdout.startswith("0 clips, 0.0 MB")
    again = run_audiobrief("build", "a.txt", "--engine", "tone", "--json", cwd=tmp_path)
    assert again.json["episodes"][0]["outcome"] == "unchanged"


def test_a_build_keeps_the_cache_below_its_limit(tmp_path):
    """With no room at all, every build speaks everything, and leaves nothing."""
    assert built(tmp_path, "[cache]\nmax_mb = 0\n") > 0
    assert run_audiobrief("cache", "--json", cwd=tmp_path).json["clips"] == 0


def oldest_first(caches):
    """Return the caches in the order in which the files of `kept` were used."""
    return caches.wording, caches.clips, caches.peaks, caches.encoded


@pytest.fixture
def kept(tmp_path):
    """Return a workspace where each cache has a file, last used in this order."""
    caches = caches_in(tmp_path / ".audiobrief")
    for hours, folder in enumerate(oldest_first(caches)):
        key = f"{hours}" * 64
        folder.write(key, b"x" * 1000)
        os.utime(folder.path_of(key), (hours * 3600, hours * 3600))
    return tmp_path


def test_answers_of_a_model_are_shown(kept):
    """With the room that they take."""
    shown = run_audiobrief("cache", "--json", cwd=kept).json
    assert (shown["clips"], shown["encoded"], shown["answers"], shown["bytes"]) == (1, 1, 1, 4000)
    assert "1 answers of a model" in run_audiobrief("cache", cwd=kept).stdout


@pytest.mark.parametrize(("limit_bytes", "left"), [(4000, 4), (3999, 3), (1500, 1), (0, 0)])
def test_what_was_not_used_for_longest_goes_first(kept, limit_bytes, left):
    """Whether it is a clip, an answer or a waveform."""
    caches = caches_in(kept / ".audiobrief")
    assert caches.prune(limit_bytes).count == 4 - left
    counts = [folder.usage().count for folder in oldest_first(caches)]
    assert counts == [0] * (4 - left) + [1] * left
