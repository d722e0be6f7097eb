"""A show of any size, without making the sound of each episode: for measuring, never for listening.

One episode is really built, with the tone engine; all others have its sound, its transcripts and
its pictures as hard links, and manifests of their own. So every check of a build passes but for
what is inside: whatever changes a file in place changes it in all of them.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import cycle
from typing import TYPE_CHECKING, Final, NamedTuple

from audiobrief.ingest.source import Candidate, read
from audiobrief.model.report import BuildReport, Outcome, Result
from audiobrief.pipeline.build import Input, build
from audiobrief.pipeline.options import BuildOptions
from audiobrief.pipeline.recipe import read_article
from audiobrief.pipeline.release import choose_cover, describe_show, identify
from audiobrief.pipeline.standing import Standing
from audiobrief.pipeline.voices import choose_cast, fingerprints
from audiobrief.publish.cover_name import episode_cover_name
from audiobrief.store.library import new_directory, new_guid, read_shelf
from audiobrief.store.manifest import MANIFEST_NAME, render_manifest
from audiobrief.workspace.load import load_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from audiobrief.model.article import Article
    from audiobrief.model.episode import Episode
    from audiobrief.workspace.load import Workspace

ENGINE: Final = "tone"
#: Of the articles that the show is made of; those beyond its episodes have the other one.
_TAG: Final = "radio"
_OTHER_TAG: Final = "paper"
_SETTINGS: Final = f'[show]\ntitle = "Harbor Post"\ntags = ["{_TAG}"]\n'
_OPTIONS: Final = BuildOptions(engine=ENGINE)
#: When the first episode was published; the others follow, one an hour.
_START: Final = datetime(2016, 1, 1, 6, tzinfo=UTC)
#: So many of the newest episodes have a cover of their own: the feed shows no more of them.
_COVERED: Final = 100
#: What has just changed is never trusted: articles are said to be so old.
_AGE_S: Final = 3600
_TELL_EVERY: Final = 10_000
_GIVEN: Final = (
    *("Ana", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hanna", "Ivo"),
    *("Jan", "Kim", "Lea", "Mia", "Nils", "Olga", "Paul", "Rosa", "Sam"),
)
_FAMILY: Final = (
    *("Ruiz", "Weaver", "Miller", "Okafor", "Lindt", "Moreau"),
    *("Novak", "Haas", "Silva", "Brandt", "Costa", "Dunn"),
)
_THINGS: Final = (
    *("ferry", "bridge", "library", "tram", "market"),
    *("school", "tower", "garden", "museum", "canal"),
)
_EVENTS: Final = ("opens", "closes", "reopens", "moves", "doubles")


def make_large_show(
    root: Path, *, episodes: int, articles: int, tell: Callable[[str], None]
) -> None:
    """Write a workspace with a show, as a build with `ENGINE` left it.

    Args:
        root: An empty or missing folder.
        episodes: How many the show has, at least one.
        articles: How many lie in the inbox, at least as many; those beyond the episodes are none of
            the show's.
        tell: Called with a line now and then.

    Raises:
        AudiobriefError: The one episode cannot be built.
    """
    (root / "articles").mkdir(parents=True)
    (root / "audiobrief.toml").write_text(_SETTINGS, encoding="utf-8")
    for number in range(articles):
        add_article(root, number, is_wanted=number < episodes)
    locators = [_locator(number) for number in range(articles)]
    show = load_workspace(root)
    now = _START + timedelta(hours=episodes)
    (outcome,) = build(show, [_input(show, locators[0])], now=now, options=_OPTIONS).outcomes
    if outcome.error is not None:
        raise outcome.error
    (template,) = read_shelf(show.episodes).episodes
    tell(f"{articles} articles; one episode built")
    copies = dict(_copied(show, template, locators[:episodes], tell))
    build(show, [], now=now + timedelta(hours=1), options=_OPTIONS)
    _remember(show, locators, copies)


def add_article(root: Path, number: int, *, is_wanted: bool = True) -> str:
    """Write an article into the inbox, as if it had lain there for an hour.

    Args:
        root: Of the workspace.
        number: No two articles of different numbers are alike.
        is_wanted: It is the show's.

    Returns:
        Its path from the root.
    """
    locator = _locator(number)
    path = root / locator
    path.write_text(_text(number, _TAG if is_wanted else _OTHER_TAG), encoding="utf-8")
    then = time.time() - _AGE_S
    os.utime(path, (then, then))
    return locator


def speaker_of(number: int) -> str:
    """Return who speaks in the article of a number.

    >>> speaker_of(19)
    'Ben Weaver'
    """
    return f"{_GIVEN[number % len(_GIVEN)]} {_FAMILY[number // len(_GIVEN) % len(_FAMILY)]}"


def _text(number: int, tag: str) -> str:
    thing = _THINGS[number % len(_THINGS)]
    event = _EVENTS[number // len(_THINGS) % len(_EVENTS)]
    speaker = speaker_of(number)
    return (
        f"---\ntitle: The {thing} {event} for the {number}th time\ntags: [{tag}]\n---\n\n"
        f"The {thing} {event} on Monday, as number {number} of the list says. "
        f'"We have counted all {number} planks of the {thing}," said {speaker}, who led the work. '
        "Nobody was hurt, the town said, and tickets cost the same as before.\n"
    )


def _locator(number: int) -> str:
    return f"articles/a{number:06}.md"


def _input(show: Workspace, locator: str) -> Input:
    path = show.root / locator
    return Input(locator, lambda: read(Candidate(locator, path)), path=path)


class _Copy(NamedTuple):
    """What a build would tell of an episode."""

    guid: str
    directory: str
    title: str


def _copied(
    show: Workspace, template: Episode, locators: Sequence[str], tell: Callable[[str], None]
) -> Iterator[tuple[str, _Copy]]:
    """Write all episodes but the first, which is the template; yield all by their articles."""
    folder = show.episodes / template.directory
    described = describe_show(show, identify(show), choose_cover(show))
    cover = folder / episode_cover_name(described, template)
    shared = {p.name: p for p in folder.iterdir() if p.name != MANIFEST_NAME and p != cover}
    taken = {template.directory}
    yield locators[0], _Copy(template.guid, template.directory, template.title)
    for number, locator in enumerate(locators[1:], 1):
        article = read_article(read(Candidate(locator, show.root / locator)), "en")
        published = _START + timedelta(hours=number)
        guid = new_guid(article, ())
        directory = new_directory(article.headline, published, guid, taken)
        taken.add(directory)
        episode = _like(template, article, number, _Copy(guid, directory, article.headline))
        folder = show.episodes / directory
        folder.mkdir()
        for name, path in shared.items():
            shared[name] = _shared(path, folder / name)
        if len(locators) - number <= _COVERED:
            _shared(cover, folder / episode_cover_name(described, episode))
        (folder / MANIFEST_NAME).write_bytes(render_manifest(episode))
        yield locator, _Copy(guid, directory, episode.title)
        if number % _TELL_EVERY == 0:
            tell(f"{number} episodes")


def _shared(path: Path, target: Path) -> Path:
    """Give a file another name, and return the one to take for the next name.

    Where file systems have no such links, or so many names are too many for one, it is a copy.
    """
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)
        return target
    return path


def _like(template: Episode, article: Article, number: int, copy: _Copy) -> Episode:
    """Return an episode that says what its article says, and sounds like another one."""
    said = cycle([block.text for block in article.body])
    segments = tuple(
        replace(
            s,
            text=next(said) if s.source[0] != s.source[1] else s.text,
            speaker=speaker_of(number) if s.speaker else s.speaker,
        )
        for s in template.segments
    )
    reference = replace(
        template.articles[0], id=article.id, locator=article.locator, headline=article.headline
    )
    return replace(
        template,
        guid=copy.guid,
        title=copy.title,
        published=_START + timedelta(hours=number),
        directory=copy.directory,
        articles=(reference,),
        segments=segments,
        # None that a recipe has: whoever does not trust the note of a build makes it anew.
        build=replace(template.build, digest=sha256(copy.guid.encode()).hexdigest()),
    )


def _remember(show: Workspace, locators: Sequence[str], copies: Mapping[str, _Copy]) -> None:
    """Note, as a build does, that nothing has changed since."""
    cast = choose_cast(show, engine=ENGINE)
    standing = Standing(show, _OPTIONS, fingerprints(cast.voices.values()), datetime.now(UTC))
    told = []
    for locator in locators:
        standing.stands(_input(show, locator))
        if locator in copies:
            guid, directory, title = copies[locator]
            folder = f"{show.episodes_name}/{directory}"
            told.append(Outcome(locator, Result.UNCHANGED, guid, folder, title=title))
    standing.remember(BuildReport(tuple(told), f"{show.episodes_name}/feed.xml", 0.0))
