"""A real page, scraped badly and built with defaults: what is heard, and what is not."""

import json

import pytest

from tests.support import invariant, run_audiobrief, snapshot

FURNITURE = (
    "Share",
    "4 min read",
    "Published",
    "Updated",
    "Sign up",
    "terms of service",
    "Download our apps",
    "Watch on SBS",
)
QUOTED = ["Sergei Lavrov", "Issam al-Reis", "Sergei Gavrilov", "Issam al-Reis", "Louay Al-Safi"]


@pytest.fixture
def episode(built_sample):
    """Return the manifest of the built page."""
    (path,) = built_sample[0].glob("episodes/*/episode.json")
    return json.loads(path.read_bytes())


def test_one_article_is_one_episode(built_sample):
    """The report names one episode, and the folder is whole."""
    folder, run = built_sample
    (episode,) = run.json["episodes"]
    assert (episode["outcome"], episode["cached"]) == ("built", 0)
    assert invariant(folder / "episodes") == []


def test_the_title_is_spoken_once_and_no_furniture_at_all(episode):
    """Neither what is printed nor what is sent to the engine holds any of it."""
    for field in ("text", "spoken"):
        words = "\n".join(s[field] for s in episode["segments"])
        assert words.count("rejects Russian proposal") == 1
        assert [f for f in FURNITURE if f.lower() in words.lower()] == []


def test_the_body_is_whole(episode):
    """Its first and last sentence, 22 paragraphs, 649 words."""
    body = [s for s in episode["segments"] if s["role"] != "host"]
    assert body[0]["text"].startswith("The Western-backed Free Syrian Army")
    assert body[-1]["text"].endswith("while the political track is being pursued.")
    assert episode["segments"][-2] == body[-1]
    assert len({s["paragraph"] for s in body}) == 22
    assert sum(len(s["text"].split()) for s in body) == 649


def test_the_ledger_is_the_whole_source(episode, shared_sample):
    """Every character of the page stands in the ledger, in order, spoken or with a reason."""
    told = "".join("".join(row["text"].split()) for row in episode["ledger"])
    page = "".join(shared_sample.read_text(encoding="utf-8").split())
    assert told == page
    ids = {s["id"] for s in episode["segments"]}
    for row in episode["ledger"]:
        assert row["spoken"] == bool(row["segments"]) == (row["reason"] is None)
        assert set(row["segments"]) <= ids


def test_the_four_quoted_people_have_voices_of_their_own(episode):
    """Five long quotations by four people, none in the narrator's voice."""
    quotes = [s for s in episode["segments"] if s["role"] == "quote"]
    speakers = [s["speaker"] for n, s in enumerate(quotes) if _begins(quotes, n)]
    assert speakers == QUOTED
    (narrator,) = {s["voice"] for s in episode["segments"] if s["role"] == "narrator"}
    voices = {s["speaker"]: s["voice"] for s in quotes}
    assert narrator not in voices.values()
    assert len(set(voices.values())) == 4


def _begins(quotes, n):
    return n == 0 or quotes[n]["paragraph"] != quotes[n - 1]["paragraph"]


def test_the_byline_and_the_outlet_are_found(episode):
    """They stand at the end of the page, among the furniture."""
    (article,) = episode["articles"]
    assert (article["byline"], article["outlet"]) == ("Greg Dyett", "SBS News")


def test_a_second_build_changes_nothing(sample_copy):
    """0 clips, and no file's time of change moves."""
    before = snapshot(sample_copy / "episodes")
    run = run_audiobrief("build", "article.txt", "--json", cwd=sample_copy)
    (episode,) = run.json["episodes"]
    assert (episode["outcome"], episode["synthesized"]) == ("unchanged", 0)
    assert snapshot(sample_copy / "episodes") == before


def test_one_edited_word_costs_one_clip(sample_copy, episode):
    """And the episode keeps its GUID."""
    path = sample_copy / "article.txt"
    text = path.read_text(encoding="utf-8").replace("almost five years", "nearly five years")
    path.write_text(text, encoding="utf-8")
    run = run_audiobrief("build", "article.txt", "--json", cwd=sample_copy)
    (edited,) = run.json["episodes"]
    assert (edited["synthesized"], edited["guid"]) == (1, episode["guid"])
    assert invariant(sample_copy / "episodes") == []
