"""``publish``: what leaves the machine, in which order, and what a kill leaves behind."""

import errno
import itertools
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import pytest

from audiobrief.errors import (
    ApprovalMissingError,
    LockedError,
    PublishError,
    StoreError,
    UploadError,
    WorkspaceError,
)
from audiobrief.model.episode import State
from audiobrief.pipeline.cut_off import begin_release, was_cut_off
from audiobrief.pipeline.deliver import PublishOptions
from audiobrief.pipeline.private import add as add_listener
from audiobrief.pipeline.private import revoke
from audiobrief.pipeline.publish import addresses_of
from audiobrief.pipeline.retention import retained
from audiobrief.store.library import read_identity, render_identity
from audiobrief.store.lock import locked
from audiobrief.store.manifest import render_manifest
from audiobrief.workspace.load import load_workspace
from audiobrief.workspace.settings import PublishSettings
from tests.pipeline.published import (
    NOW,
    TEXTS,
    broken,
    broken_feed,
    only,
    run,
    write_show,
    write_workspace,
)
from tests.publish.shows import make_episode
from tests.support import ARTICLE, run_audiobrief, snapshot

DAY = timedelta(days=1)
#: With 200 and 50, as measured once, it takes half a minute.
PUBLISHES, LISTENERS = 30, 12


@pytest.fixture
def pod(tmp_path):
    """Return a workspace with two episodes; it publishes to the folder www beside it."""
    root = write_workspace(tmp_path / "pod")
    write_show(root, {"ferry": "one", "library": "two"})
    return root


@pytest.fixture
def www(pod):
    """Return that folder, which does not exist yet."""
    return pod.parent / "www"


def names(folder):
    """Return the names of all files but the lock."""
    return {n for n in snapshot(folder) if n != ".publishing.lock"}


def test_what_listeners_need_leaves_the_machine_and_nothing_else(pod, www, tmp_path):
    """No manifest, script or state, no draft, no temporary file, nothing behind a link."""
    write_show(
        pod,
        {"ferry": "one", "library": "two", "secret": "draft"},
        states={"secret": State.DRAFT},
    )
    folder = pod / "episodes"
    (tmp_path / "private.jpg").write_bytes(b"private")
    (folder / "2026-02-01-ferry" / "photo.jpg").symlink_to(tmp_path / "private.jpg")
    for name in (".ferry.mp3.audiobrief-tmp", "notes.txt", "ferry-00000000.mp3", "it's.jpg"):
        (folder / "2026-02-01-ferry" / name).write_bytes(b"private")
    (folder / "README.md").write_bytes(b"private")
    only(run(pod))
    sent = names(www)
    sounds = {p.name for p in folder.glob("*/*.mp3")} - {"ferry-00000000.mp3"}
    of_the_show = {"feed.xml", "index.html", "cover.jpg", "published.json"}
    assert {Path(n).name for n in sent} == {
        *of_the_show,
        *TEXTS,
        *(name for name in sounds if not name.startswith(("secret", "."))),
    }
    assert not [n for n in sent if "secret" in n]
    assert all(b"private" not in content for _, content in snapshot(www).values())
    assert broken(www) == []


def test_nothing_changed_touches_nothing(pod, www):
    """Neither bytes nor times."""
    only(run(pod))
    before = snapshot(www)
    assert only(run(pod)).plan.is_empty
    assert snapshot(www) == before


def test_a_corrected_episode_is_sent_and_its_old_sound_stays_for_a_week(pod, www):
    """Apps hold on to the old feed; then the old sound goes."""
    only(run(pod))
    old = next(www.glob("*ferry/*.mp3"))
    write_show(pod, {"ferry": "corrected", "library": "two"})
    sent = [u.name for u in only(run(pod, now=NOW + DAY)).plan.sent]
    assert sent[0].startswith("2026-02-01-ferry/ferry-")
    assert sent[-1] == "feed.xml"
    assert not [name for name in sent if "library" in name]
    assert old.exists()
    assert only(run(pod, now=NOW + 7 * DAY)).plan.is_empty
    assert old.exists()
    assert only(run(pod, now=NOW + 8 * DAY)).plan.removed == (f"2026-02-01-ferry/{old.name}",)
    assert not old.exists()
    assert broken(www) == []


def test_a_plan_is_shown_and_nothing_done(pod, www):
    """Not even the folder is made."""
    plan = only(run(pod, options=PublishOptions(dry_run=True))).plan
    assert len(plan.sent) == len(TEXTS) * 2 + 2 * 2 + 3
    assert not www.exists()
    assert not (pod / ".audiobrief").exists()


