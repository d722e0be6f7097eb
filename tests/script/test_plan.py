"""Scripts: who says what, how long the pauses are, and that nothing is lost."""
# ruff: noqa: RUF001 - IPA is meant

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiobrief.errors import SourceError
from audiobrief.ingest.encoding import decode
from audiobrief.ingest.extract import extract
from audiobrief.ingest.source import Document, DocumentKind
from audiobrief.model.article import Article, Block, BlockKind
from audiobrief.model.script import Role, Script
from audiobrief.script import Casting, Frame, plan
from audiobrief.script.chapters import title_of
from audiobrief.script.finish import PAUSES_MS
from audiobrief.script.phrases import phrases_of
from audiobrief.text.speech.lexicon import Entry, Lexicon

DISCLOSURE, END = phrases_of("en").disclosure, phrases_of("en").end
CASTING = Casting("anchor", ("guest-1", "guest-2"))
BODY = (
    'The pier is open. "We tested every plank of it twice," said Ana Ruiz. Nobody fell in.',
    "Tickets cost $4. That is all.",
)


def article(*paragraphs: str, **more: object) -> Article:
    blocks = [Block(BlockKind.HEADLINE, "Pier opens")]
    blocks += [Block(BlockKind.PARAGRAPH, p) for p in paragraphs]
    blocks.append(Block(BlockKind.FURNITURE, "Share. Like. Follow.", "page furniture: sharing"))
    return replace(Article("Pier opens", tuple(blocks), "a.txt"), **more)  # type: ignore[arg-type]


def planned(*paragraphs: str, **more: object) -> Script:
    return plan(article(*paragraphs, **more), CASTING, frame=Frame(ai_disclosure=True))


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_host_opens_and_closes() -> None:
    """Headline, byline with outlet, disclosure before the body, a last word after it."""
    script = planned(*BODY, byline="Jane Roe", outlet="Valley Post")
    host = [s.text for s in script.segments if s.role is Role.HOST]
    assert host == ["Pier opens", "By Jane Roe, Valley Post.", DISCLOSURE, END]
    assert [s.role is Role.HOST for s in script.segments[:4]] == [True, True, True, False]
    assert {s.paragraph for s in script.segments[:3]} == {0}


def test_only_what_is_certain_is_said() -> None:
    """Without byline, outlet and disclosure the host says the headline alone."""
    script = plan(article(*BODY), CASTING)
    assert [s.text for s in script.segments if s.role is Role.HOST] == ["Pier opens", END]


def test_show_and_date_come_first() -> None:
    """The show is named where somebody has named it, the date where the article has one."""
    source = article(*BODY, published=datetime(2015, 10, 26, tzinfo=UTC))
    texts = [s.text for s in plan(source, CASTING, frame=Frame("Morning Brief")).segments]
    assert (texts[0], texts[-1]) == ("Morning Brief, October 26, 2015.", "That was Morning Brief.")
    british = plan(replace(source, language="en-GB"), CASTING)
    assert british.segments[0].text == "26 October 2015."


def test_our_own_words_are_told() -> None:
    """Every segment that no row of the ledger holds is listed with its reason."""
    script = planned(*BODY)
    own = [s.id for s in script.segments if s.source[0] == s.source[1]]
    assert [(a.segment, a.reason) for a in script.added] == [
        (own[0], "opening: disclosure"),
        (own[1], "closing"),
    ]


LED = (
    "The harbor master, Ana Ruiz, has seen the pier. She spoke in the rain.",
    '"We tested every plank of it twice. Nothing broke at all."',
    "The boats come back on Monday.",
)


def test_a_speaker_whom_nobody_names_is_announced() -> None:
    """Where neither the sentence nor the one before tells it, the narrator says the name."""
    script = planned(*LED)
    at = next(i for i, s in enumerate(script.segments) if s.role is Role.QUOTE)
    lead_in = script.segments[at - 1]
    assert (lead_in.role, lead_in.voice, lead_in.text) == (Role.HOST, "anchor", "Ana Ruiz:")
    assert lead_in.source[0] == lead_in.source[1]
    assert (lead_in.id, "lead-in: names the speaker") in [
        (a.segment, a.reason) for a in script.added
    ]
    assert [s.text for s in script.segments].count("Ana Ruiz:") == 1


