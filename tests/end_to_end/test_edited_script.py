"""A person edits script.md, and the build speaks what the file says."""

import pytest

from tests.support import EDITED, invariant, manifest, only, snapshot


@pytest.fixture
def script(build, workspace):
    """Return the script file of a finished build."""
    build()
    (path,) = workspace.glob("episodes/*/script.md")
    return path


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path.read_bytes()


def texts(workspace):
    return [s["text"] for s in manifest(workspace)["segments"]]


def test_an_edit_is_heard_and_costs_one_clip(build, workspace, script):
    """One clip is spoken, the file stays as it is, and the ledger stays whole."""
    before = manifest(workspace)
    written = change(script, "eleven months", "almost a year")
    assert only(build())["synthesized"] == 1
    after = manifest(workspace)
    assert any("almost a year after a storm" in text for text in texts(workspace))
    assert [row["text"] for row in after["ledger"]] == [row["text"] for row in before["ledger"]]
    assert script.read_bytes() == written
    assert invariant(workspace / "episodes") == []
    files = snapshot(workspace / "episodes")
    assert only(build())["outcome"] == "unchanged"
    assert snapshot(workspace / "episodes") == files


def test_an_edit_outlives_a_change_of_the_article_elsewhere(build, workspace, script):
    """Both are heard, and the person's file is not touched."""
    written = change(script, "eleven months", "almost a year")
    (workspace / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    assert only(build())["outcome"] == "built"
    joined = " ".join(texts(workspace))
    assert "almost a year after" in joined
    assert "seven in the morning" in joined
    assert script.read_bytes() == written


def test_a_conflict_is_shown_and_nothing_is_lost(build, workspace, script):
    """Article and person changed one sentence: the article fails, both versions are named."""
    written = change(script, "six in the morning", "dawn")
    (workspace / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    before = manifest(workspace)
    run = build()
    assert run.code == 1
    error = run.json["episodes"][0]["error"]
    assert "dawn" in error["problem"]
    assert "seven in the morning" in error["problem"]
    assert (script.read_bytes(), manifest(workspace)) == (written, before)
    assert only(build("--keep-script"))["outcome"] == "built"
    assert any("dawn" in text for text in texts(workspace))
    assert only(build())["outcome"] == "unchanged"
    assert script.read_bytes() == written


def test_force_gives_up_the_edits(build, workspace, script):
    """The article's words again, in the sound and in the file."""
    change(script, "six in the morning", "dawn")
    build()
    (workspace / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    assert only(build("--force"))["outcome"] == "built"
    assert any("seven in the morning" in text for text in texts(workspace))
    assert "dawn" not in script.read_text(encoding="utf-8")


def test_an_edit_that_is_taken_back_leaves_no_trace(build, workspace, script):
    """The same bytes as before the edit."""
    original = script.read_bytes()
    name = manifest(workspace)["enclosure"]["file"]
    change(script, "six in the morning", "dawn")
    build()
    script.write_bytes(original)
    assert only(build())["synthesized"] == 0
    assert manifest(workspace)["enclosure"]["file"] == name
    assert "generated" not in manifest(workspace)


def test_a_broken_script_names_its_line(build, workspace, script):
    """A role that does not exist: this article fails, the old episode stays."""
    change(script, "[quote ·", "[singer ·")
    before = snapshot(workspace / "episodes")
    run = build()
    assert (run.code, run.json["episodes"][0]["error"]["problem"]) == (1, '"singer" is no role')
    assert snapshot(workspace / "episodes") == before
