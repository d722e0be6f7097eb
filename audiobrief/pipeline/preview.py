"""``script``: an article's script as a build would speak it, without building."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.pipeline.edited import read_edits
from audiobrief.pipeline.recipe import choose_cast, read_article, write_script
from audiobrief.store.library import find_episode, read_shelf

if TYPE_CHECKING:
    from audiobrief.model.article import Article
    from audiobrief.model.script import Script
    from audiobrief.pipeline.build import Input
    from audiobrief.workspace.load import Workspace


def preview(
    workspace: Workspace, item: Input, *, voice: str | None = None
) -> tuple[Article, Script]:
    """Return an article and its script.

    Raises:
        SourceError: It is no article.
        WorkspaceError: The settings or voice profiles are wrong.
    """
    cast = choose_cast(workspace, voice=voice)
    article = read_article(item.read())
    episodes = read_shelf(workspace.episodes).episodes
    own = find_episode(article, episodes)
    others = [e for e in episodes if e is not own]
    edits = read_edits(workspace, own)
    return article, write_script(article, cast, workspace, own, others, edits)
