"""Rows 46 to 74: what stands in an article."""

import mutagen

from tests.bad_inputs.case import row
from tests.bad_inputs.place import BODY, PARAGRAPHS, TITLE

FIRST = BODY.split("\n\n")[0]
#: Stands in an article where what a case is about comes; nothing of it may get lost.
BEFORE, AFTER = "The hall was full.", "The vote took an hour."


def text(what, *, title=TITLE):
    """Return an article with something in its middle."""
    return f"{title}\n\n{FIRST}\n\n{BEFORE} {what} {AFTER}\n\n{BODY}"


def page(what, *, title=TITLE):
    """Return a page with something in its middle."""
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title></head><body><article>"
        f"<h1>{title}</h1>{PARAGRAPHS}<p>{BEFORE} {what} {AFTER}</p>"
        "<p>The architect shows a model of the house in the market hall until Sunday.</p>"
        "</article></body></html>"
    )


def _whole(ran):
    """What stands around the case's text is spoken, each once."""
    spoken = ran.spoken()
    for sentence in (BEFORE, AFTER):
        if spoken.count(sentence) != 1:
            yield f"{sentence!r} is spoken {spoken.count(sentence)} times"


def _published(number, what, content, *, name="case.txt", check=None, around=True, **more):
    """Return a row of an article that is made harmless and published."""

    def checked(ran):
        if around:
            yield from _whole(ran)
        yield from (check(ran) if check else ()) or ()

    return row(
        *(number, what, more.pop("expected", "S")),
        make=lambda place: place.article(name, content() if callable(content) else content),
        **{"episodes": 2, "check": checked, **more},
    )


def _says(*wanted, never=()):
    """Return a check of what is spoken."""

    def check(ran):
        spoken = ran.spoken()
        yield from (f"{w!r} is not spoken: {spoken[:600]}" for w in wanted if w not in spoken)
        yield from (f"{n!r} is spoken: {spoken[:600]}" for n in never if n in spoken)

    return check


def _no_markup(ran):
    """No page or feed has the markup of the article as its own."""
    for path in ran.place.workspace.rglob("*"):
        if ran.place.articles in path.parents or path.suffix not in (".html", ".xml", ".vtt"):
            continue
        raw = path.read_bytes().lower()
        for markup in (b"<script>alert", b"onerror=", b"javascript:alert"):
            if markup in raw:
                yield f"{markup} stands in {path.name}"


def _shorter_than(limit_s, *wanted, never=()):
    said = _says(*wanted, never=never)

    def check(ran):
        length_s = ran.other()["enclosure"]["duration_ms"] / 1000
        if length_s > limit_s:
            yield f"the episode is {length_s:.0f} s long"
        yield from said(ran)

    return check


def _named_safely(ran):
    episodes = ran.place.workspace / "episodes"
    for path in episodes.rglob("*"):
        if path.name.split(".")[0].lower() in ("con", "nul", "aux") or len(path.name) > 120:
            yield f"a name that cannot be everywhere: {path.name}"
        if episodes not in path.resolve().parents:
            yield f"outside of episodes/: {path}"


def _titles(*titles, **more):
    def make(place):
        for number, title in enumerate(titles):
            body = BODY.replace("library", f"library {number}").replace("town", f"town {number}")
            place.article(f"t{number}.md", f'---\ntitle: "{title}"\n---\n\n{body}')

    return {"make": make, "episodes": len(titles) + 1, "check": _named_safely, **more}


def _same_slug(place):
    for number, name in enumerate(("Library opens!", "Library - opens")):
        body = BODY if number else BODY.replace("library", "harbor").replace("town", "port")
        place.article(f"{number}.md", f"---\ntitle: {name}\n---\n\n{body}")


def _two_files(ran):
    files = [p.name for p in ran.place.workspace.glob("episodes/*/*.mp3")]
    folders = {p.parent for p in ran.place.workspace.glob("episodes/*/*.mp3")}
    if len(set(files)) != 3 or len(folders) != 3:
        yield f"not three files: {files}"


def _one_line_title(ran):
    manifest = ran.other()
    (path,) = ran.place.workspace.glob(f"episodes/*/{manifest['enclosure']['file']}")
    (title,) = mutagen.File(path).tags["TIT2"].text
    if "\n" in title or "\0" in title:
        yield f"the title in the MP3 has a line end: {title!r}"
    if "<" not in title:
        yield f"the title lost what it says: {title!r}"


def _hundred_megabytes(place):
    with (place.articles / "huge.txt").open("wb") as stream:
        for _ in range(100):
            stream.write(b"The ferry sails again today. " * 34_483)


def _nothing_run(ran):
    left = [p for p in (ran.place.workspace / "x", ran.place.workspace / "x.wav") if p.exists()]
    yield from (f"{path} was made" for path in left)


def _slow(number, what, *contents):
    def make(place):
        for n, content in enumerate(contents):
            body = text(content, title=f"{TITLE}, part {n}").replace("market", f"square {n}")
            place.article(f"s{n}.txt", body)

    return row(
        *(number, what, "S"),
        make=make,
        episodes=len(contents) + 1,
        deviation="all four in one run below the limit of CPU seconds; "
        "tests/text/test_worst_case.py holds every single pattern against such texts",
    )