def test_broken_rules_stop_it_unless_forced(pod, www):
    """The first one is named; the warning stays."""
    check = lambda _folder: ["I3 About ferry: no length", "I4 x: y"]  # noqa: E731 - as an argument
    with pytest.raises(PublishError, match="2 rules that apps insist on: I3 About ferry"):
        run(pod, check=check)
    assert not www.exists()
    report = run(pod, check=check, options=PublishOptions(force=True))
    assert "I3 About ferry" in report.warnings[0]
    assert broken(www) == []


def test_a_feed_that_names_what_is_not_there_is_never_published(pod, www):
    """Not even by force."""
    next((pod / "episodes").glob("*ferry/transcript.vtt")).unlink()
    with pytest.raises(PublishError, match=r"names what is not there: .*transcript\.vtt"):
        run(pod, options=PublishOptions(force=True))
    assert not www.exists()


def test_there_must_be_a_feed_and_a_place(tmp_path):
    """Both are told with what mends them."""
    root = write_workspace(tmp_path / "pod")
    with pytest.raises(PublishError, match="there is no feed"):
        run(root)
    write_workspace(root, "")
    with pytest.raises(WorkspaceError, match="no setting says where to publish"):
        run(root)


@pytest.mark.parametrize(
    "to",
    [
        "folder:episodes", "folder:episodes/../episodes/x", "folder:.audiobrief",
        "folder:articles", "folder:voices/x",
    ],
)  # fmt: skip
def test_the_workspace_is_no_place_for_listeners(pod, to):
    """What is published there would be published again, or read as articles."""
    write_workspace(pod, f'to = "{to}"')
    with pytest.raises(WorkspaceError, match="a folder of the workspace itself"):
        run(pod)


def test_an_episode_that_waits_for_approval_stops_it(pod, www):
    """Exit code 3, each episode by name; not even force helps."""
    states = {"library": State.DRAFT, "bridge": State.DRAFT}
    write_workspace(pod, 'to = "folder:../www"\nrequire_approval = true')
    write_show(pod, {"ferry": "one", "library": "two", "bridge": "three"}, states=states)
    with pytest.raises(ApprovalMissingError, match="About library") as caught:
        run(pod, options=PublishOptions(force=True))
    assert caught.value.exit_code == 3
    assert 'run "audiobrief approve 2026-02-02-library"' in caught.value.remedy
    assert caught.value.reasons == ("6 segments still need approval",)
    assert [e.problem for e in caught.value.others] == [
        '"About bridge" is not approved: 6 segments still need approval'
    ]
    assert not www.exists()


def test_what_is_approved_enters_the_feed(pod, www):
    """The state becomes published, and stays so."""
    write_workspace(pod, 'to = "folder:../www"\nrequire_approval = true')
    write_show(pod, {"ferry": "one", "library": "two"}, states={"library": State.APPROVED})
    planned = run(pod, options=PublishOptions(dry_run=True))
    assert planned.approved == ("About library",)
    assert "library" not in (pod / "episodes" / "feed.xml").read_text(encoding="utf-8")
    report = run(pod)
    assert report.approved == ("About library",)
    assert b"library" in (www / "feed.xml").read_bytes()
    assert broken(www) == []
    assert run(pod).approved == ()


def test_one_episode_is_published_while_others_wait(pod, www):
    """The review page asks for the one that it shows; another approved one stays where it is."""
    states = {"library": State.APPROVED, "bridge": State.DRAFT, "tower": State.APPROVED}
    write_workspace(pod, 'to = "folder:../www"\nrequire_approval = true')
    write_show(pod, {"ferry": "one", **dict.fromkeys(states, "more")}, states=states)
    with pytest.raises(ApprovalMissingError, match="About bridge") as caught:
        run(pod, options=PublishOptions(only="guid-bridge"))
    assert caught.value.others == ()
    assert run(pod, options=PublishOptions(only="guid-library")).approved == ("About library",)
    feed = (www / "feed.xml").read_bytes()
    assert (b"library" in feed, b"tower" in feed, b"bridge" in feed) == (True, False, False)
    assert broken(www) == []


def test_without_a_target_what_is_approved_enters_the_feed_here(pod, www):
    """Somebody serves it from where it lies; nothing is sent, and that is said."""
    write_workspace(pod, "require_approval = true")
    write_show(pod, {"ferry": "one", "library": "two"}, states={"library": State.APPROVED})
    report = run(pod)
    assert (report.approved, report.deliveries) == (("About library",), ())
    assert "nothing is sent" in report.warnings[0]
    assert b"library" in (pod / "episodes" / "feed.xml").read_bytes()
    assert not www.exists()


