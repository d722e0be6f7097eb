"""Whether an English text is British, so that the day stands first in "05/03/2025"."""

from __future__ import annotations

import re

#: So much of a text tells where it was written.
_SAMPLE_CHARACTERS = 20_000
#: Spelling and words of one side of the Atlantic; words that both use in news are left out.
_BRITISH = re.compile(
    r"\u00a3|\b(?:per cent|whilst|programmes?|cheques?|tyres?|kerb|plc|pence|GMT|BST|NHS|Cllr"
    r"|councillors?"
    r"|(?:col|fav|hon|lab|behavi|neighb|harb|rum|hum|arm)our(?:s|ed|ing|ite|able|hood)?"
    r"|(?:cent|met|kilomet|lit|theat|fib)res?|defence|licence|ageing|jewellery|grey"
    r"|(?:organ|real|recogn|critic|apolog|priorit|emphas|author)is(?:e|ed|es|ing|ation)"
    r"|(?:travel|cancel|model|label|fuel|counsel)l(?:ed|ing|er|ers))\b"
)
_AMERICAN = re.compile(
    r"\b(?:percent|[ECMP][SD]T|gray|defense|jewelry|councilm[ae]n|sheriff"
    r"|(?:col|fav|hon|lab|behavi|neighb|harb|rum|hum|arm)or(?:s|ed|ing|ite|able|hood)?"
    r"|(?:cent|met|kilomet|lit|fib)ers?"
    r"|(?:organ|real|recogn|critic|apolog|priorit|emphas|author)iz(?:e|ed|es|ing|ation)"
    r"|(?:travel|cancel|model|label|fuel)(?:ed|ing|er|ers))\b"
)
_DATE = re.compile(r"(?<![\w/.-])(\d{1,2})/(\d{1,2})/(?:1[5-9]|20)?\d\d(?![\w/])")
#: One word of the other side is a quotation or a name ("Labour", "World Trade Center").
_FEWEST_SIGNS = 2


def is_british(text: str) -> bool:
    """Tell whether a whole English text is rather British than American.

    A date that can be read in one way only decides alone; else spelling, the pound sign and words
    of one country are counted. "mph" is no sign: Americans drive by it too.

    Args:
        text: The article, not a sentence: few words tell little.

    >>> is_british("The council paid \u00a31,845, ten per cent more, on 05/03/2025.")
    True
    >>> is_british("It opened on 14/02/2024."), is_british("A labor center closed.")
    (True, False)
    """
    sample = text[:_SAMPLE_CHARACTERS]
    dates = [(int(a), int(b)) for a, b in _DATE.findall(sample)]
    day_first = sum(a > 12 >= b for a, b in dates)
    month_first = sum(b > 12 >= a for a, b in dates)
    if day_first != month_first:
        return day_first > month_first
    british = len(_BRITISH.findall(sample))
    return british >= _FEWEST_SIGNS and british > len(_AMERICAN.findall(sample))
