"""The report of a build: a page for each build that did something, true, escaped, small enough."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from audiobrief.assemble.encoded import parse_encoded, render_encoded
from audiobrief.cli.commands.watch import _Printer
from audiobrief.cli.options import Common
from audiobrief.errors import SourceError
from audiobrief.model.audio import Loudness, SoundSpec
from audiobrief.model.report import (
    BriefReport,
    BuildReport,
    Levels,
    Made,
    Outcome,
    Result,
    Step,
    ToldStory,
    VoiceLevel,
)
from audiobrief.model.script import LedgerRow
from audiobrief.pipeline.build import Input, build
from audiobrief.pipeline.build_report import MOST_KEPT, ShowBuilt, write_report
from audiobrief.pipeline.happening import Built
from audiobrief.pipeline.making import Making
from audiobrief.pipeline.options import BuildOptions
from audiobrief.publish.build_report import ShowReport, render_build_report
from audiobrief.publish.markup import tag
from audiobrief.sound.loudness import measure
from audiobrief.store.clips import ClipCache
from audiobrief.store.encoded import EncodedCache
from audiobrief.store.library import read_shelf
from audiobrief.text.printable import printable
from audiobrief.workspace.load import load_workspace
from tests.support import ARTICLE, run_audiobrief

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(2)> & \"q\" 'a'"
FURNITURE = "Share this with family and friends"


def flat(element):
    """Return all text of an element as one line."""
    return " ".join(element.text_content().split())


def reports(folder):
    """Return the names of a workspace's reports, in order."""
    return sorted(path.name for path in (folder / ".audiobrief" / "reports").glob("*"))


def write_inbox(folder):
    """Write an article with furniture, and a file that is none."""
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    article = ARTICLE.replace("The first boat leaves", "Captain Ylvaquist leaves")
    (folder / "articles" / "ferry.txt").write_text(f"{article}\n\n{FURNITURE}\n", "utf-8")
    (folder / "articles" / "short.txt").write_text("Nothing here.", encoding="utf-8")


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Return a workspace after its first build, what the build said, and the report's page."""
    folder = tmp_path_factory.mktemp("built") / "show"
    write_inbox(folder)
    run = run_audiobrief("build", "--engine", "tone", "--json", cwd=folder)
    (name,) = reports(folder)
    page = html.fromstring((folder / ".audiobrief" / "reports" / name).read_bytes())
    return folder, run, page


def test_the_report_is_told(first):
    """In the JSON, relative to the workspace; its name is the moment in UTC."""
    folder, run, _ = first
    told = run.json["report"]
    assert told == f".audiobrief/reports/{reports(folder)[0]}"
    datetime.strptime(told.rsplit("/", 1)[1], "%Y-%m-%dT%H%M%S-build.html").replace(tzinfo=UTC)


def test_it_says_of_each_article_what_became_of_it(first):
    """Title, outcome in words, length, words, clips: as the manifest has them."""
    folder, _, page = first
    (episode,) = read_shelf(folder / "episodes").episodes
    rows = page.cssselect("table.articles tbody tr")
    cells = {flat(r.find("th")): [flat(cell) for cell in r.findall("td")] for r in rows}
    (built,) = (cells[name] for name in cells if name.startswith(episode.title))
    (failed,) = (cells[name] for name in cells if name.startswith("articles/short.txt"))
    seconds = episode.enclosure.duration_ms // 1000
    words = sum(len(segment.text.split()) for segment in episode.segments)
    build_record = episode.build
    assert built[:3] == ["Built", f"{seconds // 60}:{seconds % 60:02d}", str(words)]
    assert built[4] == f"{build_record.synthesized} spoken, {build_record.cached} cached"
    assert failed[:3] == ["Failed", "", ""]


def test_what_was_left_out_is_struck_out_with_its_reason(first):
    """Each sentence of the ledger that nobody speaks, under its reason, with the share."""
    folder, _, page = first
    (episode,) = read_shelf(folder / "episodes").episodes
    dropped = [row for row in episode.ledger if row.reason is not None]
    assert FURNITURE in [row.text for row in dropped]
    assert sorted(flat(d) for d in page.cssselect("del")) == sorted(row.text for row in dropped)
    for row in dropped:
        (struck,) = (d for d in page.cssselect("del") if flat(d) == row.text)
        heading = struck.getparent().getparent().getprevious()
        assert heading.tag == "h5"
        assert flat(heading).lower().startswith(row.reason.lower())
    words = [sum(len(r.text.split()) for r in rows) for rows in (dropped, episode.ledger)]
    assert f"{round(100 * words[0] / words[1])} %, " in flat(page)


