"""Whatever is given for a feed: a clear finding, no crash, no flood of memory."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from audiobrief.check.book import MOST_OF_A_RULE, RULES_OF_FEED, Findings
from audiobrief.check.facts import ItemFacts, parse_feed
from audiobrief.check.feed_rules import DOCUMENT_RULES
from audiobrief.check.folder import check_folder, check_path
from audiobrief.check.rule import Level
from audiobrief.check.transcripts import NotATranscriptError, parse_transcript_json

NOW = datetime(2025, 1, 1, tzinfo=UTC)
FEEDS = Path(__file__).parent / "feeds"
GOOD = (FEEDS / "good.xml").read_bytes()
TEXT = GOOD.decode()
BOMB = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rss version="2.0"><channel><title x="&b;&b;&b;">&b;</title></channel></rss>"""


def found_in(path, content):
    """Return what is found in a file of these bytes."""
    path.write_bytes(content)
    return check_path(path, now=NOW)


DOCUMENTS = [
    ("empty", b"", "F1", "the feed is empty"),
    ("blank", b" \n\n ", "F1", "the feed is empty"),
    ("HTML", b"<!doctype html><html><body>404", "F1", "an HTML page"),
    ("XHTML", b"<?xml version='1.0' encoding='UTF-8'?><html><p/></html>", "F1", "an HTML page"),
    ("JSON", b'{"version": "https://jsonfeed.org/version/1.1"}', "F1", "this is JSON"),
    ("words", b"Not found", "F1", "no XML"),
    ("cut off", GOOD[: len(GOOD) // 2], "F1", "no well-formed XML"),
    ("no UTF-8", GOOD.replace(b"Ida", b"\xff\xfe"), "F1", "no well-formed XML"),
    ("entities", BOMB, "F1", "it declares entities"),
    ("a quoted end", BOMB.replace(b"rss [", b'rss SYSTEM "a>b" [ '), "F1", "it declares entities"),
    ("UTF-7", b"<?xml version='1.0' encoding='UTF-7'?>+ADw-rss/+AD4-", "F1", "is in UTF-7"),
    ("an unknown encoding", b"<?xml version='1.0' encoding='X-Y'?><rss/>", "F1", "is in X-Y"),
    ("UTF-16", TEXT.encode("utf-16"), "F1", "the feed is in UTF-16"),
    ("UTF-16 without a mark", TEXT.encode("utf-16-le"), "F1", "the feed is in UTF-16"),
    ("UTF-32", TEXT.encode("utf-32"), "F1", "the feed is in UTF-32"),
    ("gzip", gzip.compress(GOOD), "F1", "compressed with gzip"),
    ("broken gzip", gzip.compress(GOOD)[:40] + b"\0" * 40, "F1", "the feed is empty"),
    ("Latin-1", TEXT.replace("UTF-8", "latin-1").encode("latin-1"), "F1", "is in latin-1"),
    ("RSS 1.0", b"<?xml version='1.0' encoding='UTF-8'?><rdf:RDF/>", "F2", "RSS 1.0"),
    ("OPML", b"<?xml version='1.0' encoding='UTF-8'?><opml/>", "F2", "a list of feeds"),
    (
        "no channel",
        b"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'/>",
        "F2",
        "<channel>",
    ),
    ("deep", b"<rss><channel>" + b"<a>" * 5000, "F1", "no well-formed XML"),
]


@pytest.mark.parametrize(
    ("content", "number", "words"),
    [row[1:] for row in DOCUMENTS],
    ids=[row[0] for row in DOCUMENTS],
)
def test_what_is_no_feed_is_named(tmp_path, content, number, words):
    """By what it is, as a must."""
    found = found_in(tmp_path / "feed.xml", content)
    assert [f for f in found if f.rule == number and f.level is Level.MUST and words in f.message]
    assert not any("<string>" in f.message for f in found)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_a_feed_in_another_encoding_is_read_all_the_same(tmp_path, encoding):
    """Nothing but its encoding is wrong."""
    found = found_in(tmp_path / "feed.xml", TEXT.encode(encoding))
    assert [f.rule for f in found] == ["F1"]


def test_a_zipped_feed_is_read_all_the_same(tmp_path):
    """Nothing but its compression is wrong."""
    assert [f.rule for f in found_in(tmp_path / "feed.xml", gzip.compress(GOOD))] == ["F1"]


def test_items_are_let_go_while_the_feed_is_read():
    """However many there are, the tree holds those of a piece of the file, and none at the end."""
    start, end = GOOD.index(b"<item>"), GOOD.rindex(b"</item>") + len(b"</item>")
    page = parse_feed(GOOD[:end] + GOOD[start:end] * 1500 + GOOD[end:], now=NOW).page
    assert page.totals.item_count == 4503
    most = max(len(item.element.getparent()) for item in page.items())
    assert most < 500
    assert page.channel.all("item") == []


def test_an_element_without_end_is_given_up():
    """Nothing of 20 MB in one item is kept."""
    feed = parse_feed(b"<rss><channel><item>" + b"<a>b</a>" * 2_500_000, now=NOW)
    assert "longer than 8 MB" in feed.page.syntax_error


def test_ten_thousand_findings_are_counted_not_told(tmp_path):
    """The first of a rule are told, the others are one line with their number."""
    body = b"<item><title/></item>" * 1000
    found = found_in(
        tmp_path / "feed.xml", b"<rss version='2.0'><channel>" + body + b"</channel></rss>"
    )
    titles = [f for f in found if f.rule == "I1"]
    assert len(titles) == MOST_OF_A_RULE + 1
    assert sum(f.count for f in titles) == 1000


@pytest.mark.parametrize(
    "url", ["../secret.mp3", "%2e%2e/secret.mp3", "a%00b.mp3", "C:\\x.mp3", "/"]
)
def test_no_address_leads_out_of_a_folder(tmp_path, url):
    """A sound beside the folder is not read for a feed that names it."""
    (tmp_path / "secret.mp3").write_bytes(b"secret")
    folder = tmp_path / "feed"
    folder.mkdir()
    written = GOOD.replace(b"https://media.pier.example/night-ferry.mp3", url.encode())
    (folder / "feed.xml").write_bytes(written)
    assert "has 6 bytes" not in " ".join(f.message for f in check_folder(folder, now=NOW))


def test_a_link_that_leads_out_of_a_folder_is_not_followed(tmp_path):
    """Even where the address stays inside."""
    (tmp_path / "secret.mp3").write_bytes(b"secret")
    folder = tmp_path / "feed"
    folder.mkdir()
    (folder / "feed.xml").write_bytes(GOOD)
    (folder / "night-ferry.mp3").symlink_to(tmp_path / "secret.mp3")
    assert "has 6 bytes" not in " ".join(f.message for f in check_folder(folder, now=NOW))


def changed_tree(random, count):
    """Return the good feed with elements and attributes taken out, doubled or emptied."""
    root = etree.fromstring(GOOD)
    for _ in range(count):
        elements = [e for e in root.iter("*") if e.getparent() is not None]
        if not elements:
            break
        element = random.choice(elements)
        parent = element.getparent()
        match random.randrange(6):
            case 0:
                parent.remove(element)
            case 1:
                parent.append(etree.fromstring(etree.tostring(element)))
            case 2:
                for name in list(element.attrib):
                    del element.attrib[name]
            case 3:
                element.text = random.choice(
                    ["", "1" * 5000, "-1", "NaN", "\u00e9 <b>", "http://["]
                )
            case 4:
                for name in list(element.attrib):
                    element.set(name, random.choice(["", "http://[", "9" * 400, "//", "\u4eac"]))
            case _:
                random.choice(elements).append(etree.Element(element.tag))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def ask_everything(content):
    """Hold bytes against all rules, as the command does."""
    feed = parse_feed(content, now=NOW)
    findings = Findings()
    findings.ask(DOCUMENT_RULES, feed, "feed.xml")
    findings.ask(RULES_OF_FEED, feed, "feed.xml")
    for node in feed.page.items():
        texts = {e.get("url", ""): e.get("type", "") for e in node.all("podcast:transcript")}
        findings.ask_item(ItemFacts(feed, node, texts=texts), "item")
    return findings.as_list("feed.xml")


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_a_mutilated_feed_is_never_an_exception(random, count):
    """Elements and attributes go, come twice, or hold what they should not."""
    ask_everything(changed_tree(random, count))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=20))
