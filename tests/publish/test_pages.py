"""Pages that work from a disk, without scripts and without other requests."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from audiobrief.model.episode import ArticleRef
from audiobrief.publish.linked_data import describe_episode
from audiobrief.publish.pages import (
    INDEX_ITEMS,
    paragraphs,
    render_episode_page,
    render_index_page,
    render_snippet,
)
from audiobrief.publish.paging import lay_out_pages, newest_first
from tests.publish.shows import make_episode, make_segments, make_show

VOID = {"meta", "link", "img", "br", "input"}
HOSTILE = "</script></style>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}&amp;\u202e\x00"


class Nesting(HTMLParser):
    """Fails where an element is closed that is not open."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, _):
        """Remember what is open."""
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        """Close the innermost element, and no other."""
        assert self.open.pop() == tag


def is_well_nested(page):
    """Return whether every element is closed where it belongs."""
    nesting = Nesting()
    nesting.feed(page)
    nesting.close()
    return nesting.open == []


def test_an_episode_page_has_sound_chapters_and_transcript():
    """Without a script it is text and a player."""
    page = html.fromstring(render_episode_page(make_show(), make_episode()))
    assert page.xpath("//audio/@src") == ["ferry-1a2b3c4d.mp3"]
    assert page.xpath("//audio/@controls") == [""]
    assert page.xpath("//li/@data-seek") == ["0", "4", "8"]
    assert [" ".join(li.text_content().split()) for li in page.xpath("//li[@data-seek]")] == [
        "0:00 Introduction",
        "0:04 Bread & mail",
        "0:08 Fares",
    ]
    assert page.xpath("//*[@class='spoken']/text()") == [s.text for s in make_episode().segments]
    assert page.xpath("//*[@class='speaker']/bdi/text()") == ["Mara Quist", "Jonas Aldermere"]
    assert page.xpath("//a[@download]/@href") == ["ferry-1a2b3c4d.mp3"]
    assert page.xpath("//a[text()='Read the article']/@href") == [
        "https://echo.example/ferry?id=7&page=1"
    ]


def test_pages_ask_nothing_of_the_network():
    """Everything that a browser loads by itself is a relative address."""
    for text in (
        render_episode_page(make_show(), make_episode()),
        render_index_page(make_show(), [make_episode()]),
    ):
        page = html.fromstring(text)
        # What it is called elsewhere is told, and not loaded.
        loaded = page.xpath("//@src | //link[not(@rel='canonical')]/@href")
        assert loaded
        assert not [address for address in loaded if ":" in address or address.startswith("/")]
        assert not re.search(r"@import|url\(|fetch\(", text)


def test_pages_are_structured_for_screen_readers():
    """A language, one main, one h1, headings without gaps, a name for every player."""
    for text in (
        render_episode_page(make_show(), make_episode()),
        render_index_page(make_show(), [make_episode()]),
    ):
        page = html.fromstring(text)
        assert page.get("lang") == "en"
        assert len(page.xpath("//main")) == len(page.xpath("//h1")) == 1
        levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3")]
        assert all(b - a <= 1 for a, b in pairwise(levels))
        assert all(page.xpath("//audio/@aria-label"))
        labels = page.xpath("//@aria-labelledby")
        assert set(labels) <= set(page.xpath("//@id"))


def test_the_same_show_and_episode_give_the_same_page():
    """Nothing in it comes from the clock."""
    first = render_episode_page(make_show(), make_episode())
    assert render_episode_page(make_show(), make_episode()) == first
    assert is_well_nested(first)
    assert is_well_nested(render_index_page(make_show(), [make_episode()]))


def test_hostile_texts_stay_texts():
    """Markup, template code and bidi controls in every field that an article can fill."""
    ref = ArticleRef("1", "a", HOSTILE, HOSTILE, HOSTILE, "javascript:alert(1)")
    segments = tuple(replace(s, text=HOSTILE, speaker=HOSTILE) for s in make_segments())
    episode = make_episode(title=HOSTILE, articles=(ref,), segments=segments)
    show = make_show(title=HOSTILE, description=HOSTILE, author=HOSTILE)
    for text in (render_episode_page(show, episode), render_index_page(show, [episode])):
        assert is_well_nested(text)
        page = html.fromstring(text)
        assert page.xpath("//@onerror") == []
        assert len(page.xpath("//script")) == 3
        assert len(page.xpath("//style")) == 1
        assert "javascript:" not in text
        assert "\u202e" not in text
        assert "49" not in page.xpath("string(//h1)")
        (data,) = page.xpath("//script[@type]/text()")
        assert json.loads(data)["name"].startswith("</script></style>")
        assert "<" not in data


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_any_text_gives_a_page_in_utf_8(text):
    """Lone surrogates included."""
    segments = tuple(replace(s, text=text, speaker=text) for s in make_segments())
    page = render_episode_page(make_show(), make_episode(title=text, segments=segments))
    assert is_well_nested(page.encode().decode())


