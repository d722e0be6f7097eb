"""Settings: everything optional, every mistake named with its line and its remedy."""

import re
import tomllib
from pathlib import Path

import pytest

from audiobrief.errors import WorkspaceError
from audiobrief.model.audio import Format, SoundSpec
from audiobrief.model.voice import Voice
from audiobrief.workspace.load import load_workspace
from audiobrief.workspace.settings import Settings
from audiobrief.workspace.start import start_workspace
from audiobrief.workspace.toml import SettingsError


def settings_of(folder: Path, text: str):
    """Load a workspace with these settings."""
    (folder / "audiobrief.toml").write_text(text, encoding="utf-8")
    return load_workspace(folder).settings


def mistakes(folder: Path, text: str) -> list[tuple[str, str, str]]:
    """Return all mistakes in these settings."""
    with pytest.raises(SettingsError) as caught:
        settings_of(folder, text)
    errors = [caught.value, *caught.value.others]
    return [(e.problem, e.subject, e.remedy) for e in errors]


def test_an_empty_folder_is_a_workspace_with_defaults(tmp_path):
    """No settings are needed; the show is called like its folder."""
    workspace = load_workspace(tmp_path)
    assert workspace.settings == Settings()
    assert workspace.show_title == tmp_path.name
    assert workspace.sound.loudness_lufs == -16.0


def test_an_unknown_key_is_named_with_its_line_and_a_suggestion(tmp_path):
    """A typo never passes silently."""
    text = '# mine\n[show]\ntitle = "A"\ntitel = "B"\n'
    assert mistakes(tmp_path, text) == [
        ('unknown key "titel"', "audiobrief.toml:4  show.titel", 'did you mean "title"?')
    ]


def test_all_mistakes_are_told_at_once(tmp_path):
    """Nobody mends a file in five rounds."""
    text = "[sound]\nbitrate_kbps = 97\n\n[shwo]\nx = 1\n[cast]\nnarrator = 3\n"
    places = sorted(where.split()[0] for _, where, _ in mistakes(tmp_path, text))
    assert places == ["audiobrief.toml:2", "audiobrief.toml:4", "audiobrief.toml:7"]


@pytest.mark.parametrize(
    ("value", "problem", "remedy"),
    [
        ('["flac", "m4b"]', "formats cannot be 'm4b'", 'did you mean "m4a"?'),
        ('["OPUS"]', "formats cannot be 'OPUS'", 'did you mean "opus"?'),
        ('["mp5x"]', "formats cannot be 'mp5x'", "it should be 'm4a', 'opus', 'flac' or 'wav'"),
        ('["wav", "wav"]', "formats cannot be ['wav', 'wav']", "name each format once"),
        ('"wav"', "formats cannot be 'wav'", 'write a list: ["a", "b"]'),
        ("[3]", "formats cannot be 3", "it should be 'm4a', 'opus', 'flac' or 'wav'"),
    ],
)
def test_a_format_that_there_is_not_is_named_with_its_line(tmp_path, value, problem, remedy):
    """With a suggestion where one is near."""
    text = f"[sound]\nchannels = 1\nformats = {value}\n"
    assert mistakes(tmp_path, text) == [(problem, "audiobrief.toml:3  sound.formats", remedy)]


@pytest.mark.parametrize("value", ["6:30am", "24:00", "6:30"])
def test_a_time_of_day_that_there_is_not_is_told_in_words(tmp_path, value):
    """Nobody reads a pattern."""
    ((problem, _, remedy),) = mistakes(tmp_path, f'[shows.am]\nat = "{value}"\n')
    assert problem == f"at cannot be '{value}'"
    assert remedy == 'write a time of day from "00:00" to "23:59", such as "06:30"'


def test_a_name_that_no_show_can_have_is_told_as_one(tmp_path):
    """By the table that it stands in."""
    ((problem, place, remedy),) = mistakes(tmp_path, '[shows.Morning]\nmakes = "brief"\n')
    assert problem == "shows cannot have the name 'Morning'"
    assert place == "audiobrief.toml:1  shows.Morning"
    assert remedy.startswith("write small letters")


