"""Show notes, addresses and categories."""

import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from audiobrief.errors import WorkspaceError
from audiobrief.model.episode import ArticleRef, Chapter, summarize
from audiobrief.model.script import Role
from audiobrief.publish.address import episode_address, show_address, web_address
from audiobrief.publish.categories import CATEGORIES, Category, parse_category
from audiobrief.publish.notes import (
    NOTES_TAGS,
    chapter_lines,
    clean,
    render_content,
    render_description,
)
from tests.publish.shows import NARRATED, make_cast, make_episode, make_segments, make_show


def test_a_description_holds_summary_source_disclosure_and_chapters():
    """In this order, with empty lines between."""
    episode = make_episode(segments=make_cast(Mara="guest-1", Jonas="guest-2"))
    parts = render_description(episode, ai_disclosure=True).split("\n\n")
    assert parts[0].startswith("The ferry to Harbor Island sails again")
    assert parts[1] == (
        "\u201cFerry returns to Harbor Island\u201d by Lena Ode, The Echo: "
        "https://echo.example/ferry?id=7&amp;page=1"
    )
    voices = "Made with a synthetic voice. Read by anchor; quotations by guest-1 and guest-2."
    assert parts[2:] == [
        f"Quoted: Mara Quist and Jonas Aldermere.\n{voices}",
        "00:00:00 Introduction\n00:00:04 Bread &amp; mail\n00:00:08 Fares",
    ]


def test_a_summary_ends_with_a_sentence_whoever_speaks_in_it():
    """A quotation and who says it share their row, and so they come together or not at all."""
    first, *_ = make_segments()
    said = [
        ("Volunteers planted the first of 4,000 lime trees on Saturday, said the city. " * 2, 0),
        ("\u201cA lime tree feeds a hive for two weeks,\u201d", 1),
        (f"said the biologist Tom Okafor, who leads the count of bees {'far and near ' * 9}.", 1),
        ("The trees cost 180 euros each.", 2),
    ]
    segments = [
        replace(first, role=Role.NARRATOR, text=text.strip(), source=(row, row + 1))
        for text, row in said
    ]
    assert summarize(segments) == said[0][0].strip()
    assert summarize(segments[1:], limit=400) == " ".join(s.text for s in segments[1:])
    assert summarize(segments, limit=50).endswith("\u2026")


@pytest.mark.parametrize(("count", "is_listed"), [(40, True), (60, True), (400, False)])
def test_the_list_of_chapters_is_whole_or_absent(count, is_listed):
    """The rest gives way to it as far as 4000 bytes allow (feed rule C3)."""
    chapters = tuple(Chapter(f"Chapter with a title, number {n}", n * 1000) for n in range(count))
    episode = make_episode(chapters=chapters)
    description = render_description(episode, ai_disclosure=True)
    assert len(description.encode()) <= 4000
    lines = [line for line in chapter_lines(episode) if line in description]
    assert len(lines) == (count if is_listed else 0)
    content = render_content(episode, ai_disclosure=True)
    assert all(line in content for line in chapter_lines(episode))


def test_a_programme_links_every_source():
    """As a list, each with who wrote it; and the plain form has the addresses."""
    articles = tuple(
        ArticleRef(str(n), "a", f"Story {n}", "Lena Ode", None, f"https://echo.example/{n}?a=1&b=2")
        for n in range(6)
    )
    episode = make_episode(articles=articles)
    content = html.fragment_fromstring(
        render_content(episode, ai_disclosure=True), create_parent=True
    )
    assert content.xpath("ul/li/a/@href") == [ref.url for ref in articles]
    assert content.xpath("ul/li/a/text()") == [ref.headline for ref in articles]
    description = unescape(render_description(episode, ai_disclosure=True))
    assert all(f"by Lena Ode: {ref.url}" in description for ref in articles)


def test_a_description_gives_way_by_parts():
    """Addresses of forty sources have no room: their headlines have, and the chapters."""
    articles = tuple(
        ArticleRef(str(n), "a", f"Story {n}", url=f"https://echo.example/{'x' * 90}/{n}")
        for n in range(40)
    )
    description = render_description(make_episode(articles=articles), ai_disclosure=True)
    assert len(description.encode()) <= 4000
    assert "\u201cStory 39\u201d" in description
    assert "https://" not in description
    assert description.endswith("00:00:08 Fares")


