"""``links.txt``: what was shared is read from it as it was meant, and what people wrote stays."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.errors import LockedError, SourceError, StoreError
from audiobrief.intake.address import canonical_url
from audiobrief.intake.exports import parse_export
from audiobrief.pipeline import link_list
from audiobrief.pipeline.link_list import add_link
from audiobrief.pipeline.links import links_source, sources_of
from audiobrief.store.lock import locked
from audiobrief.workspace.load import load_workspace

LINKS = "links.txt"
PATH = st.text(alphabet="abz09-._~!$&'()*+,;=:@/%?#[]é中 \"<>", max_size=30)


def listed(folder):
    """Return the addresses in the list, as ``fetch`` reads them."""
    return [item.url for item in parse_export((folder / LINKS).read_bytes(), LINKS).items]


@pytest.fixture
def workspace(tmp_path):
    """Return an empty workspace."""
    return load_workspace(tmp_path)


@given(st.lists(PATH, min_size=1, max_size=4))
@settings(max_examples=60)
def test_every_address_that_is_taken_is_read_again(tmp_path_factory, paths):
    """Whatever characters end it; one that cannot be kept is refused, and the others stay."""
    folder = tmp_path_factory.mktemp("links")
    workspace = load_workspace(folder)
    taken = []
    for path in paths:
        url = f"https://a.example/{path}"
        try:
            add_link(workspace, url)
        except (SourceError, StoreError):
            continue
        taken.append(canonical_url(url.strip()))
    if taken:
        assert {canonical_url(url) for url in listed(folder)} == set(taken)
        assert len(listed(folder)) == len(set(taken))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, b"https://a.example/1\n"),
        (b"", b"https://a.example/1\n"),
        (b"# mine\n", b"# mine\nhttps://a.example/1\n"),
        (b"# mine", b"# mine\nhttps://a.example/1\n"),
        (b"https://b.example/\r\n", b"https://b.example/\r\nhttps://a.example/1\r\n"),
        (b"\xef\xbb\xbfhttps://b.example/", b"\xef\xbb\xbfhttps://b.example/\nhttps://a.example/1\n"),
        (b"# caf\xe9 https://b.example/\n", b"# caf\xe9 https://b.example/\nhttps://a.example/1\n"),
        ("https://b.example/\n".encode("utf-16"), "https://b.example/\nhttps://a.example/1\n".encode("utf-16")),
    ],
)  # fmt: skip
def test_what_people_wrote_stays_as_it_is(workspace, before, after):
    """Comments, encodings, line ends, a last line without one."""
    path = workspace.root / LINKS
    if before is not None:
        path.write_bytes(before)
    assert add_link(workspace, "https://a.example/1") is True
    assert path.read_bytes() == after
    assert add_link(workspace, "https://a.example/1") is False


def test_a_file_that_is_no_list_is_left_alone(workspace):
    """Bookmarks of a browser: a line behind them would never be read."""
    content = (
        b"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><DT><A HREF='https://b.example/'>B</A></DL>\n"
    )
    (workspace.root / LINKS).write_bytes(content)
    with pytest.raises(StoreError, match="no list of links") as caught:
        add_link(workspace, "https://a.example/1")
    assert "another name" in caught.value.remedy
    assert (workspace.root / LINKS).read_bytes() == content


def test_fetch_asks_the_list(audiobrief, tmp_path):
    """Without any source in the settings; by its name, too."""
    (tmp_path / LINKS).write_text("http://127.0.0.1/1\n", encoding="utf-8")
    for arguments in ((), ("links",)):
        run = audiobrief("fetch", "--json", *arguments)
        (source,) = run.json["sources"]
        assert (run.code, source["name"], source["new"]) == (0, "links", [])


def test_many_at_once_are_all_kept(workspace):
    """Each adds its own; none takes away another's."""
    urls = [f"https://a.example/{number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda url: add_link(workspace, url), urls))
    assert sorted(listed(workspace.root)) == sorted(urls)


def test_a_list_that_another_program_holds_is_not_waited_for_without_end(workspace, monkeypatch):
    """Whoever sends hears that it is busy."""
    monkeypatch.setattr(link_list, "_LOCK_S", 0.05)
    with locked(workspace.cache / "links.lock"), pytest.raises(LockedError, match=re.escape(LINKS)):
        add_link(workspace, "https://a.example/1")


@pytest.mark.parametrize(
    ("content", "settings", "names"),
    [
        (None, "", []),
        (b"", "", []),
        (b"# nothing yet\n", "", []),
        (b"https://a.example/1", "", ["links"]),
        ("https://a.example/1".encode("utf-16"), "", ["links"]),
        (b"http://a.example", 'name = "links"\nurl = "http://b.example"', ["links", "links.txt"]),
        (b"https://a.example/1", 'name = "mine"\nkind = "list"\npath = "links.txt"', ["mine"]),
        (None, 'name = "mine"\nkind = "list"\npath = "links.txt"', ["mine"]),
    ],
)  # fmt: skip
def test_a_list_with_something_in_it_is_a_source(tmp_path, content, settings, names):
    """Without an entry in the settings, and not twice with one."""
    if content is not None:
        (tmp_path / LINKS).write_bytes(content)
    if settings:
        (tmp_path / "audiobrief.toml").write_text(f"[[sources]]\n{settings}\n", encoding="utf-8")
    workspace = load_workspace(tmp_path)
    assert [source.name for source in sources_of(workspace)] == names
    assert links_source(workspace).path == LINKS
