"""Part 11: engines that die, hang, lie or write nonsense: contained, named, nothing lost.

Each point has two articles. The engine misbehaves at one sentence of one of them: that article
fails with an error that names the sentence or the voice, the other is in the feed, no process is
left. Then the engine behaves, and one run makes the rest, without speaking again what is there.
"""

import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from tests.speak.scripted_server import ScriptedServer
from tests.torture.flips import said
from tests.torture.house import FERRY, STORM, House, Part, gone, new_house, recovered
from tests.torture.invariant import released_guids, violations, whole_clips
from tests.torture.plugin import install, running

#: Only one sentence has it.
WORD = "gales"
TESTS = Path(__file__).parents[1]

PLUGIN_DEEDS = (
    "refuses", "breaks", "nothing", "text", "empty", "half", "odd bytes", "too long", "silence",
    "full scale", "wrong rate", "rate 1", "rate 0", "rate below 0", "rate NaN",
)  # fmt: skip
PROGRAM_DEEDS = (
    "killed", "half a file", "an empty file", "NaN", "wrong rate", "too long", "no frames",
    "killed after half a file", "exits with 3", "a quarter", "silence", "rate 0", "no WAV",
    "no file", "hangs",
)  # fmt: skip
WORKER_DEEDS = (
    "exits", "half a file", "empty file", "garbage", "wrong id", "no object", "no figures",
    "odd figures", "no file", "other file", "fault", "dies at start", "hangs", "never ready",
)  # fmt: skip
SERVER_DEEDS = (
    "500", "empty", "half a file", "wrong rate", "insane rate", "html", "json", "cut", "reset",
    "half, placeholder", "pcm", "503", "404",
)  # fmt: skip
WORKER_VOICE = """\
engine = "torture-worker"
engine_voice = "en-us+f2"
language = "en"
rate_wpm = 170
"""
SERVER_VOICE = """\
engine = "openai"
engine_voice = "alloy"
language = "en"
rate_wpm = 170
base_url = "{url}"
model = "tts-1"
"""


