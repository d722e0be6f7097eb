"""Lexicons as W3C Pronunciation Lexicon Specification 1.0 (PLS), in and out.

A respelling is an ``alias``, IPA a ``phoneme``. What PLS has no word for is kept in ways that its
other readers skip: "letter by letter" is an alias of single letters, and the rule about capitals a
``role`` of a namespace of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audiobrief.errors import WorkspaceError
from audiobrief.text.speech.lexicon import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
#: Of our roles; a name, not an address.
ROLES = "urn:audiobrief:lexicon"
_CASES = {"exact": True, "any": False}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: A lexicon of 100,000 words has some 20 MB.
LONGEST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class PlsLexicon:
    """A PLS document, read."""

    #: RFC 5646; ``None`` where the document names none.
    language: str | None
    entries: tuple[Entry, ...]
    #: What could not be taken over, in words for the user.
    notes: tuple[str, ...] = ()


def parse_pls(content: bytes, *, where: str) -> PlsLexicon:
    """Return the words of a PLS document.

    Of several pronunciations the one with ``prefer`` counts, else the first; of several lexemes
    for one word (homographs by role) the first. A document type is refused: with it come
    entities, which can grow without end and read files.

    Args:
        content: The document.
        where: Its name, for errors.

    Raises:
        WorkspaceError: It is no PLS document.
    """
    root = _parse(content, where)
    entries: dict[str, Entry] = {}
    notes: list[str] = []
    default = root.get("alphabet", "ipa")
    for lexeme in root.iterchildren(f"{{{NAMESPACE}}}lexeme"):
        place = f"{where}:{lexeme.sourceline}"
        for found in _entries_of(lexeme, default, place):
            if isinstance(found, str):
                notes.append(found)
            elif found.word in entries:
                notes.append(f'{place}: "{found.word}" stands there twice, the first one counts')
            else:
                entries[found.word] = found
    return PlsLexicon(root.get(_LANG) or None, tuple(entries.values()), tuple(notes))


def render_pls(entries: Iterable[Entry], language: str) -> bytes:
    """Return a PLS document, UTF-8, with one lexeme for each entry."""
    from lxml import etree  # noqa: PLC0415 - lazy: 15 ms, and no other command needs it

    root = etree.Element(f"{{{NAMESPACE}}}lexicon", nsmap={None: NAMESPACE, "ab": ROLES})
    root.set("version", "1.0")
    root.set("alphabet", "ipa")
    root.set(_LANG, language)
    for entry in entries:
        lexeme = etree.SubElement(root, f"{{{NAMESPACE}}}lexeme")
        if entry.match_case is not None:
            lexeme.set("role", "ab:exact" if entry.match_case else "ab:any")
        alias = _spelled(entry.word) if entry.letters else entry.say
        for tag, text in (("grapheme", entry.word), ("alias", alias), ("phoneme", entry.ipa)):
            if text is not None:
                etree.SubElement(lexeme, f"{{{NAMESPACE}}}{tag}").text = text
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _parse(content: bytes, where: str) -> Any:
    """Return the root element, from a parser that opens nothing and expands nothing."""
    from lxml import etree  # noqa: PLC0415 - lazy, as above

    remedy = "give it a W3C pronunciation lexicon: <lexicon> with <lexeme> elements"
    if len(content) > LONGEST_BYTES:
        raise WorkspaceError("the lexicon is larger than 50 MB", where, remedy="divide it")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise WorkspaceError(f"no XML: {error.msg}", f"{where}:{line}", remedy=remedy) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise WorkspaceError(
            "the file has a document type", where, remedy="remove <!DOCTYPE …> from it"
        )
    if root.tag != f"{{{NAMESPACE}}}lexicon":
        raise WorkspaceError(f"no pronunciation lexicon, but <{root.tag}>", where, remedy=remedy)
    return root


def _entries_of(lexeme: Any, default: str, place: str) -> Iterator[Entry | str]:
    """Yield the entries of a lexeme, one for each of its graphemes, or what is wrong with it."""
    spoken = _children(lexeme, "phoneme")
    phonemes = [p for p in spoken if p.get("alphabet", default) == "ipa"]
    ipa, alias = _preferred(phonemes), _preferred(_children(lexeme, "alias"))
    words = [_text(g) for g in _children(lexeme, "grapheme")]
    case = _case_of(lexeme)
    if not any(words):
        said = f' for "{alias or ipa}"' if alias or ipa else ""
        yield f"{place}: no word{said}: left out"
        return
    if ipa is None and alias is None:
        others = sorted({p.get("alphabet", default) for p in spoken} - {"ipa"})
        what = f"only phonemes in {', '.join(others)}" if others else "no alias and no IPA"
        yield f'{place}: "{words[0]}": {what}: left out'
        return
    for word in words:
        try:
            if alias is not None and ipa is None and alias == _spelled(word):
                yield Entry(word, letters=True, match_case=case)
            else:
                yield Entry(word, alias, ipa, match_case=case)
        except ValueError as error:
            yield f'{place}: "{word}": {error}: left out'


def _children(lexeme: Any, tag: str) -> list[Any]:
    return list(lexeme.iterchildren(f"{{{NAMESPACE}}}{tag}"))


def _preferred(ways: list[Any]) -> str | None:
    chosen = next((w for w in ways if w.get("prefer") in ("true", "1")), ways[0] if ways else None)
    return (_text(chosen) or None) if chosen is not None else None


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _case_of(lexeme: Any) -> bool | None:
    """Return what a role of ours says about capitals; roles of others say nothing to us."""
    for role in lexeme.get("role", "").split():
        prefix, _, name = role.rpartition(":")
        if lexeme.nsmap.get(prefix or None) == ROLES and name in _CASES:
            return _CASES[name]
    return None


def _spelled(word: str) -> str:
    return " ".join(c for c in word if c.isalnum())
