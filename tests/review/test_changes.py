"""Changes over HTTP: heard at once, built behind, told to all; nobody's work is lost."""

import json
import os
import signal
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from audiobrief.store.lock import locked
from tests.dying import dying_python
from tests.review.house import OWN, Stream, copied, listening_to, running
from tests.serve.wire import ask
from tests.support import invariant, run_audiobrief

FERRY = "Ferry returns"


def a_segment(document, words):
    """Return the segment that has some words."""
    return next(s for s in document["segments"] if words in s["text"])


def state(told):
    """Return in which state an episode's files are, whether or not more is being looked for."""
    return told["revision"][:16]


def seen(segment):
    """Return what its editor has seen of a segment."""
    return {name: segment[name] for name in ("text", "voice", "speaker")}


def change(run, identifier, segment, **fields):
    """Send a change; return status and document."""
    sent = {"segment": segment["id"], "seen": seen(segment), **fields}
    return run.post(f"/api/episodes/{identifier}/fix", sent)


@pytest.fixture
def ferry(server):
    """Return the id of an episode."""
    return server.id_of(FERRY)


def test_other_words_are_heard_at_once_and_built_behind(server, ferry):
    """One clip is spoken; the document has it at once, the sound after the build."""
    document = server.document(ferry)
    segment = a_segment(document, "six in the morning")
    new = segment["text"].replace("six", "seven")
    with listening_to(server) as stream:
        status, got = change(server, ferry, segment, op="words", text=new)
        assert (status, got["spoken_count"]) == (200, 1)
        assert [s["text"] for s in got["segments"]] == [new]
        assert server.get(got["clip_url"]).body[:4] == b"RIFF"
        assert (got["document"]["is_stale"], got["document"]["is_building"]) == (True, True)
        (changed,) = got["segments"]
        assert (changed["in_sound"], changed["version"], changed["can_undo"]) == (None, 2, True)
        built = stream.next("built")
    after = server.document(ferry)
    assert state(built) == state(after)
    assert (after["is_stale"], after["is_building"], after["failure"]) == (False, False, None)
    assert after["sound"]["url"] != document["sound"]["url"]
    assert a_segment(after, new)["in_sound"]
    before = {s["id"]: s["clip"] for s in document["segments"]}
    others = {s["id"]: s["clip"] for s in after["segments"] if s["text"] != new}
    assert others == {name: clip for name, clip in before.items() if name != segment["id"]}
    assert server.get(document["sound"]["url"]).status == 404
    assert invariant(server.root / "episodes") == []


def test_changes_that_come_together_are_built_together(server, ferry):
    """Three of them make one build, or two if the first has begun already."""
    with listening_to(server) as stream:
        for old, new in (("six", "seven"), ("eleven", "twelve"), ("cost the same", "cost less")):
            segment = a_segment(server.document(ferry), old)
            text = segment["text"].replace(old, new)
            status, _ = change(server, ferry, segment, op="words", text=text)
            assert status == 200
        built = 0
        while True:
            event = stream.next("built")
            built += 1
            if state(event) == state(server.document(ferry)):
                break
        assert built <= 2
    texts = " ".join(s["text"] for s in server.document(ferry)["segments"])
    assert "seven" in texts
    assert "twelve" in texts
    assert "cost less" in texts


def test_every_operation_is_done_and_taken_back(server, ferry):
    """Voice, speaker, split, join, move, leave out, restore; after all undos it is as before."""
    first = server.document(ferry)

    def done(words, **fields):
        segment = a_segment(server.document(ferry), words)
        status, got = change(server, ferry, segment, **fields)
        assert status == 200, got
        return got

    got = done("six in the morning", op="voice", voice="high")
    assert [s["voice"] for s in got["segments"]] == ["high"]
    done("six in the morning", op="undo")
    got = done("six in the morning", op="speaker", speaker="Ana Ruiz")
    assert [(s["speaker"], s["role"]) for s in got["segments"]] == [("Ana Ruiz", "quote")]
    done("six in the morning", op="undo")
    segment = a_segment(server.document(ferry), "six in the morning")
    got = done("six in the morning", op="split", at=segment["text"].index("and"))
    assert len(got["segments"]) == 2
    got = done("six in the morning", op="join")
    assert [s["text"] for s in got["segments"]] == [segment["text"]]
    done("six in the morning", op="undo")
    done("six in the morning", op="undo")
    got = done("six in the morning", op="leave_out")
    assert "six in the morning" not in json.dumps(got["document"]["segments"])
    status, got = change(server, ferry, segment, op="undo")
    assert status == 200, got
    target = first["segments"][2]["id"]
    got = done("six in the morning", op="move", before=target)
    assert [s["id"] for s in got["document"]["segments"]].index(target) == 3
    done("six in the morning", op="undo")
    dropped = next(row for row in first["ledger"] if row["reason"])
    status, got = server.post(
        f"/api/episodes/{ferry}/fix", {"op": "restore", "row": dropped["row"]}
    )
    assert (status, [s["text"] for s in got["segments"]]) == (200, [dropped["text"]])
    row = got["document"]["ledger"][dropped["row"]]
    assert (row["reason"], row["segments"]) == (None, [got["segments"][0]["id"]])
    status, got = change(server, ferry, got["segments"][0], op="undo")
    assert status == 200, got
    after = server.document(ferry)
    for name in ("id", "text", "voice", "speaker", "role", "clip", "paragraph"):
        assert [s[name] for s in after["segments"]] == [s[name] for s in first["segments"]]