def test_a_speaker_named_just_before_is_not_announced() -> None:
    """The sentence before names her."""
    texts = [s.text for s in planned(LED[0].split(". ")[0] + ".", *LED[1:]).segments]
    assert "Ana Ruiz:" not in texts


def test_a_quotation_of_nobody_certain_is_marked() -> None:
    """A paragraph of quotation alone is marked as one; after a colon nothing is added."""
    quote = '"We waited there for three days and nobody came."'
    texts = [s.text for s in planned("It rained on the island.", quote).segments]
    assert texts[texts.index(quote) - 1] == "Quote:"
    texts = [s.text for s in planned("This is what a sign in the harbor says:", quote).segments]
    assert "Quote:" not in texts


def test_a_title_made_of_the_first_sentence_is_not_said_twice() -> None:
    """An article without a headline begins with its first sentence."""
    blocks = (Block(BlockKind.PARAGRAPH, BODY[0]),)
    script = plan(Article(BODY[0][:60] + "\u2026", blocks, "a"), CASTING)
    assert script.segments[0].text == "The pier is open."


def test_a_sentence_is_divided_at_its_quotation() -> None:
    """The quoted part is the speaker's, the rest the narrator's; both point to one row."""
    parts = [s for s in planned(*BODY).segments if "plank" in s.text or "said Ana" in s.text]
    assert [(s.role, s.speaker, s.voice, s.text) for s in parts] == [
        (Role.QUOTE, "Ana Ruiz", "guest-1", '"We tested every plank of it twice,"'),
        (Role.NARRATOR, None, "anchor", "said Ana Ruiz."),
    ]
    assert parts[0].source == parts[1].source


def test_pauses_come_from_the_table() -> None:
    """Opening, inside a sentence, other voice, paragraph, sentence, end."""
    script = planned(*BODY)
    assert [s.pause_after_ms for s in script.segments] == [
        PAUSES_MS["paragraph"],
        PAUSES_MS["section"],
        PAUSES_MS["other voice"],
        PAUSES_MS["inside a sentence"],
        PAUSES_MS["sentence"],
        PAUSES_MS["paragraph"],
        PAUSES_MS["sentence"],
        PAUSES_MS["section"],
        PAUSES_MS["end"],
    ]


def test_the_ledger_tells_every_sentence() -> None:
    """Spoken with its segments, or dropped with its reason, in the order of the source."""
    ledger = planned("One day it rained. * * *").ledger
    assert [(row.text, bool(row.segments), row.reason) for row in ledger] == [
        ("Pier opens", True, None),
        ("One day it rained.", True, None),
        ("* * *", False, "nothing to say: no letter and no digit"),
        ("Share.", False, "page furniture: sharing"),
        ("Like.", False, "page furniture: sharing"),
        ("Follow.", False, "page furniture: sharing"),
    ]


def test_an_edit_changes_one_segment_id() -> None:
    """Ids are made of words and speakers, so the other clips stay good."""
    before = {s.id for s in planned(*BODY).segments}
    after = {s.id for s in planned(BODY[0].replace("Nobody", "Somebody"), BODY[1]).segments}
    assert (len(before - after), len(after - before)) == (1, 1)


def test_moving_a_paragraph_changes_no_id() -> None:
    """Order is no part of an id."""
    assert {s.id for s in planned(*BODY).segments} == {s.id for s in planned(*BODY[::-1]).segments}


def test_the_same_words_twice_have_two_ids() -> None:
    """A repeated sentence is a segment of its own."""
    ids = [s.id for s in planned("It rained. It rained. It rained.").segments][-4:-1]
    assert ids == [ids[0], f"{ids[0]}-2", f"{ids[0]}-3"]


