"""Single lines of a script file are changed; everything else stays as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from audiobrief.errors import ConflictError, SourceError
from audiobrief.model.change import Join, LeaveOut, Move, Recast, Reword, Seen, Split
from audiobrief.model.script import LedgerRow, Role, Script, Segment
from audiobrief.script import is_untouched, render_script
from audiobrief.script.draft import key_of
from audiobrief.script.revise import restore, revise
from audiobrief.script.sheet import LONGEST_TEXT, plain_line, read_sheet
from audiobrief.script.take_back import undo
from audiobrief.script.written import BETWEEN, parse_script

WHERE = "episodes/x/script.md"
#: What people and machines type: each must come back as it is.
NASTY = (
    "[narrator \u00b7 anchor] It rained.",
    "[brackets] and (parentheses) [ to ] begin",
    "a \u00b7 b \u00b7 c",
    "## not a chapter",
    "# nor a title",
    "--- a rule? ---",
    "- Source: nowhere.txt",
    "- [dropped] a row from below",
    "**bold**, _soft_, `code` and ~~gone~~",
    "a [link](https://example.org) and ![one](x.png)",
    "<b>HTML</b> & <!-- comment --> entities &amp;",
    "<<<<<<< mine",
    "> quoted | table | row",
    "1. first * second",
    "\"Straight\" \u201ccurly\u201d \u00abguillemets\u00bb 'single'",
    "\u05e9\u05dc\u05d5\u05dd \u0639\u0644\u064a\u0643\u0645, he said",
    "\u202eback\u202c to front 1",
    "\U0001f680 rocket and \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1ea\U0001f1fa 1",
    "caf\u00e9 cafe\u0301 \ufb01ne",
    "x" * 5000,
    "many words " * 450,
    "2",
)


def row(role, text, voice="anchor", speaker=None):
    tag = BETWEEN.join(part for part in (role, voice, speaker) if part)
    return f"[{tag}] {text}"


SMALL = "\n".join(
    (
        "# Pier opens",
        "",
        "- Source: a.txt",
        "",
        "## Start",
        "",
        row("host", "Pier opens."),
        "",
        "<!-- ask Ana",
        "about this -->",
        row("narrator", "It rained."),
        row("narrator", "The pier is open."),
        row("quote", '"We tested it,"', "guest-1", "Ana Ruiz"),
        "",
        "## Later",
        "",
        row("narrator", "It rained."),
        "",
        "---",
        "",
        "## Not spoken",
        "",
        "- [page furniture] Share",
        "",
        "<!-- audiobrief: edited by hand -->",
        "",
    )
)


def sheet(text=SMALL):
    return read_sheet(text, where=WHERE)


def said(text):
    return [(x.role, x.voice, x.speaker, x.text) for x in parse_script(text, where=WHERE).lines]


def spot_of(words, text=SMALL):
    return next(spot for spot in sheet(text).spots if spot.line.text == words)


# -- any script, any change -----------------------------------------------------------------------

words = st.one_of(
    st.sampled_from(("It rained.", "No.", "The pier is open.", *NASTY[:12])),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60).map(
        lambda t: f"{' '.join(t.split())} 1".strip()
    ),
).filter(lambda t: not any(ord(c) & 0xFFFE == 0xFFFE for c in t))
people = st.sampled_from((None, "Ana Ruiz", "O'Neill (mayor)"))


@st.composite
def files(draw):
    """Return a script file as builds and people leave it."""
    count = draw(st.integers(2, 9))
    paragraph, segments, chapters = 0, [], 0
    for number in range(count):
        paragraph += draw(st.booleans())
        chapter = None
        if draw(st.integers(0, 4)) == 0:
            chapters += 1
            chapter = f"Part {chapters}"
        speaker = draw(people)
        role = Role.QUOTE if speaker else draw(st.sampled_from((Role.NARRATOR, Role.HOST)))
        voice = draw(st.sampled_from(("anchor", "guest-1")))
        text = draw(words)
        segments.append(
            Segment(
                *(str(number), role, text, text, voice, 0, (0, 0), paragraph),
                speaker=speaker,
                chapter=chapter,
            )
        )
    text = render_script(Script("A title", "en", tuple(segments), ()))
    if draw(st.booleans()):
        rows = text.split("\n")
        spoken = [n for n, r in enumerate(rows) if r.startswith("[")]
        for place in sorted(draw(st.sets(st.sampled_from(spoken), max_size=2)), reverse=True):
            rows[place:place] = ["<!-- a note", "to myself -->"]
        text = "\n".join(rows)
    return text.replace("\n", "\r\n") if draw(st.integers(0, 5)) == 0 else text


def changes(data, spots):
    """Return a change, and what the spoken lines are then; ``None``: it is refused."""
    n = data.draw(st.integers(0, len(spots) - 1))
    before = [(s.line.role, s.line.voice, s.line.speaker, s.line.text) for s in spots]
    make = data.draw(st.sampled_from((reworded, recast, split, joined, moved, left_out)))
    return make(data, spots, n, before)


def reworded(data, spots, n, before):
    new = data.draw(words)
    return Reword(spots[n].id, new), put(before, n, (*before[n][:3], new))


def recast(data, spots, n, before):
    speaker = data.draw(st.sampled_from((None, "", "Bea Moss")))
    voice = data.draw(st.sampled_from(("anchor", "guest-2")))
    role, _, who, text = before[n]
    if speaker is not None:
        narrated = Role.NARRATOR if role is Role.QUOTE else role
        role, who = (Role.QUOTE if speaker else narrated), speaker or None
    return Recast(spots[n].id, voice, speaker), put(before, n, (role, voice, who, text))


def split(data, spots, n, before):
    text = before[n][3]
    at = data.draw(st.integers(0, len(text)))
    parts = [text[:at].strip(), text[at:].strip()]
    is_possible = all(any(map(str.isalnum, part)) for part in parts)
    after = put(before, n, *((*before[n][:3], part) for part in parts))
    return Split(spots[n].id, at), after if is_possible else None


def joined(_data, spots, n, before):
    if n + 1 == len(spots) or before[n + 1][:3] != before[n][:3]:
        return Join(spots[n].id), None
    text = f"{before[n][3]} {before[n + 1][3]}"
    return Join(spots[n].id), put(put(before, n + 1), n, (*before[n][:3], text))


def moved(data, spots, n, before):
    m = data.draw(st.integers(0, len(spots)))
    rest, place = put(before, n), m - (m > n)
    after = [*rest[:place], before[n], *rest[place:]]
    return Move(spots[n].id, spots[m].id if m < len(spots) else None), after


def left_out(_data, spots, n, before):
    return LeaveOut(spots[n].id), put(before, n) or None


def put(rows, n, *new):
    return [*rows[:n], *new, *rows[n + 1 :]]


@settings(max_examples=300, deadline=None)
@given(files(), st.data())
def test_a_change_says_what_was_meant_and_is_taken_back_whole(text, data):
    """The other lines, headings and comments stay; undo gives the same bytes, seal and all."""
    old = sheet(text)
    fix, expected = changes(data, old.spots)
    if expected is None:
        with pytest.raises(SourceError):
            revise(old, fix)
        return
    done = revise(old, fix)
    assert said(done.text) == expected
    if done.text == text:
        assert done.hunks == ()
        return
    assert not is_untouched(done.text)
    assert [r for r in done.text.split("\n") if "my" in r] == [
        r for r in text.split("\n") if "my" in r
    ]
    assert undo(sheet(done.text), done.hunks).text == text
    assert done.text.count("\r\n") in (0, done.text.count("\n"))


@settings(max_examples=100, deadline=None)
@given(files(), st.data())
def test_changes_are_taken_back_in_any_order_where_they_are_of_other_lines(text, data):
    """Two editors in two lines: each takes back the own change only."""
    old = sheet(text)
    places = data.draw(
        st.lists(st.integers(0, len(old.spots) - 1), min_size=2, max_size=2, unique=True)
    )
    first, second = (old.spots[n] for n in places)
    one = revise(old, Reword(first.id, "Somebody said something new 1."))
    two = revise(sheet(one.text), Reword(shifted(one.text, second), "And somebody else, too 2."))
    without_first = undo(sheet(two.text), one.hunks)
    expected = [
        "And somebody else, too 2." if n == places[1] else s.line.text
        for n, s in enumerate(old.spots)
    ]
    assert [s.line.text for s in without_first.spots] == expected
    assert undo(without_first, two.hunks).text == text


@settings(max_examples=100, deadline=None)
@given(files(), st.integers(1, 9), st.data())
def test_a_change_is_taken_back_after_a_build_has_written_more_above_it(text, count, data):
    """As a chapter's heading: the line comes back into its own paragraph."""
    old = sheet(text)
    # Of lines that are the same, the nearest to where it was is taken.
    assume(len({spot.line.text for spot in old.spots}) == len(old.spots))
    fix, expected = changes(data, old.spots)
    assume(expected is not None)
    done = revise(old, fix)
    assert undo(sheet(grown(done.text, count)), done.hunks).text == grown(text, count)