def test_a_kill_before_the_feed_is_written_loses_no_approval(pod, www):
    """The manifest says that the episode is released, and the feed does not have it yet."""
    write_workspace(pod, 'to = "folder:../www"\nrequire_approval = true')
    made = write_show(pod, {"ferry": "one", "library": "two"}, states={"library": State.APPROVED})
    released = replace(made[1], state=State.PUBLISHED)
    path = pod / "episodes" / released.directory / "episode.json"
    path.write_bytes(render_manifest(released))
    run(pod)
    assert b"library" in (www / "feed.xml").read_bytes()
    assert broken(www) == []


def test_a_kill_after_the_feed_was_written_leaves_no_release_half_done(pod, www):
    """All is let in and in the feed; only what the release does last is missing."""
    write_workspace(pod, 'to = "folder:../www"\nrequire_approval = true')
    write_show(pod, {"ferry": "one", "library": "two"}, states={"library": State.APPROVED})
    run(pod)
    before = snapshot(pod / "episodes")
    show = load_workspace(pod)
    begin_release(show)
    path = pod / "episodes" / "show.json"
    path.write_bytes(render_identity(replace(read_identity(path), feed="")))
    run(pod, options=PublishOptions(dry_run=True))
    assert was_cut_off(show)
    run(pod)
    after = snapshot(pod / "episodes")
    assert {n: c for n, (_, c) in after.items()} == {n: c for n, (_, c) in before.items()}
    assert not was_cut_off(show)


def test_every_show_has_its_place(pod, www):
    """A folder below the first show's, or what it says itself."""
    write_workspace(
        pod,
        'to = "folder:../www"\n[shows.long-read]\n[shows.far]\n'
        'publish.to = ["sftp://h.example/srv", "folder:../far"]',
    )
    write_show(pod, {"walk": "long"}, name="long-read")
    workspace = load_workspace(pod)
    places = [[a.place for a in addresses_of(show)] for show in workspace.shows]
    assert places == [
        ["folder:../www"],
        ["folder:../www/long-read"],
        ["sftp://h.example/srv", "folder:../far"],
    ]
    for _ in range(2):
        only(run(pod))
        only(run(pod, show="long-read"))
    assert broken(www) == []
    assert (www / "long-read" / "feed.xml").is_file()
    assert only(run(pod, now=NOW + 99 * DAY)).plan.is_empty


def test_a_place_that_fails_stops_no_other(pod, www):
    """Its error is a value."""
    (pod.parent / "file").write_bytes(b"")
    write_workspace(pod, 'to = ["folder:../file/x", "folder:../www"]')
    first, second = run(pod).deliveries
    assert isinstance(first.error, UploadError)
    assert first.finished == frozenset()
    assert second.error is None
    assert second.finished == {upload.name for upload in second.plan.sent}
    assert broken(www) == []


def test_a_build_and_a_publish_do_not_meet(pod):
    """What is sent must not change meanwhile."""
    with locked(pod / ".audiobrief" / "lock"), pytest.raises(LockedError):
        run(pod)


def test_a_build_that_ends_as_publish_begins_is_published(pod, www, monkeypatch):
    """What is read before the lock is held may be of another state than the feed."""
    count = itertools.count()

    @contextmanager
    def late(path):
        """Hold the lock, after a build has made an episode anew just before."""
        write_show(pod, {"ferry": f"corrected {next(count)}", "library": "two"})
        with locked(path):
            yield

    monkeypatch.setattr("audiobrief.pipeline.publish.locked", late)
    assert only(run(pod)).error is None
    assert next(count) > 1
    assert broken(www) == []


def test_addresses_that_nobody_else_reaches_are_warned_of(pod):
    """The default of base_url is this machine."""
    settings = (pod / "audiobrief.toml").read_text(encoding="utf-8")
    text = settings.replace("https://pod.example/", "http://127.0.0.1:8000/")
    (pod / "audiobrief.toml").write_text(text, encoding="utf-8")
    (warning,) = run(pod).warnings
    assert "only this machine reaches" in warning


