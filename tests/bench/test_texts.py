"""The bench's own words: as many as are wanted, no two sentences alike, all of them spoken."""

from audiobrief.bench.parts import MOST_ROUNDS
from audiobrief.bench.texts import MOST_TURNS, article, edited_sentence, sentence
from audiobrief.ingest.extract import extract
from audiobrief.ingest.source import Document, DocumentKind
from audiobrief.script.cast import Casting
from audiobrief.script.plan import plan


def planned(text):
    """Return the script of an article."""
    document = Document("bench.txt", DocumentKind.TEXT, text.encode())
    return plan(extract(document), Casting("anchor", ("guest-1", "guest-2")))


def test_no_two_sentences_of_ten_hours_are_alike():
    """Else one clip would do for both."""
    assert len({sentence(number) for number in range(8000)}) == 8000


def test_there_is_a_word_for_every_round():
    """More rounds than words cannot be asked for."""
    assert MOST_TURNS >= MOST_ROUNDS


def test_an_edit_changes_one_word_to_a_new_one_at_each_turn():
    """A word that was there before would be in the cache."""
    texts = [sentence(7), *(edited_sentence(7, turn) for turn in range(MOST_TURNS))]
    assert len(set(texts)) == len(texts)
    first, *others = (text.split() for text in texts)
    assert all(sum(a != b for a, b in zip(first, o, strict=True)) == 1 for o in others)


def test_all_of_an_article_is_spoken_by_several_voices():
    """No sentence is taken for page furniture, and quotations have speakers."""
    script = planned(article(60))
    assert [row.text for row in script.ledger if row.reason] == []
    assert {segment.voice for segment in script.segments} == {"anchor", "guest-1", "guest-2"}
    assert script.notes == ()


def test_one_edited_word_changes_one_segment():
    """The measured edit is as small as it says."""
    before = [segment.spoken for segment in planned(article(60)).segments]
    after = [segment.spoken for segment in planned(article(60, edit=(30, 0))).segments]
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
