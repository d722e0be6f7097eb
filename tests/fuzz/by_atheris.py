"""One target with atheris: ``python -m tests.fuzz.by_atheris TARGET SECONDS TALLY``."""

import shutil
import sys
import tempfile
import warnings
from pathlib import Path

from tests.fuzz.tally import Tally
from tests.fuzz.target import MOST_BYTES
from tests.fuzz.targets import TARGETS


def main():
    """Run until the time is over."""
    import atheris  # noqa: PLC0415 - no tests need it: it is there for some Pythons alone

    name, seconds, path = sys.argv[1:]
    warnings.simplefilter("ignore")
    target = TARGETS[name]
    with atheris.instrument_imports(include=["audiobrief"]):
        run = target.load()
        # What is imported when it is first needed is instrumented, too.
        tally = Tally(name, path)
        one = tally.guarded(run)
        for seed in target.seeds:
            one(seed.read_bytes())
    # What libFuzzer finds interesting stays outside of the project: there is too much of it.
    corpus = Path(tempfile.mkdtemp())
    for seed in target.seeds:
        shutil.copy(seed, corpus)
    options = [
        f"-max_total_time={max(1, int(float(seconds)))}",
        f"-max_len={MOST_BYTES}",
        "-rss_limit_mb=1500",
        "-timeout=60",
        f"-artifact_prefix={corpus}/",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    tally.write()
    atheris.Fuzz()


if __name__ == "__main__":
    main()