def test_the_list_has_the_newest_episode_first():
    """And links that work from a disk."""
    old = make_episode()
    new = replace(old, title="Newer", directory="n", published=old.published + timedelta(days=1))
    page = html.fromstring(render_index_page(make_show(), [old, new]))
    assert page.xpath("//h3/a/text()") == ["Newer", "Ferry returns to Harbor Island"]
    assert page.xpath("//h3/a/@href")[0] == "n/index.html"
    assert page.xpath("//code/text()") == ["https://example.org/pod/feed.xml"]
    assert [f"{d}" for d in page.xpath("//h3/following-sibling::p/time/text()")] == [
        "18 May 2024",
        "17 May 2024",
    ]


def test_a_serial_show_tells_which_episode_each_is():
    """Whoever comes to it later looks for the first one; other shows have no numbers."""
    episodes = [
        make_episode(guid="a", directory="a", number=3, season=2),
        make_episode(guid="b", directory="b", number=4),
        make_episode(guid="c", directory="c"),
    ]
    told = {}
    for is_serial in (True, False):
        page = html.fromstring(render_index_page(make_show(is_serial=is_serial), episodes))
        told[is_serial] = [
            "".join(item.xpath(".//h3/following-sibling::p[1]")[0].itertext()).split(" · ")[0]
            for item in page.xpath("//li[.//h3]")
        ]
    assert sorted(told[True]) == ["17 May 2024", "Episode 4", "Season 2, episode 3"]
    assert set(told[False]) == {"17 May 2024"}


def test_a_long_list_is_in_pages():
    """The first one tells how to subscribe; each leads to its neighbors."""
    episodes = [
        make_episode(guid=str(n), directory=f"d{n}", title=f"Episode of day {n}")
        for n in range(250)
    ]
    pages = lay_out_pages(newest_first(episodes), INDEX_ITEMS, "index.html")
    assert [page.file for page in pages] == ["index.html", "index-3.html", "index-2.html"]
    trees = [
        html.fromstring(render_index_page(make_show(), page.episodes, page=page)) for page in pages
    ]
    assert [len(tree.xpath("//h3")) for tree in trees] == [100, 50, 100]
    assert [len(tree.xpath("//code")) for tree in trees] == [1, 0, 0]
    assert [tree.xpath("//nav//a/@href") for tree in trees] == [
        ["index-3.html", "index-2.html"],
        ["index.html", "index.html", "index-2.html", "index-2.html"],
        ["index.html", "index-3.html"],
    ]
    assert trees[1].xpath("//nav//a[@rel='next']/text()") == ["Older episodes"]


def test_a_list_of_one_page_leads_nowhere_else():
    """No navigation of nothing; and the list of shows is named where there is one."""
    text = render_index_page(make_show(), [make_episode()])
    assert "<nav" not in text
    assert "opml" not in text
    others = [("Sport", "sport/index.html")]
    page = render_index_page(make_show(), [make_episode()], others=others, list_file="feeds.opml")
    assert html.fromstring(page).xpath("//a[text()='OPML file']/@href") == ["feeds.opml"]


def test_a_show_without_episodes_says_so():
    """A page of nothing would look broken."""
    assert "There is no episode yet." in render_index_page(make_show(), [])


def test_paragraphs_follow_the_article_and_its_speakers():
    """The opening line by line; a quotation apart from its paragraph's narration."""
    found = [(p.speaker, p.is_quote, len(p.segments)) for p in paragraphs(make_segments())]
    assert found == [
        ("", False, 1),
        ("", False, 1),
        ("", False, 1),
        ("Mara Quist", True, 1),
        ("", False, 1),
        ("Jonas Aldermere", True, 1),
    ]