def test_the_second_in_the_same_segment_gets_a_conflict_with_both_versions(server, ferry):
    """Two tabs: nobody's words are lost; in another segment there is no conflict."""
    segment = a_segment(server.document(ferry), "six in the morning")
    other = a_segment(server.document(ferry), "storm")
    status, _ = change(server, ferry, segment, op="words", text="The boat leaves at seven.")
    assert status == 200
    status, got = change(server, ferry, segment, op="words", text="The boat leaves at eight.")
    assert status == 409
    assert "eight" in got["mine"]
    assert "seven" in got["theirs"]
    assert "seven" in a_segment(got["document"], "The boat leaves")["text"]
    status, _ = change(server, ferry, other, op="words", text="A storm sank the pier.")
    assert status == 200


def test_a_tab_hears_of_changes_in_another_and_comes_back_after_a_while(server, ferry):
    """By number: what it has missed is told, and nothing twice."""
    document = server.document(ferry)
    first, second, *_ = document["segments"]

    def mark(segment, verdict):
        told = {"segments": [{"id": segment["id"], "clip": segment["clip"]}], "verdict": verdict}
        return state(server.post(f"/api/episodes/{ferry}/mark", told)[1])

    with listening_to(server) as stream:
        revision = mark(first, "approved")
        assert state(stream.next("changed")) == revision
        last_id = stream.last_id
    missed = mark(second, "needs fix")
    with listening_to(server, last_id) as stream:
        assert state(stream.next()) == missed
        again = mark(first, "needs fix")
        assert state(stream.next()) == again
    with listening_to(server, "other-7") as stream:
        # Of another run of the server: everything is to be asked for again.
        assert stream.next("queue") == {"type": "changed", "episode": None}


def test_words_are_said_otherwise_where_that_was_asked_for(server, ferry):
    """Heard before it is saved; here, in the episode, everywhere; with the number that was told."""
    path = f"/api/episodes/{ferry}"
    segment = a_segment(server.document(ferry), "The ferry across the bay")
    status, said = server.post(
        f"{path}/say", {"segment": segment["id"], "word": "ferry", "say": "fairy"}
    )
    assert (status, "fairy" in said["spoken"]) == (200, True)
    assert server.get(said["clip_url"]).body[:4] == b"RIFF"
    assert server.document(ferry)["words"] == []
    counts = server.json(f"{path}/count?word=ferry&segment={segment['id']}")
    assert counts["here"] == 1
    word = {"word": "ferry", "say": "fairy", "segment": segment["id"]}
    status, got = server.post(f"{path}/word", {**word, "scope": "here", "expected": 7})
    assert (status, got["theirs"]) == (409, "1")
    for scope in ("here", "episode"):
        status, got = server.post(
            f"{path}/word", {**word, "scope": scope, "expected": counts[scope]}
        )
        assert (status, got["changed"]) == (200, counts[scope])
        assert got["clip_url"] == said["clip_url"]
        (entry,) = got["document"]["words"]
        assert (entry["word"], entry["say"], entry["scope"]) == ("ferry", "fairy", scope)
        status, got = server.post(
            f"{path}/word/remove", {"word": "ferry", "scope": scope, "segment": segment["id"]}
        )
        assert (status, got["document"]["words"]) == (200, [])
    with listening_to(server) as stream:
        everywhere = counts["show"]["segments"]
        status, got = server.post(f"{path}/word", {**word, "scope": "show", "expected": everywhere})
        assert (status, got["changed"]) == (200, everywhere)
        stream.next("built")
    assert "fairy" in a_segment(server.document(ferry), "The ferry across")["spoken"]


