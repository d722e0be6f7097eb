"""The queue and ids: whatever folders are called, whatever is damaged, wherever it goes."""

import json

from tests.review.house import SETTINGS, copied, listening_to, put_workspace, running
from tests.support import run_audiobrief

FERRY = "Ferry returns"


def test_a_damaged_manifest_is_told_and_stops_nothing(built, tmp_path):
    """The others are there; by its id the damage is told."""
    with copied(built, tmp_path / "workspace") as root:
        (path,) = root.glob("episodes/*library*/episode.json")
        path.write_text("{}", encoding="utf-8")
        with running(root) as run:
            queue = run.json("/api/episodes")
            assert [row["title"][:5] for row in queue["episodes"]] == ["Ferry"]
            (damaged,) = queue["damaged"]
            assert "damaged" in damaged["problem"]
            assert "episode.json" in damaged["where"]
            got = run.get(f"/api/episodes/{path.parent.name}")
            assert (got.status, b"damaged" in got.body) == (503, True)


def test_a_damaged_review_is_told(built, tmp_path):
    """Nothing counts as heard by it, and nothing is written over it."""
    with copied(built, tmp_path / "workspace") as root:
        (folder,) = root.glob("episodes/*ferry*")
        (folder / "review.json").write_text("{", encoding="utf-8")
        with running(root) as run:
            assert "review.json" in run.json("/api/episodes")["damaged"][0]["where"]
            assert run.get(f"/api/episodes/{folder.name}").status == 503
            status, _ = run.post(f"/api/episodes/{folder.name}/approve", {"which": "all"})
            assert status == 503
        assert (folder / "review.json").read_text(encoding="utf-8") == "{"


def test_folders_may_have_any_name(built, tmp_path):
    """An id is none of it that could be a path."""
    with copied(built, tmp_path / "workspace") as root:
        (folder,) = root.glob("episodes/*ferry*")
        folder.rename(folder.with_name("Fähre & Hafen ~ 100%"))
        with running(root) as run:
            identifier = run.id_of(FERRY)
            assert identifier.isascii()
            document = run.document(identifier)
            assert run.get(document["sound"]["url"]).status == 200
            status, _ = run.post(f"/api/episodes/{identifier}/approve", {"which": "all"})
            assert status == 200
            segment = document["segments"][3]
            status, got = run.post(
                f"/api/episodes/{identifier}/fix",
                {"op": "words", "segment": segment["id"], "text": "Other words."},
            )
            assert status == 200, got


def test_an_episode_that_is_removed_is_gone(built, tmp_path):
    """From the queue, which is told; by its id there is nothing."""
    with copied(built, tmp_path / "workspace") as root, running(root) as run:
        identifier = run.id_of(FERRY)
        run.document(identifier)
        with listening_to(run) as stream:
            (folder,) = root.glob("episodes/*ferry*")
            folder.rename(root / "elsewhere")
            stream.next("queue")
            while len(run.json("/api/episodes")["episodes"]) > 1:
                stream.next("queue")
        assert run.get(f"/api/episodes/{identifier}").status == 404
        assert run.post(f"/api/episodes/{identifier}/publish", {})[0] == 404


def test_drafts_are_looked_into_behind_the_page(built, tmp_path):
    """How many segments should be heard first, and whether a script is newer than its sound."""
    with copied(built, tmp_path / "workspace") as root:
        (script,) = root.glob("episodes/*ferry*/script.md")
        text = script.read_text(encoding="utf-8")
        script.write_text(text.replace("six in the", "seven in the"), encoding="utf-8")
        with running(root) as run, listening_to(run) as stream:
            while True:
                rows = run.json("/api/episodes")["episodes"]
                if all(row["concerns"] is not None for row in rows):
                    break
                stream.next("queue")
            stale = {row["title"][:5]: row["is_stale"] for row in rows}
            assert stale == {"Ferry": True, "Counc": False}


def test_it_goes_to_where_the_settings_say(tmp_path):
    """Checked first, with feed and sound; an episode that waits stays behind."""
    settings = SETTINGS.replace("[publish]", '[publish]\nto = "folder:site"')
    root = put_workspace(tmp_path / "workspace", settings=settings)
    with running(root) as run:
        identifier = run.id_of(FERRY)
        run.post(f"/api/episodes/{identifier}/approve", {"which": "all"})
        status, got = run.post(f"/api/episodes/{identifier}/publish", {})
        assert (status, got["published"]) == (200, True), got
        assert got["feed"].endswith("/feed.xml")
    site = root / "site"
    assert b"Ferry returns" in (site / "feed.xml").read_bytes()
    assert [*site.glob("*ferry*/*.mp3")]
    assert not [*site.glob("*library*")]
    assert not [*site.rglob("review.json"), *site.rglob("history.json"), *site.rglob("words.toml")]


def test_without_required_approval_all_is_public_and_can_be_reviewed(tmp_path):
    """Nothing stands in the way of publishing but a sound that is behind."""
    settings = SETTINGS.replace("require_approval = true", "require_approval = false")
    root = put_workspace(tmp_path / "workspace", settings=settings)
    with running(root) as run:
        assert run.json("/api/episodes")["require_approval"] is False
        document = run.document(run.id_of(FERRY))
        assert document["state"] == "published"
        assert document["approval"]["can_publish"] is True
        status, got = run.post(f"/api/episodes/{document['id']}/publish", {})
        assert (status, got["published"]) == (200, True)
    run = run_audiobrief("check", "--json", cwd=root)
    assert "must" not in json.dumps([f["level"] for f in run.json["findings"]])
