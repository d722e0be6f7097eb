"""Reports of made-up events, as several outlets would write them; and events that look alike."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from audiobrief.brief.story import Candidate

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def reports(name):
    """Return each report of a file with the name of its event, in order.

    A report is a row of event, hours after the start, outlet and title, and then its paragraphs.
    Events with one name before the hyphen look alike, and are none the less several.
    """
    found = []
    text = Path(__file__).with_name(name).read_text("utf-8")
    for row in text.strip().split("\n"):
        if row.count("|") == 3:
            event, hours, outlet, title = row.split("|")
            moment = START + timedelta(hours=int(hours))
            found.append((event, moment, outlet, title, []))
        else:
            found[-1][-1].append(row)
    return [
        (event, Candidate(f"{event}/{n}", title, "\n".join(lines), outlet or None, moment))
        for n, (event, moment, outlet, title, lines) in enumerate(found)
    ]