def test_a_table_that_is_wrong_is_not_read_out(tmp_path):
    """What is missing in it is what counts."""
    ((problem, _, remedy),) = mistakes(tmp_path, '[[sources]]\nname = "Harbor Post"\n')
    assert problem == "sources cannot be as it is"
    assert "also needs url" in remedy


def test_formats_come_in_the_order_of_the_settings(tmp_path):
    """They are no part of what the MP3 must be; all that there are can be asked for."""
    (tmp_path / "audiobrief.toml").write_text(
        '[sound]\nformats = ["wav", "m4a", "flac", "opus"]\n', encoding="utf-8"
    )
    workspace = load_workspace(tmp_path)
    assert workspace.formats == (Format.WAV, Format.M4A, Format.FLAC, Format.OPUS)
    assert workspace.sound == SoundSpec()


@pytest.mark.parametrize(
    ("text", "line"),
    [("[show\n", 1), ('[show]\ntitle = "a\n', 2), ("a = 1\na = 2\n", 2)],
)
def test_broken_toml_is_named_with_its_line(tmp_path, text, line):
    """The parser's message comes with the place."""
    ((problem, subject, _),) = mistakes(tmp_path, text)
    assert problem.startswith("no valid TOML")
    assert subject == f"audiobrief.toml:{line}"


def test_bytes_that_are_no_utf8_are_named(tmp_path):
    """An editor's other encoding is told as such."""
    (tmp_path / "audiobrief.toml").write_bytes(b'[show]\ntitle = "Caf\xe9"\n')
    with pytest.raises(SettingsError, match="UTF-8"):
        load_workspace(tmp_path)


@pytest.mark.parametrize("url", ["example.org", "ftp://x/", "https://a b/", ""])
def test_a_base_url_that_no_feed_could_hold_is_refused(tmp_path, url):
    """Feed rule F9: absolute, ASCII, no spaces."""
    ((_, subject, remedy),) = mistakes(tmp_path, f'[show]\nbase_url = "{url}"\n')
    assert subject.endswith("show.base_url")
    assert "http" in remedy


def test_a_base_url_always_ends_in_one_slash(tmp_path):
    """Addresses are made by appending to it."""
    settings = settings_of(tmp_path, '[show]\nbase_url = "https://example.org/pod"\n')
    assert settings.show.base_url == "https://example.org/pod/"


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,-1FR", "FREQ=MONTHLY;BYMONTHDAY=1,-1"]
)
def test_a_frequency_is_a_rule_of_rfc_5545(tmp_path, rule):
    """Section 3.3.10, without an end."""
    settings = settings_of(tmp_path, f'[show]\nupdate_frequency = "{rule}"\n')
    assert settings.show.update_frequency == rule


@pytest.mark.parametrize("rule", ["weekly", "FREQ=HOURLY", "FREQ=DAILY;COUNT=3", "FREQ=DAILY;", ""])
def test_what_is_no_rule_is_refused(tmp_path, rule):
    """Words belong into the show's description."""
    ((_, subject, remedy),) = mistakes(tmp_path, f'[show]\nupdate_frequency = "{rule}"\n')
    assert subject.endswith("show.update_frequency")
    assert "RFC 5545" in remedy


@pytest.mark.parametrize("url", ["http://tip.example/", "tip.example", ""])
def test_money_is_given_by_https(tmp_path, url):
    """Feed rule F9, of addresses in the podcast namespace."""
    ((_, subject, remedy),) = mistakes(tmp_path, f'[show]\nfunding = "{url}"\n')
    assert subject.endswith("show.funding")
    assert "begins with https://" in remedy


@pytest.mark.parametrize("count", [9, 1001])
def test_a_feed_of_too_few_or_too_many_items_is_refused(tmp_path, count):
    """10 to 1000."""
    ((_, subject, _),) = mistakes(tmp_path, f"[publish]\nfeed_items = {count}\n")
    assert subject.endswith("publish.feed_items")


