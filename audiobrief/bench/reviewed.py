"""How soon a changed sentence of a long episode is heard on the review page, and built again.

In a browser, by a click, where Playwright and Chromium are installed; else as the page asks, over
HTTP, until the sound has come.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.request import Request, urlopen

from audiobrief.bench.contestant import reviewing
from audiobrief.bench.figure import figure_of
from audiobrief.bench.parts import length_in_words
from audiobrief.bench.texts import article, edited_sentence, sentence
from audiobrief.bench.tree import run_tree
from audiobrief.errors import AudiobriefError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiobrief.bench.figure import Figure

_GROUP: Final = "review"
#: From the click to the sound of the new clip.
MOST_UNTIL_HEARD_S: Final = 1.0
#: Spoken in an hour by the default voice.
SENTENCES: Final = 640
_MOST_WAIT_S: Final = 60.0
#: Nobody clicks before the page is read.
_FIRST_LOOK_MS: Final = 1000
_SETTINGS: Final = "[publish]\nrequire_approval = true\n"
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
#: As a program may be run where there is no screen; and sound without a click of a person.
_ARGUMENTS: Final = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-quic"),
    "--autoplay-policy=no-user-gesture-required",
)
#: Both moments by the page's own clock. What sounds is the new clip, or an MP3 that has come since.
_LISTEN: Final = """
addEventListener("click", () => {
  window.bench = {clicked: performance.now(), sound: document.getElementById("sound")?.src};
}, true);
addEventListener("playing", ({target}) => {
  const {bench} = window, source = target.currentSrc;
  if (bench && (source.includes("/clip/") || source !== bench.sound)) {
    bench.heard ??= performance.now();
  }
}, true);
"""
_HEARD: Final = "() => window.bench.heard && (window.bench.heard - window.bench.clicked) / 1000"


class _Listener(Protocol):
    """Somebody who changes a sentence and waits for its sound."""

    #: How it is done, for people.
    name: str

    def heard_after_s(self, number: int, before: str, after: str) -> float:
        """Change the words of a segment, counted from 1, and return when they were heard."""
        ...

    def settle(self, sha256: str) -> None:
        """Wait until the episode's new sound is there, as a person would see it."""
        ...


class ReviewBench:
    """Measures the review.

    Args:
        folder: Empty; where an episode is built.
        tell: Called with what is done at the moment.
        rounds: So many sentences are changed, one after the other.
        sentences: Of the article.
    """

    def __init__(
        self, folder: Path, tell: Callable[[str], None], rounds: int, sentences: int = SENTENCES
    ) -> None:
        self._folder = folder
        self._tell = tell
        self._rounds = rounds
        self._sentences = sentences
        #: What could not be measured, and why.
        self.left_out: list[str] = []

    def measure(self) -> Iterator[Figure]:
        """Yield what was measured.

        Raises:
            AudiobriefError: Nothing can be built, the review does not start, or nothing is heard.
        """
        self._tell("building an episode")
        manifest = _build(self._folder, self._sentences)
        heard, built, others = [], [], []
        with reviewing(self._folder) as url, self._listener(url, manifest.parent.name) as listener:
            for turn in range(self._rounds):
                self._tell(f"round {turn + 1} of {self._rounds}: one sentence, {listener.name}")
                before = _read(manifest)
                number, old, new = self._edit(before, turn)
                started_s = time.perf_counter()
                heard.append(listener.heard_after_s(number, old, new))
                after = _when_built(manifest, before)
                built.append(time.perf_counter() - started_s)
                listener.settle(after["enclosure"]["sha256"])
                others.append(_changed_besides(before, after, number))
            name = length_in_words(_read(manifest)["enclosure"]["duration_ms"] / 1000)
        what = f"{name}: a changed sentence"
        yield from figure_of(
            _GROUP, f"{what} heard, {listener.name}", heard, unit="s", most=MOST_UNTIL_HEARD_S
        )
        yield from figure_of(_GROUP, f"{what}, clips changed besides", others, most=0)
        yield from figure_of(_GROUP, f"{what} in the episode's MP3", built, unit="s")

    def _edit(self, manifest: dict[str, Any], turn: int) -> tuple[int, str, str]:
        """Return which segment is changed in a round, counted from 1, and its words."""
        texts = [segment["text"] for segment in manifest["segments"]]
        first = self._sentences * (turn + 1) // (self._rounds + 1)
        for number in range(first, self._sentences):
            if sentence(number) in texts:
                place = texts.index(sentence(number)) + 1
                return place, sentence(number), edited_sentence(number, turn)
        raise AudiobriefError(
            "no sentence of the article is a segment", "the bench", remedy="report it"
        )

    @contextmanager
    def _listener(self, url: str, episode: str) -> Iterator[_Listener]:
        browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
        if browser is None or find_spec("playwright") is None:
            missing = "Chromium" if browser is None else "Playwright"
            self.left_out.append(f"the browser, HTTP instead: {missing} is not installed")
            yield _Program(url, episode)
            return
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is installed

        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=browser, args=list(_ARGUMENTS), handle_sigint=False
            )
            try:
                yield _Person(chromium.new_page(), f"{url}episode/{episode}")
            finally:
                chromium.close()