def test_marks_are_kept_with_what_they_are_about(server, ferry):
    """A segment that is spoken anew is unheard; the undo brings its approval back."""
    segment = a_segment(server.document(ferry), "six in the morning")
    server.post(f"/api/episodes/{ferry}/approve", {"which": "all"})
    _, got = change(server, ferry, segment, op="words", text="The boat leaves at seven.")
    assert [s["verdict"] for s in got["segments"]] == ["not heard"]
    assert got["document"]["approval"]["can_publish"] is False
    (new,) = got["segments"]
    told = {"segments": [{"id": new["id"], "clip": new["clip"]}], "verdict": "approved"}
    status, _ = server.post(f"/api/episodes/{ferry}/mark", told)
    assert status == 200
    _, got = change(server, ferry, new, op="undo")
    assert [s["verdict"] for s in got["segments"]] == ["approved"]


def test_nothing_is_published_before_it_is_in_the_sound(server, ferry):
    """Refused with the reason while the build is behind."""
    segment = a_segment(server.document(ferry), "six in the morning")
    with locked(server.root / ".audiobrief" / "lock"), listening_to(server) as stream:
        change(server, ferry, segment, op="words", text="The boat leaves at seven.")
        told = stream.next("waiting")
        assert "another build" in told["text"]
        server.post(f"/api/episodes/{ferry}/approve", {"which": "all"})
        status, got = server.post(f"/api/episodes/{ferry}/publish", {})
        assert (status, got["reasons"]) == (409, ["the last changes are not in the sound yet"])
    with listening_to(server) as stream:
        document = server.document(ferry)
        if document["is_building"]:
            stream.next("built")
    assert server.document(ferry)["is_stale"] is False


def test_a_build_that_fails_is_told_and_kept_until_it_is_mended(server, ferry):
    """The script of an editor program that cannot be understood; then it is mended."""
    server.document(ferry)
    (script,) = server.root.glob("episodes/*ferry*/script.md")
    good = script.read_text(encoding="utf-8")
    with listening_to(server) as stream:
        script.write_text(good.replace("[narrator", "[nobody-at-all", 1), encoding="utf-8")
        told = stream.next("failed")
        assert "script.md" in told["error"]["where"]
        document = server.document(ferry)
        assert document["failure"]["problem"]
        assert len(document["segments"]) > 3
        script.write_text(good.replace("six in the", "seven in the", 1), encoding="utf-8")
        stream.next("built")
    document = server.document(ferry)
    assert (document["failure"], document["is_stale"]) == (None, False)
    assert a_segment(document, "seven in the morning")


def test_the_shell_beside_a_tab(server, ferry):
    """`approve` and `build` in a shell: the tab is told, and its own marks stay."""
    document = server.document(ferry)
    first = document["segments"][0]
    server.post(
        f"/api/episodes/{ferry}/mark",
        {"segments": [{"id": first["id"], "clip": first["clip"]}], "verdict": "needs fix"},
    )
    server.document(ferry)
    with listening_to(server) as stream:
        run = run_audiobrief("approve", ferry, "--by", "Shell", cwd=server.root)
        assert run.code in {0, 3}, run.stderr
        stream.next("changed")
    document = server.document(ferry)
    assert document["segments"][0]["verdict"] == "needs fix"
    assert {s["by"] for s in document["segments"][1:]} == {"Shell"}
    segment = a_segment(document, "six in the morning")
    change(server, ferry, segment, op="words", text="The boat leaves at seven.")
    run = run_audiobrief("build", cwd=server.root)
    assert run.code in {0, 75}, run.stderr
    with listening_to(server) as stream:
        if server.document(ferry)["is_building"]:
            stream.next("built")
    assert a_segment(server.document(ferry), "leaves at seven")["in_sound"]
    run = run_audiobrief("build", "--json", cwd=server.root)
    assert {e["outcome"] for e in run.json["episodes"]} == {"unchanged"}


