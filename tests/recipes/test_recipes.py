"""Recipes that were not run are at least read by what they are for."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
import yaml

import audiobrief
from audiobrief.bench.texts import sentence
from audiobrief.cli.root import cli
from audiobrief.model.shard import Shard
from audiobrief.pool.dask_address import parse_scheduler
from audiobrief.workspace.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

RECIPES = Path(audiobrief.__file__).parent / "recipes"
UNITS = RECIPES / "systemd"
#: What the shell, a scheduler or parallel puts there.
PUT_IN = {
    "$SLURM_ARRAY_TASK_ID": "3", "$SLURM_ARRAY_TASK_COUNT": "16", "$AWS_BATCH_JOB_ARRAY_INDEX": "3",
    "$JOB_COMPLETION_INDEX": "3", "$I": "3", "{}": "3", "$HOST": "10.0.0.1", "$TMPDIR": "/tmp",
    "$HOME": "/home/news",
}  # fmt: skip


def told_in_the_page() -> Iterator[str]:
    """Yield each command of the page's code blocks and phrases."""
    page = (RECIPES / "newsroom.md").read_text(encoding="utf-8")
    code = re.findall(r"```(?:sh|python)\n(.*?)```", page, re.DOTALL)
    for text in [
        *code,
        *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", page, flags=re.DOTALL)),
    ]:
        # Where a command begins: not the name of a job, of an image, of a certificate.
        starts = r"(?:^|[\"'{]|&& |\|\| |srun |\"sh\", \"-c\", \")\s*"
        told = text.replace("{}", PUT_IN["{}"])
        yield from re.findall(rf"{starts}audiobrief ([a-z-][^\n&|;}}]*)", told, re.MULTILINE)


def told_in_files() -> Iterator[str]:
    """Yield what containers, pods and services run."""
    for service in yaml.safe_load((RECIPES / "compose.yaml").read_text())["services"].values():
        if "entrypoint" not in service:
            yield shlex.join(service["command"])
    for job in yaml.safe_load_all((RECIPES / "kubernetes.yaml").read_text()):
        (container,) = job["spec"]["template"]["spec"]["containers"]
        if container["command"][0] == "audiobrief":
            yield shlex.join(container["command"][1:])
        else:
            yield from re.findall(r"audiobrief (build[^|;}]*)", container["args"][0])
    for path in UNITS.glob("*.service"):
        for line in path.read_text().splitlines():
            if line.startswith("ExecStart="):
                yield line.partition("/bin/audiobrief ")[2]


COMMANDS = sorted({*told_in_the_page(), *told_in_files()})


def arguments_of(command: str) -> list[str]:
    """Return the arguments, as the program gets them."""
    for name, value in sorted(PUT_IN.items(), key=lambda item: -len(item[0])):
        command = command.replace(name, value)
    for quote in "\"'":
        if command.count(quote) % 2:  # it closes what stands around the command
            command = command.rpartition(quote)[0]
    return shlex.split(command)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_program_takes_each_command(command: str) -> None:
    """The real parser reads it: names, flags, shares and addresses."""
    name, *arguments = arguments_of(command)
    assert name in cli.list_commands(click.Context(cli)), command
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    with found.make_context(name, arguments, parent=click.Context(cli)) as context:
        if share := context.params.get("shard"):
            assert Shard.parse(share).count in {4, 8, 16}
        pool = str(context.params.get("pool") or "")
        if pool.startswith("dask:"):
            assert parse_scheduler(pool.replace("HOST", "10.0.0.1"), has_tls=True)


def test_the_recipes_show_every_way_to_many_machines() -> None:
    """Shards, the publisher of shards, the local pool, a scheduler."""
    told = "\n".join(COMMANDS)
    for part in ("--shard ", "publish", "--shards ", "--pool local", "--pool auto", "dask://"):
        assert part in told


