"""A show of any size, without making the sound of each episode: for measuring, never for listening.

    python -m tests.scale.synthetic FOLDER --episodes 10000 --articles 100000

One episode is really built, with the tone engine; all others have its sound, its transcripts and
its pictures as hard links, and manifests of their own. So every check of a build passes but for
what is inside: whatever changes a file in place changes it in all of them.
"""

import argparse
import os
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path

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

TONE = BuildOptions(engine="tone")
TAG = "radio"
SETTINGS = f'[show]\ntitle = "Harbor Post"\ntags = ["{TAG}"]\n'
#: When the first episode was published.
START = datetime(2016, 1, 1, 6, tzinfo=UTC)
#: Some file systems let a file have 65,000 names.
LINKS = 30_000
_GIVEN = """
Ana Ben Cleo Dan Eva Finn Gus Hanna Ivo Jan Kim Lea Mia Nils Olga Paul Rosa Sam
""".split()  # noqa: SIM905 - a list of words
_FAMILY = """
Ruiz Weaver Miller Okafor Lindt Moreau Novak Haas Silva Brandt Costa Dunn
""".split()  # noqa: SIM905 - a list of words
_THINGS = """
ferry bridge library tram market school tower garden museum canal
""".split()  # noqa: SIM905 - a list of words
_EVENTS = """
opens closes reopens moves doubles
""".split()  # noqa: SIM905 - a list of words


def speaker_of(number):
    """Return who speaks in an episode."""
    return f"{_GIVEN[number % len(_GIVEN)]} {_FAMILY[number // len(_GIVEN) % len(_FAMILY)]}"


def article_text(number, *, tag=TAG):
    """Return an article as a file of the inbox has it; no two are alike."""
    thing = _THINGS[number % len(_THINGS)]
    event = _EVENTS[number // len(_THINGS) % len(_EVENTS)]
    speaker = speaker_of(number)
    return (
        f"---\ntitle: The {thing} {event} for the {number}th time\ntags: [{tag}]\n---\n\n"
        f"The {thing} {event} on Monday, as number {number} of the list says. "
        f'"We have counted all {number} planks of the {thing}," said {speaker}, who led the work. '
        "Nobody was hurt, the town said, and tickets cost the same as before.\n"
    )


def make_show(root, *, episodes, articles=None, tell=lambda _line: None):
    """Write a workspace with a show, as a build left it.

    Args:
        root: An empty or missing folder.
        episodes: How many the show has.
        articles: How many lie in the inbox; those beyond the episodes have another show's tag.
        tell: Called with a line now and then.
    """
    articles = episodes if articles is None else articles
    root = Path(root)
    (root / "articles").mkdir(parents=True)
    (root / "audiobrief.toml").write_text(SETTINGS, encoding="utf-8")
    locators = []
    for number in range(articles):
        name = f"a{number:06}.md"
        text = article_text(number, tag=TAG if number < episodes else "paper")
        (root / "articles" / name).write_text(text, encoding="utf-8")
        locators.append(f"articles/{name}")
    show = load_workspace(root)
    first = locators[0]
    report = build(show, [_input(show, first)], now=START + timedelta(hours=episodes), options=TONE)
    (outcome,) = report.outcomes
    assert outcome.error is None, outcome.error
    (template,) = read_shelf(show.episodes).episodes
    tell(f"{articles} articles; one episode built")
    outcomes = dict(_copied(show, template, locators[:episodes], tell))
    build(show, [], now=START + timedelta(hours=episodes + 1), options=TONE)
    _age(root)
    remember(show, locators, outcomes)
    tell("done")


def _input(show, locator):
    path = show.root / locator
    return Input(locator, lambda: read(Candidate(locator, path)), path=path)


def _copied(show, template, locators, tell):
    """Write all episodes but the first; yield locator, GUID, directory and title of each."""
    source = show.episodes / template.directory
    described = describe_show(show, identify(show), choose_cover(show))
    own_cover = episode_cover_name(described, template)
    taken = set()
    yield locators[0], (template.guid, template.directory, template.title)
    shared = [p for p in source.iterdir() if p.name not in {MANIFEST_NAME, own_cover}]
    before = source
    for number, locator in enumerate(islice(locators, 1, None), 1):
        article = read_article(read(Candidate(locator, show.root / locator)), "en")
        published = START + timedelta(hours=number)
        guid = new_guid(article, ())
        directory = new_directory(article.headline, published, guid, taken)
        taken.add(directory)
        episode = _like(template, article, guid, directory, published)
        folder = show.episodes / directory
        folder.mkdir()
        if number % LINKS == 0:
            before = folder
        for path in shared:
            if before is folder:
                shutil.copyfile(path, folder / path.name)
            else:
                os.link(before / path.name, folder / path.name)
        if len(locators) - number <= 100:
            os.link(source / own_cover, folder / episode_cover_name(described, episode))
        (folder / MANIFEST_NAME).write_bytes(render_manifest(episode))
        yield locator, (guid, directory, episode.title)
        if number % 10_000 == 0:
            tell(f"{number} episodes")


def _like(template, article, guid, directory, published):
    """Return an episode that says what its article says, and sounds like another one."""
    texts = [b.text for b in article.body]
    said = cycle(texts)
    segments = tuple(
        replace(s, text=next(said) if s.source[0] != s.source[1] else s.text)
        for s in template.segments
    )
    speaker = next((s.speaker for s in segments if s.speaker), None)
    if speaker is not None:
        own = speaker_of(int(article.locator[-9:-3]))
        segments = tuple(replace(s, speaker=own) if s.speaker else s for s in segments)
    reference = replace(
        template.articles[0], id=article.id, locator=article.locator, headline=article.headline
    )
    digest = sha256(guid.encode()).hexdigest()
    return replace(
        template,
        guid=guid,
        title=article.headline,
        published=published,
        directory=directory,
        articles=(reference,),
        segments=segments,
        build=replace(template.build, digest=digest),
    )


def _age(root):
    """Let all articles be an hour old: what has just changed is never trusted."""
    then = time.time() - 3600
    with os.scandir(root / "articles") as entries:
        for entry in entries:
            os.utime(entry.path, (then, then))


def remember(show, locators, outcomes):
    """Note, as a build does, that nothing has changed since: its digests are not the real ones."""
    cast = choose_cast(show, engine=TONE.engine)
    standing = Standing(show, TONE, fingerprints(cast.voices.values()), datetime.now(UTC))
    told = []
    for locator in locators:
        standing.stands(_input(show, locator))
        if locator in outcomes:
            guid, directory, title = outcomes[locator]
            folder = f"{show.episodes_name}/{directory}"
            told.append(Outcome(locator, Result.UNCHANGED, guid, folder, title=title))
    standing.remember(BuildReport(tuple(told), f"{show.episodes_name}/feed.xml", 0.0))


def main():
    """Write a show into a folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--episodes", type=int, default=10_000)
    parser.add_argument("--articles", type=int)
    given = parser.parse_args()
    make_show(given.folder, episodes=given.episodes, articles=given.articles, tell=print)


if __name__ == "__main__":
    main()