def test_the_template_shows_every_setting_with_its_default(tmp_path):
    """What ``init`` writes, uncommented, gives exactly the settings without a file."""
    start_workspace(tmp_path)
    template = (tmp_path / "audiobrief.toml").read_text(encoding="utf-8")
    assert tomllib.loads(template) == {
        "show": {},
        "cast": {},
        "sound": {},
        "publish": {},
        "cache": {},
        "store": {},
        "pool": {},
        "brief": {},
        "llm": {},
        "network": {},
        "serve": {},
    }
    data = tomllib.loads(re.sub(r"^# (\w+ = )", r"\1", template, flags=re.MULTILINE))
    for name, table in Settings.model_fields.items():
        if name in {"sources", "shows"}:
            continue
        assert set(data[name]) == set(type(table.default).model_fields)
    examples = {
        "title",
        "description",
        "author",
        "email",
        "cover",
        "intro",
        "outro",
        "bed",
        "query",
    }
    examples |= {"contact", "webhook", "model", "api_key_env", "at", "time_zone"}
    examples |= {"inbox_token_env", "hub"}
    examples |= {"season", "update_frequency", "funding", "new_feed_url"}
    examples |= {"endpoint", "region", "keep_episodes", "keep_audio_days"}
    examples |= {"tls_ca", "tls_cert", "tls_key"}
    data["llm"].pop("base_url")
    data["store"].pop("url")
    shown = Settings.model_validate(
        {
            table: {k: v for k, v in values.items() if k not in examples}
            for table, values in data.items()
        }
    )
    assert shown == Settings()


def test_init_never_overwrites(tmp_path):
    """A second ``init`` changes nothing."""
    start_workspace(tmp_path)
    (tmp_path / "audiobrief.toml").write_text("# mine\n", encoding="utf-8")
    made, kept = start_workspace(tmp_path)
    assert made == []
    assert "audiobrief.toml" in kept
    assert (tmp_path / "audiobrief.toml").read_text(encoding="utf-8") == "# mine\n"


def test_the_default_cast_is_shipped(tmp_path):
    """All voices that the defaults name exist in an empty workspace."""
    workspace = load_workspace(tmp_path)
    cast = workspace.settings.cast
    for name in (cast.narrator, *cast.quotes):
        assert workspace.voice(name, wanted_by="test").name == name


def test_a_profile_of_the_workspace_wins_over_the_shipped_one(tmp_path):
    """People change a voice by a file of its name."""
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "anchor.toml").write_text(
        'engine = "tone"\nengine_voice = "tone-1"\nmodel = "m"\n[options]\nkey = "v"\n',
        encoding="utf-8",
    )
    voice = load_workspace(tmp_path).voice("anchor", wanted_by="test")
    assert voice == Voice("anchor", "tone", "tone-1", options=(("key", "v"), ("model", "m")))


def test_a_missing_voice_is_an_error_with_a_suggestion(tmp_path):
    """The error says who asked, and which name is near."""
    with pytest.raises(WorkspaceError) as caught:
        load_workspace(tmp_path).voice("ancor", wanted_by="--voice")
    assert caught.value.subject == "--voice"
    assert 'did you mean "anchor"?' in caught.value.remedy


def test_a_mistake_in_a_profile_is_named_with_its_file(tmp_path):
    """Profiles are held to the same rules as the settings."""
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "x.toml").write_text(
        'engine = "tone"\nengine_voice = "t"\nrate_wmp = 170\n', encoding="utf-8"
    )
    with pytest.raises(SettingsError) as caught:
        load_workspace(tmp_path).voices  # noqa: B018 - reading it loads them
    assert caught.value.subject == "voices/x.toml:3  rate_wmp"
    assert caught.value.remedy == 'did you mean "rate_wpm"?'


def test_settings_that_lead_nowhere_are_told_and_not_passed_over(tmp_path):
    """Without them the show would have another title, and a feed of its own."""
    path = tmp_path / "audiobrief.toml"
    path.symlink_to(path)
    with pytest.raises(WorkspaceError, match="cannot read") as told:
        load_workspace(tmp_path)
    assert told.value.subject == str(path)