#: Publishes, killed before the n-th change of a file, in a process of its own for each n; then
#: once more. Prints what is wrong, and how many changes there are.
_KILLED_AT_EACH_CHANGE = """
import os, shutil, signal, sys
from pathlib import Path

from tests.pipeline import published

# A kill loses nothing that was written; only a loss of power would.
os.fsync = lambda _handle: None

root = Path(sys.argv[1])
www = root.parent / "www"
left = 0


def count(event, arguments):
    global left
    is_ours = event in ("os.rename", "os.remove", "os.mkdir") or (
        event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    )
    if is_ours and str(arguments[0]).startswith(str(www)):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(count)
published.run(root)
published.write_show(root, {"ferry": "corrected", "bridge": "new"})
shutil.copytree(www, root.parent / "before")
step = 0
while True:
    step += 1
    shutil.rmtree(www)
    shutil.copytree(root.parent / "before", www)
    child = os.fork()
    if child == 0:
        left = step
        published.only(published.run(root, now=published.NOW + 8 * published.timedelta(1)))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    for problem in published.broken(www):
        print(step, "killed:", problem)
    published.only(published.run(root, now=published.NOW + 8 * published.timedelta(1)))
    for problem in published.broken(www):
        print(step, "again:", problem)
    if b"About bridge" not in (www / "feed.xml").read_bytes():
        print(step, "the new feed is not there")
    if list(www.rglob(".*tmp")):
        print(step, "half a file is left")
    if not os.WIFSIGNALED(status):
        break
print("changes:", step - 1)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_killed_at_any_change_of_a_file_the_feed_names_only_whole_files(pod):
    """And the next run completes it, and leaves no half file."""
    # Nearly a hundred times twenty files: in memory, where there is such a place.
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        shutil.copytree(pod, Path(folder) / "pod")
        done = subprocess.run(
            [sys.executable, "-c", _KILLED_AT_EACH_CHANGE, Path(folder) / "pod"],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        )
    (line,) = done.stdout.splitlines()
    assert line.startswith("changes: ")
    assert int(line.split()[1]) >= 30


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments):
        pass


class _Server(ThreadingHTTPServer):
    request_queue_size = 100


def test_publishes_under_listeners_break_no_download(pod, www):
    """Every feed parses, every file that it names is whole, whenever it is asked for."""
    only(run(pod))
    server = _Server(("127.0.0.1", 0), partial(_Quiet, directory=str(www)))
    Thread(target=server.serve_forever, daemon=True).start()
    stop = Event()
    problems, rounds = [], []

    def listen():
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=30)

        def fetch(name):
            connection.request("GET", f"/{name}")
            answer = connection.getresponse()
            body = answer.read()
            return body if answer.status == 200 else None

        try:
            while not stop.is_set():
                problems.extend(broken_feed(fetch("feed.xml"), fetch))
                rounds.append(1)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a broken download
            problems.append(repr(error))
        finally:
            connection.close()

    listeners = [Thread(target=listen) for _ in range(LISTENERS)]
    for thread in listeners:
        thread.start()
    for number in range(PUBLISHES):
        write_show(pod, {"ferry": f"take {number}"})
        only(run(pod, now=NOW + number * timedelta(minutes=1)))
    stop.set()
    for thread in listeners:
        thread.join()
    server.shutdown()
    server.server_close()
    assert problems == []
    assert len(rounds) >= LISTENERS
    # All within the days that old sounds are kept: no listener is as slow as that.
    assert len(list(www.glob("*ferry/*.mp3"))) == PUBLISHES + 1


def test_the_command_publishes_and_says_so(tmp_path):
    """Built for real, checked for real; the exit codes of scripts."""
    (tmp_path / "pod").mkdir()
    (tmp_path / "pod" / "a.txt").write_text(ARTICLE, encoding="utf-8")
    settings = '[show]\nbase_url = "https://pod.example/"\nemail = "jo@pod.example"\n'
    path = tmp_path / "pod" / "audiobrief.toml"
    path.write_text(settings, encoding="utf-8")
    call = partial(run_audiobrief, cwd=tmp_path / "pod")
    assert call("build", "a.txt", "--engine", "tone").code == 0
    assert call("publish").code == 2
    path.write_text(settings + '[publish]\nto = "folder:../www"\n', encoding="utf-8")
    planned = call("publish", "--dry-run")
    assert planned.code == 0
    assert planned.stdout.startswith("planned    folder:../www\n")
    assert "send      feed.xml" in planned.stdout
    (show,) = call("publish", "--json").json["shows"]
    (target,) = show["targets"]
    assert target["outcome"] == "published"
    assert target["bytes"] == sum(row["bytes"] for row in target["sent"])
    assert call("publish").stdout.startswith("unchanged  folder:../www\n")
    assert broken(tmp_path / "www") == []
    feed = tmp_path / "pod" / "episodes" / "feed.xml"
    feed.write_bytes(feed.read_bytes().replace(b'length="', b'length="9'))
    refused = call("publish")
    assert refused.code == 1
    assert "--force publishes it as it is" in refused.stderr
    assert call("publish", "--force").code == 0
    path.write_text(settings + '[publish]\nto = "s3//pod"\n', encoding="utf-8")
    assert "audiobrief.toml:5  publish.to" in call("publish").stderr


def test_the_command_goes_on_after_a_show_that_fails(pod, www):
    """The gravest code counts; each show has its row."""
    write_workspace(
        pod, 'to = "folder:../www"\n[shows.far]\npublish.to = "folder:../file/x"\n[shows.late]'
    )
    (pod.parent / "file").write_bytes(b"")
    for name in ("far", "late"):
        write_show(pod, {"walk": name}, name=name)
    (pod / "episodes" / "late" / "cover.jpg").unlink()
    done = run_audiobrief("publish", "--force", "--json", cwd=pod)
    assert done.code == 1
    first, far, late = done.json["shows"]
    assert [first["show"], far["show"], late["show"]] == [None, "far", "late"]
    assert first["targets"][0]["outcome"] == "published"
    assert "apps insist on" in first["warnings"][0]
    (target,) = far["targets"]
    assert (target["outcome"], target["sent"], target["bytes"]) == ("failed", [], 0)
    # What stands in the way.
    assert target["error"]["subject"].endswith("/file")
    assert "names what is not there" in late["error"]["problem"]
    assert run_audiobrief("publish", "--show", "late", "--force", cwd=pod).code == 1
    assert run_audiobrief("publish", "--show", "no", cwd=pod).code == 2
    assert broken(www) == []


@pytest.fixture
def private(pod):
    """Return a function that makes the show private, with listeners; it returns their tokens."""
    write_workspace(pod, 'to = "folder:../www"\nprivate = true')

    def add(*listeners):
        view = load_workspace(pod)
        return [add_listener(view, name, NOW, is_static=True).token for name in listeners]

    return add


def test_a_private_show_goes_to_its_listeners_alone(pod, www, private):
    """Each has a folder; nothing is beside them, and no token stands anywhere else."""
    with pytest.raises(PublishError, match="no listener has a folder"):
        run(pod)
    assert not www.exists()
    tokens = private("Ana", "Ben")
    report = run(pod)
    assert [d.error for d in report.deliveries] == [None, None]
    assert {p.name for p in www.iterdir()} == {"l"}
    assert sorted(p.name for p in (www / "l").iterdir()) == sorted(tokens)
    for token in tokens:
        content = (www / "l" / token / "feed.xml").read_bytes()
        assert broken_feed(content, lambda name: (www / name).read_bytes()) == []
        assert f"/l/{token}/".encode() in content
        others = [t for t in tokens if t != token]
        texts = [p.read_bytes() for p in (www / "l" / token).rglob("*.*") if p.is_file()]
        assert not [t for t in others if any(t.encode() in text for text in texts)]
        assert token not in repr(report.deliveries[0].to + report.deliveries[1].to)
    assert all(d.plan.is_empty for d in run(pod).deliveries)


def test_a_listener_who_was_revoked_hears_nothing_from_now_on(pod, www, private):
    """No days of grace; the others' folders stay."""
    ana, ben = private("Ana", "Ben")
    run(pod)
    revoke(load_workspace(pod), "Ana", NOW)
    (withdrawn, rest) = run(pod).deliveries
    assert withdrawn.withdrawn[0] == "feed.xml"
    assert ana not in withdrawn.to
    assert rest.error is None
    assert names(www / "l" / ana) == set()
    assert (www / "l" / ben / "feed.xml").is_file()
    assert len(run(pod).deliveries) == 1


