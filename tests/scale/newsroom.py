"""A small newsroom: articles, workspaces that make the same of them, folders held side by side."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.scale.cluster import ROOT

KEYS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}
VOICE = 'engine = "tone"\nengine_voice = "tone"\n'
SETTINGS = """\
[show]
title = "Newsroom"
base_url = "https://pod.example/"
[cast]
narrator = "reader"
quotes = ["guest"]
"""
#: Of manifests: what a build has spoken and found, which depends on who was there before.
COUNTS = ("synthesized", "cached")


def article(number, paragraphs=1):
    """Return an article; every third has no date of its own, and all quote one person."""
    dated = "" if number % 3 == 2 else f"Published 2026-03-{1 + number % 28:02}\n\n"
    body = "\n\n".join(
        f"The ferry {number} across the bay will run again on Monday, in week {n} of spring.\n\n"
        f'"We tested plank {n} of boat {number}," Ana Ruiz said on the pier.'
        for n in range(paragraphs)
    )
    return f"Boat number {number} returns to the harbor\n\n{dated}{body}\n"


def newsroom(root, count, *, settings="", articles=None, paragraphs=1):
    """Make a workspace whose voices are the engine for tests; return it."""
    (root / "articles").mkdir(parents=True)
    (root / "voices").mkdir()
    (root / "audiobrief.toml").write_text(SETTINGS + settings, encoding="utf-8")
    for name in ("reader", "guest"):
        (root / "voices" / f"{name}.toml").write_text(VOICE, encoding="utf-8")
    texts = articles or {f"boat-{n:03}.txt": article(n, paragraphs) for n in range(count)}
    for name, text in texts.items():
        (root / "articles" / name).write_text(text, encoding="utf-8")
    return root


def command(root, *arguments, within=()):
    """Return the command line of a run, on a host."""
    return [*within, sys.executable, "-m", "audiobrief", "-C", str(root), *map(str, arguments)]


def environment(**more):
    """Return the environment of a run: one time for all."""
    own = {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "SOURCE_DATE_EPOCH": "1790000000"}
    return {**os.environ, **KEYS, **own, **more}


def audiobrief(root, *arguments, within=(), env=None, limit_s=300, codes=(0,)):
    """Run the command, on a host; it must end with one of some codes."""
    done = subprocess.run(
        command(root, *arguments, within=within),
        env=environment(**(env or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=limit_s,
        check=False,
    )
    assert done.returncode in codes, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def differences(one, other):
    """Return what is not the same in two folders of episodes, but for counts of builds."""
    mine, theirs = _contents(one), _contents(other)
    return sorted(n for n in mine.keys() | theirs.keys() if mine.get(n) != theirs.get(n))


def _contents(folder):
    return {
        path.relative_to(folder).as_posix(): _content(path)
        for path in folder.rglob("*")
        if path.is_file()
    }


def _content(path):
    raw = path.read_bytes()
    if path.name != "episode.json":
        return raw
    data = json.loads(raw)
    # Of all the rest of the manifest, too.
    data.pop("seal", None)
    for name in COUNTS:
        data["build"].pop(name)
    return data


def spoken(root):
    """Return how many clips each manifest says were spoken for it."""
    return {
        path.parent.name: json.loads(path.read_bytes())["build"]["synthesized"]
        for path in root.glob("episodes/*/episode.json")
    }


@contextmanager
def bucket(host, folder, *, within=(), port=5000):
    """Run moto's S3 on a host, with one empty bucket; give its address."""
    with (folder / "s3.log").open("wb") as log:
        server = subprocess.Popen(
            [*within, sys.executable, "-m", "moto.server", "-H", host, "-p", str(port)],
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        endpoint = f"http://{host}:{port}"
        _make_bucket(server, endpoint, folder)
        yield endpoint
    finally:
        server.kill()
        server.wait(30)


def _make_bucket(server, endpoint, folder):
    end_s = time.monotonic() + 60
    while True:
        # moto takes requests that nobody has signed.
        asked = urllib.request.Request(f"{endpoint}/newsroom", method="PUT")
        try:
            urllib.request.urlopen(asked, timeout=10).close()
        except (urllib.error.URLError, OSError):
            log = Path(folder / "s3.log").read_text(errors="replace")
            assert server.poll() is None, log
            assert time.monotonic() < end_s, log
            time.sleep(0.1)
        else:
            return


def store_settings(endpoint):
    """Return the settings of that bucket."""
    return f'[store]\nurl = "s3://newsroom/pod"\nendpoint = "{endpoint}"\nregion = "us-east-1"\n'
