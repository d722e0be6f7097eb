"""What a page shows of each episode, gathered once for each state that its files are in."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Final

from audiobrief.pipeline.review import gate
from audiobrief.pipeline.review.view import Scene
from audiobrief.store.library import has_sound
from audiobrief.store.stamps import Stamps

if TYPE_CHECKING:
    from audiobrief.pipeline.review.builder import Builder
    from audiobrief.pipeline.review.rack import Place, Rack
    from audiobrief.workspace.load import Workspace

#: Episodes that are held as they are shown: about 3 MB each at 1,000 segments.
_MOST_HELD: Final = 8


class Scenes:
    """Gathers them.

    Args:
        rack: Where the episodes are.
        builder: Builds them again.
    """

    def __init__(self, rack: Rack, builder: Builder) -> None:
        self._rack = rack
        self._builder = builder
        self._lock = Lock()
        self._held: OrderedDict[str, Scene] = OrderedDict()

    def of(self, place: Place) -> Scene:
        """Return what is shown of an episode.

        Raises:
            StoreError: One of its files cannot be read.
        """
        # Asked before anything is read: what changes meanwhile has another one.
        revision = self.revision(place)
        with self._lock:
            scene = self._held.get(place.id)
        if scene is None or scene.revision != revision:
            scene = self._gathered(place, revision)
            with self._lock:
                self._held[place.id] = scene
                self._held.move_to_end(place.id)
                while len(self._held) > _MOST_HELD:
                    self._held.popitem(last=False)
        return replace(
            scene,
            is_building=self._builder.is_building(place.id),
            failure=self._builder.failure(place.id),
        )

    def revision(self, place: Place, words: str | None = None) -> str:
        """Return what changes whenever a page would show something else.

        Args:
            place: Of the episode.
            words: From `words_of`, if it is known.
        """
        return _digest(place.stamps(), words_of(place.show) if words is None else words)

    def ingredients(self, place: Place) -> str:
        """Return what changes whenever an episode may have to be built again."""
        return _digest(place.stamps(("script.md", "words.toml")), words_of(place.show))

    def _gathered(self, place: Place, revision: str) -> Scene:
        show, episode = place.show, self._rack.episode(place)
        review = gate.review_of(show, episode)
        return Scene(
            id=place.id,
            show=show.show_title,
            episode=episode,
            segments=episode.segments,
            review=review,
            progress=gate.progress(episode, review),
            is_required=show.settings.publish.require_approval,
            revision=revision,
            spec=show.sound,
            has_sound=has_sound(show.episodes, episode),
            voices=tuple(show.voices.values()),
        )


def words_of(show: Workspace) -> str:
    """Return the state of a show's lexicon."""
    stamps = Stamps()
    stamps.add_tree(show.lexicon_folder)
    return stamps.digest()


def _digest(*states: object) -> str:
    return sha256(repr(states).encode()).hexdigest()[:16]
