"""What an episode is made of, as a value; how it is decided stands in `pipeline.recipe`.

Whoever makes episodes needs this alone, and starts without all that reads and plans articles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.model.audio import MusicSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.model.article import Article
    from audiobrief.model.script import Script
    from audiobrief.model.voice import Voice

#: Raised by one whenever a change of code changes what the same script and settings sound like.
RECIPE_VERSION = 2


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the bytes of an episode."""

    #: What it is made of, in the order of the ledger; at least one.
    articles: tuple[Article, ...]
    script: Script
    voices: Mapping[str, Voice]
    digest: str
    #: SHA-256 of the script file that was read for it; ``None``: none was.
    script_file: str | None = None
    #: What it is called while it is made; ``None``: as its one article.
    name: str | None = None
    music: MusicSpec = MusicSpec()

    @property
    def locator(self) -> str:
        """What the user knows it by: its article's locator, or the programme's name."""
        return self.name or self.articles[0].locator
