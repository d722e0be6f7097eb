"""A person's edits of the script file: taken, carried over changes of the article, never lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.errors import ScriptConflictError, SourceError
from audiobrief.model.article import Article, Block, BlockKind
from audiobrief.model.script import Generated, GeneratedLine, Role, Script
from audiobrief.script import Casting, Edits, Frame, parse_script, plan, render_script

CASTING = Casting("anchor", ("guest-1", "guest-2"))
VOICES = frozenset(("anchor", "guest-1", "guest-2", "spare"))
FRAME = Frame("Morning Brief", ai_disclosure=True)
BODY = (
    "The pier is open. Nobody fell in.",
    '"We tested every plank of it twice," said Ana Ruiz.',
    "Tickets cost $4. The boats leave at noon. That is all.",
)
SHARE = "page furniture: sharing"


def article(*paragraphs: str) -> Article:
    blocks = [Block(BlockKind.HEADLINE, "Pier opens")]
    blocks += [Block(BlockKind.PARAGRAPH, p) for p in paragraphs]
    return Article("Pier opens", (*blocks, Block(BlockKind.FURNITURE, "Share", SHARE)), "a.txt")


def generated(script: Script) -> Generated:
    lines = (GeneratedLine(s.id.partition("-")[0], s.voice, s.chapter) for s in script.segments)
    return Generated(script.title, tuple(lines))


def edited(source: Article, change, *, now: Article | None = None, keep: bool = False) -> Script:
    """Return the script after somebody has changed the text of its file."""
    first = plan(source, CASTING, frame=FRAME)
    text = change(render_script(first, source))
    edits = Edits(
        generated(first), parse_script(text, where="script.md"), "script.md", VOICES, keep
    )
    return plan(now or source, CASTING, frame=FRAME, edits=edits)


def before(row: str, text: str) -> str:
    """Return a script file with a row put in before the last paragraph of the article."""
    return text.replace("[narrator \u00b7 anchor] Tickets", f"{row}\n\n[narrator] Tickets")


def texts(script: Script) -> list[str]:
    return [s.text for s in script.segments]


def ledger(script: Script) -> dict[str, str | None]:
    return {row.text: row.reason for row in script.ledger}


def test_an_edit_touches_only_its_segment() -> None:
    """One word changed: one id changes, and the sentence counts as spoken."""
    before = plan(article(*BODY), CASTING, frame=FRAME)
    after = edited(article(*BODY), lambda t: t.replace("Nobody", "Hardly anybody"))
    changed = [s for s in after.segments if s.id not in {b.id for b in before.segments}]
    assert [s.text for s in changed] == ["Hardly anybody fell in."]
    (row,) = {r.text: r for r in after.ledger}["Nobody fell in."].segments
    assert row == changed[0].id
    assert [s.pause_after_ms for s in after.segments] == [s.pause_after_ms for s in before.segments]


def test_a_deleted_line_has_its_reason() -> None:
    """What a person takes out is not spoken, and the ledger says who did it."""
    script = edited(article(*BODY), lambda t: t.replace("[narrator · anchor] That is all.\n", ""))
    assert "That is all." not in texts(script)
    assert ledger(script)["That is all."] == "left out by hand in script.md"


def test_an_added_line_is_told() -> None:
    """Words that no source has are listed with what is added; without brackets, the narrator's."""
    script = edited(article(*BODY), lambda t: t.replace("\n\n---", "\n\nMind the gap.\n\n---"))
    own = script.segments[-1]
    assert (own.text, own.role, own.voice) == ("Mind the gap.", Role.NARRATOR, "anchor")
    assert (own.id, "by hand in script.md") in [(a.segment, a.reason) for a in script.added]


def test_a_dropped_line_can_be_spoken_after_all() -> None:
    """A sentence moved up from "Not spoken" is the source's, and its row says so."""
    script = edited(article(*BODY), lambda t: t.replace("\n\n---", "\n\n[narrator] Share\n\n---"))
    assert ledger(script)["Share"] is None


def test_a_line_can_be_given_to_another_voice_and_person() -> None:
    """Role, voice and speaker are edited like words."""
    script = edited(
        article(*BODY),
        lambda t: t.replace("quote · guest-1 · Ana Ruiz", "quote · spare · Ana Maria Ruiz"),
    )
    quote = next(s for s in script.segments if s.role is Role.QUOTE)
    assert (quote.voice, quote.speaker) == ("spare", "Ana Maria Ruiz")


def test_title_and_chapters_are_edited_like_words() -> None:
    """The episode takes its title and chapters from the file."""
    script = edited(
        article(*BODY),
        lambda t: t.replace("# Pier opens", "# The pier", 1).replace(
            "[narrator · anchor] Tickets", "## Prices\n\n[narrator · anchor] Tickets"
        ),
    )
    assert script.title == "The pier"
    assert [s.chapter for s in script.segments if s.chapter] == ["Introduction", "Prices"]


