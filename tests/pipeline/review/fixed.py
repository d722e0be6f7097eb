"""An episode whose segments are changed, and built again."""

import shutil
from datetime import timedelta

from audiobrief.model.report import Result
from audiobrief.pipeline.review.bench import Workbench
from audiobrief.pipeline.review.fix import Seen, fix, history_of
from audiobrief.pipeline.review.rebuild import is_stale, rebuild, segments_now
from tests.pipeline.review.marked import LATER, Desk


class FixDesk(Desk):
    """What an editor does at the desk; she works on until the test ends."""

    def __init__(self, root):
        super().__init__(root)
        self.bench = Workbench(self.show)
        self.moment = LATER
        self.spoken_at_first = self.episode.build.synthesized

    @property
    def now(self):
        """The segments as script and words say now."""
        return segments_now(self.bench, self.episode)

    @property
    def texts(self):
        """What they say."""
        return [segment.text for segment in self.now]

    @property
    def script(self):
        """The bytes of the script file."""
        return (self.folder / "script.md").read_bytes()

    @property
    def history(self):
        """What was changed."""
        return history_of(self.show, self.episode)

    @property
    def is_stale(self):
        """Whether the sound is another than the script asks for."""
        return is_stale(self.show, self.episode)

    def find(self, part):
        """Return the one segment of now whose text has this in it."""
        (found,) = [segment for segment in self.now if part in segment.text]
        return found

    def fix(self, change, seen=None, *, by="ana"):
        """Change a segment, a minute later than the one before."""
        self.moment += timedelta(minutes=1)
        return fix(self.bench, self.episode, change, seen, by=by, now=self.moment)

    def rebuild(self):
        """Build the sound again, as the review does."""
        return rebuild(self.bench, self.episode, now=self.moment)

    def type(self, old, new):
        """Change words in the script file, as a text editor does."""
        path = self.folder / "script.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def is_unchanged(self):
        """Tell whether a build of the inbox has nothing to do."""
        report = self.build()
        return [outcome.result for outcome in report.outcomes] == [Result.UNCHANGED]


def seen(segment):
    """Return a segment as an editor sees it."""
    return Seen(segment.text, segment.voice, segment.speaker)


def copied(built, folder):
    """Return a desk with a copy of a built workspace."""
    shutil.copytree(built, folder)
    return FixDesk(folder)
