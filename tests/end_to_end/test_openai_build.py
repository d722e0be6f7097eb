"""An episode made by a server: whole in spite of faults, and its key is nowhere."""

import pytest

from tests.speak.scripted_server import ScriptedServer
from tests.support import invariant, run_audiobrief

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def server_build(workspace):
    """Return a function that builds with a server of the given deeds, and that server."""
    servers = []

    def build(*deeds, env=None, plan=None):
        server = ScriptedServer(plan or deeds)
        servers.append(server)
        (workspace / "voices").mkdir(exist_ok=True)
        (workspace / "voices" / "remote.toml").write_text(
            'engine = "openai"\nengine_voice = "alloy"\nmodel = "tts-1"\n'
            f'base_url = "{server.url}"\napi_key_env = "SPEECH_KEY"\n',
            "utf-8",
        )
        settings = '[cast]\nnarrator = "remote"\nquote_voices = false\n'
        (workspace / "audiobrief.toml").write_text(settings, "utf-8")
        run = run_audiobrief(
            "build", "--json", "-vv", cwd=workspace, env={"SPEECH_KEY": KEY} if env is None else env
        )
        return run, server

    yield build
    for server in servers:
        server.close()


def written(workspace):
    """Return everything that is in the files of a workspace, names included."""
    return b"\n".join(
        str(path).encode() + b"\n" + path.read_bytes()
        for path in workspace.rglob("*")
        if path.is_file()
    )


def test_an_episode_is_made_in_spite_of_faults(server_build, workspace):
    """Cut, failed and limited answers are asked for again; the key is in no file and no output."""
    run, server = server_build("500", "cut", "429 1", "html")
    assert run.code == 0, run.stderr
    assert invariant(workspace / "episodes") == []
    (episode,) = run.json["episodes"]
    assert len(server.requests) == episode["synthesized"] + 4
    assert {headers["Authorization"] for headers in server.headers} == {f"Bearer {KEY}"}
    assert KEY.encode() not in written(workspace)
    assert KEY not in run.stdout + run.stderr


def test_a_refused_key_stops_the_build_at_once(server_build, workspace):
    """Exit code 4 after a request of each session, although the server repeats the key."""
    run, server = server_build(plan=lambda _number, _request: "401")
    assert run.code == 4, run.stderr
    assert len(server.requests) <= 4
    assert "refuses the account (status 401): Incorrect API key provided: [key]." in run.stderr
    assert KEY.encode() not in written(workspace)
    assert KEY not in run.stdout + run.stderr


def test_a_missing_key_is_named_with_the_command_that_sets_it(server_build):
    """Exit code 4, and the server is not asked."""
    run, server = server_build(env={"SPEECH_KEY": ""})
    assert run.code == 4, run.stderr
    assert "export SPEECH_KEY=" in run.stderr
    assert server.requests == []


def test_finished_clips_are_kept_when_the_account_is_locked(server_build, workspace):
    """What was paid for is not lost."""
    run, _ = server_build("good", "good", "quota")
    assert run.code == 4, run.stderr
    clips = [path for path in (workspace / ".audiobrief").rglob("*") if path.is_file()]
    assert len([path for path in clips if path.stat().st_size > 5000]) >= 2
