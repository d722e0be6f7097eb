"""A workspace that is built with the tone engine, its episode, and what is said of it."""

import shutil
from datetime import UTC, datetime, timedelta

from audiobrief.ingest.source import gather, read
from audiobrief.pipeline.build import Input, build
from audiobrief.pipeline.options import BuildOptions
from audiobrief.pipeline.review.gate import review_of
from audiobrief.store.library import read_shelf
from audiobrief.workspace.load import load_workspace
from tests.support import ARTICLE

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SETTINGS = """\
[cast]
narrator = "low"
quotes = ["high"]
[publish]
require_approval = {required}
"""
VOICE = 'engine = "tone"\nengine_voice = "tone-{n}"\nlanguage = "en"\n'


def put_workspace(root, *, required="true", text=ARTICLE):
    """Write a workspace with one article and build it."""
    (root / "voices").mkdir(parents=True)
    (root / "audiobrief.toml").write_text(SETTINGS.format(required=required), encoding="utf-8")
    for name, n in (("low", 1), ("high", 2)):
        (root / "voices" / f"{name}.toml").write_text(VOICE.format(n=n), encoding="utf-8")
    (root / "articles").mkdir()
    (root / "articles" / "ferry.txt").write_text(text, encoding="utf-8")
    Desk(root).build()
    return root


class Desk:
    """What a test does with a workspace of one episode."""

    def __init__(self, root):
        self.root = root

    @property
    def show(self):
        """The workspace, read anew."""
        return load_workspace(self.root)

    @property
    def episode(self):
        """Its one episode, read anew."""
        (episode,) = read_shelf(self.show.episodes).episodes
        return episode

    @property
    def folder(self):
        """Where the episode lies."""
        return self.root / "episodes" / self.episode.directory

    @property
    def review(self):
        """What was said of it."""
        return review_of(self.show, self.episode)

    @property
    def verdicts(self):
        """The verdict of each segment, in order."""
        return [str(self.review.verdict(segment)) for segment in self.episode.segments]

    def segment(self, part):
        """Return the segment whose text has this in it."""
        (found,) = [segment for segment in self.episode.segments if part in segment.text]
        return found

    def build(self, *, force=False, tell=lambda _event: None):
        """Build the inbox; all must go well."""
        show = self.show
        found = gather([show.articles], root=show.root)
        inputs = [Input(c.locator, lambda c=c: read(c), path=c.path) for c in found]
        report = build(show, inputs, now=NOW, options=BuildOptions(force=force), tell=tell)
        assert [o.error for o in report.outcomes] == [None] * len(found), report
        return report

    def rewrite(self, old, new):
        """Change words in the script file, as a text editor does, and build."""
        path = self.folder / "script.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        self.build()


def copied(built, place):
    """Return a desk for a copy of a workspace, with the times of its files."""
    shutil.copytree(built, place)
    return Desk(place)
