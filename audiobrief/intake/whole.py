"""Is what a feed has of an article the whole of it, or a teaser (pure)?

The rule: a text that is cut ("…", "Read more") is a teaser, however long. Otherwise what stands
where the format puts the whole text (``content:encoded``, Atom's ``content``, JSON Feed's
``content_html``) is whole from ``_WORDS_OF_CONTENT`` words on, and what stands where the format
puts a summary from ``_WORDS_OF_SUMMARY`` words in ``_PARAGRAPHS`` paragraphs on. An item without an
address has nothing else, so it is whole. Taking a whole text for a teaser costs one request; taking
a teaser for the article costs the article, so in doubt it is a teaser.
"""

from __future__ import annotations

import re
from typing import Final

#: Lengths are judgment, not measured: briefs of newspapers have 60 to 100 words, and the longest
#: teasers (a standfirst, or the first paragraph) about as many.
_WORDS_OF_CONTENT: Final = 80
#: Systems that cut by length do so at 55 words (WordPress) or at 200 to 1,000 characters.
_WORDS_OF_SUMMARY: Final = 200
_PARAGRAPHS: Final = 3
#: Chinese, Japanese and Thai write without blanks: about two letters make a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff]")

#: WordPress's last line of every item in a feed, whole or not.
_FOOTER = re.compile(
    r"\n(?:The post|Der Beitrag|L.article|La entrada|L.articolo|Het bericht|O post|Wpis|Inlägget) "
    r"[^\n]{1,300}$"
)
#: What links to the rest are called, in the ten languages that most feeds are in.
_MORE: Final = (
    r"(?:read|view|see) (?:more|on|the (?:full|rest|whole|entire|complete)[^\n]{0,60})"
    r"|read the article|continue reading[^\n]{0,200}|keep reading|(?:full|whole) (?:story|article)"
    r"|more"
    r"|weiterlesen|mehr lesen|zum artikel|lire (?:la suite|plus|l.article)[^\n]{0,60}"
    r"|en savoir plus|(?:leer|lee|ler) (?:más|mais)|seguir leyendo|sigue leyendo|continuar leyendo"
    r"|continue lendo|leia mais|continua a leggere|leggi (?:tutto|di più|l.articolo)"
    r"|lees (?:verder|meer)|läs (?:mer|hela)|les mer|læs mere|czytaj (?:dalej|więcej)"
    r"|читать (?:далее|дальше|полностью)|подробнее|читати далі|続きを読む|阅读全文|閱讀全文"
)
_ELLIPSIS: Final = r"…|\.\.\."
_CUT = re.compile(
    rf"(?:\[\s{{0,9}}(?:{_ELLIPSIS})\s{{0,9}}\]|{_ELLIPSIS}|[(\[]\s{{0,9}}more\s{{0,9}}[)\]]"
    # The link stands in a line of its own, or behind the end of a sentence.
    rf"|(?:^|[\n.!?…\])\"\u201d\u2019])\s{{0,9}}[\[(]?\s{{0,9}}(?:{_MORE}))"
    r"\s{0,9}[\])]?[\s.:…>»\u203a\u2192\u27f6]{0,20}$",
    re.IGNORECASE,
)


def is_whole(text: str, *, is_content: bool, has_address: bool) -> bool:
    """Tell whether a text is the whole article, by the rule above.

    Args:
        text: Plain text, a line for each paragraph.
        is_content: It stands where the format puts the whole text.
        has_address: There is a page that may have more.
    """
    if not has_address:
        return True
    body = _FOOTER.sub("", text.strip())
    # What is cut shows at the end; only there is searched.
    if _CUT.search(body[-400:]):
        return False
    words = _count_words(body)
    if is_content:
        return words >= _WORDS_OF_CONTENT
    return words >= _WORDS_OF_SUMMARY and body.count("\n") + 1 >= _PARAGRAPHS


def _count_words(text: str) -> int:
    return len(text.split()) + len(_UNSPACED.findall(text)) // 2
