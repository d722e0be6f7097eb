"""Bad input: three lines that say what, where and how to mend it; and nothing is lost."""

import ctypes
import os
import shutil
import subprocess
import sys

import pytest

from tests.support import ARTICLE, invariant, manifest, run_audiobrief, snapshot

LONG = "word " * 2000


def assert_three_lines(stderr):
    """Hold a message against the form of all errors."""
    lines = stderr.splitlines()
    assert len(lines) == 3, stderr
    assert lines[0].startswith("error: ")
    assert lines[1].startswith("  ")
    assert lines[2].startswith("  fix: ")


def write(path, content):
    """Write bytes or text."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.txt", None),
        ("empty.txt", b""),
        ("blank.txt", b" \n\t\n "),
        ("word.txt", b"Word"),
        ("three.txt", b"Only three words"),
        ("binary.txt", bytes(range(256)) * 40),
        ("image.txt", b"\x89PNG\r\n\x1a\n" + bytes(2000)),
        ("login.txt", b"Sign in\n\nEmail\nPassword\nForgot password?\nLog in\nCreate account\n"),
        ("slides.pptx", b"PK\x03\x04" + bytes(100)),
    ],
)
def test_what_is_no_article_is_told_and_the_others_are_built(build, workspace, name, content):
    """Exit code 1, three lines, and the good article of the same run has its episode."""
    if content is not None:
        write(workspace / name, content)
    run = build(name, "articles/ferry.txt")
    assert run.code == 1
    assert_three_lines(_errors(run.stderr))
    outcomes = [e["outcome"] for e in run.json["episodes"]]
    assert outcomes == ["failed", "built"]
    assert set(run.json["episodes"][0]["error"]) == {"problem", "subject", "remedy"}
    assert invariant(workspace / "episodes") == []


def _errors(stderr):
    """Return stderr without the progress events."""
    return "".join(f"{line}\n" for line in stderr.splitlines() if not line.startswith("{"))


def test_a_file_of_100_mb_is_refused_without_reading_it(build, workspace):
    """It is told from its size."""
    with (workspace / "huge.txt").open("wb") as stream:
        stream.truncate(100_000_000)
    run = build("huge.txt")
    assert run.code == 1
    assert_three_lines(_errors(run.stderr))


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        (ARTICLE.encode().replace(b"bay", b"caf\xe9"), "café"),
        (ARTICLE.encode().replace(b"bay", b"b\x00a\x07y"), "bay"),
        (b"\xef\xbb\xbf" + ARTICLE.encode(), "bay"),
        (ARTICLE.encode("utf-16"), "bay"),
        (ARTICLE.replace("bay", "caf\u00c3\u00a9").encode(), "café"),
        (ARTICLE.replace("bay", "b\u202eay").encode(), "bay"),
    ],
    ids=["cp1252", "control", "bom", "utf-16", "mojibake", "bidi"],
)
def test_damaged_text_is_repaired_and_spoken(build, workspace, text, heard):
    """Wrong encodings and stray characters cost no word."""
    write(workspace / "a.txt", text)
    run = build("a.txt")
    assert run.code == 0, run.stderr
    script = next(workspace.glob("episodes/*/script.md")).read_text(encoding="utf-8")
    assert f"across the {heard} will run" in script
    assert invariant(workspace / "episodes") == []


@pytest.mark.parametrize(
    "title",
    [LONG, "../../etc/passwd", "🎉🎉🎉", "..", "CON", "<script>alert(1)</script>", "a]]>b", "-rf"],
    ids=["10,000 characters", "path", "emoji", "dots", "CON", "script", "CDATA", "option"],
)
def test_no_title_breaks_an_episode(build, workspace, title):
    """Any headline gives a valid feed, inside the folder; none leaves it."""
    write(workspace / "a.txt", f"{title}\n\n" + ARTICLE.partition("\n\n")[2].partition("\n\n")[2])
    run = build("a.txt")
    assert run.code == 0, run.stderr
    assert invariant(workspace / "episodes") == []
    (folder,) = [p for p in (workspace / "episodes").iterdir() if p.is_dir()]
    assert folder.resolve().parent == (workspace / "episodes").resolve()
    assert len(folder.name) < 120
    check = run_audiobrief("check", "--json", cwd=workspace)
    assert [f for f in check.json["findings"] if f["level"] == "must"] == []


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "problem"),
    [
        (["--voice", "nobody"], "", 2, 'there is no voice "nobody"'),
        (["--engine", "nobody"], "", 4, 'there is no engine "nobody"'),
        ([], '[cast]\nnarrator = "nobody"\n', 2, 'there is no voice "nobody"'),
        ([], "[show]\ncolour = 1\n", 2, 'unknown key "colour"'),
        ([], "[sound]\nbitrate_kbps = 1\n", 2, "bitrate_kbps cannot be 1"),
        ([], '[show]\ncategory = "Newz"\n', 2, "Newz"),
        ([], '[show]\ncover = "missing.jpg"\n', 2, "missing.jpg"),
    ],
)
def test_wrong_settings_stop_the_build_before_any_work(
    workspace, arguments, settings, code, problem
):
    """The exit code tells settings (2) from something missing (4)."""
    (workspace / "audiobrief.toml").write_text(settings, encoding="utf-8")
    run = run_audiobrief("build", *arguments, cwd=workspace)
    assert run.code == code
    assert_three_lines(run.stderr)
    assert problem in run.stderr
    assert not (workspace / "episodes").exists()


def test_a_voice_that_the_engine_lacks_is_told(workspace):
    """A profile that names an unknown engine voice: exit code 2, no other voice instead."""
    (workspace / "voices").mkdir()
    (workspace / "voices" / "anchor.toml").write_text(
        'engine = "pyttsx3"\nengine_voice = "en-us+nobody"\n', encoding="utf-8"
    )
    run = run_audiobrief("build", cwd=workspace)
    assert run.code == 2
    assert_three_lines(run.stderr)
    assert "en-us+nobody" in run.stderr


def test_an_empty_inbox_is_told(audiobrief, tmp_path):
    """Neither an article nor an inbox: what to do is said."""
    run = audiobrief("build")
    assert run.code == 2
    assert_three_lines(run.stderr)
    (tmp_path / "articles").mkdir()
    run = audiobrief("build")
    assert run.code == 1
    assert_three_lines(run.stderr)


def _without_override():
    """Give up root's right to write where permissions forbid it (PR_CAPBSET_DROP)."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_read_only_folder_is_told_and_left_as_it_is(build, workspace):
    """The finished clips are kept; the old episode and feed stay."""
    build()
    path = workspace / "articles" / "ferry.txt"
    path.write_text(ARTICLE.replace("six", "seven"), encoding="utf-8")
    folders = [workspace / "episodes", *(workspace / "episodes").glob("*/")]
    for folder in folders:
        folder.chmod(0o555)
    before = snapshot(workspace / "episodes")
    command = [sys.executable, "-m", "audiobrief", "build", "--engine", "tone"]
    run = subprocess.run(
        command,
        cwd=workspace,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_without_override,
    )
    for folder in folders:
        folder.chmod(0o755)
    assert run.returncode == 1
    assert "Permission denied" in run.stderr
    assert run.stderr.count("fix: ") == run.stderr.count("error: ")
    assert snapshot(workspace / "episodes") == before
    again = build()
    assert again.json["episodes"][0]["synthesized"] == 0