def run(place, *, most=None, seed=0):
    """Let each kind of engine misbehave in each way."""
    del seed
    part = Part(11, "engines that misbehave")
    plugin = install(place / "plugin")
    kinds = {
        "a plugin": (PLUGIN_DEEDS, _plugin),
        "a plugin in a worker": (("dies", "refuses", "breaks", "nothing"), _pooled),
        "a program": (PROGRAM_DEEDS, _program),
        "a worker": (WORKER_DEEDS, _worker),
        "a server": (SERVER_DEEDS, _server),
    }
    if os.name == "nt":
        part.notes.append("a program cannot be stood in for on Windows")
        del kinds["a program"]
    for kind, (deeds, ways) in kinds.items():
        for deed in deeds if most is None else deeds[: max(1, most // len(kinds))]:
            with ways(place, plugin, deed) as (command, env, voices, behave):
                wrong = _strike(part, place, command, env, voices, behave)
            part.points += 1
            if wrong:
                part.violations.append(f"{kind}: {deed}: {'; '.join(wrong)}")
    if most is None:
        wrong = _killed_whole(part, place, plugin)
        part.points += 1
        part.violations += [f"a plugin: dies, and the build with it: {w}" for w in wrong]
    return part


class _Marked(House):
    """A house whose commands, and all that they start, can be told from others."""

    def __init__(self, root, env):
        super().__init__(root)
        # Of flite and of workers: what they leave there is seen.
        temporary = root.parent / "tmp"
        temporary.mkdir(exist_ok=True)
        mark = {"TORTURE_MARK": str(root), "TMPDIR": str(temporary)}
        # The same dictionary, so that the engine can be told to behave.
        env.update(mark)
        object.__setattr__(self, "env", env)

    def run(self, *arguments, env=None, limit_s=300):
        return super().run(*arguments, env={**self.env, **(env or {})}, limit_s=limit_s)

    def left(self):
        """Return the processes and files that are left of commands that have ended."""
        processes = [f"still running: {line}" for line in running(self.root)]
        files = (self.root.parent / "tmp").iterdir()
        return [*processes, *(f"left in the temporary folder: {path.name}" for path in files)]


def _house(place, env, voices):
    house = new_house(place, {"ferry.txt": FERRY, "storm.txt": STORM})
    for name in ("anchor", *(f"guest-{n}" for n in range(1, 7))) if voices else ():
        folder = house.root / "voices"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.toml").write_text(voices, encoding="utf-8")
    return _Marked(house.root, env)


def _strike(part, place, command, env, voices, behave):
    house = _house(place, env, voices)
    run = house.run(*command)
    output = said(run)
    wrong = [f"exit code {run.code}: {output[-400:]}"] if run.code != 1 else []
    if "Traceback" in output:
        wrong.append(f"a traceback: {output[-400:]}")
    if "storm" not in output:
        wrong.append(f"the error names nothing: {output[-400:]}")
    if "defect in audiobrief" in output:
        part.count("told as a defect")
    wrong += violations(house.episodes) + house.left()
    if run.code in {0, 1}:
        told = {Path(e["locator"]).name: e["outcome"] for e in run.json["episodes"]}
        if told != {"ferry.txt": "built", "storm.txt": "failed"}:
            wrong.append(f"outcomes {told}")
    guids, clips = released_guids(house.episodes), whole_clips(house.cache)
    part.count("clips kept", len(clips))
    behave()
    again = []
    wrong += [
        f"after the recovery: {line}" for line in recovered(house, command, guids=guids, told=again)
    ]
    rows = again[0].json.get("episodes", ()) if again[0].stdout else ()
    synthesized = sum(e["synthesized"] for e in rows)
    made = whole_clips(house.cache) - clips
    if synthesized > len(made):
        wrong.append(f"after the recovery: {synthesized} spoken, {len(made)} of them new")
    wrong += [f"after the recovery: {line}" for line in house.left()]
    gone(house)
    return wrong


@contextmanager
def _plugin(_place, plugin, deed):
    """Give an engine of a plugin, in the process of the build."""
    env = {**plugin, "TORTURE_WORD": WORD, "TORTURE_DEED": deed}
    yield (
        ("build", "--engine", "torture", "--json"),
        env,
        "",
        lambda: env.update(TORTURE_DEED="good"),
    )


@contextmanager
def _pooled(_place, plugin, deed):
    """Give an engine of a plugin, in a process of the pool."""
    env = {**plugin, "TORTURE_WORD": WORD, "TORTURE_DEED": deed}
    command = ("build", "--engine", "torture", "--json", "--pool", "local:2")
    yield command, env, "", lambda: env.update(TORTURE_DEED="good")


@contextmanager
def _program(place, _plugin, deed):
    """Give a program in the place of flite, first on the PATH."""
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(name)
        source = (TESTS / "torture" / "flite_stand_in.py").read_text(encoding="utf-8")
        program = folder / "flite"
        program.write_text(f"#!{sys.executable} -IS\n{source}", encoding="utf-8")
        program.chmod(0o755)
        (folder / "word").write_text(WORD)
        (folder / "deed").write_text(deed)
        env = {"PATH": f"{name}{os.pathsep}{os.environ['PATH']}"}
        behave = lambda: (folder / "deed").write_text("good")  # noqa: E731 - short
        yield ("build", "--engine", "flite", "--json"), env, "", behave


@contextmanager
def _worker(place, plugin, deed):
    """Give a worker in the place of the one with espeak-ng in it."""
    with tempfile.TemporaryDirectory(dir=place) as name:
        env = {
            **plugin,
            "TORTURE_PLACE": name,
            "TORTURE_WORKER": str(TESTS / "torture" / "worker_stand_in.py"),
        }
        (Path(name) / "word").write_text(WORD)
        (Path(name) / "deed").write_text(deed)
        behave = lambda: (Path(name) / "deed").write_text("good")  # noqa: E731 - short
        yield ("build", "--json"), env, WORKER_VOICE, behave


@contextmanager
def _server(_place, _plugin, deed):
    """Give a speech server on loopback."""
    now = {"deed": deed}

    def deeds(_number, request):
        return now["deed"] if WORD in request["input"] else "good"

    server = ScriptedServer(deeds)
    try:
        voices = SERVER_VOICE.format(url=server.url)
        yield ("build", "--json"), {}, voices, lambda: now.update(deed="good")
    finally:
        server.close()


def _killed_whole(part, place, plugin):
    """Let a plugin end the build: what it had spoken is kept, and the next run goes on there."""
    env = {**plugin, "TORTURE_WORD": WORD, "TORTURE_DEED": "dies"}
    house = _house(place, env, "")
    command = ("build", "--engine", "torture", "--json")
    died = house.run(*command)
    part.count("builds that died with their engine")
    wrong = [] if died.code == 9 else [f"exit code {died.code}"]
    wrong += violations(house.episodes) + house.left()
    clips = whole_clips(house.cache)
    house.env["TORTURE_DEED"] = "good"
    again = []
    wrong += recovered(house, command, told=again)
    synthesized = sum(e["synthesized"] for e in again[0].json["episodes"])
    if synthesized > len(whole_clips(house.cache) - clips):
        wrong.append("what was spoken is spoken again")
    shutil.rmtree(house.root.parent)
    return wrong