def test_a_long_list_of_people_is_counted():
    """Twenty names and how many more."""
    segment = make_segments()[3]
    people = tuple(replace(segment, speaker=f"Person {n}") for n in range(23))
    episode = make_episode(segments=people)
    notes = render_description(episode, ai_disclosure=False)
    assert "Person 19 and 3 more." in notes
    assert "Person 20" not in notes


def test_without_disclosure_no_voice_is_named():
    """The setting is the user's; people who are quoted are named all the same."""
    content = render_content(make_episode(), ai_disclosure=False)
    assert "anchor" not in content
    assert "Quoted: Mara Quist and Jonas Aldermere." in content


@settings(deadline=None, max_examples=100)
@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_notes_are_of_the_tags_that_apps_show(text):
    """Whatever a page puts into a headline or a name (feed rule I10)."""
    ref = ArticleRef("1", "a", text, text, text, f"https://a.example/{text}")
    segments = tuple(replace(s, text=text, speaker=text) for s in make_segments())
    episode = make_episode(title=text, articles=(ref,), segments=segments)
    content = render_content(episode, ai_disclosure=True)
    elements = html.fragment_fromstring(content, create_parent=True).iterdescendants()
    assert {element.tag for element in elements} <= NOTES_TAGS
    assert clean(content) == content


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        "<svg/onload=alert(1)>",
        "<!-- <b>x</b> -->",
        "<p style='x'>a",
        "<iframe src='https://a.example'></iframe>",
    ],
)
def test_markup_that_apps_refuse_is_cleaned_away(markup):
    """No script, no picture, no style, no comment; and what is clean stays as it is."""
    cleaned = clean(markup)
    assert not re.search(r"script|onerror|onload|style|javascript|<!--|<iframe|<img|<svg", cleaned)
    assert clean(cleaned) == cleaned


def test_a_description_is_never_empty():
    """An episode without words of its own has its title."""
    episode = make_episode(segments=(), chapters=(), articles=())
    assert render_description(episode, ai_disclosure=False) == "Ferry returns to Harbor Island"


def test_notes_name_what_is_known_and_no_more():
    """No byline, no outlet, no address."""
    articles = (ArticleRef("1", "a", "Rain <ahead>"),)
    episode = make_episode(chapters=(), articles=articles, segments=make_segments(NARRATED))
    content = render_content(episode, ai_disclosure=False)
    assert content.endswith("<p>Rain &lt;ahead&gt;</p>")
    assert "\u201cRain &lt;ahead&gt;\u201d" in render_description(episode, ai_disclosure=False)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//a.example",
        "https://",
        "http://[",
        "x",
    ],
)
def test_what_is_no_web_address_is_dropped(url):
    """Nothing but absolute http and https."""
    assert web_address(url) is None


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.example/b%20c?d=e&f#g", "https://a.example/b%20c?d=e&f#g"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/"),
        ("https://user:secret@a.example/", "https://a.example/"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ('https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E"),
        ("https://a.example/a\nb", "https://a.example/a%20b"),
    ],
)
def test_web_addresses_are_ascii_without_credentials(url, address):
    """What is encoded already stays as it is."""
    assert web_address(url) == address


def test_addresses_begin_with_the_base_url():
    """With or without a slash at its end."""
    show = make_show(base_url="https://example.org/pod")
    assert show_address(show, "feed.xml") == "https://example.org/pod/feed.xml"
    assert episode_address(show, make_episode(directory="d"), "a b.mp3") == (
        "https://example.org/pod/d/a%20b.mp3"
    )


def test_a_base_url_that_is_none_is_a_mistake_of_the_caller():
    """Settings are checked before."""
    with pytest.raises(ValueError, match="no http"):
        show_address(make_show(base_url="ftp://example.org/"), "x")


def test_every_category_of_apple_is_understood():
    """As the list spells it, and in small letters with `and`."""
    for name, subs in CATEGORIES.items():
        assert parse_category(name) == Category(name)
        for sub in subs:
            text = f"{name}>{sub}".lower().replace("&", "and")
            assert parse_category(text) == Category(name, sub)


def test_a_category_near_to_none_gets_the_whole_list():
    """There is nothing to guess."""
    with pytest.raises(WorkspaceError) as caught:
        parse_category("zzzzzz")
    assert caught.value.remedy.startswith("choose one of: Arts, Business")
