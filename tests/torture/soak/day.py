"""What happens in a day: articles come, are edited and go; sources fall ill; people do things."""

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

from tests.torture.soak.press import ILL, Site, piece

#: name, address, tags, whether its feed has teasers alone.
PAPERS = (
    ("harbor", "127.0.0.11", ["local"], False),
    ("market", "127.0.0.12", ["members"], False),
    ("tribune", "127.0.0.13", ["checked"], False),
    ("gazette", "127.0.0.14", ["world"], False),
    ("standard", "127.0.0.15", ["world"], True),
)
LATER = ("newcomer", "127.0.0.16", ["world"], False)
#: Whose addresses are put into a list by hand.
SHARED = ("shared", "127.0.0.17", [], False)
BROKEN = (b"\0\0\0", b"", b"   \n", b"%PDF-1.4 of nothing", b"\xff\xfe\x00")


def _site(name, address, tags, teasers):
    site = Site(name, address, teasers=teasers)
    site.tags = tags
    return site


class Day:
    """Lets things happen, and knows what must come of them."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.sites = [_site(*paper) for paper in PAPERS]
        self.shared = _site(*SHARED)
        self.everybody = [*self.sites, self.shared]
        self.stage = None
        self.numbers = 0
        self.counts = Counter()
        #: Number of an article -> the file that it was put into; what of it is there still.
        self.put = {}
        #: Files that are no articles.
        self.broken = set()
        #: Numbers of articles of which two papers have a copy.
        self.copied = set()
        #: Numbers of articles whose words were changed by hand or by their paper.
        self.changed = set()

    def begin(self, stage):
        """Begin on a stage."""
        self.stage = stage

    def close(self):
        """Let all papers go."""
        for site in self.everybody:
            site.close()

    def quarter(self, number, of):
        """Let one step of the day happen; return the files that are to be built now."""
        # At the end all are well, so that what has failed can be made.
        is_last = number >= of - max(1, min(4, of // 4))
        is_down = number == of // 3 or self.random.random() < 0.08
        self._engine(is_down=is_down and not is_last)
        self._papers(number, is_last=is_last)
        if number == of // 3:
            self._settings(lambda stage: setattr(stage, "description", "Another day."))
        if number == of // 2:
            site = _site(*LATER)
            self.everybody.append(site)
            self._settings(lambda stage: stage.sites.append(site))
        if number == of * 2 // 3:
            self._settings(lambda stage: stage.sites.pop(0))
        return self._inbox()

    def _next(self, host="inbox"):
        self.numbers += 1
        return piece(self.numbers, self.stage.clock() - timedelta(minutes=1), host)

    def _engine(self, *, is_down):
        if is_down:
            self.stage.down.touch()
            self.counts["steps without engine"] += 1
        else:
            self.stage.down.unlink(missing_ok=True)

    def _settings(self, change):
        change(self.stage)
        self.stage.write_settings()
        self.counts["settings changed"] += 1

    def _papers(self, number, *, is_last):
        for site in self.everybody:
            is_ill = not is_last and self.random.random() < 0.12
            mode = self.random.choice(ILL) if is_ill else "well"
            if is_ill and self.random.random() < 0.03:
                mode = "mute"
            site.be(mode)
            if mode != "well":
                self.counts[f"ill: {mode}"] += 1
            if site is self.shared:
                if self.random.random() < 0.12:
                    self._share(site)
                continue
            for _ in range(self.random.choice((0, 0, 0, 0, 1)) + (number == 0)):
                site.put(self._next(site.name))
                self.counts["articles of papers"] += 1
            if site.pieces and self.random.random() < 0.05:
                old = self.random.choice(site.pieces[-6:])
                site.put(old.corrected())
                self.changed.add(old.number)
                self.counts["corrections"] += 1
            other = self.random.choice(self.sites)
            may_copy = other is not site and not other.teasers and other.pieces
            if may_copy and self.random.random() < 0.03:
                self._copy(other.pieces[-1], site)

    def _copy(self, told, site):
        site.put(told)
        self.copied.add(told.number)
        self.counts["copies"] += 1

    def _share(self, site):
        told = self._next(site.name)
        site.put(told)
        with (self.stage.house.root / "list.txt").open("a") as stream:
            stream.write(f"{site.url}{told.path}\n")
        self.counts["addresses shared"] += 1

    def _inbox(self):
        inbox, rng = self.stage.house.root / "articles", self.random
        expected = []
        for _ in range(rng.choice((0, 0, 1))):
            told = self._next()
            name = f"note-{told.number}.txt"
            _write(inbox / name, f"{told.title}\n\n{told.text}\n")
            self.put[told.number] = name
            expected.append(f"articles/{name}")
            self.counts["put into the inbox"] += 1
        if len(self.put) > 3 and rng.random() < 0.15:
            number = rng.choice(sorted(self.put)[:-2])
            path = inbox / self.put[number]
            if path.exists():
                _write(path, path.read_text() + f"\nLater, {rng.randrange(10**6)} were counted.\n")
                self.changed.add(number)
                expected.append(f"articles/{path.name}")
                self.counts["edited in the inbox"] += 1
        if len(self.put) > 6 and rng.random() < 0.1:
            path = inbox / self.put[rng.choice(sorted(self.put)[:-4])]
            if path.exists() and f"articles/{path.name}" not in expected:
                path.unlink()
                self.counts["taken out of the inbox"] += 1
        if rng.random() < 0.06:
            name = f"broken-{len(self.broken)}.{rng.choice(('txt', 'html', 'pdf', 'md'))}"
            (inbox / name).write_bytes(rng.choice(BROKEN))
            self.broken.add(f"articles/{name}")
            expected.append(f"articles/{name}")
            self.counts["files that are no articles"] += 1
        return expected


def _write(path: Path, text):
    """Write a file as an editor does that keeps the old one until the new one is whole."""
    new = path.with_name(f".{path.name}.swp")
    new.write_text(text)
    new.replace(path)