def grown(text, count):
    """Return a file with more empty rows below its title."""
    return text.replace("\n", "\n" * (1 + count), 1)


def shifted(text, spot):
    """Return the id of a line after another one was changed: one repeat less may be before it."""
    return next(s.id for s in sheet(text).spots if s.row == spot.row)


@pytest.mark.parametrize("text", NASTY)
def test_any_text_is_one_line_as_it_was_typed(text):
    """Brackets, points, Markdown, rules, quotation marks, other scripts, 5,000 characters."""
    done = revise(sheet(), Reword(spot_of("The pier is open.").id, text))
    expected = " ".join(text.split())
    assert done.lines_after == (expected,)
    assert [x[3] for x in said(done.text)].count(expected) == 1
    assert len(said(done.text)) == len(said(SMALL))
    assert undo(sheet(done.text), done.hunks).text == SMALL


def test_line_breaks_of_a_client_become_blanks():
    """Of every kind: the text is one line of the file."""
    typed = " One\r\ntwo\u2028three\x0bfour\tfive\n\n[host] six "
    done = revise(sheet(), Reword(spot_of("The pier is open.").id, typed))
    assert done.lines_after == ("One two three four five [host] six",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "nothing to say"),
        (" \n\t ", "nothing to say"),
        ("\u2014 \u2026 !", "nothing to say"),
        ("\U0001f680", "nothing to say"),
        ("It\x00rained.", "control characters"),
        ("It \x1b[31mrained.", "control characters"),
        ("Half \ud83d a sign", "control characters"),
        ("No \ufffe sign", "control characters"),
        ("a" * (LONGEST_TEXT + 1), "characters"),
    ],
)
def test_what_nobody_can_say_is_refused(text, problem):
    """With what is wrong; that nothing is said has a way of its own."""
    with pytest.raises(SourceError, match=problem):
        plain_line(text, WHERE)


