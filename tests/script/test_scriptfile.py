"""The script file: deterministic, readable, sealed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audiobrief.model.article import Article, Block, BlockKind
from audiobrief.script import Casting, Frame, is_untouched, plan, render_script
from audiobrief.script.written import parse_script

TEXT = 'The pier is open. "We tested every plank of it twice," said Ana Ruiz.'
ARTICLE = Article("Pier opens", (Block(BlockKind.PARAGRAPH, TEXT),), "a.txt", notes=("a note",))


def rendered() -> str:
    script = plan(ARTICLE, Casting("anchor", ("guest-1",)), frame=Frame(ai_disclosure=True))
    return render_script(script, ARTICLE)


def test_a_script_is_untouched_until_somebody_edits_it() -> None:
    """One changed letter is noticed; line ends of another system are not an edit."""
    text = rendered()
    assert is_untouched(text)
    assert is_untouched(text.replace("\n", "\r\n"))
    assert not is_untouched(text.replace("plank", "board"))
    assert not is_untouched("# mine\n")


def test_what_cannot_be_seen_comes_not_from_a_script_into_an_episode() -> None:
    """Controls that came with a paste are left out: no feed could hold them."""
    edited = rendered().replace("plank of it", "pl\x00an\x1b[31mk of \ufffeit\x01")
    edited = edited.replace("# Pier", "# \x07Pier", 1)
    written = parse_script(edited, where="script.md")
    assert written.title == "Pier opens"
    assert any("plan[31mk of it" in line.text for line in written.lines)


def test_the_same_script_gives_the_same_bytes() -> None:
    """No clock, no chance."""
    assert rendered() == rendered()


def test_each_segment_is_a_line_of_its_own() -> None:
    """Role, voice and speaker stand before the words."""
    assert (
        '[quote \u00b7 guest-1 \u00b7 Ana Ruiz] "We tested every plank of it twice,"'
        in rendered().split("\n")
    )


@given(st.data())
def test_any_changed_character_breaks_the_seal(data: st.DataObject) -> None:
    """Wherever it stands, and whatever it is changed to."""
    text = rendered()
    place = data.draw(st.integers(0, len(text) - 2))
    other = data.draw(st.characters(exclude_characters=text[place], codec="utf-8"))
    changed = text[:place] + other + text[place + 1 :]
    assert is_untouched(changed) is (changed.replace("\r\n", "\n") == text)
