"""Rows 75 to 80: links, pipes and devices; settings and the files that they name."""

import os
import struct
import zlib
from io import BytesIO

from PIL import Image

from tests.bad_inputs.case import Try, row
from tests.bad_inputs.place import BODY, OUTSIDE, TITLE


def _png(width, height):
    """Return a picture that says how large it is, and has nothing in it."""

    def chunk(name, content):
        crc = zlib.crc32(name + content)
        return struct.pack(">L", len(content)) + name + content + struct.pack(">L", crc)

    size = struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0)
    none = zlib.compress(b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", none) + chunk(b"IEND", b"")


def _jpeg():
    stream = BytesIO()
    Image.new("RGB", (1400, 1400), (20, 90, 120)).save(stream, "JPEG")
    return stream.getvalue()


def _cover(name, content, reason):
    def make(place):
        raw = content() if callable(content) else content
        (place.workspace / name).write_bytes(raw)
        with (place.workspace / "audiobrief.toml").open("a") as settings:
            settings.write(f'cover = "{name}"\n')

    return Try(make, code=2, errors=1, seen=(reason,), episodes=None)


def _music(name, write, reason):
    def make(place):
        write(place.workspace / name)
        place.settings(f'\n[sound]\nintro = "{name}"\n')

    return Try(make, code=2, errors=1, seen=(reason,), episodes=None)


def _playlist(path):
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n", "utf-8")


def _long_tag(path):
    """A tag of 100 MB, and no sound behind it."""
    size = 100_000_000
    lengths = bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
    with path.open("wb") as stream:
        stream.write(b"ID3\x04\0\0" + lengths)
        stream.truncate(size + 10)


def _toml(text, reason):
    def make(place):
        place.settings(text)

    return Try(make, code=2, errors=1, seen=(reason,), episodes=None)


def _front_matter():
    def make(place):
        place.article(
            "yaml.md",
            f"---\ntitle: {TITLE}\nauthor: !!python/object/apply:os.system ['touch x']\n"
            f"tags: !!binary cm9vdA==\n---\n\n{BODY}",
        )

    def check(ran):
        if (ran.place.workspace / "x").exists():
            yield "what the front matter says was run"

    return Try(make, episodes=2, check=check, unseen=("python/object",))


def _links(place):
    for name, target in (
        ("shadow.txt", "/etc/shadow"),
        ("secret.txt", place.outside / "secret.txt"),
        ("gone.txt", place.outside / "none.txt"),
    ):
        (place.articles / name).symlink_to(target)
    (place.articles / "folder").symlink_to(place.outside, target_is_directory=True)


def _devices(place):
    os.mkfifo(place.articles / "pipe.txt")
    (place.articles / "zero.txt").symlink_to("/dev/zero")


def _swapped(place):
    (place.workspace / "episodes").symlink_to(place.outside, target_is_directory=True)


def _one_swapped(place):
    """The folder of an episode is a link that leads out, under the name that it will have."""
    (place.workspace / "episodes").mkdir()
    name = "2026-01-01-ferry-returns-to-the-old-harbor"
    (place.workspace / "episodes" / name).symlink_to(place.outside, target_is_directory=True)


ROWS = (
    row(
        75,
        "links in the inbox that lead out",
        "R",
        make=_links,
        unseen=(OUTSIDE, "root:"),
        deviation="passed over, as all that is no article: the inbox may hold links of any kind",
    ),
    row(
        76,
        "a pipe and a device in the inbox",
        "S",
        Try(_devices),
        Try(
            _devices,
            command=("articles/pipe.txt", "articles/zero.txt", "articles/good.txt"),
            code=1,
            errors=2,
            seen=("not a regular file",),
        ),
    ),
    row(
        77,
        "the output is a link that leads out",
        "R",
        Try(_swapped, code=2, errors=1, seen=("link",), episodes=None),
        Try(_one_swapped, code=2, errors=1, seen=("link",), episodes=None),
        deviation="refused, exit code 2, unless the link leads to a folder that has the show's "
        "show.json (or the episode's episode.json) already: people keep episodes on another disk. "
        "A link that is put there during a build is not noticed",
    ),
    row(
        78,
        "unknown settings, tags of YAML",
        "E",
        _toml("colour = 1\n", "colour"),
        _toml(
            '[cast]\nnarrator = !!python/object/apply:os.system ["touch x"]\n', "audiobrief.toml"
        ),
        _front_matter(),
        deviation="a tag in the head of an article is no setting: that value is left out, nothing "
        "is run, and the article is published",
    ),
    row(
        79,
        "covers: 50,000 x 50,000, SVG, a picture with something behind it",
        "E",
        _cover("cover.png", _png(50_000, 50_000), "neither|pixels"),
        _cover("cover.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither JPEG nor PNG"),
        _cover("cover.jpg", lambda: _jpeg() + b"<script>alert(1)</script>", "behind|after"),
    ),
    row(
        80,
        "music: a playlist, a tag of 100 MB",
        "E",
        _music("intro.mp3", _playlist, "intro"),
        _music("intro.mp3", _long_tag, "intro"),
    ),
)
