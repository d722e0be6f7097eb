"""Several processes keep the same things at the same time, in a cache and in a shared store."""

import subprocess
import sys
from hashlib import sha256

from audiobrief.model.audio import Clip
from audiobrief.store.clips import ClipCache
from audiobrief.store.shared import open_store
from tests.store.places import files_of

PROCESSES = 4
KEYS = [sha256(bytes([n])).hexdigest() for n in range(50)]
WRITING = """
import sys
from hashlib import sha256
from audiobrief.model.audio import Clip
from audiobrief.store.clips import ClipCache
from audiobrief.store.shared import open_store
from audiobrief.store.tier import Tier

folder, shared = sys.argv[1:]
sys.stdin.readline()
with Tier(open_store(shared)) as tier:
    clips = ClipCache(folder, tier)
    for turn in range(4):
        for n in range(50):
            key = sha256(bytes([n])).hexdigest()
            clip = Clip(bytes([n, 0]) * 20_000, 22050)
            clips.put(key, clip)
            if clips.get(key) not in (clip, None):
                raise SystemExit(3)
        clips.share(sha256(bytes([n])).hexdigest() for n in range(50))
for warning in (*tier.warnings(), *clips.damaged):
    raise SystemExit(warning)
"""


def test_writers_of_the_same_clips_disturb_each_other_nowhere(tmp_path):
    """Each finds what it has written, whole; nothing unfinished is left."""
    shared = tmp_path / "shared"
    shared.mkdir()
    command = [sys.executable, "-c", WRITING, tmp_path / "cache", shared]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(PROCESSES)
    ]
    for one in running:
        one.stdin.write(b"\n")
        one.stdin.flush()
    ended = [(one.communicate()[1], one.returncode) for one in running]
    assert ended == [(b"", 0)] * PROCESSES
    found = [ClipCache(tmp_path / "cache").get(key) for key in KEYS]
    assert found == [Clip(bytes([n, 0]) * 20_000, 22050) for n in range(50)]
    assert len(list(open_store(str(shared)).names("clips/"))) == 50
    assert not [path for path in files_of(tmp_path) if path.name.startswith(".")]


def test_a_writer_whose_unfinished_file_was_swept_writes_it_once_more(tmp_path, monkeypatch):
    """Its driver was killed, and the next one has swept while it still spoke."""
    cache = ClipCache(tmp_path)
    sweeps = []
    rename = type(tmp_path).replace

    def swept(path, target):
        if not sweeps:
            sweeps.append(path)
            path.unlink()
        return rename(path, target)

    monkeypatch.setattr(type(tmp_path), "replace", swept)
    clip = Clip(bytes(100), 22050)
    cache.put(KEYS[0], clip)
    assert (cache.get(KEYS[0]), len(sweeps)) == (clip, 1)
