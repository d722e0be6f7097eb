"""``audiobrief lexicon``: add, list, hear, and exchange words."""

import wave

import pytest

from audiobrief.workspace.load import load_workspace

WORDS = "voices/lexicon/words.toml"


def spoken(audiobrief, word: str) -> str:
    """Return what a voice would get for a word."""
    return audiobrief("lexicon", "test", word, "--no-sound", "--json").json["spoken"]


def test_a_word_is_added_and_said(audiobrief, tmp_path):
    """The line that was written, and the command that lets it be heard."""
    done = audiobrief("lexicon", "add", "Dyett", "DYE-it")
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout == (
        f'{WORDS}  "Dyett" = "DYE-it"\nhear it: audiobrief lexicon test "Dyett"\n'
    )
    assert (tmp_path / WORDS).read_text(encoding="utf-8") == '[words]\n"Dyett" = "DYE-it"\n'
    assert spoken(audiobrief, "Dyett's plan") == "dye-it's plan"


def test_letters_and_ipa_are_ways_too(audiobrief, tmp_path):
    """Each in its line, in order."""
    audiobrief("lexicon", "add", "IS", "--letters", "--exact")
    audiobrief("lexicon", "add", "Cai", "kye", "--ipa", "ka\u026a")
    lines = (tmp_path / WORDS).read_text(encoding="utf-8").splitlines()
    assert lines[1:] == [
        '"IS" = { letters = true, case = true }',
        '"Cai" = { say = "kye", ipa = "ka\u026a" }',
    ]
    assert spoken(audiobrief, "IS is here.") == "I S is here."


def test_an_entry_is_replaced_only_by_force(audiobrief, tmp_path):
    """What a person wrote is not overwritten by mistake; the place and the way out are told."""
    audiobrief("lexicon", "add", "Dyett", "DYE-it")
    again = audiobrief("lexicon", "add", "Dyett", "DIE-et")
    assert again.code == 2
    assert again.stderr == (
        f'error: "Dyett" has an entry already\n  {WORDS}:2\n  fix: add --force to replace it\n'
    )
    dry = audiobrief("lexicon", "add", "Dyett", "DIE-et", "--force", "--dry-run", "--json")
    assert dry.json == {"file": WORDS, "line": '"Dyett" = "DIE-et"', "written": False}
    assert spoken(audiobrief, "Dyett") == "dye-it"
    assert audiobrief("lexicon", "add", "Dyett", "DIE-et", "--force").code == 0
    assert spoken(audiobrief, "Dyett") == "die-et"
    assert audiobrief("lexicon", "add", "Dyett", "DIE-et").code == 0


def test_a_word_that_another_file_would_win_is_refused(audiobrief):
    """Nobody adds an entry and hears the old one."""
    audiobrief("lexicon", "add", "Dyett", "one", "--file", "a")
    hidden = audiobrief("lexicon", "add", "Dyett", "two")
    assert hidden.code == 2
    assert "fix: replace it there: --file a --force" in hidden.stderr
    assert audiobrief("lexicon", "add", "Dyett", "two", "--file", "a", "--force").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["", "x"],
        ["Dyett"],
        ["Dyett", "x", "--letters"],
        ["Dyett", "[[x]]"],
        ["Dyett", "x", "--file", "../x"],
        ["-", "x"],
    ],
)
def test_nonsense_is_refused(audiobrief, tmp_path, arguments):
    """In three lines, and nothing is written."""
    done = audiobrief("lexicon", "add", *arguments)
    assert done.code == 2
    assert len(done.stderr.splitlines()) == 3
    assert not (tmp_path / "voices").exists()


def test_a_broken_file_is_named_before_anything_is_written(audiobrief, tmp_path):
    """With its line, whatever was asked for."""
    (tmp_path / "voices" / "lexicon").mkdir(parents=True)
    (tmp_path / WORDS).write_text("[words]\nDyett = {}\n", encoding="utf-8")
    for arguments in (["add", "Safi", "saffy"], ["list"], ["test", "Safi", "--no-sound"]):
        done = audiobrief("lexicon", *arguments)
        assert done.code == 2
        assert f"{WORDS}:2" in done.stderr


def test_the_list_says_where_each_word_stands_and_who_wins(audiobrief):
    """Own and shipped; one that is overridden is marked."""
    audiobrief("lexicon", "add", "Kyiv", "KEE-yiv")
    rows = audiobrief("lexicon", "list", "--json").json["words"]
    kyiv = [
        (r["say"], r["origin"].split(":")[0], r["overridden"]) for r in rows if r["word"] == "Kyiv"
    ]
    assert kyiv == [
        ("KEE-yiv", WORDS, False),
        ("KEEV", "shipped voices/lexicon/en.toml", True),
    ]
    listed = audiobrief("lexicon").stdout
    assert listed == audiobrief("lexicon", "list").stdout
    rows = [" ".join(line.split()) for line in listed.splitlines() if line.startswith("Kyiv")]
    assert rows[0] == f"Kyiv KEE-yiv {WORDS}:2"
    assert rows[1].endswith(" (overridden)")


