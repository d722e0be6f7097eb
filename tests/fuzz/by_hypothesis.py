"""One target with hypothesis: ``python -m tests.fuzz.by_hypothesis TARGET SECONDS TALLY``."""

import sys
import time
import warnings

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.tally import Tally
from tests.fuzz.target import MOST_BYTES
from tests.fuzz.targets import TARGETS


@st.composite
def inputs(draw, seeds):
    """Return bytes: any, or of the corpus with pieces cut out, doubled, moved and put in."""
    if not seeds or draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=400))
    raw = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 60)))
        new = draw(st.one_of(st.binary(max_size=8), st.sampled_from(PIECES)))
        other = draw(st.sampled_from(seeds))
        at = draw(st.integers(0, len(other)))
        new = draw(st.sampled_from([new, raw[start:end] * 3, other[at : at + 80], b""]))
        raw = raw[:start] + new + raw[end:]
    return raw[:MOST_BYTES]


#: What parsers stumble over.
PIECES = [
    *(b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbf\xbe", b"\r", b"\x0b", b"\xe2\x80\xa8"),
    *(
        b"<",
        b">",
        b"&",
        b"&#0;",
        b"&amp;amp;",
        b"]]>",
        b"<!--",
        b"<![CDATA[",
        b"<!DOCTYPE a [",
        b"'",
    ),
    *(
        b'"',
        b"\xe2\x80\x9c",
        b"\xe2\x80\x9d",
        b"\n\n",
        b"---\n",
        b"[[",
        b"]]",
        b"{",
        b"}",
        b"[",
        b"]",
    ),
    *(b"-1", b"1e999", b"NaN", b"9" * 30, b"null", b"true", b"..", b"/", b"\\", b"%00", b"@", b":"),
    *(
        "\u202e".encode(),
        "\u0301".encode() * 9,
        "\u200b".encode(),
        "\ufeff".encode(),
        b"=?utf-8?q?",
    ),
]


def main():
    """Run until the time is over."""
    name, seconds, path = sys.argv[1:]
    warnings.simplefilter("ignore")
    target = TARGETS[name]
    tally = Tally(name, path)
    one = tally.guarded(target.load())
    seeds = [seed.read_bytes() for seed in target.seeds]
    until_s = time.monotonic() + float(seconds)
    for seed in seeds:
        one(seed)

    @settings(max_examples=500, database=None, deadline=None, suppress_health_check=[*HealthCheck])
    @given(inputs(seeds))
    def round_of(raw):
        if time.monotonic() < until_s:
            one(raw)

    while time.monotonic() < until_s:
        round_of()
    tally.write()


if __name__ == "__main__":
    main()