def test_what_was_added_and_what_is_doubtful_is_told(first):
    """With the reasons; and names that no dictionary has."""
    folder, _, page = first
    (episode,) = read_shelf(folder / "episodes").episodes
    texts = {segment.id: segment.text for segment in episode.segments}
    assert episode.added
    for one in episode.added:
        assert f"{texts[one.segment]} {one.reason}" in flat(page)
    assert "Ylvaquist" in [flat(word) for word in page.cssselect(".words li")]


def test_errors_stand_with_their_remedies(first):
    """What failed is told at the top: problem, subject, how to mend it."""
    _, run, page = first
    (error,) = (e["error"] for e in run.json["episodes"] if e["error"])
    (trouble,) = page.cssselect(".troubles li")
    assert error["problem"] in flat(trouble)
    assert f"To mend it: {error['remedy']}" in flat(trouble)


def test_the_page_stands_by_itself(first):
    """No script, nothing from elsewhere; tables have heads, headings go down step by step."""
    folder, _, page = first
    assert not page.cssselect("script, link, img, iframe, object, base")
    assert not [a for e in page.iter() if isinstance(e.tag, str) for a in e.attrib if a[:2] == "on"]
    for table in page.cssselect("table"):
        assert table.cssselect("caption")
        assert all(head.get("scope") in {"row", "col"} for head in table.cssselect("th"))
    steps = [int(e.tag[1]) for e in page.iter("h1", "h2", "h3", "h4", "h5")]
    assert steps[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(steps))
    here = folder / ".audiobrief" / "reports"
    links = [a.get("href") for a in page.cssselect("a")]
    assert any(link.endswith("/script.md") for link in links)
    for link in links:
        if link.startswith("#"):
            assert page.get_element_by_id(link[1:]) is not None
        else:
            assert (here / link).resolve().is_file()


def test_the_loudness_before_is_that_of_the_clips(first):
    """As an own measurement of what the voices gave says, within half a LU."""
    folder, _, page = first
    (episode,) = read_shelf(folder / "episodes").episodes
    clips = ClipCache(folder / ".audiobrief" / "clips")
    (voice, *_), *_ = ([flat(cell) for cell in row] for row in page.cssselect(".voices tbody tr"))
    measured = []
    for segment in episode.segments:
        if segment.voice == voice:
            clip = clips.get(segment.clip)
            samples = np.frombuffer(clip.pcm, "<i2") / 32768
            measured.append(measure(samples, clip.sample_rate_hz).integrated_lufs)
    for row in page.cssselect(".voices tbody tr"):
        name, count, mean, softest, loudest = (flat(cell) for cell in row)
        if name == voice:
            levels = [float(v.replace("\u2212", "-")) for v in (softest, mean, loudest)]
            assert int(count) == len(measured)
            assert levels == sorted(levels)
            assert levels[0] == pytest.approx(min(measured), abs=0.5)
            assert levels[2] == pytest.approx(max(measured), abs=0.5)


def test_a_build_that_changes_nothing_writes_nothing(first, tmp_path):
    """Unless a file is asked for: that tells what is unchanged, by title."""
    folder, _, _ = first
    before = reports(folder)
    article = "articles/ferry.txt"
    run = run_audiobrief("build", article, "--engine", "tone", "--json", cwd=folder)
    assert run.json["report"] is None
    assert reports(folder) == before
    target = tmp_path / "new" / "mine.html"
    arguments = ("build", article, "--engine", "tone", "--report", target)
    run = run_audiobrief(*arguments, cwd=folder)
    assert f"report     {target}" in run.stdout.splitlines()
    assert reports(folder) == before
    (episode,) = read_shelf(folder / "episodes").episodes
    page = html.fromstring(target.read_bytes())
    (line,) = page.cssselect("section[aria-labelledby=unchanged] li")
    assert flat(line).startswith(episode.title)
    link = line.cssselect("a")[0].get("href")
    there = folder / "episodes" / episode.directory / "index.html"
    assert (target.parent / link).samefile(there)


def test_a_dry_run_writes_nothing(first, tmp_path):
    """It changes nothing, not even by a report."""
    folder, _, _ = first
    target = tmp_path / "dry.html"
    run = run_audiobrief("build", "--dry-run", "--report", target, "--json", cwd=folder)
    assert run.json["report"] is None
    assert not target.exists()


