"""Episodes that broke no rule which apps insist on, and need not be read again until they change.

To measure the sound of every episode takes a show of hundreds of them minutes at each `publish`.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import audiobrief
from audiobrief.check.files import sound_of, text_urls
from audiobrief.store.files import make_folder, write_if_changed
from audiobrief.store.index import settled_state
from audiobrief.store.manifest import MANIFEST_NAME
from audiobrief.store.stamps import Stamps

if TYPE_CHECKING:
    from audiobrief.check.facts import FeedFacts
    from audiobrief.check.files import Folder
    from audiobrief.check.node import Node


class Clean:
    """What was found without fault, by what was looked at: the item, and the state of its files.

    Args:
        path: Where it is kept, in the cache; missing or damaged, everything is read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _read(path)
        self._now: set[str] = set()
        rules = Stamps()
        rules.add_tree(Path(audiobrief.__file__).parent)
        #: Another version may have other rules.
        self._rules = rules.digest()

    def key_of(self, feed: FeedFacts, node: Node, folder: Folder) -> str:
        """Return what says that an item and its files are the same; to be asked before reading.

        Returns:
            Empty: a file is missing, or has changed so lately that it may again, unseen.
        """
        from lxml import etree  # noqa: PLC0415 - with the feed

        sound = sound_of(node, folder)
        files = [sound, *map(folder.find, text_urls(node))]
        if sound is None or None in files:
            return ""
        files.append(sound.with_name(MANIFEST_NAME))
        states = [settled_state(path) for path in files if path is not None]
        if "" in states:
            return ""
        # All that rules about items ask of the show.
        show = (feed.node.text("title"), feed.node.text("itunes:type"), feed.is_ours)
        parts = (self._rules, show, etree.tostring(node.element), [*map(str, files)], states)
        return sha256(repr(parts).encode()).hexdigest()

    def knows(self, key: str) -> bool:
        """Tell whether an item was without fault; it is kept for the next time."""
        if key in self._known:
            self._now.add(key)
        return key in self._known

    def note(self, key: str) -> None:
        """Note an item without fault."""
        if key:
            self._now.add(key)

    def save(self) -> None:
        """Keep what was seen now.

        Raises:
            StoreError: It cannot be written.
        """
        make_folder(self._path.parent)
        write_if_changed(self._path, "".join(f"{key}\n" for key in sorted(self._now)).encode())


def _read(path: Path) -> frozenset[str]:
    try:
        return frozenset(path.read_text("ascii").splitlines())
    except (OSError, UnicodeError):  # then everything is read
        return frozenset()
