"""`check ADDRESS`: real feeds from real servers, each wrong in one thing."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audiobrief.check.rule import Level
from audiobrief.check.web import check_url
from audiobrief.errors import NetworkError, UnsafeAddressError
from audiobrief.net.probe import Prober
from audiobrief.net.rules import ClientRules
from tests.check.house import RSS, plain_png, served

NOW = datetime(2025, 1, 1, tzinfo=UTC)
FEEDS = Path(__file__).parent / "feeds"
VTT = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n<v Ida>The sea.\n"
CHAPTERS = {"version": "1.2.0", "chapters": [{"startTime": 0, "title": "The sea"}]}
COVER = plain_png(1400)
SOUND = b"ID3\x03" + b"\x00" * 90_000


def furnish(house, name="good.xml"):
    """Put a feed and all that it names into a server; return its address."""
    text = (FEEDS / name).read_text(encoding="utf-8")
    text = text.replace("cover.jpg", "cover.png")
    for site in ("https://media.pier.example", "https://pier.example"):
        text = text.replace(site, house.base)
    for size in ("4944000", "7860000", "6480000"):
        text = text.replace(f'length="{size}"', f'length="{len(SOUND)}"')
    for seconds in ("412", "655", "540"):
        text = text.replace(f">{seconds}<", ">30<")
    house.files["/feed.xml"] = (RSS, text.encode() + b" " * 12_000)
    house.files["/cover.png"] = ("image/png", COVER)
    for slug in ("night-ferry", "salt-and-iron", "buoys"):
        house.files[f"/{slug}.mp3"] = ("audio/mpeg", SOUND)
        house.files[f"/{slug}.vtt"] = ("text/vtt", VTT.encode())
        chapters = json.dumps(CHAPTERS).encode()
        house.files[f"/{slug}.json"] = ("application/json+chapters", chapters)
    return f"{house.base}/feed.xml"


@pytest.fixture
def house():
    """Return a server with a good feed."""
    with served() as house:
        furnish(house)
        yield house


def ask(house, path="/feed.xml", **options):
    """Return what is found at an address of a server."""
    rules = ClientRules(delay_s=0.0, allowed_hosts=("127.0.0.1",), deadline_s=10.0)
    with Prober(rules) as prober:
        return check_url(f"{house.base}{path}", prober, now=NOW, **options)


def numbers(findings):
    """Return the numbers of what is found."""
    return {finding.rule for finding in findings}


def edit(house, good, bad):
    """Change the feed that is served."""
    kind, content = house.files["/feed.xml"]
    assert good.encode() in content
    house.files["/feed.xml"] = (kind, content.replace(good.encode(), bad.encode(), 1))


def test_a_good_feed_on_a_good_server_has_no_findings(house):
    """Neither a must nor a should."""
    assert ask(house) == []


FAULTS = [
    ("no 304", "H1", Level.SHOULD),
    ("no ETag", "H1", Level.SHOULD),
    ("no Last-Modified", "H1", Level.SHOULD),
    ("no head", "H2", Level.MUST),
    ("other head", "H2", Level.SHOULD),
    ("no range", "H3", Level.MUST),
    ("one byte more", "H3", Level.MUST),
    ("no 416", "H3", Level.SHOULD),
    ("any if-range", "H3", Level.SHOULD),
    ("no Accept-Ranges", "H3", Level.SHOULD),
    ("password", "H5", Level.MUST),
    ("no gzip", "H5", Level.SHOULD),
    ("zipped sound", "H5", Level.MUST),
    ("simple", "H6", Level.MUST),
    ("no Access-Control-Allow-Origin", "T5", Level.SHOULD),
    ("no Link", "S4", Level.SHOULD),
]


@pytest.mark.parametrize(("fault", "number", "level"), FAULTS, ids=[f[0] for f in FAULTS])
def test_a_fault_of_the_server_is_found_by_number(house, fault, number, level):
    """And nothing else beside it."""
    house.faults.add(fault)
    found = ask(house)
    assert {(f.rule, f.level) for f in found} == {(number, level)}


def test_only_the_newest_items_are_asked_for_and_only_their_beginning(house):
    """No sound is downloaded."""
    ask(house, most=1)
    sounds = [row for row in house.asked if row[1].endswith(".mp3")]
    assert {path for _, path, _ in sounds} == {"/night-ferry.mp3"}
    assert all(part for method, _, part in sounds if method == "GET")


def test_none_is_asked_for_when_none_is_wanted(house):
    """Only the feed and what the server says of it."""
    assert ask(house, most=0) == []
    assert {path for _, path, _ in house.asked} == {"/feed.xml"}


def test_a_sound_of_another_size_is_found(house):
    """By what the server says of it, without loading it."""
    house.files["/buoys.mp3"] = ("audio/mpeg", SOUND[:-500])
    (finding,) = ask(house)
    assert (finding.rule, finding.where) == ("I3", "Who paints the buoys")


@pytest.mark.parametrize(
    ("path", "number"),
    [("/buoys.mp3", "I2"), ("/buoys.vtt", "T1"), ("/buoys.json", "C1"), ("/cover.png", "F7")],
)
def test_what_is_not_there_is_a_must(house, path, number):
    """A sound, a transcript, chapters, the cover."""
    del house.files[path]
    assert {(f.rule, f.level) for f in ask(house)} == {(number, Level.MUST)}


def test_what_comes_as_something_else_is_found(house):
    """A transcript as plain text, a page where a sound should be."""
    house.files["/buoys.vtt"] = ("text/plain", VTT.encode())
    house.files["/night-ferry.mp3"] = ("text/html", b"<html>" + b" " * (len(SOUND) - 6))
    assert numbers(ask(house)) == {"P1", "H3", "I4"}


def test_a_cover_that_directories_refuse_is_found(house):
    """It is loaded and looked at."""
    house.files["/cover.png"] = ("image/png", b"GIF89a")
    assert numbers(ask(house)) == {"F7"}


def test_a_feed_behind_a_redirect_is_read(house):
    """As apps read it."""
    house.redirects["/old"] = (301, "/feed.xml")
    assert ask(house, "/old") == []


def test_a_feed_that_is_not_there_is_a_finding(house):
    """With the status."""
    (finding,) = ask(house, "/nothing.xml")
    assert (finding.rule, finding.level) == ("H1", Level.MUST)
    assert "404" in finding.message


def test_a_page_in_place_of_the_feed_is_named(house):
    """What hosts answer when a feed has gone."""
    house.files["/feed.xml"] = ("text/html", b"<!doctype html><title>Gone</title>")
    assert {"F1", "H1"} <= numbers(ask(house))


def test_pages_are_followed_and_compared(house):
    """A guid of the first page comes again on the second; the third is not there."""
    second = (FEEDS / "good.xml").read_text(encoding="utf-8")
    link = f'<atom:link rel="next" href="{house.base}/3.xml"/><itunes:type>'
    house.files["/2.xml"] = (RSS, second.replace("<itunes:type>", link, 1).encode())
    edit(house, "<itunes:type>", '<atom:link rel="next" href="/2.xml"/><itunes:type>')
    found = ask(house, most=0)
    assert numbers(found) == {"F9", "I5", "S3", "S5"}
    assert "3.xml" in next(f.message for f in found if f.rule == "S5")


def test_a_ring_of_pages_ends(house):
    """A page that names itself as the next."""
    link = f'<atom:link rel="next" href="{house.base}/feed.xml"/><itunes:type>'
    edit(house, "<itunes:type>", link)
    assert numbers(ask(house, most=0)) == {"S5"}


def test_a_server_that_is_not_there_is_an_error():
    """There is nothing to check."""
    with served() as gone:
        pass
    with pytest.raises(NetworkError, match="no connection"):
        ask(gone)


def test_an_address_at_home_is_only_asked_when_it_is_allowed(house):
    """The guard of the client holds here, too."""
    with Prober(ClientRules(delay_s=0.0)) as prober, pytest.raises(UnsafeAddressError):
        check_url(f"{house.base}/feed.xml", prober, now=NOW)


def test_the_command_prints_json_and_fails_on_a_must(house, audiobrief):
    """The host that is named on the command line may be this machine."""
    house.faults.add("no range")
    run = audiobrief("check", f"{house.base}/feed.xml", "--json")
    assert run.code == 1
    (finding,) = run.json["findings"]
    assert {"number", "level", "where", "message", "source"} <= finding.keys()
    assert (finding["number"], finding["level"]) == ("H3", "must")
