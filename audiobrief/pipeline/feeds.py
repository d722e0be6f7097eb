"""The feed and the list of a show as files: pages first, ``feed.xml`` last.

Only pages whose ingredients or bytes have changed are rendered: what a show of ten thousand
episodes pays for a new one does not grow with it.
"""

from __future__ import annotations

import json
from functools import partial
from hashlib import sha256
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from audiobrief.publish.address import FEED_FILE, PAGE_FILE
from audiobrief.publish.opml import OPML_FILE, Listed, render_opml
from audiobrief.publish.paging import Page, is_page, lay_out_pages, newest_first
from audiobrief.store.files import (
    make_folder,
    names_in,
    remove,
    remove_if_there,
    write_if_changed,
)
from audiobrief.store.index import settled_state
from audiobrief.workspace.load import SETTINGS_NAME, Workspace
from audiobrief.workspace.settings import Settings
from audiobrief.workspace.toml import parse_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from audiobrief.model.card import Card
    from audiobrief.model.episode import Episode
    from audiobrief.model.show import Show

#: Raised by one whenever rendered pages or feeds change.
LOOK_VERSION = 4
#: In the cache folder, for each show: digests of pages. Without it all are rendered again.
_KNOWN_NAME = "pages.json"
#: What feed and list tell of an episode, and what changes with it.
_TOLD = attrgetter("told", "number", "season", "cover_file")


def feed_digest(workspace: Workspace, show: Show, public: Sequence[Card]) -> str:
    """Return the digest of feed and list as they lie there, and of what they were made of."""
    book = _PageBook(workspace)
    told = list(map(_TOLD, public))
    settings = workspace.settings.publish.feed_items
    shows = (*_other_shows(workspace), *_listed(workspace))
    ingredients = (LOOK_VERSION, show, told, settings, *shows)
    digest = sha256(repr(ingredients).encode())
    for path in (
        *(workspace.episodes / name for name in (FEED_FILE, PAGE_FILE)),
        *sorted(further_pages(workspace.episodes)),
        *([_first(workspace).episodes / OPML_FILE] if _lists_shows(workspace) else []),
    ):
        digest.update(path.name.encode())
        digest.update(book.content_of(path).encode())
    return digest.hexdigest()


def write_feed(
    workspace: Workspace, show: Show, public: Sequence[Card], whole: Callable[[Card], Episode]
) -> None:
    """Write all pages of list and feed; at no moment ``feed.xml`` names a file that is not there.

    Args:
        workspace: As the show sees it.
        show: The show.
        public: Its episodes, at least one; covers and numbers are decided.
        whole: Returns an episode as it is to be rendered.

    Raises:
        StoreError: A file cannot be written.
        WorkspaceError: The category is none of Apple's.
    """
    from audiobrief.publish.feed import lay_out_feed, render_page  # noqa: PLC0415 - feedgen, lxml

    book = _PageBook(workspace)

    def opened(page: Page[Card]) -> Page[Episode]:
        return Page(page.file, tuple(map(whole, page.episodes)), page.links)

    def rendered(page: Page[Card]) -> bytes:
        return render_page(show, opened(page))

    items = workspace.settings.publish.feed_items
    first, *older = lay_out_feed(show, public, items, opened)
    index = _write_index(book, workspace, show, public, opened)
    for page in book.in_order(laid.page for laid in older):
        book.write(page, (show,), partial(rendered, page))
    book.note(workspace.episodes / FEED_FILE, first.content)
    book.save()
    write_if_changed(workspace.episodes / FEED_FILE, first.content)
    named = {*index, *(laid.page.file for laid in older)}
    for path in further_pages(workspace.episodes):
        if path.name not in named:
            remove_if_there(path)


