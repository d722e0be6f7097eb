"""nginx in front, with the configuration that the README gives: it says what our server says."""

import gzip
import http.client
from contextlib import closing
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from tests.clients import proxy
from tests.clients.show import listeners_feed
from tests.serve import test_conformance as conformance
from tests.serve.house import MP3, SOUND, put_house, running
from tests.serve.wire import Wire, ask, head_of
from tests.support import run_audiobrief

#: Where nginx alone answers otherwise than the standard or we do, and how; nobody is harmed.
OTHERWISE = {
    # It answers 416 to what is no range; the standard has it ignored.
    "an end of 23 digits": 416,
    "an end before its start": 416,
    "letters": 416,
    "two dashes": 416,
    "no dash": 416,
    "a dash alone": 416,
    "a sign": 416,
    "digits of another script": 416,
    "one of two is malformed": 416,
    # Ranges are defined for GET alone.
    "HEAD with a range": 206,
    # It joins none, which it need not.
    "overlapping ones": 206,
    "200 overlapping": 200,
    "1,000 tiny, side by side": 200,
    # Dates that are none count; dates count besides tags.
    "If-Unmodified-Since: no date": 412,
    "If-Match before the date": 412,
}
TOKEN = "4f1c0ffee0ddba11"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Return nginx over, and in front of, the show that our server is tested with."""
    folder = tmp_path_factory.mktemp("house")
    put_house(folder / "episodes")
    (folder / "nginx").mkdir()
    with (
        running(folder / "episodes") as run,
        proxy.fronted(folder / "nginx", folder / "episodes", run.port) as site,
    ):
        yield site


@pytest.fixture(scope="module")
def front(show, tmp_path_factory):
    """Return nginx over what ``audiobrief publish`` has brought away, and in front of serve."""
    folder = tmp_path_factory.mktemp("front")
    (folder / "nginx").mkdir()
    with (show.root.parent / "audiobrief.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'to = "folder:{folder}/pod"\n')
    run = run_audiobrief("publish", cwd=show.root.parent)
    assert run.code == 0, run.stderr
    port = urlsplit(show.base_url).port
    with proxy.fronted(folder / "nginx", folder / "pod", port) as site:
        yield site


def test_the_configuration_has_no_fault(house):
    """Nothing that nginx warns of."""
    done = proxy.tested(house)
    assert (done.returncode, "warn" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize("case", conformance.CASES, ids=lambda case: f"{case.section}-{case.name}")
def test_nginx_alone_answers_as_the_standard_says_or_as_is_known(house, case):
    """Its tags are others than ours; where it differs, it is by a status that we know of."""
    port = house.public_port
    tag = ask(port, "HEAD", conformance.SOUND_PATH).headers["etag"]
    fields = {name: value.replace(conformance.TAG, tag) for name, value in case.fields.items()}
    got = ask(port, case.method, case.path, fields)
    assert got.status == OTHERWISE.get(case.name, case.status)
    assert (got.headers.get("allow") is not None) == (case.status == 405)
    if case.name in OTHERWISE:
        return
    if case.part is not None:
        start, end = case.part
        shown = f"bytes {start}-{end - 1}/{len(SOUND)}"
        assert (got.headers["content-range"], got.body) == (shown, SOUND[start:end])
    elif (case.status, case.method) == (200, "GET"):
        assert (got.headers["etag"], got.body) == (tag, SOUND)


def test_the_cases_in_which_nginx_differs_are_cases():
    """Nothing is listed that is not asked, or that is no difference."""
    usual = {case.name: case for case in conformance.CASES}
    differ = [n for n, s in OTHERWISE.items() if usual[n].status != s or usual[n].part]
    assert differ == list(OTHERWISE)


@pytest.mark.parametrize("case", conformance.CASES, ids=lambda case: f"{case.section}-{case.name}")
def test_in_front_of_serve_it_changes_no_answer(house, case):
    """All that holds for our server holds through nginx."""
    server = SimpleNamespace(port=house.private_port)
    conformance.test_requests_for_a_sound_are_answered_as_the_standard_says(server, case)


def test_nginx_alone_tells_of_a_file_what_serve_tells(show, front):
    """Type, how long it may be kept, who may read it, what a page may do; for every file."""
    told = ("content-type", "cache-control", "access-control-allow-origin")
    told += ("access-control-expose-headers", "content-security-policy", "x-content-type-options")
    told += ("referrer-policy", "content-length", "accept-ranges")
    ours = urlsplit(show.base_url).port
    paths = [
        "/",
        *(f"/{path.relative_to(show.root).as_posix()}" for path in show.root.rglob("*.*")),
    ]
    paths = [path for path in paths if ask(ours, "GET", path).status == 200]
    assert len(paths) > 25
    for path in paths:
        mine, its = ask(ours, "GET", path), ask(front.public_port, "GET", path)
        assert its.body == mine.body
        assert {n: its.headers.get(n) for n in told} == {n: mine.headers.get(n) for n in told}, path


def test_what_is_not_for_listeners_is_not_there(show, front, house):
    """Neither the records of publishing, nor manifests and scripts in a folder that has them."""
    names = ["/published.json", "/.publishing.lock", "/show.json", "/.secret", "/../secret.txt"]
    (day, *_) = (path.name for path in show.root.glob("*/"))
    names += [f"/{day}/episode.json", f"/{day}/script.md", f"/{day}/.hidden.mp3"]
    for site in (front, house):
        for name in names:
            assert ask(site.public_port, "GET", name).status in {400, 404}


def test_links_are_not_followed(house, tmp_path):
    """A name in the folder is no way out of it."""
    link = house.folder.parent / "episodes" / "linked.xml"
    (tmp_path / "outside.xml").write_bytes(b"outside")
    link.symlink_to(tmp_path / "outside.xml")
    assert ask(house.public_port, "GET", "/linked.xml").status == 403


def test_texts_are_compressed_and_sound_is_not(show, front):
    """The same bytes for whoever can unpack them; asked for by its tag, nothing comes again."""
    for site in (front.public_port, front.private_port):
        with closing(http.client.HTTPConnection("127.0.0.1", site, timeout=10)) as connection:
            connection.request("GET", "/feed.xml", headers={"Accept-Encoding": "gzip"})
            got = connection.getresponse()
            assert gzip.decompress(got.read()) == (show.root / "feed.xml").read_bytes()
            assert (got.headers["content-encoding"], got.headers["vary"]) == (
                "gzip", "Accept-Encoding",
            )  # fmt: skip
            again = {"Accept-Encoding": "gzip", "If-None-Match": got.headers["etag"]}
            connection.request("GET", "/feed.xml", headers=again)
            got = connection.getresponse()
            assert (got.status, got.read()) == (304, b"")
        (path,) = (p for p in show.root.glob(f"{show.episodes[0]['directory']}/*.mp3"))
        got = ask(site, "GET", f"/{path.parent.name}/{path.name}", {"Accept-Encoding": "gzip"})
        assert ("content-encoding" in got.headers, got.body) == (False, path.read_bytes())


def test_browsers_may_ask_first(front, show):
    """A player on another site learns that it may ask for ranges."""
    path = f"/{show.episodes[0]['directory']}/{show.episodes[0]['enclosure']['file']}"
    for port in (front.public_port, front.private_port):
        got = ask(port, "OPTIONS", path, {"Access-Control-Request-Method": "GET"})
        assert (got.status, got.headers["access-control-allow-origin"]) == (204, "*")
        assert "Range" in got.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    "path",
    [
        f"/l/{TOKEN}/feed.xml",
        f"/l/{TOKEN}",
        f"/l/{TOKEN}/",
        f"/sport/l/{TOKEN}/2026-03-02-the-ferry/the-ferry-00000000.mp3?x={TOKEN}",
        f"/%6c/{TOKEN}/feed.xml",
        f"//l//{TOKEN}/feed.xml",
        f"/./l/{TOKEN}/feed.xml",
        f"/l/l/{TOKEN}/feed.xml",
        f"/l/{TOKEN}/l/feed.xml",
        f"/l/{TOKEN}//l//feed.xml",
        f"/l/%34{TOKEN[1:]}/feed.xml",
        f"/l/{TOKEN}/{'a' * 20_000}",
    ],
)
def test_no_log_has_a_token(house, tmp_path, path):
    """Neither of answers, nor where our server is not there, nor of referring pages."""
    put_house(tmp_path / "episodes")
    fields = {"Referer": f"https://pod.example/l/{TOKEN}/"}
    (tmp_path / "nginx").mkdir()
    with closing(Wire(house.private_port)) as taken:
        nobody = taken.socket.getsockname()[1]
        with proxy.fronted(tmp_path / "nginx", tmp_path / "episodes", nobody) as alone:
            assert ask(alone.private_port, "GET", path, fields).status in {414, 502}
    assert ask(house.private_port, "GET", path, fields).status in {404, 414}
    for site in (house, alone):
        assert TOKEN not in site.logged
        assert (site.folder / "private.log").stat().st_size > 0


def test_a_listeners_folder_is_served_without_a_word_of_its_token(private_show, tmp_path):
    """All of it; not for caches that others use, nor for search engines; no log has the token."""
    workspace = private_show.root.parent
    run = run_audiobrief("listeners", "add", "Ines", "--static", "--json", cwd=workspace)
    assert run.code == 0, run.stderr
    folder = workspace / run.json["folder"]
    paths = [path for path in folder.rglob("*.*") if path.is_file()]
    assert len(paths) > 20
    (tmp_path / "nginx").mkdir()
    with proxy.fronted(tmp_path / "nginx", private_show.root, 1) as site:
        for path in paths:
            name = f"/{path.relative_to(private_show.root).as_posix()}"
            got = ask(site.public_port, "GET", name)
            assert (got.status, got.body) == (200, path.read_bytes()), name
            assert got.headers["cache-control"].startswith("private")
            assert got.headers["x-robots-tag"] == "noindex"
        assert ask(site.public_port, "GET", f"/l/{folder.name}/nothing.xml").status == 404
        other = folder.name[:-1] + ("1" if folder.name.endswith("0") else "0")
        assert ask(site.public_port, "GET", f"/l/{other}/feed.xml").status == 404
        assert ask(site.public_port, "GET", "/l/").status in {403, 404}
    assert folder.name not in site.logged
    assert folder.name[:-1] not in site.logged
    assert (site.folder / "public.log").stat().st_size > 0


def test_a_listeners_feed_comes_through(private_show, tmp_path):
    """From ``audiobrief serve``, with the sound, and no log has the token; others get nothing."""
    feed = listeners_feed(private_show, "Otto")
    token = feed.base_url.rstrip("/").rpartition("/")[2]
    port = urlsplit(private_show.base_url).port
    ((name, sound), *_) = private_show.sounds.items()
    (path,) = private_show.root.glob(f"*/{name}")
    path = f"{path.parent.name}/{name}"
    (tmp_path / "nginx").mkdir()
    with proxy.fronted(tmp_path / "nginx", tmp_path, port) as site:
        got = ask(site.private_port, "GET", f"/l/{token}/feed.xml")
        assert (got.status, got.headers["x-robots-tag"]) == (200, "noindex")
        assert f"{feed.base_url}{path}".encode() in got.body
        assert ask(site.private_port, "GET", f"/l/{token}/{path}").body == sound
        assert ask(site.private_port, "GET", f"/l/{TOKEN}/{path}").status == 404
    assert token not in site.logged
    assert f"/l/***/{path} 200" in site.logged


def test_one_address_cannot_ask_without_end(tmp_path):
    """Of 400 requests at once some are refused; a player's 100 ranges are not."""
    put_house(tmp_path / "episodes")
    (tmp_path / "nginx").mkdir()
    head = head_of("GET", f"/{conformance.DAY}/{MP3}", {"Range": "bytes=0-9"})
    with (
        running(tmp_path / "episodes") as run,
        proxy.fronted(tmp_path / "nginx", tmp_path / "episodes", run.port) as site,
        closing(Wire(site.private_port)) as wire,
    ):
        wire.send(head * 400)
        statuses = [wire.answer().status for _ in range(400)]
    assert statuses[:100] == [206] * 100
    assert set(statuses) == {206, 429}
