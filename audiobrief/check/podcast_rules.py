"""Rules of the podcast namespace: P1 to P10, for what is present (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from audiobrief.check.languages import is_language
from audiobrief.check.node import name_of
from audiobrief.check.rule import Entry, Level, Rule
from audiobrief.check.taxonomy import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRANSCRIPT_TYPES = frozenset(
    {"text/plain", "text/html", "text/vtt", "application/json", "application/x-subrip"}
)
#: What hosts write for SubRip and JSON, and apps understand.
_NEARLY_TRANSCRIPT_TYPES = frozenset({"application/srt", "text/srt", "text/json"})
_MEDIA = frozenset(
    {"podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course"}
    | {"mixed"}
)
#: RFC 5545, 3.3.10.
_RRULE_PART = re.compile(
    r"FREQ=(?:SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)|UNTIL=\d{8}(?:T\d{6}Z?)?"
    r"|(?:COUNT|INTERVAL)=\d+|WKST=(?:SU|MO|TU|WE|TH|FR|SA)"
    r"|BYDAY=(?:[+-]?\d{0,2}(?:SU|MO|TU|WE|TH|FR|SA))(?:,[+-]?\d{0,2}(?:SU|MO|TU|WE|TH|FR|SA))*"
    r"|BY(?:SECOND|MINUTE|HOUR|MONTHDAY|YEARDAY|WEEKNO|MONTH|SETPOS)=[+-]?\d+(?:,[+-]?\d+)*"
)


def check_transcripts(facts: Any) -> Iterator[str]:
    """P1: transcripts have a URL and a type, and say their language properly."""
    for element in facts.node.everywhere("podcast:transcript"):
        if not element.get("url"):
            yield "a podcast:transcript has no url: add it"
        if not element.get("type"):
            yield "a podcast:transcript has no type: write text/vtt, application/x-subrip ..."
        if not is_language(element.get("language", "en")):
            yield f"no language tag of BCP 47: {element.get('language')[:80]!r}: write en, de ..."


def check_transcript_types(facts: Any) -> Iterator[str]:
    """P1: types that apps know."""
    for element in facts.node.everywhere("podcast:transcript"):
        said = element.get("type", "")
        if said and said not in _TRANSCRIPT_TYPES | _NEARLY_TRANSCRIPT_TYPES:
            yield f"{said[:80]!r} is no type of a transcript: write text/vtt for WebVTT"


def check_exact_transcript_types(facts: Any) -> Iterator[str]:
    """P1: types as the namespace has them."""
    for element in facts.node.everywhere("podcast:transcript"):
        said = element.get("type", "")
        if said in _NEARLY_TRANSCRIPT_TYPES:
            right = "application/json" if "json" in said else "application/x-subrip"
            yield f"a transcript has the type {said}: write {right}"


def check_chapters(facts: Any) -> Iterator[str]:
    """P2: one file of chapters an item."""
    elements = facts.node.all("podcast:chapters")
    if len(elements) > 1:
        yield f"there are {len(elements)} podcast:chapters: an item has one"
    for element in elements:
        if not element.get("url"):
            yield "podcast:chapters has no url: add it"


def check_chapters_type(facts: Any) -> Iterator[str]:
    """P2: its type."""
    for element in facts.node.all("podcast:chapters"):
        if element.get("type") != "application/json+chapters":
            said = (element.get("type") or "")[:80]
            yield f"podcast:chapters has the type {said!r}: write application/json+chapters"


def check_locked(facts: Any) -> Iterator[str]:
    """P3: locked says yes or no, once."""
    elements = facts.node.all("podcast:locked")
    if len(elements) > 1:
        yield f"there are {len(elements)} podcast:locked: write one"
    for element in elements:
        if (element.text or "").strip().lower() not in {"yes", "no"}:
            yield f"podcast:locked is {(element.text or '')[:80]!r}: write yes or no"


def check_medium(facts: Any) -> Iterator[str]:
    """P4: one known medium."""
    elements = facts.node.all("podcast:medium")
    if len(elements) > 1:
        yield f"there are {len(elements)} podcast:medium: write one"
    for element in elements:
        if (element.text or "").strip().removesuffix("L") not in _MEDIA:
            yield f"{(element.text or '')[:80]!r} is no medium: write podcast, music, video ..."


def check_persons(facts: Any) -> Iterator[str]:
    """P5: names of 1 to 128 characters."""
    for element in facts.node.everywhere("podcast:person"):
        if not 1 <= len((element.text or "").strip()) <= 128:
            yield "a podcast:person has not 1 to 128 characters: write the name, no more"


def check_roles(facts: Any) -> Iterator[str]:
    """P5: roles of the taxonomy."""
    for element in facts.node.everywhere("podcast:person"):
        role = element.get("role", "host").strip()
        if role.lower() not in ROLES:
            yield f"the role {role[:80]!r} is not in the taxonomy: write host, guest, narrator ..."


def check_season_and_episode(facts: Any) -> Iterator[str]:
    """P6: a season is a whole number, an episode a decimal one."""
    for element in facts.node.everywhere("podcast:season"):
        if not re.fullmatch(r"\d+", (element.text or "").strip()):
            yield f"podcast:season is {(element.text or '')[:80]!r}: write a whole number"
        if len(element.get("name", "")) > 128:
            yield "the name of a podcast:season has more than 128 characters: shorten it"
    for element in facts.node.everywhere("podcast:episode"):
        if not re.fullmatch(r"\d+(\.\d+)?", (element.text or "").strip()):
            yield f"podcast:episode is {(element.text or '')[:80]!r}: write a number"
        if len(element.get("display", "")) > 32:
            yield "the display of a podcast:episode has more than 32 characters: shorten it"


def check_texts(facts: Any) -> Iterator[str]:
    """P7: free texts, and the declaration of synthetic voices."""
    for element in facts.node.everywhere("podcast:txt"):
        if len(element.text or "") > 4000 or len(element.get("purpose", "")) > 128:
            yield "a podcast:txt has more than 4000 characters, or its purpose 128: shorten it"
        is_declaration = element.get("purpose") == "ai-content"
        if is_declaration and (element.text or "").strip() not in {"true", "false"}:
            yield f"podcast:txt ai-content is {(element.text or '')[:80]!r}: write true or false"


def check_funding_and_frequency(facts: Any) -> Iterator[str]:
    """P8: texts of 128 characters, a rule that calendars know, feeds by guid."""
    for name in ("podcast:updateFrequency", "podcast:funding"):
        for element in facts.node.everywhere(name):
            if len(element.text or "") > 128:
                yield f"a {name} has more than 128 characters: shorten it"
    for element in facts.node.everywhere("podcast:updateFrequency"):
        rule = element.get("rrule", "")
        if rule and not is_rrule(rule):
            yield f"no rrule of RFC 5545: {rule[:80]!r}: write FREQ=WEEKLY;BYDAY=MO or alike"
    if any(not element.get("url") for element in facts.node.everywhere("podcast:funding")):
        yield "a podcast:funding has no url: add the page"
    for podroll in facts.node.everywhere("podcast:podroll"):
        if any(
            name_of(child) != "podcast:remoteItem" or not child.get("feedGuid")
            for child in podroll.iterchildren("*")
        ):
            yield "a podcast:podroll holds something else than remoteItem with feedGuid: remove it"


def is_rrule(rule: str) -> bool:
    """Return whether a rule of recurrence is one.

    >>> [is_rrule(r) for r in ("FREQ=WEEKLY;BYDAY=MO,WE", "weekly", "BYDAY=MO")]
    [True, False, False]
    """
    parts = rule.removeprefix("RRULE:").split(";")
    is_known = all(_RRULE_PART.fullmatch(part.upper()) for part in parts if part)
    return is_known and any(part.upper().startswith("FREQ=") for part in parts)


def check_alternates(facts: Any) -> Iterator[str]:
    """P9: alternate enclosures have a type and a source."""
    for element in facts.node.everywhere("podcast:alternateEnclosure"):
        children = list(element.iterchildren("*"))
        sources = [child for child in children if name_of(child) == "podcast:source"]
        if not element.get("type"):
            yield "a podcast:alternateEnclosure has no type: add it"
        if not any(source.get("uri") for source in sources):
            yield "a podcast:alternateEnclosure has no podcast:source with uri: add one"
        for child in children:
            is_sum = name_of(child) == "podcast:integrity"
            if is_sum and child.get("type") not in {"sri", "pgp-signature"}:
                yield "a podcast:integrity has no known type: write sri"


def check_deprecated(facts: Any) -> Iterator[str]:
    """P10: podcast:images gave way to podcast:image."""
    if next(facts.node.everywhere("podcast:images"), None) is not None:
        yield "podcast:images is deprecated: use podcast:image"


def _rule(number: str, title: str, check: Any, *names: str, is_lenient: bool = False) -> Rule[Any]:
    level = Level.SHOULD if check in {check_deprecated, check_roles} else Level.MUST
    about = frozenset(f"podcast:{name}" for name in names)
    return Rule(Entry(number, level, title, "NS", is_lenient=is_lenient), check, about)


_T = "transcript"
#: Asked of the channel and of every item.
PODCAST_RULES: tuple[Rule[Any], ...] = (
    _rule("P1", "transcripts: url, type, language", check_transcripts, _T),
    _rule("P1", "transcripts: a known type", check_transcript_types, _T, is_lenient=True),
    _rule("P1", "transcripts: its proper name", check_exact_transcript_types, _T, is_lenient=True),
    _rule("P2", "one file of chapters an item", check_chapters, "chapters"),
    _rule(
        "P2",
        "its type is application/json+chapters",
        check_chapters_type,
        "chapters",
        is_lenient=True,
    ),
    _rule("P3", "locked is yes or no", check_locked, "locked"),
    _rule("P4", "one known medium", check_medium, "medium"),
    _rule("P5", "persons have names of 1 to 128 characters", check_persons, "person"),
    _rule("P5", "persons have roles of the taxonomy", check_roles, "person"),
    _rule("P6", "season and episode are numbers", check_season_and_episode, "season", "episode"),
    _rule("P7", "texts fit; ai-content is true or false", check_texts, "txt"),
    _rule(
        "P8",
        "funding, frequency and podroll are complete",
        check_funding_and_frequency,
        *("funding", "updateFrequency", "podroll"),
    ),
    _rule(
        "P9", "alternate enclosures have type and source", check_alternates, "alternateEnclosure"
    ),
    _rule("P10", "no deprecated images", check_deprecated, "images"),
)
