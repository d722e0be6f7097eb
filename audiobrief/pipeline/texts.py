"""The texts of the inbox, asked whether a new one is a copy of any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.brief.fingerprints import Fingerprints
from audiobrief.brief.series import has_standing_text_alone
from audiobrief.text.shingles import Relation, trigrams
from audiobrief.text.terms import matter_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from audiobrief.brief.fingerprints import Match
    from audiobrief.store.catalogue import Catalogue, Entry

#: New texts are put in order so many at once.
_BATCH = 40
#: The rest of a text has nothing to do with a part of it: the text tells of several matters. As in
#: `audiobrief.brief.copies`, where it was measured.
_UNRELATED_COSINE = 0.095
#: A shorter rest does not say what it is about.
_FEWEST_WORDS = 60
#: So much more of the old text is in the new one than of the new one in the old: a fifth was added.
_FULLER = 0.15
#: What is in both to this share has no room for standing text and two matters.
_WHOLE = 0.8
#: A line of which the other text has less is not in it.
_HELD = 0.3


@dataclass(frozen=True, slots=True)
class Copy:
    """The file whose text a new one is, too."""

    locator: str
    #: Most is in both, and something was changed.
    is_update: bool
    #: The new one has all of it, and more.
    is_fuller: bool


class Texts:
    """What the inbox holds, and what has come in since.

    Args:
        catalogue: Of the inbox.
        since: Aware: older texts are not compared.
    """

    def __init__(self, catalogue: Catalogue, *, since: datetime) -> None:
        self._catalogue = catalogue
        self._known = [Fingerprints(catalogue.sketches(since=since))]
        #: What has come in since; the last of these are not in order yet.
        self._fresh: dict[str, bytes] = {}

    def add(self, entry: Entry) -> None:
        """Take in a new text."""
        self._fresh[entry.locator] = entry.sketch
        if len(self._fresh) >= _BATCH:
            self._known.append(Fingerprints(self._fresh))
            self._fresh = {}

    def copy_of(self, entry: Entry) -> Copy | None:
        """Return the likest file whose text this is, too; ``None``: it is new."""
        for match in sorted(self._near(entry), key=lambda m: (-m.likeness.shared, m.key)):
            alike = match.likeness
            if match.key == entry.locator or not alike.is_copy:
                continue
            relation = alike.relation
            is_part = relation is Relation.PART
            if is_part and self._is_round_up(entry, match):
                continue
            if self._is_of_series(entry, match):
                continue
            is_fuller = alike.second_in_first - alike.first_in_second > _FULLER
            is_update = not (is_part or is_fuller) and not self._is_equal(entry, match.key)
            return Copy(match.key, is_update, is_fuller)
        return None

    def _near(self, entry: Entry) -> Iterator[Match]:
        for known in (*self._known, Fingerprints(self._fresh)):
            yield from known.find(entry.sketch)

    def _is_equal(self, entry: Entry, locator: str) -> bool:
        other = self._catalogue.entry(locator)
        return other is not None and other.body == entry.body

    def _is_of_series(self, entry: Entry, match: Match) -> bool:
        """Tell whether two texts have in common what a column or newsletter has each time."""
        alike = match.likeness
        other = self._catalogue.entry(match.key)
        if other is None or min(alike.first_in_second, alike.second_in_first) >= _WHOLE:
            return False
        return has_standing_text_alone(entry.body, other.body)

    def _is_round_up(self, entry: Entry, match: Match) -> bool:
        """Tell whether the longer text has the shorter one as one matter of several."""
        other = self._catalogue.entry(match.key)
        if other is None:
            return False
        short, long = sorted((entry.body, other.body), key=len)
        held = trigrams(short)
        rest = [line for line in long.split("\n") if not _is_held(line, held)]
        if sum(len(line.split()) for line in rest) < _FEWEST_WORDS:
            return False
        return matter_of(short).cosine(matter_of("\n".join(rest))) < _UNRELATED_COSINE


def _is_held(line: str, held: frozenset[tuple[str, ...]]) -> bool:
    own = trigrams(line)
    return not own or len(own & held) >= _HELD * len(own)
