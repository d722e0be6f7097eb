"""Sentences of a summary that lost the one that says whom they mean (pure, English)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.brief.grounded import find_places
from audiobrief.text.openers import leans_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobrief.brief.grounded import Ground


def find_hanging(sentences: Sequence[str], ground: Ground) -> Iterator[str]:
    """Say which sentences begin with "She" or "However" and do not follow what they follow there.

    Args:
        sentences: A text, each grounded.
        ground: What the article says.
    """
    before: frozenset[int] = frozenset()
    for sentence in sentences:
        places = find_places(sentence, ground)
        if leans_on(sentence) is not None and not any(
            place - 1 in before or place in before for place in places
        ):
            yield f'"{sentence[:60]}" leans on a sentence that is not told'
        before = places