def test_what_cannot_be_written_stops_no_build(tmp_path):
    """It is told, and fails the run only where a person has asked for the file."""
    write_inbox(tmp_path)
    (tmp_path / "articles" / "short.txt").unlink()
    (tmp_path / ".audiobrief").mkdir()
    (tmp_path / ".audiobrief" / "reports").write_text("in the way")
    run = run_audiobrief("build", "--engine", "tone", "--json", cwd=tmp_path)
    assert (run.code, run.json["report"]) == (0, None)
    assert "the report of this run" in run.stderr
    target = tmp_path / ".audiobrief" / "reports" / "x.html"
    run = run_audiobrief("build", "--engine", "tone", "--report", target, cwd=tmp_path)
    assert run.code == 1


def test_the_newest_are_kept(tmp_path):
    """Fifty; two of one second have two names, and nothing else in the folder is touched."""
    workspace = load_workspace(tmp_path)
    made = [ShowBuilt(workspace, BuildReport((outcome_of(1),), None, 1.0))]
    folder = tmp_path / ".audiobrief" / "reports"
    folder.mkdir(parents=True)
    (folder / "notes.html").write_text("mine")
    twice = [write_report(made, "build", now=NOW) for _ in range(2)]
    assert len(set(twice)) == 2
    for minute in range(1, MOST_KEPT):
        last = write_report(made, "brief", now=NOW + timedelta(minutes=minute))
    names = [name for name in reports(tmp_path) if name != "notes.html"]
    assert len(names) == MOST_KEPT
    assert last.name == names[-1] == "2026-03-02T124900-brief.html"
    assert twice[0].name not in names
    assert twice[1].name in names
    assert (folder / "notes.html").exists()


def test_a_report_of_nothing_is_none(tmp_path):
    """Articles that are unchanged, and no other trouble: there is nothing to tell."""
    workspace = load_workspace(tmp_path)
    outcome = Outcome("a.txt", Result.UNCHANGED, "g", "episodes/a")
    quiet = BuildReport((outcome,), None, 1.0)
    assert write_report([ShowBuilt(workspace, quiet)], "build", now=NOW) is None
    broken = replace(quiet, error=SourceError("it broke", "x", remedy="mend it"))
    assert write_report([ShowBuilt(workspace, broken)], "build", now=NOW) is not None


def test_a_watch_keeps_reports_too(tmp_path, capsys):
    """Of each build that did something."""
    workspace = load_workspace(tmp_path)
    printer = _Printer(Common(quiet=True))
    printer.print(Built(workspace, BuildReport((outcome_of(1),), None, 1.0)))
    unchanged = Outcome("a.txt", Result.UNCHANGED)
    printer.print(Built(workspace, BuildReport((unchanged,), None, 1.0)))
    assert len(reports(tmp_path)) == 1
    assert capsys.readouterr().err == ""


def outcome_of(number, *, text="A sentence that is furniture.", rows=25, title="", seconds=1.0):
    """Return what became of an article, all of it made up."""
    reasons = ("page furniture: navigation", "repeats the headline", "left out for time")
    dropped = [LedgerRow(0, f"{n} {text}", (), reasons[n % 3]) for n in range(rows)]
    voices = tuple(VoiceLevel(v, 9, -20.4, -25.3, -15.2) for v in ("anchor", "guest-1", "guest-2"))
    title = title or f"The headline of article number {number} about the harbor"
    made = Made(
        *(title, "en", 180_000, 600, (title,), 80, 1000, tuple(dropped)),
        (("Read by a synthetic voice.", "opening: disclosure"),),
        Levels(voices, Loudness(-16.0, -1.3, 3.2), bytes(range(30, 126))),
        *(30, 31),
    )
    return Outcome(
        *(f"articles/2026/article-{number}.txt", Result.BUILT, f"g{number}"),
        *(f"episodes/2026-03-01-the-headline-of-article-{number}", 20, 11),
        notes=("the speaker of one quotation is not certain",),
        doubtful_words=("Lindqvist",),
        title=title,
        duration_ms=180_000,
        times_s=tuple((step, seconds / len(Step)) for step in Step),
        made=made,
    )


def rendered(*outcomes, report=None, root="../../", **options):
    """Return the page of such a build."""
    report = report or BuildReport(outcomes, None, 60.0)
    options = {"heading": "Build report", "when": NOW, "elapsed_s": 60.0} | options
    return render_build_report([ShowReport("A show", report, SoundSpec())], root=root, **options)