def test_flipped_bytes_are_never_an_exception(flips):
    """Most are no XML any more; some still are."""
    content = bytearray(GOOD)
    for place, byte in flips:
        content[place] = byte
    ask_everything(bytes(content))


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_finding_and_never_an_exception(content):
    """Noise is no feed."""
    assert "F1" in {f.rule for f in ask_everything(content)}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["version", "chapters", "segments", "startTime", "endTime", "title"])
            | st.sampled_from(["body", "speaker"]),
            inner | st.sampled_from(["1.0.0", "1.2.0"]),
            max_size=6,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=200) | JSON.map(json.dumps))
def test_any_file_beside_the_feed_is_never_an_exception(text):
    """Transcripts of all kinds and chapters, whatever is in them."""
    kinds = ("text/vtt", "application/x-subrip", "application/json")
    named = "".join(
        f'<podcast:transcript url="https://a.example/{n}" type="{kind}"/>'
        for n, kind in enumerate(kinds)
    )
    feed = parse_feed(TEXT.replace("<podcast:transcript", named + "<x", 1).encode(), now=NOW)
    urls = [f"https://a.example/{number}" for number in range(3)]
    for node in feed.page.items():
        chapters = node.attribute("podcast:chapters", "url")
        texts = dict.fromkeys([*urls, chapters], text)
        findings = Findings()
        findings.ask_item(ItemFacts(feed, node, texts=texts), "item")
        findings.as_list("item")


def test_a_time_that_is_a_long_text_is_refused_without_a_thousand_copies():
    """A string times a thousand is a string: five megabytes would become five gigabytes."""
    row = {"startTime": "9" * 10, "endTime": [1], "body": "x"}
    with pytest.raises(NotATranscriptError, match="lacks something"):
        parse_transcript_json(json.dumps({"version": "1.0.0", "segments": [row]}))