def test_long_articles_have_chapters() -> None:
    """About a minute each, the first at the start, never at a quotation."""
    long = [f"Paragraph {n} tells of the rain. " + "It rained on and on. " * 10 for n in range(20)]
    script = planned(*long)
    starts = [i for i, s in enumerate(script.segments) if s.chapter]
    assert starts[0] == 0
    assert len(starts) >= 4
    assert all(script.segments[i].role is Role.NARRATOR for i in starts[1:])


LONG = "The pier was closed for a year because the planks had rotted in the salt air. " * 4


def headed(*texts: str) -> Script:
    """Plan an article in which the texts that start with "# " are headings."""
    blocks = [Block(BlockKind.HEADLINE, "Pier opens")]
    for text in texts:
        kind = BlockKind.HEADING if text.startswith("# ") else BlockKind.PARAGRAPH
        blocks.append(Block(kind, text.removeprefix("# ").strip()))
    return plan(Article("Pier opens", tuple(blocks), "a"), CASTING)


def chapters(script: Script) -> list[str]:
    return [s.chapter for s in script.segments if s.chapter]


def test_headings_are_chapters() -> None:
    """An article with headings has them as chapters, and no others."""
    assert chapters(headed(LONG, "# What now", LONG)) == ["Introduction", "What now"]


def test_headings_close_to_each_other_are_one_chapter() -> None:
    """A chapter of one sentence is none; its heading is spoken all the same."""
    script = headed(LONG, "# What now", "It opens.", "# And then", LONG)
    assert chapters(script) == ["Introduction", "What now"]
    assert "And then" in [s.text for s in script.segments]


def test_chapters_have_different_titles() -> None:
    """A heading that recurs is numbered."""
    script = headed(LONG, "# Day", LONG, "# Day", LONG)
    assert chapters(script) == ["Introduction", "Day", "Day (2)"]


def test_an_endless_article_has_a_dozen_chapters() -> None:
    """Chapters get longer, not more."""
    assert len(chapters(headed(*[LONG] * 200))) <= 13


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("The mayor told Ana Maria Ruiz to wait for him.", "The mayor told Ana Maria Ruiz\u2026"),
        ("Two days later, the rain fell again on all of us.", "Two days later\u2026"),
        ("It is one of the bridges in the valley.", "It is one of the bridges\u2026"),
        ("Nobody came.", "Nobody came"),
    ],
)
def test_titles_end_at_a_content_word(sentence: str, title: str) -> None:
    """No title ends inside a name or in "of the"."""
    assert title_of(sentence) == title


def test_uncertain_quotations_are_the_narrators() -> None:
    """Where nobody is certain, no voice is given, and a note says so."""
    script = planned('"We shall not pay for any of it," the council said.')
    assert {s.role for s in script.segments} == {Role.HOST, Role.NARRATOR}
    assert script.notes == ("the narrator reads a quotation whose speaker is not certain",)


def test_one_note_counts_all_uncertain_quotations() -> None:
    """Twelve open quotations are one line of the report, not twelve."""
    script = planned(*['"We shall not pay for any of it," the council said.'] * 12)
    assert script.notes == ("the narrator reads 12 quotations whose speaker is not certain",)


def test_one_voice_for_all_on_request() -> None:
    """``quote_voices = false``: the narrator reads everything, the roles stay."""
    script = plan(
        article(*BODY), replace(CASTING, quote_voices=False), frame=Frame(ai_disclosure=True)
    )
    assert {s.voice for s in script.segments} == {"anchor"}
    assert any(s.role is Role.QUOTE for s in script.segments)


