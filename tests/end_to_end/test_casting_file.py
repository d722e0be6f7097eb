"""``voices/cast.toml``: who is quoted by which voice, in a real build."""

from tests.support import manifest, only


def voice_of(folder, speaker):
    """Return the voice in which a speaker is heard."""
    (voice,) = {s["voice"] for s in manifest(folder)["segments"] if s["speaker"] == speaker}
    return voice


def test_a_speaker_is_recast_by_the_file_and_only_those_words_are_spoken_again(build, workspace):
    """First by turn, then by name, then by gender."""
    only(build())
    assert voice_of(workspace, "Ana Ruiz") == "guest-1"
    path = workspace / "voices" / "cast.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text('[speakers]\n"Ana Ruiz" = "guest-3"\n', encoding="utf-8")
    assert only(build())["outcome"] == "built"
    assert voice_of(workspace, "Ana Ruiz") == "guest-3"
    assert only(build())["outcome"] == "unchanged"
    path.write_text('[speakers]\n"Ana Ruiz" = { gender = "female" }\n', encoding="utf-8")
    only(build())
    assert voice_of(workspace, "Ana Ruiz") == "guest-4"


def test_a_voice_that_is_not_there_stops_with_the_line(build, workspace):
    """Before anything is built."""
    (workspace / "voices").mkdir()
    (workspace / "voices" / "cast.toml").write_text('[speakers]\n"Ana Ruiz" = "gust-3"\n', "utf-8")
    run = build()
    assert run.code == 2
    assert "voices/cast.toml:2" in run.stderr
    assert 'did you mean "guest-3"' in run.stderr
