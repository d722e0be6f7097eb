"""Pictures to look at, and what is read off them: for the tests of pictures."""

from array import array

from lxml import etree

from audiobrief.model.audio import Curve
from audiobrief.publish.picture import render_picture
from tests.publish.shows import make_segments

STEP_FRAMES, RATE_HZ = 1152, 44_100
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text></svg><script>alert(1)</script>\"'&amp; \x00\x1b\u202e\ud800"


def flat_curve(duration_ms, *, peak=100, lufs=-16.0):
    """Return a curve that is as loud everywhere."""
    steps = -(-duration_ms * RATE_HZ // (1000 * STEP_FRAMES))
    energy = STEP_FRAMES * 10 ** ((lufs + 0.691) / 10)
    return Curve(STEP_FRAMES, RATE_HZ, bytes([peak]) * steps, array("f", [energy]) * steps)


def draw(curve=None, segments=None, chapters=(), *, duration_ms=12_000, loudness_lufs=-16.0):
    """Return the picture of 12 flat seconds, or what is given instead."""
    return render_picture(
        flat_curve(duration_ms) if curve is None else curve,
        make_segments() if segments is None else segments,
        chapters,
        duration_ms=duration_ms,
        loudness_lufs=loudness_lufs,
    )


def parsed(svg):
    """Return the root element; fails where the XML is not well-formed."""
    return etree.fromstring(svg.encode())


def texts(root):
    """Return every line of text that is drawn."""
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def loudness_line(root):
    """Return the points of the loudness curve, a list for each stretch without a gap."""
    (path,) = root.xpath("//*[@stroke-width='1.6']/@d")
    return [
        [tuple(map(float, point.split())) for point in run.removesuffix("h.1").split("L")]
        for run in path.split("M")[1:]
    ]


def y_of(root, label):
    """Return how high a line of the loudness scale lies: its label stands 4 units lower."""
    (found,) = [e for e in root.iter(f"{SVG}text") if "".join(e.itertext()) == label]
    return float(found.get("y")) - 4