def test_the_sample_article_becomes_the_expected_script(shared_sample) -> None:
    """Title once, no furniture, 22 paragraphs, four people in other voices than the narrator's."""
    script = plan(
        extract(Document("a", DocumentKind.TEXT, shared_sample.read_bytes())),
        CASTING,
        frame=Frame(ai_disclosure=True),
    )
    heard = [s.text for s in script.segments]
    assert heard.count("Free Syrian Army rejects Russian proposal to help") == 1
    assert {s.speaker for s in script.segments if s.speaker} == {
        "Sergei Lavrov",
        "Issam al-Reis",
        "Sergei Gavrilov",
        "Louay Al-Safi",
    }
    assert all(s.voice != "anchor" for s in script.segments if s.speaker)
    assert script.segments[-2].paragraph == 22
    added = {a.segment for a in script.added}
    body = [s.text for s in script.segments if s.role is not Role.HOST and s.id not in added]
    assert sum(len(text.split()) for text in body) == 649
    for furniture in ("Share", "4 min read", "Sign up", "terms of service", "Download", "Watch on"):
        assert not any(furniture in text for text in heard)


VOCABULARY = """
the a Mr. Smith said "We shall go now" and \u201cYes, we will\u201d he U.S. 3.5 $5 (on) -- Share
[[x]] \U0001f600 \u202e \u2019s No. 1970s IV ** # >
| \u2018one two\u2019 Jane Roe told . ! ? ... \u00a9 \u201d
"""
WORDS = VOCABULARY.split()
LINES = st.lists(
    st.one_of(
        st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
        st.sampled_from([*BODY, "By Jane Roe", "Pier opens", "Sign up for our newsletter"]),
        st.text(max_size=30),
    ),
    max_size=10,
).map("\n".join)


@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(LINES, st.sampled_from([DocumentKind.TEXT, DocumentKind.MARKDOWN]))
def test_the_ledger_sums_to_the_source(text: str, kind: DocumentKind) -> None:
    """Whatever the text: nothing is lost, nothing is said that nobody wrote, ids are unique."""
    raw = f"Pier opens\n\n{BODY[0]}\n\n{BODY[1]} {BODY[0]}\n\n{text}".encode("utf-8", "replace")
    try:
        source = extract(Document("a", kind, raw))
    except SourceError:
        return
    script = plan(source, CASTING, frame=Frame(ai_disclosure=True))
    ledger = squeezed("".join(row.text for row in script.ledger))
    assert ledger == squeezed("".join(b.text for b in source.blocks))
    if kind is DocumentKind.TEXT:
        assert ledger == squeezed(decode(raw).text)
    assert all(s.spoken for s in script.segments)
    assert len({s.id for s in script.segments}) == len(script.segments)
    for index, row in enumerate(script.ledger):
        own = [s for s in script.segments if index in range(*s.source)]
        assert tuple(s.id for s in own) == row.segments
        if own and own[0].role is not Role.HOST:
            assert squeezed("".join(s.text for s in own)) == squeezed(row.text)


def test_every_pause_is_in_the_table() -> None:
    """No number stands anywhere else."""
    assert {s.pause_after_ms for s in planned(*BODY).segments} <= set(PAUSES_MS.values())


def test_sounds_go_to_the_voices_that_can_be_told() -> None:
    """The others get the respelling; without one the word as printed, and that is said."""
    lexicon = Lexicon((Entry("Ruiz", say="roo-EES", ipa="ruˈis"), Entry("Cai", ipa="kaɪ")))
    body = 'The pier of Cai is open. "We tested every plank of Cai twice," said Ana Ruiz.'
    casting = replace(CASTING, can_say=lambda voice, ipa: voice == "guest-1" and ipa == "kaɪ")
    script = plan(article(body), casting, lexicon=lexicon)
    told = {(s.voice, s.spoken[a:b], ipa) for s in script.segments for a, b, ipa in s.phonemes}
    assert told == {("guest-1", "Cai", "kaɪ")}
    assert any("roo-ees" in s.spoken for s in script.segments)
    (note,) = (note for note in script.notes if "IPA" in note)
    assert note.startswith('"Cai" is read as printed: its lexicon entry has IPA alone')
    assert '"anchor"' in note