def test_the_remedy_of_an_empty_text_is_to_leave_it_out():
    """The editor has meant that."""
    with pytest.raises(SourceError) as caught:
        revise(sheet(), Reword(spot_of("The pier is open.").id, " "))
    assert caught.value.remedy == "leave it out instead"


@pytest.mark.parametrize("name", ["", " ", "\x07", "\u00b7", "a" * 300])
def test_no_name_of_a_speaker(name):
    """A name that cannot stand in a tag is refused; an empty one is nobody."""
    spot = spot_of("It rained.")
    if not name.strip():
        assert revise(sheet(), Recast(spot.id, "anchor", name)).hunks == ()
        return
    with pytest.raises(SourceError):
        revise(sheet(), Recast(spot.id, "anchor", name))


def test_a_speaker_with_the_signs_of_a_tag_keeps_the_words():
    """Brackets and points of a name become others, as in every tag."""
    done = revise(sheet(), Recast(spot_of("It rained.").id, "guest-1", "Ann [MP] \u00b7 York"))
    assert (Role.QUOTE, "guest-1", "Ann (MP) - York", "It rained.") in said(done.text)


# -- the line as it was seen ----------------------------------------------------------------------

SEEN = Seen("The pier is open.", "anchor")


def test_a_line_that_somebody_else_has_changed_is_a_conflict_with_both_versions():
    """By the words that stand at its place now."""
    spot = spot_of("The pier is open.")
    known = [s.id for s in sheet().spots]
    theirs = revise(sheet(), Reword(spot.id, "The pier is closed.")).text
    with pytest.raises(ConflictError) as caught:
        revise(sheet(theirs), Reword(spot.id, "The pier is new."), SEEN, known=known)
    assert (caught.value.mine, caught.value.theirs) == ("The pier is new.", "The pier is closed.")


def test_another_line_that_somebody_else_has_changed_is_none():
    """Two editors in two lines never meet."""
    theirs = revise(sheet(), Reword(spot_of("Pier opens.").id, "A pier opens.")).text
    mine = revise(sheet(theirs), Reword(spot_of("The pier is open.").id, "It is new."), SEEN)
    assert {"A pier opens.", "It is new."} <= {x[3] for x in said(mine.text)}


@pytest.mark.parametrize(
    "seen",
    [
        replace(SEEN, voice="guest-1"),
        replace(SEEN, speaker="Ana Ruiz"),
        replace(SEEN, text="It was open."),
    ],
)
def test_a_line_that_was_seen_otherwise_is_a_conflict(seen):
    """In other words, in another voice, of another speaker."""
    with pytest.raises(ConflictError) as caught:
        revise(sheet(), LeaveOut(spot_of("The pier is open.").id), seen)
    assert caught.value.theirs == row("narrator", "The pier is open.")


