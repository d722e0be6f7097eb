"""The transcript as a page."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from audiobrief.tag.transcript_page import render_transcript_html
from tests.publish.shows import make_segments


def page_of(segments=None, title="Ferry returns", language="en"):
    """Return a page, parsed."""
    given_segments = make_segments() if segments is None else segments
    return html.document_fromstring(
        render_transcript_html(given_segments, title=title, language=language)
    )


def test_a_page_has_the_words_of_the_script_and_no_others():
    """T4: a paragraph for what one person says at a stretch."""
    paragraphs = [p.text_content() for p in page_of().xpath("//main/p")]
    assert " ".join(paragraphs) == " ".join(s.text for s in make_segments())
    assert len(paragraphs) == 5


def test_names_stand_where_somebody_else_spoke_before():
    """As the podcast namespace has it: cite, time, p."""
    page = page_of()
    assert page.xpath("//cite/text()") == [
        "Narrator:", "Mara Quist:", "Narrator:", "Jonas Aldermere:",
    ]  # fmt: skip
    times = page.xpath("//time/text()")
    assert times[0] == "0:00"
    assert page.xpath("//time/@datetime")[-1] == "PT10S"
    assert {e.tag for e in page.xpath("//main/*")} == {"h1", "cite", "time", "p"}


def test_a_page_can_be_read_by_a_screen_reader():
    """A language, a title, one heading, and no script."""
    page = page_of(language="de")
    assert page.get("lang") == "de"
    assert page.xpath("//title/text()") == page.xpath("//h1/text()") == ["Ferry returns"]
    assert page.xpath("//script | //@src | //@href") == []


@given(st.text(st.characters(exclude_categories=()), max_size=80))
@settings(deadline=None, max_examples=60)
def test_any_text_stays_text(text):
    """Markup, controls, lone surrogates."""
    segments = tuple(replace(s, text=text, speaker=text) for s in make_segments())
    content = render_transcript_html(segments, title=text, language="en").encode()
    page = html.document_fromstring(content.decode())
    assert {e.tag for e in page.xpath("//main//*")} <= {"h1", "cite", "time", "p"}
