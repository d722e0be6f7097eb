"""Every route on a workspace that is really built."""

import hashlib
import json

from tests.review.house import listening_to
from tests.serve.wire import ask

FERRY = "Ferry returns"


def test_the_pages_and_their_files_are_served(shared):
    """With types, a tag that saves sending them again, and nothing from other folders."""
    for path in ("/", f"/episode/{shared.id_of(FERRY)}"):
        got = shared.get(path)
        assert (got.status, got.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert got.headers["cache-control"] == "no-cache"
        again = shared.get(path, {"If-None-Match": got.headers["etag"]})
        assert (again.status, again.body) == (304, b"")
    for name in ("nothing.js", "..", "app.py", "%2e%2e%2fapp.py"):
        assert shared.get(f"/static/{name}").status == 404


def test_every_answer_is_guarded(shared):
    """Policy, types that are not guessed, no address told, no frame, no other site's reader."""
    for path in ("/", "/api/episodes", "/nothing", "/static/nothing"):
        headers = shared.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"


def test_the_queue_has_all_episodes(shared):
    """With states, counts and who reviews; of a damaged manifest it is told what is wrong."""
    queue = shared.json("/api/episodes")
    assert queue["show"] == {
        "title": "Harbor News",
        "shows": [{"name": "", "title": "Harbor News"}],
    }
    assert (queue["require_approval"], queue["by"], queue["damaged"]) == (True, "ana", [])
    assert len(queue["episodes"]) == 2
    for row in queue["episodes"]:
        assert (row["state"], row["has_sound"], row["is_stale"]) == ("draft", True, False)
        assert row["counts"]["not heard"] == row["counts"]["total"] > 3


def test_the_document_is_what_the_manifest_says(shared):
    """Segments, times, ledger, chapters, sound."""
    document = shared.document(shared.id_of(FERRY))
    (path,) = shared.root.glob("episodes/*ferry*/episode.json")
    manifest = json.loads(path.read_bytes())
    assert document["guid"] == manifest["guid"]
    assert [s["id"] for s in document["segments"]] == [s["id"] for s in manifest["segments"]]
    assert [s["number"] for s in document["segments"]] == [
        n + 1 for n in range(len(manifest["segments"]))
    ]
    for segment in document["segments"]:
        assert segment["in_sound"] == [segment["start_ms"], segment["end_ms"]]
        assert segment["verdict"] == "not heard"
    assert [row["text"] for row in document["ledger"]] == [r["text"] for r in manifest["ledger"]]
    assert any(row["reason"] for row in document["ledger"])
    assert document["sound"]["duration_ms"] == manifest["enclosure"]["duration_ms"]
    assert document["approval"]["can_publish"] is False


def test_sound_is_sent_in_ranges(shared):
    """As browsers seek; another digest is not there."""
    document = shared.document(shared.id_of(FERRY))
    url = document["sound"]["url"]
    got = shared.get(url)
    assert (got.status, got.headers["content-type"]) == (200, "audio/mpeg")
    assert len(got.body) == document["sound"]["bytes"]
    assert hashlib.sha256(got.body).hexdigest() in url
    assert "immutable" in got.headers["cache-control"]
    part = shared.get(url, {"Range": "bytes=100-199"})
    assert (part.status, part.body) == (206, got.body[100:200])
    assert shared.get(url, {"Range": "bytes=99999999-"}).status == 416
    assert shared.get(url.replace(url[-10], "0" if url[-10] != "0" else "1")).status == 404
    head = ask(shared.port, "HEAD", url)
    assert (head.status, head.headers["content-length"]) == (200, str(len(got.body)))


def test_every_segment_has_its_clip(shared):
    """As a WAV file that browsers play."""
    for segment in shared.document(shared.id_of(FERRY))["segments"]:
        got = shared.get(segment["clip_url"], {"Range": "bytes=0-3"})
        assert (got.status, got.body) == (206, b"RIFF")
        assert got.headers["content-type"] == "audio/wav"
    assert shared.get(f"/clip/{'0' * 64}.wav").status == 404


def test_marks_are_kept_and_told(server):
    """In the short form; the document says the same, and a page that listens hears of it."""
    identifier = server.id_of(FERRY)
    first, second, *_ = server.document(identifier)["segments"]
    with listening_to(server) as stream:
        status, got = server.post(
            f"/api/episodes/{identifier}/mark",
            {"segments": [{"id": first["id"], "clip": first["clip"]}], "verdict": "approved"},
        )
        assert status == 200
        told = stream.next("changed")
        assert (told["episode"], told["revision"][:16]) == (identifier, got["revision"][:16])
    assert [s["verdict"] for s in got["segments"]] == ["approved"]
    assert got["segments"][0]["by"] == "ana"
    assert got["counts"]["approved"] == 1
    status, got = server.post(
        f"/api/episodes/{identifier}/mark",
        {
            "segments": [{"id": second["id"], "clip": second["clip"]}],
            "verdict": "needs fix",
            "note": "Say it more slowly.",
        },
    )
    document = server.document(identifier)
    assert document["revision"][:16] == got["revision"][:16]
    assert [s["verdict"] for s in document["segments"][:2]] == ["approved", "needs fix"]
    assert document["segments"][1]["note"] == "Say it more slowly."


def test_what_was_played_is_heard(server):
    """From nine tenths on."""
    identifier = server.id_of(FERRY)
    segment = server.document(identifier)["segments"][0]
    length = segment["end_ms"] - segment["start_ms"]
    path = f"/api/episodes/{identifier}/played"
    told = {"segment": segment["id"], "clip": segment["clip"]}
    _, got = server.post(path, {**told, "ranges": [[0, length // 2]]})
    assert [s["verdict"] for s in got["segments"]] == ["not heard"]
    _, got = server.post(path, {**told, "ranges": [[length // 3, length + 500.4]]})
    assert [s["verdict"] for s in got["segments"]] == ["heard"]
    assert got["segments"][0]["heard"] == 1.0


def test_a_mark_on_another_clip_is_a_conflict(server):
    """With the episode as it is; nothing is marked."""
    identifier = server.id_of(FERRY)
    segment = server.document(identifier)["segments"][0]
    status, got = server.post(
        f"/api/episodes/{identifier}/mark",
        {"segments": [{"id": segment["id"], "clip": "0" * 64}], "verdict": "approved"},
    )
    assert status == 409
    assert got["document"]["id"] == identifier
    assert got["document"]["counts"]["approved"] == 0


def test_publishing_waits_for_approval_and_then_fills_the_feed(server):
    """Refused with the reasons; let in when all is approved, though others wait."""
    identifier = server.id_of(FERRY)
    count = server.document(identifier)["counts"]["total"]
    status, got = server.post(f"/api/episodes/{identifier}/publish", {})
    assert (status, got["reasons"]) == (409, [f"{count} segments still need approval"])
    status, got = server.post(f"/api/episodes/{identifier}/approve", {"which": "heard"})
    assert (status, got["counts"]["approved"]) == (200, 0)
    status, got = server.post(f"/api/episodes/{identifier}/approve", {"which": "all"})
    assert (got["state"], got["approval"]["can_publish"]) == ("approved", True)
    assert got["approval"]["approved_by"] == "ana"
    status, got = server.post(f"/api/episodes/{identifier}/publish", {})
    assert (status, got["published"], got["document"]["state"]) == (200, True, "published")
    feed = (server.root / "episodes" / "feed.xml").read_text(encoding="utf-8")
    assert "Ferry returns" in feed
    assert "Council approves" not in feed
