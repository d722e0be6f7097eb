"""The targets: only an `AudiobriefError` may come out, and what is read keeps its promises."""
# ruff: noqa: PLC0415 - what is under test is imported where it is instrumented

import atexit
import re
import shutil
import tempfile
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from tests.fuzz.target import Target, must

_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?")
_URL = "https://news.example/feed.xml"


def _folder() -> Path:
    """Return a folder that is gone when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="audiobrief-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape" if raw[:1] == b"\xff" else "replace")


def _cleaner():
    from audiobrief.errors import AudiobriefError
    from audiobrief.ingest.document import DocumentKind, checked
    from audiobrief.ingest.extract import extract
    from audiobrief.text.printable import printable
    from audiobrief.text.scrub import scrub

    kinds = (DocumentKind.TEXT, DocumentKind.MARKDOWN, DocumentKind.HTML)

    def run(raw):
        kind = kinds[raw[0] % len(kinds)] if raw else DocumentKind.TEXT
        try:
            article = extract(checked("a", kind, raw[1:]))
        except AudiobriefError:
            return
        for block in article.blocks:
            must(block.text.strip(), "a block without a text")
            must(scrub(block.text)[0] == block.text, f"unspeakable characters: {block.text!r}")
            must(printable(block.text) == block.text, f"not printable: {block.text!r}")
        must(article.body, "an article of which nothing is spoken")

    return run


def _book():
    from audiobrief.errors import AudiobriefError
    from audiobrief.ingest.extract import extract
    from audiobrief.ingest.source import Candidate, expand, read
    from tests.ingest.books import CONTAINER, pack

    path = _folder() / "book.epub"
    kept = (
        b'<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="p" href="a.xhtml" '
        b'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="p"/></spine>'
        b"</package>"
    )

    def run(raw):
        package, _, page = raw.partition(b"\0\0")
        files = {
            "META-INF/container.xml": CONTAINER.encode(),
            "OEBPS/book.opf": package if package.startswith(b"<") else kept,
            "OEBPS/a.xhtml": page or package,
        }
        path.write_bytes(raw if raw.startswith(b"PK") else pack(files))
        for part in expand(Candidate("book.epub", path)):
            with suppress(AudiobriefError):
                extract(read(part))

    return run


def _quotations():
    from audiobrief.ingest.encoding import decode
    from audiobrief.text.quotation.quotes import find_quotations

    def run(raw):
        paragraphs = [p for p in decode(raw).text.split("\n") if p.strip()]
        last = (-1, 0)
        for found in find_quotations(paragraphs):
            must(0 <= found.start < found.end <= len(paragraphs[found.paragraph]), "out of bounds")
            must((found.paragraph, found.start) >= last, "quotations out of order, or overlapping")
            last = (found.paragraph, found.end)
            must(0 <= found.confidence <= 1, "a confidence that is none")
            must(found.speaker is None or found.speaker.strip(), "a speaker without a name")

    return run


def _script():
    from audiobrief.errors import AudiobriefError
    from audiobrief.ingest.document import Document, DocumentKind
    from audiobrief.ingest.extract import extract
    from audiobrief.pipeline.recipe import require_whole_ledger
    from audiobrief.script import Casting, Frame, plan, render_script
    from audiobrief.script.scriptfile import is_untouched
    from audiobrief.script.sheet import read_sheet

    casting = Casting("anchor", ("guest-1", "guest-2"))

    def run(raw):
        try:
            article = extract(Document("a", DocumentKind.TEXT, raw))
        except AudiobriefError:
            return
        script = plan(article, casting, frame=Frame("Show", ai_disclosure=True))
        require_whole_ledger(script, article)
        for segment in script.segments:
            must(segment.spoken.strip(), f"nothing is spoken: {segment!r}")
            must("[[" not in segment.spoken, f"phonemes of espeak: {segment.spoken!r}")
        text = render_script(script, article)
        must(is_untouched(text), "a script as it was made counts as edited")
        lines = [spot.line for spot in read_sheet(text, where="script.md").spots]
        told = [(line.role, " ".join(line.text.split())) for line in lines]
        made = [(s.role, " ".join(s.text.split())) for s in script.segments]
        must(told == made, f"the script file says something else: {told} {made}")

    return run


def _script_file():
    from audiobrief.errors import AudiobriefError
    from audiobrief.script.draft import tag_safe
    from audiobrief.script.scriptfile import is_untouched, with_comments
    from audiobrief.script.sheet import read_sheet, rendered
    from audiobrief.text.printable import printable

    def told(line):
        return (
            line.role,
            *(part and tag_safe(part) for part in (line.voice, line.speaker)),
            line.text,
        )

    def run(raw):
        text = _text(raw)
        is_untouched(text)
        with_comments(text, text)
        try:
            sheet = read_sheet(text, where="script.md")
        except AudiobriefError as error:
            must("script.md" in error.subject, f"an error that names no place: {error}")
            return
        must(sheet.text == text, "a file that is read is another one")
        for spot in sheet.spots:
            for part in (spot.line.text, spot.line.speaker or "", spot.line.voice or ""):
                must(printable(part) == part, f"a script with what no feed can hold: {part!r}")
        rows = "\n".join(
            ["# Title", "", *(rendered(spot.line) for spot in sheet.spots), "", "---", ""]
        )
        again = read_sheet(rows, where="script.md")
        first, second = ([told(spot.line) for spot in each.spots] for each in (sheet, again))
        must(first == second, f"a line that is written back says something else: {first} {second}")

    return run


def _settings():
    from audiobrief.errors import AudiobriefError
    from audiobrief.workspace.settings import Settings
    from audiobrief.workspace.toml import parse_toml
    from audiobrief.workspace.voice_files import VoiceProfile

    def run(raw):
        kind = VoiceProfile if raw[:1] == b"v" else Settings
        try:
            found = parse_toml(raw[1:], kind, where="audiobrief.toml")
        except AudiobriefError as error:
            for each in (error, *error.others):
                must("audiobrief.toml" in each.subject, f"an error without a place: {each}")
                must(each.remedy, f"an error without a remedy: {each}")
            return
        again = kind.model_validate(found.model_dump())
        must(again == found, "settings that are read again are others")

    return run


def _checker():
    from datetime import UTC, datetime

    from audiobrief.check.book import entries
    from audiobrief.check.folder import check_path
    from audiobrief.errors import AudiobriefError

    path = _folder() / "feed.xml"
    known = {entry.number for entry in entries()}
    now = datetime(2026, 1, 1, tzinfo=UTC)

    def run(raw):
        path.write_bytes(raw)
        with suppress(AudiobriefError):
            for finding in check_path(path, now=now):
                must(finding.rule in known, f"a rule that stands in no book: {finding}")

    return run


def _ranges():
    from audiobrief.serve.ranges import MOST_PARTS, Selection, select

    def run(raw):
        size = int.from_bytes(raw[:3], "big") if len(raw) > 2 else 0
        found = select(raw[3:].decode("latin-1"), size)
        if isinstance(found, Selection):
            return
        must(0 < len(found) <= MOST_PARTS, "too many ranges, or none")
        for start, end in found:
            must(0 <= start < end <= size, f"out of the file: {start}-{end} of {size}")
        rising = sorted(found)
        for (_, end), (start, _) in pairwise(rising):
            must(end <= start, "a byte is sent twice")

    return run


def _feeds():
    from audiobrief.errors import AudiobriefError
    from audiobrief.intake import parse_feed

    def run(raw):
        try:
            feed = parse_feed(raw, url=_URL)
        except AudiobriefError:
            return
        keys = [item.key for item in feed.items]
        must(len(set(keys)) == len(keys), "two items with one key")
        for item in feed.items:
            _require_item(item)

    return run


def _require_item(item):
    from audiobrief.text.printable import printable

    must(item.url or item.content, "an item of nothing")
    for text in (item.title, item.byline, item.outlet):
        must(
            text is None or (text == printable(text) and "\n" not in text), f"not a line: {text!r}"
        )
    scheme = (item.url or "https:").partition(":")[0]
    must(scheme.lower() in ("http", "https"), f"an address that is none: {item.url!r}")


def _lists():
    from audiobrief.errors import AudiobriefError
    from audiobrief.intake import parse_export, parse_opml

    def run(raw):
        with suppress(AudiobriefError):
            for each in parse_opml(raw, url=_URL).feeds:
                must(each.url.lower().startswith(("http://", "https://")), f"no address: {each!r}")
        with suppress(AudiobriefError):
            for item in parse_export(raw, "list").items:
                _require_item(item)

    return run


def _mails():
    from audiobrief.errors import AudiobriefError
    from audiobrief.intake import parse_mails

    def run(raw):
        with suppress(AudiobriefError):
            for item in parse_mails(raw, "mail").items:
                _require_item(item)

    return run


def _manifests():
    from audiobrief.errors import AudiobriefError
    from audiobrief.store.manifest import parse_manifest, render_manifest

    def run(raw):
        try:
            episode = parse_manifest(raw, where="episode.json", directory="2026-01-01-a")
        except AudiobriefError as error:
            must(error.subject == "episode.json", f"an error that names no place: {error}")
            return
        again = parse_manifest(
            render_manifest(episode), where="episode.json", directory="2026-01-01-a"
        )
        must(again == episode, "a manifest that is written back tells of another episode")

    return run


def _jobs():
    from audiobrief.model.article import Article
    from audiobrief.model.codec import CodecError
    from audiobrief.model.episode import Episode
    from audiobrief.model.job import EpisodeJob, JobManifest
    from audiobrief.pipeline.order import CODEC, Parcel, Sealed

    def run(raw):
        for kind in (EpisodeJob, JobManifest):
            try:
                job = kind.from_json(raw)
            except ValueError:
                continue
            must(kind.from_json(job.to_json()) == job, "a job that is sent on is another one")
        for kind in (Sealed, Parcel, Episode, Article):
            try:
                value = CODEC.decode(raw, kind)
            except CodecError:
                continue
            must(CODEC.decode(CODEC.encode(value), kind) == value, "another value is sent on")

    return run


def _clips():
    from audiobrief.store.clips import parse_clip, render_clip

    def run(raw):
        clip = parse_clip(raw)
        if clip is None:
            return
        must(render_clip(clip) == raw, "a clip is taken for whole that is another file")

    return run


def _addresses():
    from audiobrief.net.address import parse_url
    from audiobrief.net.fault import Fault
    from audiobrief.net.redact import redact

    secret = "hunter2hunter2"

    def run(raw):
        text = _text(raw)
        with suppress(Fault):
            url = parse_url(text)
            must(url.scheme in ("http", "https") and url.host, f"asked: {text!r}")
            must(not url.userinfo, f"a login is sent: {text!r}")
        head, _, tail = text.partition("@")
        scheme, slashes, user = head.partition("//")
        if slashes and _SCHEME.fullmatch(scheme) and not set("/?#\\") & set(user):
            shown = redact(f"{scheme}//{user}:{secret}@{tail}")
            must(secret not in shown, f"a password is shown: {shown!r}")

    return run


def _seals():
    from audiobrief.store.seal import Condition, opened, sealed

    def run(raw):
        opened(raw)
        document = b'{\n "text": "' + raw.hex().encode() + b'"\n}\n'
        whole = sealed(document)
        must(opened(whole).condition is Condition.INTACT, "what was just sealed is not intact")
        if raw:
            # A share of the length: an input that is repeated is flipped at the like place.
            place = int.from_bytes(raw[:4].ljust(4), "big") * 8 * len(whole) >> 32
            flipped = bytearray(whole)
            flipped[place // 8] ^= 1 << place % 8
            found = opened(bytes(flipped))
            must(found.content == whole, f"bit {place} is not taken back: {found.condition}")

    return run


TARGETS = {
    target.name: target
    for target in (
        Target("cleaner", _cleaner),
        Target("book", _book),
        Target("quotations", _quotations),
        Target("script", _script),
        Target("script_file", _script_file),
        Target("settings", _settings),
        Target("checker", _checker),
        Target("ranges", _ranges),
        Target("feeds", _feeds),
        Target("lists", _lists),
        Target("mails", _mails),
        Target("manifests", _manifests),
        Target("jobs", _jobs),
        Target("clips", _clips),
        Target("addresses", _addresses),
        Target("seals", _seals),
    )
}