def _write_index(
    book: _PageBook,
    workspace: Workspace,
    show: Show,
    public: Sequence[Card],
    opened: Callable[[Page[Card]], Page[Episode]],
) -> list[str]:
    """Write the list of all shows and the pages of this one's list; return their names."""
    from audiobrief.publish.pages import INDEX_ITEMS, render_index_page  # noqa: PLC0415 - Jinja2

    others = _other_shows(workspace)
    list_file = _write_list(workspace)
    pages = lay_out_pages(newest_first(public), INDEX_ITEMS, PAGE_FILE)

    def rendered(card_page: Page[Card]) -> bytes:
        page = opened(card_page)
        is_first = page.file == PAGE_FILE
        return render_index_page(
            show,
            page.episodes,
            others=others if is_first else (),
            list_file=list_file if is_first else "",
            page=page,
        ).encode()

    for page in book.in_order(pages):
        more = (others, list_file) if page.file == PAGE_FILE else ()
        book.write(page, (show, *more), partial(rendered, page))
    return [page.file for page in pages]


def page_notes(workspace: Workspace) -> Path:
    """Return where it is noted what the pages were made of."""
    prefix = f"{workspace.show}-" if workspace.show else ""
    return workspace.cache / f"{prefix}{_KNOWN_NAME}"


def known_files(workspace: Workspace) -> dict[str, str]:
    """Return the digests of feed and list, all pages, as they were written, by name."""
    return _PageBook(workspace).digests()


def known_pages(workspace: Workspace) -> dict[str, str]:
    """Return those of all pages but ``feed.xml``, which is held to rules instead."""
    return {name: known for name, known in known_files(workspace).items() if name != FEED_FILE}


class _PageBook:
    """Which pages were made of what, to pass over those that would be the same again.

    Of each: a digest of what it was made of and of its bytes; its state; a digest of its bytes. A
    page in the same state is not read again, as a manifest is not.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._path = page_notes(workspace)
        self._episodes = workspace.episodes
        self._known = self._read()
        self._now: dict[str, tuple[str, str, str]] = {}

    def in_order(self, pages: Iterable[Page[Card]]) -> list[Page[Card]]:
        """Return pages in the order of writing: new ones first, since the others will name them."""
        oldest_first = reversed(tuple(pages))
        return sorted(oldest_first, key=lambda page: (self._episodes / page.file).is_file())

    def write(self, page: Page[Card], more: tuple[Any, ...], render: Callable[[], bytes]) -> None:
        """Write a page unless it lies there as it would be."""
        path = self._episodes / page.file
        told = list(map(_TOLD, page.episodes))
        made_of = repr((LOOK_VERSION, page.links, more, told))
        content = self.content_of(path)
        if self._known.get(page.file, _UNKNOWN)[0] != _digest(made_of, content):
            write_if_changed(path, render())
            content = _content_of(path)
        self._now[page.file] = (_digest(made_of, content), settled_state(path), content)

    def note(self, path: Path, content: bytes) -> None:
        """Note what is about to be written without regard to what is there."""
        self._now[path.name] = ("", "", sha256(content).hexdigest())

    def content_of(self, path: Path) -> str:
        """Return the digest of a file's bytes, of one in the state of before without reading it."""
        _made, state, content = self._known.get(path.name, _UNKNOWN)
        return content if state and state == settled_state(path) else _content_of(path)

    def digests(self) -> dict[str, str]:
        """Return the digests of the bytes of all pages as they were written."""
        return {name: row[2] for name, row in self._known.items()}

    def save(self) -> None:
        """Keep what is known for the next run."""
        make_folder(self._path.parent)
        write_if_changed(self._path, json.dumps(self._now, indent=1).encode())

    def _read(self) -> Mapping[str, tuple[str, str, str]]:
        try:
            known = json.loads(self._path.read_bytes())
            return {str(file): _row(*row) for file, row in known.items()}
        # Missing or damaged, it costs no more than the rendering of all pages.
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


_UNKNOWN = ("", "", "")
#: How the names of further pages begin.
_STEMS = tuple(f"{first.partition('.')[0]}-" for first in (FEED_FILE, PAGE_FILE))


