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


def said(script):
    """Return what stands above the rule."""
    return script.read_text(encoding="utf-8").split("\n---\n")[0].split("\n")


def texts(workspace):
    return [s["text"] for s in manifest(workspace)["segments"]]


def test_an_edit_is_heard_and_costs_one_clip(build, workspace, script):
    """One clip is spoken, the file keeps its spoken lines, and the ledger stays whole."""
    before = manifest(workspace)
    change(script, "eleven months", "almost a year")
    written = said(script)
    assert only(build())["synthesized"] == 1
    after = manifest(workspace)
    assert any("almost a year after a storm" in text for text in texts(workspace))
    assert [row["text"] for row in after["ledger"]] == [row["text"] for row in before["ledger"]]
    assert said(script) == written
    assert invariant(workspace / "episodes") == []
    files = snapshot(workspace / "episodes")
    assert only(build())["outcome"] == "unchanged"
    assert snapshot(workspace / "episodes") == files


def test_an_edit_outlives_a_change_of_the_article_elsewhere(build, workspace, script):
    """Both are heard, and both stand in the file."""
    change(script, "eleven months", "almost a year")
    written = said(script)
    (workspace / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    assert only(build())["outcome"] == "built"
    joined = " ".join(texts(workspace))
    assert "almost a year after" in joined
    assert "seven in the morning" in joined
    assert said(script) == [x.replace("six in the m", "seven in the m") for x in written]
    assert only(build())["outcome"] == "unchanged"


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
    assert "dawn" in " ".join(said(script))


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


def test_a_file_without_a_changed_line_follows_the_article(build, workspace, script):
    """Blank lines at the end are no edit, whatever happens to the article afterwards."""
    script.write_text(script.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    assert only(build())["outcome"] == "unchanged"
    (workspace / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    build()
    assert "seven in the morning" in " ".join(said(script))
    change(script, "seven in the morning", "seven sharp")
    assert only(build())["error"] is None
    assert "seven sharp" in " ".join(texts(workspace))
    assert "generated" in manifest(workspace)


def test_what_was_merged_is_the_ground_of_the_next_edit(build, workspace, script):
    """A line that the article has changed can be edited afterwards, without a conflict."""
    change(script, "eleven months", "almost a year")
    (workspace / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    run = build()
    assert "1 line of yours kept, 1 change of the article taken over" in str(only(run)["notes"])
    change(script, "seven in the morning", "seven sharp")
    assert only(build())["error"] is None
    joined = " ".join(texts(workspace))
    assert "seven sharp" in joined
    assert "almost a year" in joined


def test_comments_of_a_person_stay_where_they_are(build, workspace, script):
    """Above the line above which they were written."""
    old = next(row for row in said(script) if "eleven months" in row)
    change(script, old, "<!-- ask the\nharbor master -->\n" + old.replace("eleven", "twelve"))
    (workspace / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    build()
    rows = said(script)
    place = rows.index("<!-- ask the")
    assert rows[place + 1] == "harbor master -->"
    assert "twelve months" in rows[place + 2]


def test_changes_where_the_file_only_tells_are_told_to_have_no_effect(build, script):
    """The facts at the top, and the lists at the end."""
    change(script, "- Source: articles/ferry.txt", "- Source: elsewhere.txt")
    run = build()
    assert only(run)["outcome"] == "unchanged"
    assert '"- Source: elsewhere.txt" changes nothing' in str(only(run)["notes"])


def test_another_encoding_is_named(build, script):
    """Nothing is guessed of what a person wrote."""
    text = change(script, "six in the morning", "six \u00e0 clock").decode()
    script.write_bytes(text.encode("utf-16"))
    assert build().json["episodes"][0]["error"]["problem"] == "the script is not UTF-8"