def test_a_thousand_articles_make_a_report_that_is_usable():
    """Below 5 MB, folded; what is cut says so, and the script has it."""
    text = rendered(*(outcome_of(n, text="Words and words. " * 20) for n in range(1000)))
    assert len(text.encode()) < 5_000_000
    page = html.fromstring(text)
    assert len(page.cssselect("details")) == 1000
    assert not page.cssselect("details[open]")
    inside = page.get_element_by_id("article-1000")
    assert "And 22 more: all of them stand in the script." in flat(inside)
    assert html.fromstring(rendered(outcome_of(1))).cssselect("details[open]")


def test_unchanged_articles_are_counted_and_not_all_listed():
    """Ten thousand of them are a number and a folded list."""
    unchanged = [
        Outcome(f"{n}.txt", Result.UNCHANGED, f"g{n}", f"episodes/{n}") for n in range(9999)
    ]
    text = rendered(outcome_of(1), *unchanged)
    assert len(text) < 1_000_000
    assert "9,999 articles" in text
    assert "And 7,999 more." in text


def test_what_took_far_longer_than_the_others_stands_out():
    """In words, not by its color alone; among equals nothing does."""
    same = [outcome_of(n) for n in range(6)]
    assert "slow" not in flat(html.fromstring(rendered(*same)).cssselect("table.articles")[0])
    slow = outcome_of(7, title="The slow one", seconds=9.0)
    (row,) = (
        row
        for row in html.fromstring(rendered(*same, slow)).cssselect("table.articles tbody tr")
        if "slow" in flat(row.findall("td")[5])
    )
    assert flat(row).startswith("The slow one")
    speaking = replace(slow, times_s=((Step.SPEAK, 8.0), (Step.WRITE, 1.0)))
    assert "9.0 s mostly speaking" in rendered(speaking).replace(
        '</span><span class="small soft">', ""
    )


def test_nothing_of_an_article_is_markup():
    """Not its title, sentences, notes, words and voices; nor file names and errors."""
    error = SourceError(HOSTILE, HOSTILE, remedy=HOSTILE)
    bad = outcome_of(1, text=HOSTILE, title=HOSTILE)
    made = replace(
        bad.made,
        language='en"><script>',
        added=((HOSTILE, HOSTILE),),
        levels=replace(bad.made.levels, before=(VoiceLevel(HOSTILE, 1, -20.0, -20.0, -20.0),)),
        articles=(HOSTILE, HOSTILE),
    )
    bad = replace(bad, made=made, notes=(HOSTILE,), doubtful_words=(HOSTILE,), locator=HOSTILE)
    bad = replace(bad, directory=f"episodes/{HOSTILE}")
    failed = Outcome(HOSTILE, Result.FAILED, error=error)
    still = Outcome(HOSTILE, Result.UNCHANGED, "g", HOSTILE, title=HOSTILE)
    story = ToldStory(HOSTILE, HOSTILE, 1.0, 1, 2, (HOSTILE,), (HOSTILE,))
    report = BriefReport(
        *((bad, failed, still), None, 1.0, (HOSTILE,), error, (error,), (story,)), unannounced=error
    )
    for outcomes in ([bad, failed, still], [bad] * 101):
        page = html.fromstring(rendered(report=replace(report, outcomes=tuple(outcomes))))
        assert not page.cssselect("script, img")
        attributes = {a for e in page.iter() if isinstance(e.tag, str) for a in e.attrib}
        assert not {a for a in attributes if a.startswith("on")}
        assert page.cssselect("del")[0].text_content().endswith(HOSTILE)


@given(st.text(), st.text())
def test_a_text_comes_out_of_an_element_as_it_went_in(text, value):
    """Whatever it is: content and attributes."""
    text, value = (printable(one).replace("\r", "") for one in (text, value))
    element = html.fragment_fromstring(tag("p", text, [text], title=value))
    assert element.text_content() == text + text
    assert element.get("title") == value
    assert len(element) == 0


def test_a_programme_tells_its_stories():
    """And of which article what was left out."""
    story = ToldStory(
        "Ferry is back", "articles/ferry.md", 61.0, 3, 12, ("echo.example",), ("new",)
    )
    outcome = outcome_of(1)
    made = replace(
        outcome.made,
        articles=("Ferry is back", "Rain"),
        dropped=(
            LedgerRow(0, "One.", (), "left out for time"),
            LedgerRow(1, "Two.", (), "furniture"),
        ),
    )
    report = BriefReport((replace(outcome, made=made),), None, 1.0, stories=(story,))
    page = html.fromstring(rendered(report=report, heading="Programme report"))
    (row,) = page.cssselect("section[aria-labelledby=stories] tbody tr")
    assert [flat(cell) for cell in row] == [
        *("Ferry is back articles/ferry.md", "1:01", "3 of 12 sentences", "new", "echo.example")
    ]
    groups = [flat(group) for group in page.cssselect("h5")]
    assert groups == ["Left out for time, in “Ferry is back” (1)", "Furniture, in “Rain” (1)"]