class _Person:
    """Clicks in a browser, and hears."""

    name = "by a click in Chromium"

    def __init__(self, page: Any, url: str) -> None:
        self._page = page
        page.add_init_script(_LISTEN)
        page.goto(url)
        page.locator("#cards[aria-busy=false] > .card").first.wait_for()
        page.wait_for_timeout(_FIRST_LOOK_MS)

    def heard_after_s(self, number: int, before: str, after: str) -> float:
        """See `_Listener`."""
        card = self._page.locator(f"#cards > .card:nth-child({number})")
        card.locator("[data-act=edit]").click()
        words = card.locator("textarea")
        if words.input_value() != before:
            raise _unheard(f"segment {number} is another: {words.input_value()}")
        words.fill(after)
        card.get_by_role("button", name="Save and hear").click()
        end_s = time.monotonic() + _MOST_WAIT_S
        while time.monotonic() < end_s:
            heard_after_s = self._page.evaluate(_HEARD)
            if heard_after_s:
                return float(heard_after_s)
            self._page.wait_for_timeout(20)
        raise _unheard(f"segment {number}")

    def settle(self, sha256: str) -> None:
        """See `_Listener`."""
        self._page.locator(f"#sound[src*='{sha256}']").wait_for(state="attached")
        self._page.locator("#building").wait_for(state="hidden")


class _Program:
    """Asks as the page does."""

    name = "over HTTP"

    def __init__(self, url: str, episode: str) -> None:
        self._url = url
        self._api = f"{url}api/episodes/{episode}"

    def heard_after_s(self, number: int, before: str, after: str) -> float:
        """See `_Listener`."""
        segment = json.loads(_asked(self._api))["segments"][number - 1]
        if segment["text"] != before:
            raise _unheard(f"segment {number} is another: {segment['text']}")
        seen = {name: segment[name] for name in ("text", "voice", "speaker")}
        change = {"op": "words", "segment": segment["id"], "seen": seen, "text": after}
        started_s = time.perf_counter()
        answer = json.loads(_asked(f"{self._api}/fix", change))
        sound = _asked(f"{self._url.rstrip('/')}{answer['clip_url']}")
        if not sound:
            raise _unheard(f"segment {number}")
        return time.perf_counter() - started_s

    def settle(self, sha256: str) -> None:
        """See `_Listener`: an answer is always of now."""


def _asked(url: str, body: object = None) -> bytes:
    content = None if body is None else json.dumps(body).encode()
    fields = {"Content-Type": "application/json", "X-Audiobrief": "review"}
    with urlopen(Request(url, content, fields if content else {})) as answer:  # noqa: S310 - ours, by http
        told: bytes = answer.read()
        return told


def _unheard(what: str) -> AudiobriefError:
    return AudiobriefError(
        "a changed sentence is not heard", what, remedy="see whether audiobrief review works here"
    )


def _build(folder: Path, sentences: int) -> Path:
    """Build an episode with the default voices; return its manifest."""
    (folder / "articles").mkdir()
    (folder / "articles" / "towns.txt").write_text(article(sentences), encoding="utf-8")
    (folder / "audiobrief.toml").write_text(_SETTINGS, encoding="utf-8")
    taken = run_tree([[sys.executable, "-m", "audiobrief", "build", "-q"]], folder)
    manifests = sorted(folder.glob("episodes/*/episode.json"))
    if taken.failure or not manifests:
        raise AudiobriefError(
            f"nothing to review: {taken.failure or 'no episode'}",
            "audiobrief build",
            remedy="run 'audiobrief doctor'",
        )
    return manifests[0]


def _read(manifest: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(manifest.read_bytes())
    return told


def _when_built(manifest: Path, before: dict[str, Any]) -> dict[str, Any]:
    """Wait until the episode has another sound, and return its manifest."""
    end_s = time.monotonic() + _MOST_WAIT_S
    while time.monotonic() < end_s:
        after = _read(manifest)
        if after["enclosure"]["sha256"] != before["enclosure"]["sha256"]:
            return after
        time.sleep(0.02)
    raise AudiobriefError(
        "the episode is not built again", str(manifest), remedy="look at audiobrief review -v"
    )


def _changed_besides(before: dict[str, Any], after: dict[str, Any], number: int) -> int:
    """Return how many clips are others than before, besides that of one segment.

    >>> def episode(*clips):
    ...     return {"segments": [{"clip": c, "clip_digest": c} for c in clips]}
    >>> _changed_besides(episode("a", "b", "c"), episode("a", "x", "c"), 2)
    0
    >>> _changed_besides(episode("a", "b", "c"), episode("y", "x", "c"), 2)
    1
    """
    clips = [
        [(segment["clip"], segment["clip_digest"]) for segment in episode["segments"]]
        for episode in (before, after)
    ]
    changed = {n for n, (a, b) in enumerate(zip(*clips, strict=True), 1) if a != b}
    if number not in changed:
        raise _unheard(f"segment {number} has its old clip")
    return len(changed) - 1