@pytest.fixture
def small_disk(tmp_path):
    """Return a function that gives a disk of a size, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = False

    def size(kb):
        nonlocal mounted
        options = f"remount,size={kb}k" if mounted else f"size={kb}k"
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if (
            shutil.which("mount") is None
            or subprocess.run(command, capture_output=True, check=False).returncode
        ):
            pytest.skip("mounting a small disk needs more rights")
        mounted = True
        return folder

    yield size
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_tears_nothing_and_the_next_run_goes_on(small_disk):
    """At every size too small: exit 1, a whole feed or none, no clip lost; then all is well."""
    folder = small_disk(64)
    spoken = 0
    failures = 0
    for kb in (64, 200, 400, 700, 1000, 1400, 1800, 2200, 2600, 3200, 4000, 6000):
        small_disk(kb)
        if kb == 64:
            (folder / "ferry.txt").write_text(ARTICLE, encoding="utf-8")
        run = run_audiobrief("build", "ferry.txt", "--engine", "tone", "--json", cwd=folder)
        assert invariant(folder / "episodes") == []
        assert not list(folder.rglob("*audiobrief-tmp"))
        if run.code == 0:
            break
        failures += 1
        assert run.code == 1, run.stderr
        assert "No space left on device" in run.stderr
        clips = len(list(folder.rglob("*.wav")))
        assert clips >= spoken
        spoken = clips
    assert run.code == 0
    assert failures >= 3
    assert run.json["episodes"][0]["cached"] == spoken


def test_an_empty_folder_does_not_stop_the_others(build, workspace):
    """It is a failed item like any other."""
    (workspace / "empty").mkdir()
    run = build("articles", "empty")
    assert run.code == 1
    assert [e["outcome"] for e in run.json["episodes"]] == ["built", "failed"]


def test_a_damaged_manifest_costs_its_episode_and_is_told(build, workspace):
    """Exit code 1; its folder is left as it is, and the others are published."""
    build()
    (workspace / "articles" / "two.txt").write_text(
        ARTICLE.replace("ferry", "tram").replace("Ferry", "Tram"), encoding="utf-8"
    )
    build()
    path = min(workspace.glob("episodes/*/episode.json"))
    path.write_bytes(b"{}")
    run = build("articles/two.txt")
    assert run.code == 1
    assert len(run.json["damaged"]) == 1
    assert run.json["feed"] == "episodes/feed.xml"
    assert path.read_bytes() == b"{}"
    feed = (workspace / "episodes" / "feed.xml").read_text(encoding="utf-8")
    assert feed.count("<item>") == 1
    assert path.parent.name not in feed


def test_any_text_can_be_printed_on_any_stream(build, workspace):
    """A Windows pipe knows 200 characters; the others come escaped, and JSON stays JSON."""
    text = ARTICLE.replace("Ferry returns", "Łódź 🎉 ferry returns")
    (workspace / "articles" / "ferry.txt").write_text(text, encoding="utf-8")
    build()
    env = {"PYTHONIOENCODING": "cp1252"}
    told = run_audiobrief("status", cwd=workspace, env=env)
    assert (told.code, told.stderr) == (0, "")
    document = run_audiobrief("status", "--json", cwd=workspace, env=env).json
    assert "Łódź 🎉" in document["episodes"][0]["title"]


def test_an_article_dated_in_the_first_century_gets_todays_date(build, workspace):
    """A date that no newspaper can have is a mistake of the page."""
    body = ARTICLE.partition("\n\n")[2].partition("\n\n")[2]
    text = f"---\ntitle: Ferry returns\ndate: 0001-01-01\n---\n\n{body}"
    (workspace / "a.md").write_text(text, encoding="utf-8")
    run = build("a.md", env={"SOURCE_DATE_EPOCH": "1767225600"})
    assert run.json["episodes"][0]["directory"].startswith("episodes/2026-01-01-")
    assert any("cannot be right" in note for note in run.json["episodes"][0]["notes"])


@pytest.mark.parametrize("title", ["!!!", "---", "🎉", '""'])
def test_a_title_that_cannot_be_said_is_replaced(build, workspace, title):
    """An article is not lost because its front matter has no usable title."""
    body = ARTICLE.partition("\n\n")[2].partition("\n\n")[2]
    (workspace / "a.md").write_text(f"---\ntitle: {title}\n---\n\n{body}", encoding="utf-8")
    run = build("a.md")
    assert run.code == 0, run.stderr
    assert manifest(workspace)["title"].startswith("The ferry across the bay")


def test_nothing_private_is_published(build, workspace, tmp_path_factory):
    """Neither a password in an address nor a path of the machine gets into episodes/."""
    body = ARTICLE.partition("\n\n")[2].partition("\n\n")[2]
    folder = tmp_path_factory.mktemp("elsewhere")
    text = f"---\ntitle: Ferry\nurl: https://jo:secret@example.org/a\n---\n\n{body}"
    (folder / "a.md").write_text(text, encoding="utf-8")
    assert build(folder / "a.md").code == 0
    published = b"".join(p.read_bytes() for p in (workspace / "episodes").rglob("*.*"))
    assert b"https://example.org/a" in published
    assert b"secret" not in published
    assert str(folder).encode() not in published
