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
        deed = data.draw(st.sampled_from(("delete", "double", "change")))
        rows[n] = {"delete": "", "double": f"{rows[n]}\n{rows[n]}", "change": f"{rows[n]} Indeed."}[
            deed
        ]
    try:
        written = parse_script("\n".join(rows), where="s")
        edits = Edits(generated(script), written, "s", VOICES, keep=True)
        now = article(*after)
        result = plan(now, CASTING, frame=FRAME, edits=edits)
    except SourceError:
        return
    assert [r.text for r in result.ledger] == [
        r.text for r in plan(now, CASTING, frame=FRAME).ledger
    ]
    ids = [s.id for s in result.segments]
    assert len(set(ids)) == len(ids)
    for n, row in enumerate(result.ledger):
        own = tuple(s.id for s in result.segments if n in range(*s.source))
        assert row.segments == own