ROWS = (
    _published(46, "NUL", text("Rain\0fell."), check=_says("Rainfell", never="\0")),
    _published(
        47,
        "vertical tab, escape",
        text("A\x0bstorm \x1b[31mcame\x1b[0m."),
        check=_says("came", never=("\x1b", "\x0b")),
    ),
    _published(
        48,
        "a lone surrogate, as WTF-8",
        text("Rain @ fell.").encode().replace(b"@", b"\xed\xa0\x80"),
    ),
    _published(
        49, "U+FFFE", text("Rain \ufffe\uffff fell."), check=_says(never=("\ufffe", "\uffff"))
    ),
    _published(
        50,
        "direction marks",
        text("Rain \u202efell\u2066.", title="Council \u202eapproves it"),
        unseen=("\u202e", "\u2066"),
        check=_says("fell"),
    ),
    _published(
        51,
        "a flood of zero-width characters",
        text("Ra" + "\u200b" * 20_000 + "in fell."),
        check=_says("Rain fell", never="\u200b"),
    ),
    _published(52, "]]>", text("Rain ]]> fell."), check=_says("fell")),
    _published(
        53,
        "a script in the title",
        page("Rain fell.", title="&lt;script&gt;alert(1)&lt;/script&gt; Council"),
        name="case.html",
        check=_no_markup,
    ),
    _published(
        54,
        "a picture with a script",
        page("<img src=x onerror=alert(1)> Rain fell."),
        name="case.html",
        check=_no_markup,
        unseen=("onerror",),
    ),
    _published(
        55,
        "a link that is a script",
        page("<a href='javascript:alert(1)'>Rain</a> fell."),
        name="case.html",
        check=_no_markup,
        unseen=("javascript:alert",),
    ),
    _published(
        56,
        "what is escaped twice",
        page("Salt &amp;amp; pepper were sold."),
        name="case.html",
        check=_says("Salt and pepper", never=("amp;",)),
    ),
    _published(
        57,
        "bytes that are no UTF-8",
        text("The caf@ was shut.").encode().replace(b"@", b"\xe9"),
        check=_says("café"),
    ),
    _published(
        58, "UTF-16 with its mark", text("The café was shut.").encode("utf-16"), check=_says("café")
    ),
    row(
        59,
        "nothing, and blanks alone",
        "Q",
        code=1,
        errors=2,
        seen=("empty",),
        make=lambda place: [place.article("a.txt", b""), place.article("b.txt", b" \n\t\n ")],
    ),
    row(
        60,
        "a text of 100 MB",
        "R",
        code=1,
        errors=1,
        seen=("larger than 2 MB",),
        most_mb=200,
        make=_hundred_megabytes,
    ),
    _published(61, "a line of 1 MB without a blank", text("a" * 1_000_000 + ".")),
    _published(
        62,
        "5,000 digits",
        text("The number is " + "7" * 5000 + "."),
        check=_shorter_than(120),
        engine="espeak",
    ),
    _published(
        63,
        "10,000 accents on a letter",
        text("Rain fe" + "\u0301" * 10_000 + "ll."),
        check=_shorter_than(60),
    ),
    _published(
        64,
        "espeak's phonemes",
        text("He said [[w3:ld]] twice."),
        check=_says("[w three:ld]", never=("[[", "]]")),
        engine="espeak",
    ),
    _published(
        65,
        "a pause of 600 s in SSML",
        text('<speak><break time="600s"/></speak> Rain fell.'),
        check=_shorter_than(60),
        engine="espeak",
    ),
    _published(
        66,
        "espeak's control character",
        text("Rain \x01100S fell."),
        check=_says(never="\x01"),
        engine="espeak",
    ),
    _published(
        67,
        "a text that looks like an option",
        f"-w x.wav\n\n{BODY}",
        around=False,
        check=_nothing_run,
        engine="espeak",
    ),
    _published(
        68,
        "what a shell would run",
        text("$(touch x); `touch x` ;rm -rf . | touch x."),
        check=_nothing_run,
        engine="espeak",
    ),
    _slow(
        69,
        "what slow patterns take long for",
        "a" * 50_000 + "!",
        "<" * 100_000,
        "." * 100_000,
        '"' * 100_000,
    ),
    _published(
        70,
        "a title that climbs out",
        text("Rain fell.", title="../../etc/passwd"),
        check=_named_safely,
    ),
    row(
        71,
        "titles that give no name",
        "S",
        **_titles("", "..", "\U0001f389\U0001f389", "word " * 1000),
    ),
    row(72, "names that Windows keeps for itself", "S", **_titles("CON", "NUL", "aux")),
    row(73, "two articles, one name", "S", make=_same_slug, episodes=3, check=_two_files),
    _published(
        74,
        "a line end and a bracket in the title",
        f'---\ntitle: "Council says\\n2 < 3 <b>now</b>"\n---\n\n{BODY}',
        name="case.md",
        around=False,
        check=_one_line_title,
    ),
)