def test_a_chapter_outlives_its_first_line() -> None:
    """The article has changed the sentence below the title that a person put in."""
    change = "## Prices\n\n[narrator \u00b7 anchor] Tickets"
    for last in ("Tickets cost $6. The boats leave at noon. That is all.", "That is all."):
        script = edited(
            article(*BODY),
            lambda t: t.replace("[narrator \u00b7 anchor] Tickets", change),
            now=article(*BODY[:2], last),
        )
        assert [s.chapter for s in script.segments if s.chapter] == ["Introduction", "Prices"]


@pytest.mark.parametrize("rule", ["---", "***", "_ _ _", "----"])
def test_a_rule_between_paragraphs_ends_nothing(rule: str) -> None:
    """What is spoken ends at the rule above what is only told."""
    script = edited(article(*BODY), lambda t: before(rule, t))
    assert texts(script) == texts(plan(article(*BODY), CASTING, frame=FRAME))


def test_emphasis_is_taken_off_what_a_person_wrote() -> None:
    """Stars are not spoken; those of the article are its own."""
    source = article("It **was** so.", "Nobody fell in.")
    script = edited(source, lambda t: t.replace("Nobody", "**Hardly** _any_ `body`"))
    assert {"It **was** so.", "Hardly any body fell in."} <= set(texts(script))


def test_a_moved_paragraph_keeps_its_rows() -> None:
    """Nothing that is heard counts as left out, wherever it is heard."""

    def moved(text: str) -> str:
        tag = "[narrator \u00b7 anchor]"
        first = f"{tag} The pier is open.\n{tag} Nobody fell in.\n\n"
        assert first in text
        return text.replace(first, "").replace(
            "[narrator \u00b7 anchor] Tickets", first + "[narrator] Tickets"
        )

    script = edited(article(*BODY), moved)
    assert set(ledger(script).values()) == {None, SHARE}
    for segment in script.segments:
        rows = [script.ledger[n].text for n in range(*segment.source)]
        assert not rows or segment.text in " ".join(rows)


def test_of_equal_dropped_rows_each_is_spoken_once() -> None:
    """Two sentences moved up are two rows, in their order."""
    source = article(*BODY)
    twice = replace(source, blocks=(*source.blocks, source.blocks[-1]))
    one = edited(twice, lambda t: t.replace("\n\n---", "\n\n[narrator] Share\n\n---"))
    assert [row.reason for row in one.ledger if row.text == "Share"] == [None, SHARE]
    row = "[narrator] Share\n"
    both = edited(twice, lambda t: t.replace("\n\n---", f"\n\n{row}{row}\n---"))
    assert [row.reason for row in both.ledger if row.text == "Share"] == [None, None]


def test_an_edited_line_follows_the_settings() -> None:
    """A voice that nobody has chosen is the settings', whatever else was edited in its line."""
    first = plan(article(*BODY), CASTING, frame=FRAME)
    text = render_script(first, article(*BODY)).replace("Nobody", "Hardly anybody")
    text = text.replace("plank of it twice", "plank of it")
    written = parse_script(text, where="s")
    edits = Edits(generated(first), written, "s", ("spare", "other"))
    script = plan(article(*BODY), Casting("spare", ("other",)), frame=FRAME, edits=edits)
    assert {s.role: s.voice for s in script.segments} == {
        Role.HOST: "spare",
        Role.NARRATOR: "spare",
        Role.QUOTE: "other",
    }


def test_a_name_in_the_place_of_the_voice_is_cast() -> None:
    """``[quote · Bo Lind]``: a person, who gets a voice as people do."""
    script = edited(article(*BODY), lambda t: before('[quote \u00b7 Bo Lind] "It was fun."', t))
    said = next(s for s in script.segments if s.text == '"It was fun."')
    assert (said.speaker, said.voice) == ("Bo Lind", "guest-2")


@pytest.mark.parametrize("tag", ["NARRATOR \u00b7 spare", "narrator - spare", "Narrator|spare"])
def test_a_tag_is_read_as_people_type_it(tag: str) -> None:
    """Capitals, and signs that stand on every keyboard."""
    script = edited(article(*BODY), lambda t: before(f"[{tag}] It rained.", t))
    assert next(s.voice for s in script.segments if s.text == "It rained.") == "spare"


def test_all_conflicts_are_told_at_once() -> None:
    """With their lines."""
    now = article(BODY[0].replace("open", "shut"), BODY[1], BODY[2].replace("$4", "$6"))
    with pytest.raises(ScriptConflictError, match=r"in 2 places.*line \d+.*shut.*line \d+.*\$6"):
        edited(article(*BODY), lambda t: t.replace("$4", "$5").replace("open", "new"), now=now)