def test_a_show_that_becomes_private_is_taken_from_everybody(pod, www, private):
    """What others have put there stays."""
    write_workspace(pod)
    only(run(pod))
    (www / "theirs.html").write_bytes(b"1")
    write_workspace(pod, 'to = "folder:../www"\nprivate = true')
    (token,) = private("Ana")
    planned = run(pod, options=PublishOptions(dry_run=True))
    assert "feed.xml" in planned.deliveries[0].withdrawn
    assert (www / "feed.xml").exists()
    run(pod)
    assert {n.split("/")[0] for n in names(www)} == {"l", "theirs.html"}
    assert (www / "l" / token / "feed.xml").is_file()


def test_the_last_listener_who_was_revoked_hears_nothing_either(pod, www, private):
    """That nobody is left stops no removal; afterwards there is nothing to publish."""
    (ana,) = private("Ana")
    run(pod)
    revoke(load_workspace(pod), "Ana", NOW)
    (planned,) = run(pod, options=PublishOptions(dry_run=True)).deliveries
    assert planned.withdrawn[0] == "feed.xml"
    (withdrawn,) = run(pod).deliveries
    assert withdrawn.error is None
    assert ana not in withdrawn.to
    assert names(www / "l" / ana) == set()
    with pytest.raises(PublishError, match="no listener has a folder"):
        run(pod)


