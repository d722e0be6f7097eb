"""What a disk did not keep: the feed names what is there, and a rerun recovers."""

import errno
import os
from datetime import UTC, datetime

from audiobrief.ingest.source import Candidate, read
from audiobrief.model.report import Result
from audiobrief.pipeline.build import Input, build
from audiobrief.pipeline.options import BuildOptions
from audiobrief.workspace.load import load_workspace
from tests.support import ARTICLE, EDITED, OTHER, invariant

NOW = datetime(2026, 3, 14, tzinfo=UTC)


def test_a_manifest_that_the_disk_did_not_keep_and_the_feed_agree(tmp_path, monkeypatch):
    """The new one is in its place when the disk fails: the feed names the sound that it names."""
    ferry = tmp_path / "articles" / "ferry.txt"
    ferry.parent.mkdir()
    ferry.write_text(ARTICLE, encoding="utf-8")
    workspace = load_workspace(tmp_path)
    options = BuildOptions(engine="tone")
    library = ferry.with_name("library.txt")
    library.write_text(OTHER, encoding="utf-8")
    inputs = [
        Input(path.name, lambda path=path: read(Candidate(path.name, path)), path=path)
        for path in (ferry, library)
    ]
    assert build(workspace, inputs[:1], options=options, now=NOW).error is None
    (first,) = (tmp_path / "episodes").glob("*/episode.json")
    before, keep = first.read_bytes(), os.fsync

    def fail_once(handle):
        is_folder = os.path.samestat(os.fstat(handle), first.parent.stat())
        if is_folder and first.read_bytes() != before:
            monkeypatch.setattr(os, "fsync", keep)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        keep(handle)

    ferry.write_text(EDITED, encoding="utf-8")
    monkeypatch.setattr(os, "fsync", fail_once)
    outcome, other = build(workspace, inputs, options=options, now=NOW).outcomes
    # So that the feed changes.
    assert other.result is Result.BUILT
    assert str(first) in str(outcome.error)
    assert os.fsync is keep
    assert invariant(tmp_path / "episodes") == []
    again = build(workspace, inputs, options=options, now=NOW).outcomes
    assert {outcome.result for outcome in again} <= {Result.BUILT, Result.UNCHANGED}
    assert invariant(tmp_path / "episodes") == []