def test_a_word_can_be_heard(audiobrief, tmp_path):
    """Which entry applies, what the voice gets, and a WAV file of it."""
    done = audiobrief("lexicon", "test", "The Kyiv plan")
    assert done.code == 0
    entry, gets, file = done.stdout.splitlines()
    assert entry.startswith("Kyiv: KEEV  shipped voices/lexicon/en.toml:")
    assert gets == "the voice gets: The keev plan"
    assert file.startswith("hear-the-kyiv-plan.wav  ")
    with wave.open(str(tmp_path / "hear-the-kyiv-plan.wav")) as sound:
        assert sound.getnframes() > 5_000


def test_a_word_without_an_entry_is_told_with_the_command_that_adds_one(audiobrief):
    """And what a voice makes of it can be heard all the same."""
    done = audiobrief("lexicon", "test", "Gavrilov", "--no-sound")
    assert done.stdout == (
        'no entry: audiobrief lexicon add "Gavrilov" "\u2026"\nthe voice gets: Gavrilov\n'
    )


DIRECT = 'engine = "espeak"\nengine_voice = "en-us+f2"\n'


def test_ipa_reaches_the_voices_that_can_be_told(audiobrief, tmp_path):
    """pyttsx3 cannot, and that is said; espeak can, and is heard in the respelled word's place."""
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "direct.toml").write_text(DIRECT, "utf-8")
    audiobrief("lexicon", "add", "Cai", "--ipa", "ka\u026a")
    deaf = audiobrief("lexicon", "test", "Cai", "--no-sound")
    assert "note: this voice cannot be told this IPA" in deaf.stdout
    assert deaf.stdout.endswith("the voice gets: Cai\n")
    told = audiobrief("lexicon", "test", "Cai's plan", "-v", "direct", "--json").json
    assert told["phonemes"] == [[0, 3, "ka\u026a"]]
    assert told["spoken"] == "Cai's plan"
    assert 400 < told["duration_ms"] < 1_500
    shown = audiobrief("lexicon", "test", "Cai's plan", "-v", "direct", "--no-sound").stdout
    assert shown.endswith("the voice gets: /ka\u026a/'s plan\n")
    assert "note" not in shown


def test_words_go_out_and_come_back_as_pls(audiobrief, tmp_path):
    """For other programs, and from them; nothing is overwritten without --force."""
    audiobrief("lexicon", "add", "Dyett", "DYE-it")
    assert audiobrief("lexicon", "export", "own.pls", "--json").json["words"] == 1
    out = audiobrief("lexicon", "export", "words.pls", "--all", "--json")
    assert out.json["written"]
    assert audiobrief("lexicon", "export", "words.pls").code == 2
    other = tmp_path / "other"
    other.mkdir()
    back = audiobrief("lexicon", "import", "../words.pls", cwd=other)
    assert back.stdout == f"{WORDS}  {out.json['words']} words\n"
    assert audiobrief("lexicon", "import", "../words.pls", cwd=other).code == 2
    assert audiobrief("lexicon", "import", "none.pls", cwd=other).code == 2
    there, here = (load_workspace(p).lexicon_for("en").entries for p in (other, tmp_path))
    assert set(there) == set(here)


def test_a_word_for_one_language_hides_one_for_all(audiobrief, tmp_path):
    """As a script in that language has it: the file whose name comes first wins."""
    folder = tmp_path / "voices" / "lexicon"
    folder.mkdir(parents=True)
    (folder / "radio.toml").write_text('language = "en"\n[words]\nTarn = "one"\n', "utf-8")
    (folder / "words.toml").write_text('[words]\nTarn = "two"\n', "utf-8")
    rows = audiobrief("lexicon", "list", "--json").json["words"]
    assert [(r["say"], r["overridden"]) for r in rows if r["word"] == "Tarn"] == [
        ("one", False),
        ("two", True),
    ]


@pytest.mark.parametrize(
    ("arguments", "place", "remedy"),
    [
        (["", "x"], "WORD", "name a word of the text"),
        (["-", "x"], '"-"', "name a word of the text"),
        (["Tarn"], '"Tarn"', 'add what to say: audiobrief lexicon add "Tarn" "\u2026"'),
        (["Tarn", "x", "--letters"], '"Tarn"', 'lexicon add "Tarn" --letters'),
        (["Tarn", "[[tarn]]"], '"Tarn"', 'audiobrief lexicon add "Tarn" "tarn"'),
    ],
)
def test_a_refused_word_is_told_with_its_own_remedy(audiobrief, arguments, place, remedy):
    """The command that would have been right, and a place that says something."""
    problem, where, fix = audiobrief("lexicon", "add", *arguments).stderr.splitlines()
    assert problem.startswith("error: ")
    assert where == f"  {place}"
    assert remedy in fix


def test_an_empty_exchange_is_an_error(audiobrief, tmp_path):
    """Nobody takes a file without words for one that was read, or for one worth sending."""
    empty = '<lexicon xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" version="1.0"/>'
    (tmp_path / "empty.pls").write_text(empty, encoding="utf-8")
    done = audiobrief("lexicon", "import", "empty.pls")
    assert (done.code, done.stderr.splitlines()[0]) == (2, "error: no word of it can be taken over")
    assert not (tmp_path / "voices").exists()
    done = audiobrief("lexicon", "export", "own.pls")
    assert (done.code, "--all" in done.stderr) == (2, True)
    assert not (tmp_path / "own.pls").exists()
