"""``script``: an article's script as a build would speak it, without building."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.pipeline.edited import read_edits
from audiobrief.pipeline.recipe import find_doubtful_words, read_article, write_script
from audiobrief.pipeline.register import Register
from audiobrief.pipeline.voices import choose_cast

if TYPE_CHECKING:
    from audiobrief.model.article import Article
    from audiobrief.model.script import Script
    from audiobrief.pipeline.build import Input
    from audiobrief.workspace.load import Workspace


@dataclass(frozen=True, slots=True)
class Preview:
    """An article as a build would speak it."""

    article: Article
    script: Script
    #: Names and acronyms that no dictionary has, the most frequent first.
    doubtful_words: tuple[str, ...]


def preview(workspace: Workspace, item: Input, *, voice: str | None = None) -> Preview:
    """Return an article and its script, with a person's edits.

    Raises:
        SourceError: It is no article.
        ScriptConflictError: The article and a person have changed the same lines.
        WorkspaceError: The settings, voice profiles or lexicons are wrong.
    """
    cast = choose_cast(workspace, voice=voice)
    article = read_article(item.read(), workspace.settings.show.language)
    register = Register(workspace)
    own = register.claim(article)
    others = register.others(own)
    written = read_edits(workspace, own, article)
    script = write_script(article, cast, workspace, own, others, written)
    return Preview(article, script, find_doubtful_words(article, script, workspace))