def test_a_typed_paragraph_is_divided_into_sentences() -> None:
    """Each is spoken, cued and accounted for on its own."""
    typed = " ".join(f"Sentence number {n} of a long talk." for n in range(60))
    script = edited(article(*BODY), lambda t: before(typed, t))
    own = [s for s in script.segments if s.text.startswith("Sentence number")]
    assert (len(own), len({s.paragraph for s in own})) == (60, 1)


def test_edits_are_carried_over_a_change_elsewhere() -> None:
    """The article changed in one place, the person in another: both are heard."""
    now = article(BODY[0], BODY[1], BODY[2].replace("noon", "one"))
    script = edited(article(*BODY), lambda t: t.replace("Nobody", "Somebody"), now=now)
    assert "Somebody fell in." in texts(script)
    assert "The boats leave at one." in texts(script)


def test_edits_beside_a_change_are_carried_over() -> None:
    """Also in the next sentence."""
    now = article(BODY[0], BODY[1], BODY[2].replace("noon", "one"))
    script = edited(article(*BODY), lambda t: t.replace("$4", "$5"), now=now)
    assert {"Tickets cost $5.", "The boats leave at one."} <= set(texts(script))


def test_a_conflict_names_both_versions() -> None:
    """The same sentence changed on both sides: nobody guesses."""
    now = article(BODY[0], BODY[1], BODY[2].replace("$4", "$6"))
    with pytest.raises(ScriptConflictError, match=r"Tickets cost \$5.*Tickets cost \$6") as caught:
        edited(article(*BODY), lambda t: t.replace("$4", "$5"), now=now)
    assert caught.value.subject.startswith("script.md:")


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    """Whoever writes the article's new words has settled it."""
    now = article(BODY[0], BODY[1], BODY[2].replace("$4", "$5"))
    script = edited(article(*BODY), lambda t: t.replace("$4", "$5"), now=now)
    assert "Tickets cost $5." in texts(script)


def test_a_conflict_is_settled_for_good_by_keeping_the_script() -> None:
    """``--keep-script`` once: later builds know which words of the article were passed over."""
    now = article(BODY[0], BODY[1], BODY[2].replace("$4", "$6"))
    change = {"text": ""}

    def five(text: str) -> str:
        change["text"] = text.replace("$4", "$5")
        return change["text"]

    script = edited(article(*BODY), five, now=now, keep=True)
    assert "Tickets cost $5." in texts(script)
    assert script.generated is not None
    written = parse_script(change["text"], where="script.md")
    again = plan(
        now, CASTING, frame=FRAME, edits=Edits(script.generated, written, "script.md", VOICES)
    )
    assert texts(again) == texts(script)


def test_a_chosen_voice_survives_another_cast() -> None:
    """New voices in the settings change the lines that nobody has touched."""
    first = plan(article(*BODY), CASTING, frame=FRAME)
    text = render_script(first, article(*BODY)).replace(
        "[narrator · anchor] Nobody", "[narrator · spare] Nobody"
    )
    written = parse_script(text, where="s")
    other = Casting("guest-2", ("guest-1",))
    script = plan(
        article(*BODY), other, frame=FRAME, edits=Edits(generated(first), written, "s", VOICES)
    )
    by_text = {s.text: s.voice for s in script.segments}
    assert by_text["Nobody fell in."] == "spare"
    assert by_text["The pier is open."] == "guest-2"


@pytest.mark.parametrize(
    ("change", "problem", "place"),
    [
        (lambda t: t.replace("\n---\n", "\n"), 'the line "---"', "script.md"),
        (lambda t: t.replace("# Pier opens", "Pier opens"), "the title is missing", "script.md:1"),
        (lambda t: t.replace("[quote", "[guest"), '"guest" is no role', "script.md:"),
        (lambda t: t.replace("guest-1", "ghost"), 'there is no voice "ghost"', "script.md:"),
        (lambda _: "# Pier opens\n\n---\n", "nothing is left to speak", "script.md"),
        (lambda _: "\n\n", "the script is empty", "script.md:1"),
        (lambda t: t.replace("r] Nobody", "r Nobody"), "the bracket is not closed", "script.md:"),
        (lambda t: before("<<<<<<< HEAD", t), "a merge has left its marks", "script.md:"),
        (lambda t: before("=======", t), "a merge has left its marks", "script.md:"),
        (lambda t: before("### Prices", t), "a heading", "script.md:"),
        (lambda t: before("# Prices", t), "a heading", "script.md:"),
        (lambda t: before("- four dollars", t), "a list", "script.md:"),
        (lambda t: before("* four dollars", t), "a list", "script.md:"),
        (lambda t: before("- [page furniture: sharing] Share", t), "a line from below", "scr"),
        (lambda t: before("> So they say.", t), "a quotation mark of Markdown", "script.md:"),
        (lambda t: before("| a | b |", t), "a table", "script.md:"),
        (lambda t: before("```", t), "a block of code", "script.md:"),
        (lambda t: before("<!-- ask her", t), "a comment has no end", "script.md:"),
        (lambda t: before("See [this](https://a.example).", t), "a link", "script.md:"),
        (lambda t: before("A <b>bold</b> one.", t), "HTML", "script.md:"),
        (lambda t: before("It is ~~not~~ here.", t), "struck-out words", "script.md:"),
        (lambda t: before("**[narrator]** It rained.", t), "a tag stands inside", "script.md:"),
        (lambda t: t.replace("Nobody", "[No](x)"), "a link", "script.md:"),
        (lambda t: f"{t}\n[narrator] It rained.\n", "a spoken line stands below", "script.md:"),
        (lambda t: before("[narator] It rained.", t), '"narator" is no role', "script.md:"),
        (lambda t: before("[quote \u00b7 gest-1] Yes.", t), 'there is no voice "gest-1"', "scr"),
    ],
)
def test_mistakes_name_their_line(change, problem: str, place: str) -> None:
    """What, where and how to mend it."""
    with pytest.raises(SourceError) as caught:
        edited(article(*BODY), change)
    assert caught.value.problem.startswith(problem)
    assert caught.value.subject.startswith(place)


