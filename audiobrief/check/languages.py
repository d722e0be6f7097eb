"""Language tags (pure)."""

from __future__ import annotations

import re

#: RFC 5646: primary language, and subtags of letters and digits.
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
#: ISO 639-1 as the IANA registry of subtags has it, deprecated ones (in, iw, ji) included.
_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da
de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz
ia id ie ig ii ik in io is it iu iw ja ji jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb
lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om
or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw
ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_TWO_LETTERS = frozenset(_CODES.split())


def is_language(tag: str) -> bool:
    """Return whether a tag is well-formed, and names a language where it has two letters.

    >>> [is_language(tag) for tag in ("en", "pt-BR", "en_US", "English", "qq", "gsw")]
    [True, True, False, False, False, True]
    """
    first = tag.partition("-")[0].lower()
    return bool(_TAG.fullmatch(tag)) and (len(first) != 2 or first in _TWO_LETTERS)