def policy_of(page):
    """Return the rules of a page's own policy, by directive."""
    (content,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    return dict(rule.strip().split(" ", 1) for rule in content.split(";"))


def source_of(element):
    """Return what a policy calls the content of an element."""
    return f"'sha256-{b64encode(sha256(element.text.encode()).digest()).decode()}'"


def test_only_what_was_written_here_runs():
    """The policy names each script and the style by its digest, and lets nothing else in."""
    for text in (
        render_episode_page(make_show(), make_episode()),
        render_index_page(make_show(), [make_episode()]),
    ):
        page = html.fromstring(text)
        rules = policy_of(page)
        scripts = page.xpath("//script[not(@type)]")
        assert rules["script-src"].split() == [source_of(script) for script in scripts]
        assert rules["style-src"] == source_of(*page.xpath("//style"))
        assert rules["default-src"] == "'none'"
        assert page.xpath("//@style") == []
        assert page.xpath("//@*[starts-with(name(), 'on')]") == []
        # Under 60 KB, as a page may have.
        assert sum(len(script.text.encode()) for script in scripts) < 60_000


def test_machines_are_told_what_the_episode_is():
    """As schema.org and Open Graph have it, with addresses of the web."""
    page = html.fromstring(render_episode_page(make_show(), make_episode(number=7)))
    told = json.loads(page.xpath("//script[@type='application/ld+json']/text()")[0])
    home = "https://example.org/pod/2024-05-17-ferry-returns-to-harbor-island"
    assert (told["@type"], told["duration"], told["episodeNumber"]) == (
        "PodcastEpisode",
        "PT12S",
        7,
    )
    assert told["associatedMedia"]["contentUrl"] == f"{home}/ferry-1a2b3c4d.mp3"
    assert told["partOfSeries"]["webFeed"] == "https://example.org/pod/feed.xml"
    (article,) = told["citation"]
    assert (article["@type"], article["url"]) == (
        "NewsArticle",
        "https://echo.example/ferry?id=7&page=1",
    )
    assert article["author"] == {"@type": "Person", "name": "Lena Ode"}
    assert [(c["startOffset"], c["endOffset"]) for c in told["hasPart"]] == [
        (0, 4),
        (4, 8),
        (8, 12),
    ]
    assert told["hasPart"][1]["url"] == f"{home}/index.html#t=4"
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{home}/index.html"]
    shared = dict(
        zip(page.xpath("//@property"), page.xpath("//*[@property]/@content"), strict=True)
    )
    assert shared["og:title"] == "Ferry returns to Harbor Island"
    assert shared["og:image"] == "https://example.org/pod/cover.jpg"
    assert shared["og:audio"] == f"{home}/ferry-1a2b3c4d.mp3"


def test_what_is_not_known_is_not_told():
    """An article without author, outlet and address is a headline."""
    episode = make_episode(articles=(ArticleRef("1", "a.txt", "Rain"),))
    assert describe_episode(make_show(), episode)["citation"] == [
        {"@type": "NewsArticle", "headline": "Rain"}
    ]


def test_a_private_show_tells_its_addresses_to_nobody():
    """Nothing is named but the feed, where a listener's own address is put in its place."""
    show = make_show(is_private=True)
    home = show.base_url.rstrip("/")
    for text in (
        render_episode_page(show, make_episode()),
        render_index_page(show, [make_episode()]),
    ):
        page = html.fromstring(text)
        (ways,) = page.xpath("//div[@class='ways']")
        assert home in html.tostring(ways, encoding="unicode")
        ways.drop_tree()
        assert home not in html.tostring(page, encoding="unicode")
        assert page.xpath("//script[@type] | //link[@rel='canonical'] | //@property") == []
        assert page.xpath("//*[@id='share'] | //textarea") == []
        assert "antennapod.org" not in text


def test_the_small_player_is_put_into_other_pages_safely():
    """Whatever a title is, it stays the value of an attribute, in the snippet and in ours."""
    episode = make_episode(title=HOSTILE)
    snippet = render_snippet(make_show(), episode)
    frame = html.fromstring(f"<div>{snippet}</div>")
    assert [element.tag for element in frame.iter()] == ["div", "iframe"]
    assert frame.xpath("//iframe/@src") == [
        f"https://example.org/pod/{episode.directory}/index.html?embed"
    ]
    assert frame.xpath("//iframe/@title")[0].startswith("</script></style>\"'>")
    page = html.fromstring(render_episode_page(make_show(), episode))
    assert page.xpath("//textarea/text()") == [snippet]


def test_languages_are_told():
    """Of the texts the episode's, of our own words English; right to left where that is so."""
    page = html.fromstring(render_episode_page(make_show(), make_episode(language="ar-EG")))
    assert (page.get("lang"), page.get("dir")) == ("ar-EG", "rtl")
    assert page.xpath("//h2/@lang") == ["en"] * 3
    assert page.xpath("//section[@aria-labelledby='subscribe']/@dir") == ["ltr"]
    assert page.xpath("//h1/@lang") == []
    german = html.fromstring(render_episode_page(make_show(), make_episode(language="de")))
    assert (german.get("lang"), german.get("dir")) == ("de", None)
    mixed = render_index_page(make_show(), [make_episode(language="de"), make_episode(guid="2")])
    assert html.fromstring(mixed).xpath("//ul[@class='list']/li/@lang") == ["de"]
