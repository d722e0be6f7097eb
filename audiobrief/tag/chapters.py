"""Chapters beside the MP3: the JSON that apps fetch (feed rule C1, pure)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.episode import Chapter


def render_chapters_json(chapters: Sequence[Chapter]) -> str:
    """Return the chapters as JSON of version 1.2.0 of the podcast namespace.

    Times are whole seconds: AntennaPod reads them as integers (feed rule C4).

    Raises:
        ValueError: A chapter starts between two seconds.

    >>> from audiobrief.model.episode import Chapter
    >>> print(render_chapters_json([Chapter("Introduction", 0)]), end="")
    {
     "version": "1.2.0",
     "chapters": [
      {
       "startTime": 0,
       "title": "Introduction"
      }
     ]
    }
    """
    if any(chapter.start_ms % 1000 for chapter in chapters):
        message = "chapters start on whole seconds"
        raise ValueError(message)
    rows = [
        {"startTime": chapter.start_ms // 1000, "title": printable_line(chapter.title)}
        for chapter in chapters
    ]
    return json.dumps({"version": "1.2.0", "chapters": rows}, ensure_ascii=False, indent=1) + "\n"