@pytest.mark.parametrize("wrong", ["nobody has a folder", "a rule is broken", "no feed is there"])
def test_whatever_is_wrong_a_show_that_is_private_now_is_taken_from_everybody(
    pod, www, private, wrong
):
    """It would be heard by all until somebody had mended the rest."""
    write_workspace(pod)
    only(run(pod))
    write_workspace(pod, 'to = "folder:../www"\nprivate = true')
    if wrong == "nobody has a folder":
        run(pod)
    else:
        (token,) = private("Ana")
        if wrong == "no feed is there":
            (pod / "episodes" / "l" / token / "feed.xml").unlink()
        with pytest.raises(PublishError):
            run(pod, check=lambda _folder: ["F1: no title"] if "rule" in wrong else [])
    assert names(www) == set()


@pytest.mark.parametrize("left", [None, b"{}", b"\xff"])
def test_without_the_list_of_what_was_sent_a_private_show_is_not_said_to_be_gone(
    pod, www, private, left
):
    """Its feed lies there for everybody: a person has to remove it, and the rest is published."""
    write_workspace(pod)
    only(run(pod))
    path = www / "published.json"
    path.unlink() if left is None else path.write_bytes(left)
    write_workspace(pod, 'to = "folder:../www"\nprivate = true')
    private("Ana")
    public, ana = run(pod).deliveries
    assert isinstance(public.error, UploadError)
    assert "for everybody" in public.error.problem
    assert ana.error is None
    shutil.rmtree(www)
    only(run(pod))


def test_what_cannot_be_read_does_not_tell_a_token(pod, private, monkeypatch):
    """It stands in the path of the file."""
    (token,) = private("Ana")
    plain = Path.read_bytes

    def read(path):
        """Read a file, unless it is a listener's feed on a disk that fails."""
        if path.name == "feed.xml" and token in str(path):
            raise OSError(errno.EIO, "Input/output error", str(path))
        return plain(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    with pytest.raises(StoreError) as caught:
        run(pod)
    assert token not in str(caught.value)
    assert token[:4] in caught.value.subject


def test_an_error_does_not_tell_a_token(pod, www, private):
    """Who knows it may listen."""
    (token,) = private("Ana")
    (www / "l").mkdir(parents=True)
    (www / "l" / token).write_bytes(b"a file stands in the way")
    (delivery,) = run(pod).deliveries
    assert isinstance(delivery.error, UploadError)
    assert token not in str(delivery.error)
    assert token[:4] in str(delivery.error)


def made(number, days):
    """Return an episode that appeared so many days ago."""
    return replace(make_episode(), guid=str(number), published=NOW - days * DAY)


def test_all_episodes_are_kept_by_default():
    """In the order given."""
    episodes = tuple(made(n, 100 * n) for n in (3, 1, 2))
    assert retained(episodes, PublishSettings(), NOW) == episodes


def test_retention_by_count_and_by_age():
    """The newest so many, of the last so many days; both hold where both are set."""
    episodes = tuple(made(n, 10 * n) for n in range(5))

    def kept(**settings):
        return [e.guid for e in retained(episodes, PublishSettings(**settings), NOW)]

    assert kept(keep_episodes=2) == ["0", "1"]
    assert kept(keep_audio_days=25) == ["0", "1", "2"]
    assert kept(keep_audio_days=25, keep_episodes=2) == ["0", "1"]
    assert kept(keep_audio_days=10) == ["0", "1"]


def test_the_newest_episode_stays_however_old_it_is():
    """Apps refuse an empty feed."""
    assert retained([made(1, 900)], PublishSettings(keep_audio_days=7), NOW) == (made(1, 900),)
    assert retained([], PublishSettings(keep_audio_days=7), NOW) == ()