def test_a_programme_has_a_report(tmp_path):
    """Named after it, of a real run."""
    folder = tmp_path
    write_inbox(folder)
    run = run_audiobrief(
        *("brief", "--engine", "tone", "--minutes", "1", "--since", "9000d", "--json"), cwd=folder
    )
    assert run.code == 0, run.stderr
    assert run.json["report"].endswith("-brief.html")
    page = html.fromstring((folder / run.json["report"]).read_bytes())
    assert flat(page.cssselect("h1")[0]) == "Programme report"
    (headline,) = (flat(t) for t in page.cssselect("section[aria-labelledby=stories] .title"))
    assert headline == run.json["stories"][0]["headline"]


def test_shows_share_one_report(tmp_path):
    """A run over several shows is told in one page, by title."""
    write_inbox(tmp_path)
    settings = '[show]\ntitle = "One"\n[shows.two]\ntitle = "Two"\n'
    (tmp_path / "audiobrief.toml").write_text(settings, encoding="utf-8")
    run = run_audiobrief("build", "--engine", "tone", "--json", cwd=tmp_path)
    assert len(reports(tmp_path)) == 1
    page = html.fromstring((tmp_path / run.json["report"]).read_bytes())
    assert {"One", "Two"} == set(flat(page.cssselect("header p")[0]).split(", "))
    assert len(page.cssselect("details")) == 2


class Hand:
    """A clock that goes when it is told to."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        """Return the time."""
        return self.seconds


def test_each_second_counts_for_one_step():
    """For the innermost one; what is between them is deciding, and a new article begins at 0."""
    clock = Hand()
    making = Making(clock)

    def spend(seconds):
        clock.seconds += seconds

    spend(50)
    making.begin()
    with making.on(Step.READ):
        spend(1)
    spend(2)
    with making.on(Step.ASSEMBLE):
        spend(4)
        with suppress(KeyError), making.on(Step.SPEAK):
            spend(8)
            raise KeyError
        spend(16)
    with making.on(Step.WRITE):
        spend(32)
    assert dict(making.times_s()) == {
        Step.READ: 1.0, Step.SCRIPT: 2.0, Step.SPEAK: 8.0, Step.ASSEMBLE: 20.0, Step.WRITE: 32.0
    }  # fmt: skip
    making.begin()
    assert sum(seconds for _, seconds in making.times_s()) == 0.0


def test_a_failed_article_has_its_times_and_no_others(tmp_path):
    """What was counted for the article before is none of its."""
    workspace = load_workspace(tmp_path)

    def fail():
        raise SourceError("no", "x", remedy="none")

    options = BuildOptions(engine="tone")
    report = build(workspace, [Input("x", fail), Input("y", fail)], now=NOW, options=options)
    for outcome in report.outcomes:
        assert {step for step, _ in outcome.times_s} == set(Step)
        assert sum(s for _, s in outcome.times_s) <= report.elapsed_s
        assert outcome.made is None


def test_parts_that_an_earlier_version_has_kept_are_still_used(first, tmp_path):
    """How loud their clips were is then not known, and the report says so."""
    folder, _, _ = first
    cache = EncodedCache(folder / ".audiobrief" / "encoded")
    key = next((folder / ".audiobrief" / "encoded").rglob("*.mp3part")).stem
    part = parse_encoded(cache.get(key))
    assert part.spoken[0].before_lufs is not None
    content = render_encoded(part)
    facts_size = int.from_bytes(content[4:8], "little")
    facts = json.loads(content[12 : 12 + facts_size])
    del facts["before_lufs"]
    old = json.dumps(facts).encode()
    content = (
        content[:4]
        + len(old).to_bytes(4, "little")
        + content[8:12]
        + old
        + content[12 + facts_size :]
    )
    again = parse_encoded(content)
    assert (again.mp3, again.true_peak) == (part.mp3, part.true_peak)
    assert [one.before_lufs for one in again.spoken] == [None]
    outcome = outcome_of(1)
    levels = replace(outcome.made.levels, before=())
    page = rendered(replace(outcome, made=replace(outcome.made, levels=levels)))
    assert "not known → \u221216" in flat(html.fromstring(page))