def test_a_server_that_is_killed_loses_nothing(built, tmp_path):
    """Killed after the answer, before the build: the next start builds what was changed."""
    with copied(built, tmp_path / "workspace") as root:
        with running(root) as run:
            ferry = run.id_of(FERRY)
            segment = a_segment(run.document(ferry), "six in the morning")
        process = started(root)
        port = int(json.loads(process.stdout.readline())["url"].split(":")[2].strip("/"))
        body = {
            "op": "words", "segment": segment["id"], "seen": seen(segment),
            "text": "The boat leaves at seven.",
        }  # fmt: skip
        got = ask(port, "POST", f"/api/episodes/{ferry}/fix", OWN, json.dumps(body).encode())
        assert got.status == 200, got
        process.kill()
        process.communicate()
        assert invariant(root / "episodes") == []
        with running(root) as run:
            document = run.document(ferry)
            assert a_segment(document, "leaves at seven")["version"] == 2
            with listening_to(run) as stream:
                if run.document(ferry)["is_stale"]:
                    stream.next("built")
            assert a_segment(run.document(ferry), "leaves at seven")["in_sound"]
        assert invariant(root / "episodes") == []
        run = run_audiobrief("build", "--json", cwd=root)
        assert {e["synthesized"] for e in run.json["episodes"]} == {0}


@pytest.mark.parametrize("number", [1, 3, 4, 6, 11, 17, 24])
def test_killed_before_any_write_nothing_that_was_answered_is_lost(built, tmp_path, number):
    """The power goes at a chosen file operation of a change and its build."""
    (tmp_path / "python").mkdir()
    with copied(built, tmp_path / "workspace") as root:
        env = dying_python(tmp_path / "python", root / "episodes")
        process = started(root, {**env, "DIE_AT": str(number)})
        port = int(json.loads(process.stdout.readline())["url"].split(":")[2].strip("/"))
        got, built_event, ferry = None, None, "2024-05-17-ferry-returns-to-the-old-harbor"
        with suppress(OSError), closing(Stream(port)) as stream:
            document = json.loads(ask(port, "GET", f"/api/episodes/{ferry}").body)
            segment = a_segment(document, "six in the morning")
            body = {
                "op": "words", "segment": segment["id"], "seen": seen(segment),
                "text": "The boat leaves at seven.",
            }  # fmt: skip
            got = ask(port, "POST", f"/api/episodes/{ferry}/fix", OWN, json.dumps(body).encode())
            built_event = stream.next("built")
        assert built_event is None, "it was not killed"
        process.communicate()
        assert invariant(root / "episodes") == []
        with running(root) as run, listening_to(run) as stream:
            if run.document(ferry)["is_building"]:
                stream.next("built")
            document = run.document(ferry)
            assert (document["is_stale"], document["failure"]) == (False, None)
            texts = [s["text"] for s in document["segments"]]
            assert ("The boat leaves at seven." in texts) or got is None
            assert all(s["in_sound"] for s in document["segments"])
        assert invariant(root / "episodes") == []
        run = run_audiobrief("build", "--json", cwd=root)
        assert {e["synthesized"] for e in run.json["episodes"]} == {0}, run.json


def started(root, env=None):
    """Return the process of a server."""
    return subprocess.Popen(
        [sys.executable, "-m", "audiobrief", "review", "--json", "--no-open", "--port", "0"],
        cwd=root,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_killed_within_the_build_it_is_built_at_the_next_start(built, tmp_path):
    """As soon as it says that it builds."""
    with copied(built, tmp_path / "workspace") as root:
        process = started(root)
        port = int(json.loads(process.stdout.readline())["url"].split(":")[2].strip("/"))
        queue = json.loads(ask(port, "GET", "/api/episodes").body)["episodes"]
        ferry = next(row["id"] for row in queue if row["title"].startswith(FERRY))
        document = json.loads(ask(port, "GET", f"/api/episodes/{ferry}").body)
        segment = a_segment(document, "six in the morning")
        stream = Stream(port)
        body = {
            "op": "words", "segment": segment["id"], "seen": seen(segment),
            "text": "The boat leaves at seven.",
        }  # fmt: skip
        ask(port, "POST", f"/api/episodes/{ferry}/fix", OWN, json.dumps(body).encode())
        stream.next("building")
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        stream.close()
        assert invariant(root / "episodes") == []
        with running(root) as run, listening_to(run) as stream:
            if run.document(ferry)["is_stale"]:
                stream.next("built")
            assert a_segment(run.document(ferry), "leaves at seven")["in_sound"]
        assert not [*Path(root).glob("episodes/*/.*tmp")]


def test_an_article_that_is_gone_is_built_of_its_manifest(server, ferry):
    """And never selected anew."""
    (server.root / "articles" / "ferry.txt").unlink()
    segment = a_segment(server.document(ferry), "six in the morning")
    with listening_to(server) as stream:
        status, _ = change(server, ferry, segment, op="words", text="The boat leaves at seven.")
        assert status == 200
        stream.next("built")
    document = server.document(ferry)
    assert a_segment(document, "leaves at seven")["in_sound"]
    assert len(document["segments"]) > 3
