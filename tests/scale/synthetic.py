"""A show of any size in a folder that stays: for measuring by hand, never for listening.

    python -m tests.scale.synthetic FOLDER --episodes 10000 --articles 100000

`audiobrief bench --catalogue` measures such shows; see `audiobrief.bench.large_show`.
"""

import argparse
from pathlib import Path

from audiobrief.bench.large_show import make_large_show


def main():
    """Write a show into a folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--episodes", type=int, default=10_000)
    parser.add_argument("--articles", type=int)
    given = parser.parse_args()
    articles = given.episodes if given.articles is None else given.articles
    make_large_show(given.folder, episodes=given.episodes, articles=articles, tell=print)


if __name__ == "__main__":
    main()
