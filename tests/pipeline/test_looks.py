"""Pages and covers in which a bit has changed: made again and told, or not published."""

import pytest

from tests.support import ARTICLE, run_audiobrief, snapshot

BUILD = ("build", "--engine", "tone", "--json")
SETTINGS = """\
[show]
title = "Harbor Brief"
base_url = "https://pod.example/"
[publish]
to = "folder:../www"
"""
#: Of an episode: its page and its cover; of the show: its cover, and the copy for people.
PATTERNS = ("20*/index.html", "20*/cover-*.jpg", "cover-*.jpg")


@pytest.fixture
def pod(tmp_path):
    """Return a workspace with one episode, built and published to www beside it."""
    root = tmp_path / "pod"
    (root / "articles").mkdir(parents=True)
    (root / "audiobrief.toml").write_text(SETTINGS, encoding="utf-8")
    (root / "articles" / "ferry.txt").write_text(ARTICLE, encoding="utf-8")
    assert run_audiobrief(*BUILD, cwd=root).code == 0
    assert run_audiobrief("publish", cwd=root).code == 0
    return root


def _flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def _contents(folder):
    return {name: content for name, (_, content) in snapshot(folder).items()}


def test_a_build_makes_what_has_changed_again_and_says_so(pod):
    """Once: the next build has nothing to say."""
    episodes = pod / "episodes"
    before = _contents(episodes)
    struck = [path for pattern in PATTERNS for path in episodes.glob(pattern)]
    assert len(struck) == 3
    for path in struck:
        _flip(path)
    run = run_audiobrief(*BUILD, cwd=pod)
    assert run.code == 0, run.stderr
    for path in struck:
        assert f"{path.relative_to(pod).as_posix()} was not what was made" in run.stderr
    assert _contents(episodes) == before
    again = run_audiobrief(*BUILD, cwd=pod)
    assert (again.code, "was not what was made" in again.stderr) == (0, False)


def test_what_has_changed_since_it_was_made_is_not_sent(pod):
    """Also where nobody has built since; it is named, and mended."""
    episodes, www = pod / "episodes", pod.parent / "www"
    before = _contents(www)
    for pattern in (*PATTERNS, "index.html"):
        path = next(episodes.glob(pattern))
        whole = path.read_bytes()
        _flip(path)
        (www / path.relative_to(episodes)).unlink()
        run = run_audiobrief("publish", cwd=pod)
        assert run.code == 1
        assert path.relative_to(episodes).as_posix() in run.stderr
        assert "another one than was made" in run.stderr
        if path.parent == episodes:
            path.write_bytes(whole)
        else:
            assert run_audiobrief("repair", cwd=pod).code == 0
            assert path.read_bytes() == whole
    assert run_audiobrief("publish", cwd=pod).code == 0
    after = _contents(www)
    assert {n: c for n, c in after.items() if n != "published.json"} == {
        n: c for n, c in before.items() if n != "published.json"
    }


def test_a_show_that_has_changed_is_no_fault_of_its_pages(pod):
    """Its pages are all rendered anew by the next build, without a word; publish judges none."""
    settings = pod / "audiobrief.toml"
    settings.write_text(SETTINGS.replace("Harbor Brief", "Harbor News"), encoding="utf-8")
    (pod.parent / "www" / next((pod / "episodes").glob("20*")).name / "index.html").unlink()
    assert run_audiobrief("publish", cwd=pod).code == 0
    run = run_audiobrief(*BUILD, cwd=pod)
    assert run.code == 0, run.stderr
    assert "was not what was made" not in run.stderr
    (pod / "articles" / "ferry.txt").rename(pod / "articles" / "moved.txt")
    run = run_audiobrief(*BUILD, cwd=pod)
    assert (run.code, "was not what was made" in run.stderr) == (0, False)
    run = run_audiobrief(*BUILD, cwd=pod)
    assert (run.code, "was not what was made" in run.stderr) == (0, False)