def test_a_line_that_is_gone_is_a_conflict():
    """Nothing stands there."""
    spot = spot_of("The pier is open.")
    gone = revise(sheet(), LeaveOut(spot.id)).text
    with pytest.raises(ConflictError) as caught:
        revise(sheet(gone), Reword(spot.id, "New 1."), SEEN, known=[s.id for s in sheet().spots])
    assert caught.value.theirs == ""


def test_repeats_are_told_apart():
    """The second of two equal lines is the second one."""
    key = key_of(Role.NARRATOR, None, "It rained.")
    done = revise(sheet(), Reword(f"{key}-2", "It poured."))
    texts = [x[3] for x in said(done.text)]
    assert texts.index("It rained.") < texts.index("It poured.")
    assert done.after == (key_of(Role.NARRATOR, None, "It poured."),)


def test_a_line_that_was_changed_again_is_not_taken_back_by_an_older_change():
    """The words that came later are shown."""
    spot = spot_of("The pier is open.")
    one = revise(sheet(), Reword(spot.id, "The pier is closed."))
    two = revise(sheet(one.text), Reword(one.after[0], "The pier is gone."))
    with pytest.raises(ConflictError) as caught:
        undo(sheet(two.text), one.hunks, mine="The pier is open.")
    assert caught.value.mine == "The pier is open."
    assert "The pier is gone." in caught.value.theirs


# -- chapters and comments ------------------------------------------------------------------------


def test_a_chapter_whose_only_line_goes_goes_with_it_and_comes_back():
    """No heading stands over nothing."""
    key = key_of(Role.NARRATOR, None, "It rained.")
    done = revise(sheet(), LeaveOut(f"{key}-2"))
    assert "## Later" not in done.text
    assert undo(sheet(done.text), done.hunks).text == SMALL


def test_a_chapter_begins_with_the_next_line_if_its_first_goes():
    """The heading stays where it is."""
    done = revise(sheet(), LeaveOut(spot_of("Pier opens.").id))
    (first, *_) = parse_script(done.text, where=WHERE).lines
    assert (first.text, first.chapter) == ("It rained.", "Start")


def test_the_last_line_stays():
    """An episode says something."""
    text = "# A\n\n[narrator] It rained.\n\n---\n"
    with pytest.raises(SourceError, match="nothing would be left"):
        revise(sheet(text), LeaveOut(sheet(text).spots[0].id))


def test_two_lines_of_two_voices_are_not_joined():
    """Nobody could say which one speaks."""
    with pytest.raises(SourceError, match="same voice"):
        revise(sheet(), Join(spot_of("The pier is open.").id))


# -- sentences that were dropped ------------------------------------------------------------------


def ledger(*rows):
    ids = {spot.line.text: spot.id for spot in sheet().spots}
    return [
        LedgerRow(0, text, (ids[text],), None) if text in ids else LedgerRow(0, text, (), "why")
        for text in rows
    ]


@pytest.mark.parametrize(
    ("rows", "number", "after"),
    [
        (("The pier is open.", "Share", "x 1"), 1, "The pier is open."),
        (("The pier is open.", "a 1", "b 2", '"We tested it,"'), 2, "The pier is open."),
        (("Share", "The pier is open."), 0, "It rained."),
        (("a 1", "Share"), 1, "It rained."),
    ],
)
def test_a_dropped_sentence_comes_back_beside_its_neighbors(rows, number, after):
    """Below the nearer one before it, above the nearer one after it, else at the end."""
    done = restore(sheet(), ledger(*rows), number, voice="anchor")
    texts = [x[3] for x in said(done.text)]
    places = [n for n, text in enumerate(texts) if text == rows[number]]
    assert len(places) == 1
    assert texts[places[0] - 1] == after
    assert undo(sheet(done.text), done.hunks).text == SMALL


def test_the_opening_is_no_neighbor_if_there_is_another():
    """A sentence of the body stays in the body."""
    rows = ledger("Pier opens.", "Share", "x 1", "The pier is open.")
    hosts = frozenset({spot_of("Pier opens.").id})
    done = restore(sheet(), rows, 1, voice="anchor", hosts=hosts)
    texts = [x[3] for x in said(done.text)]
    assert texts[texts.index("Share") + 1] == "The pier is open."


def test_a_sentence_that_is_spoken_does_not_come_twice():
    """Somebody was faster."""
    with pytest.raises(ConflictError):
        restore(sheet(), ledger("The pier is open."), 0, voice="anchor")


@pytest.mark.parametrize("number", [-1, 1, 10**9])
def test_there_is_no_such_sentence(number):
    """A client may send any number."""
    with pytest.raises(SourceError, match="no such sentence"):
        restore(sheet(), ledger("The pier is open."), number, voice="anchor")
