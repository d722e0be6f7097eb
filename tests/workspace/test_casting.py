"""The casting file: who is always spoken by whom; mistakes with their line."""

import pytest

from audiobrief.errors import WorkspaceError
from audiobrief.pipeline.voices import choose_cast
from audiobrief.workspace.load import load_workspace


def workspace_of(folder, text, **profiles):
    """Return a workspace with this casting file and profiles of the engine for tests."""
    (folder / "voices").mkdir()
    (folder / "voices" / "cast.toml").write_text(text, encoding="utf-8")
    for name, gender in profiles.items():
        profile = f'engine = "tone"\nengine_voice = "tone-1"\ngender = "{gender}"\n'
        (folder / "voices" / f"{name}.toml").write_text(profile, encoding="utf-8")
    (folder / "audiobrief.toml").write_text(
        f"[cast]\nquotes = {[*profiles] or ['guest-1', 'guest-2']}\n", encoding="utf-8"
    )
    return load_workspace(folder)


def mistake(folder, text):
    """Return what is wrong with a casting file."""
    with pytest.raises(WorkspaceError) as caught:
        choose_cast(workspace_of(folder, text))
    return caught.value.problem, caught.value.subject, caught.value.remedy


def test_without_a_file_nobody_is_cast_by_hand(tmp_path):
    """The file is optional."""
    assert load_workspace(tmp_path).parts == ()


def test_a_speaker_is_given_a_voice(tmp_path):
    """By name, also one that is not among the quote voices; the file is no voice profile."""
    workspace = workspace_of(tmp_path, '[speakers]\n"Ana  Ruiz" = "guest-4"\n')
    cast = choose_cast(workspace)
    assert {speaker: voice.name for speaker, voice in cast.given.items()} == {"Ana Ruiz": "guest-4"}
    assert "guest-4" in cast.voices
    assert [voice.name for voice in cast.quotes] == ["guest-1", "guest-2"]
    assert "cast" not in workspace.voices


def test_another_engine_for_the_run_speaks_the_given_voices_too(tmp_path):
    """No voice of another engine is left, and none of its options."""
    workspace = workspace_of(tmp_path, '[speakers]\n"Ana Ruiz" = "guest-4"\n')
    voices = choose_cast(workspace, engine="tone").voices.values()
    assert {(v.engine, v.options) for v in voices} == {("tone", ())}


def test_a_gender_is_looked_for_among_the_profiles_that_say_theirs(tmp_path):
    """Nobody's is guessed."""
    text = '[speakers]\n"Ana Ruiz" = { gender = "female" }\nBo = { voice = "y" }\n'
    cast = choose_cast(workspace_of(tmp_path, text, x="male", y="female", z="female"))
    assert cast.fitting == {"Ana Ruiz": ("y", "z")}
    assert cast.given["Bo"].name == "y"


def test_a_gender_that_no_quote_voice_has_is_an_error(tmp_path):
    """It says which line to write where."""
    text = '# mine\n[speakers]\n"Ana Ruiz" = { gender = "female" }\n'
    with pytest.raises(WorkspaceError) as caught:
        choose_cast(workspace_of(tmp_path, text, x="male"))
    assert caught.value.subject == "voices/cast.toml:3  Ana Ruiz"
    assert 'gender = "female"' in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ('[speakers]\n\n"Ana Ruiz" = "gust-4"\n', "voices/cast.toml:3  Ana Ruiz", "guest-4"),
        ('[speakers]\nAna = { gendr = "female" }\n', "voices/cast.toml:2", '"gender"'),
        ('[speakers]\nAna = { gender = "woman" }\n', "voices/cast.toml:2", "'female' or 'male'"),
        ("[speakers]\nAna = { }\n", "voices/cast.toml:2", 'gender = "female"'),
        ("[speakers]\nAna = 3\n", "voices/cast.toml:2", "text"),
        ('[speaker]\nAna = "guest-4"\n', "voices/cast.toml:1", '"speakers"'),
        ('[speakers]\n"J. R. Doe" = "x y"\n', "voices/cast.toml:2", "name of a voice profile"),
    ],
)
def test_every_mistake_has_its_line_and_its_remedy(tmp_path, text, place, remedy):
    """As in all settings."""
    _, subject, told = mistake(tmp_path, text)
    assert subject.startswith(place)
    assert remedy in told