def _row(made: str, state: str, content: str) -> tuple[str, str, str]:
    return made, state, content


def _digest(made_of: str, content: str) -> str:
    return sha256(f"{made_of}\0{content}".encode()).hexdigest()


def _content_of(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"


def further_pages(episodes: Path) -> list[Path]:
    """Return the pages behind the first, of feed and list."""
    # Among the folders of ten thousand episodes; a glob takes four times as long.
    names = [n for n in names_in(episodes) if n.startswith(_STEMS)]
    return [
        episodes / name
        for first in (FEED_FILE, PAGE_FILE)
        for name in names
        if is_page(name, first)
    ]


def withdraw(episodes: Path) -> tuple[str, ...]:
    """Remove a feed whose every episode is gone, and its list: they name what is not there."""
    feed = episodes / FEED_FILE
    if not feed.is_file():
        return ()
    # The feed goes last: as long as it is there, a run that was cut off is taken up again.
    for path in (*further_pages(episodes), episodes / PAGE_FILE):
        remove_if_there(path)
    remove(feed)
    return ("no episode is left to publish: feed.xml was removed",)


def _other_shows(workspace: Workspace) -> tuple[tuple[str, str], ...]:
    """Return title and page of the workspace's other shows that have one, for the first's page.

    A private show is named nowhere.
    """
    if workspace.show:
        return ()
    others = (w for w in workspace.shows[1:] if not w.settings.publish.private)
    pages = ((w.show_title, w.episodes / PAGE_FILE, w.show) for w in others)
    return tuple((title, f"{name}/{PAGE_FILE}") for title, page, name in pages if page.is_file())


def _lists_shows(workspace: Workspace) -> bool:
    """Tell whether the run of this show writes the list of all: the first one's, if it is made."""
    if not workspace.show:
        return bool(workspace.settings.shows)
    return _first(workspace).settings.show.makes == "nothing"


def _first(workspace: Workspace) -> Workspace:
    """Return the workspace as its first show sees it, which knows the settings of all."""
    if not workspace.show:
        return workspace
    settings = parse_toml(workspace.written.encode(), Settings, where=SETTINGS_NAME)
    return Workspace(workspace.root, settings, workspace.written)


def _listed(workspace: Workspace) -> list[Listed]:
    """Return what the list of all shows has, if the run of this one writes it."""
    if not _lists_shows(workspace):
        return []
    return [
        Listed(w.show_title, w.settings.show.base_url, w.settings.show.language)
        for w in _first(workspace).shows
        # A feed is written after its list.
        if not w.settings.publish.private
        and (w.show == workspace.show or (w.episodes / FEED_FILE).is_file())
    ]


def _write_list(workspace: Workspace) -> str:
    """Write the list of all shows that have a feed; return its name, empty: there is none."""
    if not _lists_shows(workspace):
        return ""
    first, listed = _first(workspace), _listed(workspace)
    path = first.episodes / OPML_FILE
    if len(listed) < 2:
        remove_if_there(path)
        return ""
    write_if_changed(path, render_opml(first.show_title, listed))
    return "" if workspace.show else OPML_FILE


def numbered(
    public: Sequence[Card], season: int | None, keep: Callable[[Card], None]
) -> tuple[Card, ...]:
    """Return the episodes of a serial show with numbers: counted once, in the order of dates.

    Args:
        public: All episodes of its feed, in any order; the order stays.
        season: Of those that have no number yet; ``None``: the show has no seasons.
        keep: Given every episode that gets its number.
    """
    numbers = {e.guid: e for e in public}
    latest = max((e.number or 0 for e in public if e.season == season), default=0)
    for episode in reversed(newest_first(public)):
        if episode.number is None:
            latest += 1
            numbers[episode.guid] = episode._replace(number=latest, season=season)
            keep(numbers[episode.guid])
    return tuple(numbers[e.guid] for e in public)
