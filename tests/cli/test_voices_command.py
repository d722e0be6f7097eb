"""``audiobrief voices``: what there is, how to get what there is not, and getting it."""

import hashlib
import json

import pytest

from audiobrief.store.lock import locked
from tests.speak.file_server import serving
from tests.speak.tiny_voices import write_piper_voice

pytest.importorskip("piper", reason="piper-tts, of the extra piper, is not installed")

NAME = "en_US-tiny-low"
FOLDER = f"en/en_US/tiny/low/{NAME}"
CARD = b"# Model card\n\n* License: CC0 1.0\n"


@pytest.fixture
def publisher(tmp_path_factory):
    """Return a server that publishes one voice as piper's are."""
    model = write_piper_voice(tmp_path_factory.mktemp("published"), NAME)
    files = {
        f"{FOLDER}.onnx": model.read_bytes(),
        f"{FOLDER}.onnx.json": model.with_name(f"{NAME}.onnx.json").read_bytes(),
        "en/en_US/tiny/low/MODEL_CARD": CARD,
    }
    about = {
        path: {"size_bytes": len(content), "md5_digest": hashlib.md5(content).hexdigest()}
        for path, content in files.items()
    }
    index = {NAME: {"language": {"code": "en_US"}, "files": about, "aliases": []}}
    with serving(**files, **{"voices.json": json.dumps(index).encode()}) as server:
        yield server


def test_a_voice_is_added_and_heard(audiobrief, publisher, tmp_path):
    """Fetched, proven, listed with its terms, and spoken with."""
    done = audiobrief("voices", "add", f"piper:{NAME}", "--mirror", publisher.url, "--as", "ada")
    assert (done.code, done.stderr) == (0, "")
    assert "license: CC0 1.0" in done.stdout
    assert 'audiobrief voices say "Good morning." -v ada -o hello.wav' in done.stdout
    listed = {v["name"]: v for v in audiobrief("voices", "--json").json["voices"]}["ada"]
    assert (listed["engine"], listed["license"], listed["language"]) == (
        "piper",
        "CC0 1.0",
        "en-US",
    )
    assert (listed["installed"], listed["get"]) == (True, None)
    said = audiobrief("voices", "say", "Good morning to you.", "-v", "ada", "-o", "hello.wav")
    assert said.code == 0
    assert (tmp_path / "hello.wav").stat().st_size > 22_050
    offered = audiobrief("voices", "--engine", "piper", "--json").json["voices"]
    assert [v["id"] for v in offered] == [NAME]


def test_a_dry_run_writes_nothing(audiobrief, publisher, tmp_path):
    """It tells size and terms."""
    done = audiobrief(
        "voices", "add", f"piper:{NAME}", "--mirror", publisher.url, "--dry-run", "--json"
    )
    assert (done.json["written"], done.json["license"]) == (False, "CC0 1.0")
    assert done.json["files"] == [f"{NAME}.onnx", f"{NAME}.onnx.json"]
    assert not (tmp_path / "voices").exists()
    plain = audiobrief("voices", "add", f"piper:{NAME}", "--mirror", publisher.url, "--dry-run")
    assert f"{publisher.url}/{FOLDER}.onnx\n" in plain.stdout


def test_a_profile_is_not_overwritten(audiobrief, publisher, tmp_path):
    """What a person wrote stays, and nothing is fetched."""
    profile = tmp_path / "voices" / f"{NAME}.toml"
    profile.parent.mkdir()
    profile.write_text('engine = "tone"\nengine_voice = "tone"\n', "utf-8")
    add = ("voices", "add", f"piper:{NAME}", "--mirror", publisher.url)
    done = audiobrief(*add)
    assert done.code == 1
    assert "fix: add --as NAME, or --force" in done.stderr
    assert [p.name for p in profile.parent.iterdir()] == [profile.name]
    assert audiobrief(*add, "--force").code == 0
    assert 'engine = "piper"' in profile.read_text("utf-8")


def test_a_damaged_file_leaves_no_profile(audiobrief, publisher, tmp_path):
    """The published sum is another one."""
    publisher.files[f"/{FOLDER}.onnx"] = publisher.files[f"/{FOLDER}.onnx"][::-1]
    done = audiobrief("voices", "add", f"piper:{NAME}", "--mirror", publisher.url)
    assert done.code == 1
    assert "not the published one" in done.stderr
    assert list((tmp_path / "voices").iterdir()) == []


def test_two_at_once_do_not_meet(audiobrief, publisher, tmp_path):
    """The second one is told, and fetches nothing; a dry run may go on."""
    add = ("voices", "add", f"piper:{NAME}", "--mirror", publisher.url)
    with locked(tmp_path / ".audiobrief" / "voices.lock"):
        done = audiobrief(*add)
        assert audiobrief(*add, "--dry-run").code == 0
    assert done.code == 75
    assert "error: a voice is being added already" in done.stderr
    assert not (tmp_path / "voices").exists()
    assert audiobrief(*add).code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("piper:no-such",), 2, "piper publishes no voice of this name"),
        (("espeak:en",), 2, "write piper:NAME or kokoro:NAME"),
        ((f"piper:{NAME}", "--as", "../x"), 2, "no name for a voice profile"),
    ],
)
def test_a_wrong_name_is_told(audiobrief, publisher, arguments, code, told):
    """With what would be right."""
    done = audiobrief("voices", "add", *arguments, "--mirror", publisher.url)
    assert done.code == code
    assert told in done.stderr


def test_a_mirror_without_encryption_is_refused(audiobrief):
    """But for one on this machine."""
    done = audiobrief("voices", "add", f"piper:{NAME}", "--mirror", "http://192.0.2.1/")
    assert done.code == 1
    assert "over HTTPS only" in done.stderr


def test_a_missing_voice_says_how_to_get_it(audiobrief, tmp_path):
    """In the list, and when it is asked to speak."""
    (tmp_path / "voices").mkdir()
    profile = f'engine = "piper"\nengine_voice = "{NAME}"\nlicense = "CC0"\n'
    (tmp_path / "voices" / "ada.toml").write_text(profile, "utf-8")
    row = {v["name"]: v for v in audiobrief("voices", "--json").json["voices"]}["ada"]
    command = f"audiobrief voices add piper:{NAME}"
    assert (row["installed"], row["get"], row["license"]) == (False, command, "CC0")
    assert f"missing: {command}" in audiobrief("voices").stdout
    said = audiobrief("voices", "say", "Hello.", "-v", "ada", "-o", "x.wav")
    assert said.code == 2
    assert f"fix: {command}\n" in said.stderr


def test_engines_are_listed_with_their_state(audiobrief):
    """Installed, or the command that installs it; with their terms."""
    engines = {e["name"]: e for e in audiobrief("voices", "--json").json["engines"]}
    assert {"kokoro", "piper", "pyttsx3", "tone"} <= set(engines)
    assert engines["piper"]["installed"]
    assert engines["piper"]["license"].startswith("GPL-3.0-or-later")
    assert "\nengines\n" in audiobrief("voices").stdout