SENTENCES = st.sampled_from(
    (
        "It rained.",
        "The mayor left early.",
        '"We shall never pay for any of it," said Bo Lind.',
        "Bo Lind has told it all: “The pier was rotten from end to end.”",
        "[sic] it said.",
        "- a dash begins it",
        "## no heading",
        "# no title",
        "---",
        "<!-- no comment -->",
        "1. first",
        "A · B · C",
    )
)
ARTICLES = st.lists(
    st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=6
).filter(lambda ps: any(c.isalnum() for p in ps for c in p))


@settings(max_examples=200, deadline=None)
@given(ARTICLES, st.booleans())
def test_reading_back_gives_the_script(paragraphs: list[str], disclosed: bool) -> None:
    """Rendered and parsed, every line is what it was; and applied without an edit, the script."""
    source, frame = article(*paragraphs), Frame("Show", ai_disclosure=disclosed)
    script = plan(source, CASTING, frame=frame)
    written = parse_script(render_script(script, source), where="s")
    assert written.title == script.title
    assert [(x.role, x.voice, x.speaker, x.text, x.chapter) for x in written.lines] == [
        (s.role, s.voice, s.speaker, s.text, s.chapter) for s in script.segments
    ]
    edits = Edits(generated(script), written, "s", VOICES)
    again = plan(source, CASTING, frame=frame, edits=edits)
    same = replace(again, notes=script.notes, generated=None)
    assert same == script


@settings(max_examples=200, deadline=None)
@given(ARTICLES, ARTICLES, st.data())
def test_whatever_is_edited_the_ledger_is_whole(
    before: list[str], after: list[str], data: st.DataObject
) -> None:
    """Lines deleted, doubled, changed, and another article beneath: every row has its fate."""
    source = article(*before)
    script = plan(source, CASTING, frame=FRAME)
    rows = render_script(script, source).split("\n")
    spoken = [n for n, row in enumerate(rows[: rows.index("---")]) if row.startswith("[")]
    for n in data.draw(st.lists(st.sampled_from(spoken), max_size=3, unique=True)):
        deed = data.draw(st.sampled_from(("delete", "double", "change", "voice", "type")))
        rows[n] = {
            "delete": "",
            "double": f"{rows[n]}\n{rows[n]}",
            "change": f"{rows[n]} Indeed.",
            "voice": rows[n].replace("anchor", "guest-2", 1),
            "type": f"{rows[n]}\n\n## Typed\nIt is **typed**. It is two.",
        }[deed]
    try:
        written = parse_script("\n".join(rows), where="s")
        edits = Edits(generated(script), written, "s", VOICES, keep=True)
        now = article(*after)
        result = plan(now, CASTING, frame=FRAME, edits=edits)
    except SourceError:
        return
    if result.generated is not None:
        text = render_script(result, now)
        written = parse_script(text, where="s")
        spoken = [s.id.partition("-")[0] for s in result.segments]
        edits = Edits(result.generated, written, "s", VOICES, spoken=spoken)
        again = plan(now, CASTING, frame=FRAME, edits=edits)
        assert replace(again, news=()) == replace(result, news=())
    assert [r.text for r in result.ledger] == [
        r.text for r in plan(now, CASTING, frame=FRAME).ledger
    ]
    ids = [s.id for s in result.segments]
    assert len(set(ids)) == len(ids)
    for n, row in enumerate(result.ledger):
        own = tuple(s.id for s in result.segments if n in range(*s.source))
        assert row.segments == own