def test_settings_in_the_page_are_settings() -> None:
    """What stands there as TOML is accepted."""
    page = (RECIPES / "newsroom.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert blocks
    for block in blocks:
        Settings.model_validate(tomllib.loads(block))


def kubernetes() -> list[dict[str, Any]]:
    text = (RECIPES / "kubernetes.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load_all(text))


def test_the_pods_make_every_share_and_the_publisher_waits_for_as_many() -> None:
    """The number stands in four places, and is one."""
    shards, publisher = kubernetes()
    (shard,) = shards["spec"]["template"]["spec"]["containers"]
    count = shards["spec"]["completions"]
    assert shards["spec"]["completionMode"] == "Indexed"
    assert f'--shard "$JOB_COMPLETION_INDEX/{count}"' in shard["args"][0]
    (publish,) = publisher["spec"]["template"]["spec"]["containers"]
    assert publish["command"] == ["audiobrief", "publish", "--shards", str(count)]


def test_the_scripts_of_the_pods_make_a_day_and_publish_it(tmp_path: Path) -> None:
    """As they stand there, with two shares and paths of ours; a bad article stops nobody."""
    shared, store = tmp_path / "shared", tmp_path / "store"
    (shared / "articles").mkdir(parents=True)
    store.mkdir()
    (shared / "audiobrief.toml").write_text(
        f'[show]\ntitle = "The day"\n[store]\nurl = "{store.as_posix()}"\n'
    )
    for number in range(3):
        text = " ".join(sentence(3 * number + i) for i in range(3))
        (shared / "articles" / f"{number}.txt").write_text(f"Part {number} of a day\n\n{text}\n")
    (shared / "articles" / "short.txt").write_text("No article.")
    shards, publisher = kubernetes()
    (shard,) = shards["spec"]["template"]["spec"]["containers"]
    (publish,) = publisher["spec"]["template"]["spec"]["containers"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for number in range(2):
        workspace = tmp_path / f"pod-{number}"
        workspace.mkdir()
        script = shard["args"][0].replace("/8", "/2").replace("/shared/", f"{shared}/")
        done = subprocess.run(
            [*shard["command"], script.replace("/workspace/", f"{workspace}/")],
            cwd=workspace,
            env={**os.environ, "PATH": path, "JOB_COMPLETION_INDEX": str(number)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert not list(workspace.glob("episodes/*/*.mp3"))
    command = ["2" if part == "8" else part for part in publish["command"]]
    env = {**os.environ, "PATH": path}
    done = subprocess.run(command, cwd=shared, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, "the short one is told again by who publishes"
    assert "short.txt" in done.stderr
    assert len(list(shared.glob("episodes/*/*.mp3"))) == 3
    assert (shared / "episodes" / "feed.xml").exists()


def test_nothing_in_a_container_is_root_or_may_become_it() -> None:
    """Pods and services: another user, a root that cannot be written, no privileges."""
    for job in kubernetes():
        pod = job["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"]
        for container in pod["containers"]:
            rights = container["securityContext"]
            assert rights["readOnlyRootFilesystem"]
            assert not rights["allowPrivilegeEscalation"]
            assert rights["capabilities"] == {"drop": ["ALL"]}
    for service in yaml.safe_load((RECIPES / "compose.yaml").read_text())["services"].values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["user"] == "10001:10001"


def test_no_port_of_the_containers_is_open_to_the_network() -> None:
    """The server is for a proxy on the same machine, and the scheduler for the workers."""
    services = yaml.safe_load((RECIPES / "compose.yaml").read_text())["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze is not installed (Debian: systemd)",
)
def test_the_units_are_right_and_confined(tmp_path: Path) -> None:
    """No word of systemd's checker; its exposure is 1.4 of 10."""
    program = Path(sys.executable).with_name("audiobrief")
    assert program.exists()
    for path in UNITS.iterdir():
        text = path.read_text().replace("/opt/audiobrief/bin/audiobrief", str(program))
        (tmp_path / path.name).write_text(text)
    units = sorted(str(path) for path in tmp_path.iterdir())
    assert len(units) == 4
    analyze = ["systemd-analyze", "--man=no"]
    told = subprocess.run([*analyze, "verify", *units], capture_output=True, text=True, check=False)
    # It also reads units of the system that ours name.
    ours = [line for line in told.stderr.splitlines() if "audiobrief" in line]
    assert (told.returncode, ours) == (0, [])
    for unit in units:
        if unit.endswith(".service"):
            judged = subprocess.run(
                [*analyze, "security", "--offline=true", "--threshold=20", unit],
                capture_output=True,
                text=True,
                check=False,
            )
            assert judged.returncode == 0, judged.stdout


def test_the_hardening_is_the_same_in_each_service() -> None:
    """What one needs less is said in its own lines."""
    services = sorted(UNITS.glob("*.service"))
    confined = {
        path.read_text().partition("# What it may:")[2].partition("\n[Install]")[0].strip()
        for path in services
    }
    assert len(services) == 3
    assert len(confined) == 1
