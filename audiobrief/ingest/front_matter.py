"""The head of a Markdown file: who, when, and how its own names are said."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field

from audiobrief.errors import SourceError
from audiobrief.text.speech.lexicon import entry_of

_BLOCK = re.compile(r"\A\s*(---|\+\+\+)[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
#: Without its last line: keys and values up to the first blank row.
_UNCLOSED = re.compile(
    r"\A\s*---[ \t]*\n((?:[A-Za-z][\w-]{0,40}:(?:[ \t][^\n]{0,1000})?\n){1,40})[ \t]*(?:\n|\Z)"
)
_KEY_ALONE = re.compile(r"^([A-Za-z][\w-]*):[ \t]*$")
_ENTRY = re.compile(r"^[ \t]*-[ \t]+(\S.*)$")
_PAIR = re.compile(r"^([A-Za-z][\w-]*):[ \t]+(.*\S)[ \t]*$")
#: A tag of YAML that says that what follows is no text: ``!!python/object``, ``!!binary``.
_NO_TEXT = re.compile(r"!!(?:[a-z]{1,20}[/:]|(?:binary|bool|float|int|map|null|seq|set)\b)")
_LEXICON = re.compile(r"^lexicon:[ \t]*(\S.*)?$", re.IGNORECASE)
#: A row of the block below ``lexicon:``. The key may be quoted, as a word may have a colon.
_WORD = re.compile(
    r"""^[ \t]+(?!-[ \t])(?P<word>"[^"]{1,200}"|'[^']{1,200}'|[^\s:"'#][^:]{0,200}?)"""
    r"[ \t]{0,80}:[ \t]{1,80}(?P<say>\S.*)$"
)
_COMMENT = re.compile(r"(?:^|[ \t])#.*$")
_SHAPE = 'write one word a line: "Dyett: DYE-it", or "IS: letters" to have it spelled'


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a file says about itself."""

    #: Keys in lower case; only simple values.
    values: dict[str, str] = field(default_factory=dict)
    #: Words and what to say for them; ``letters``: spelled; ``{ ipa = "…" }`` as lexicons have it.
    lexicon: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values or self.lexicon)


def split_front_matter(text: str, *, where: str) -> tuple[FrontMatter, str]:
    r"""Return the head of a text and what follows; a text without one is returned whole.

    Args:
        text: The file.
        where: Its name, for errors.

    Raises:
        SourceError: The head has a ``lexicon`` that is none.

    >>> split_front_matter("---\ntitle: Rain\n---\nText", where="a.md")[1]
    'Text'
    """
    match = _BLOCK.match(text)
    if match:
        parse = parse_toml if match[1] == "+++" else parse_yaml
        line = text.count("\n", 0, match.start(2)) + 1
        front = parse(match[2], first_line=line, where=where)
        if front:
            return front, text[match.end() :]
    elif unclosed := _UNCLOSED.match(text):
        line = text.count("\n", 0, unclosed.start(1)) + 1
        return parse_yaml(unclosed[1], first_line=line, where=where), text[unclosed.end() :]
    return FrontMatter(), text


def list_of(value: str) -> list[str]:
    """Return the entries of a value that is a list between brackets, else the value alone.

    >>> list_of("[Ann Reed, 'Bo Lind']")
    ['Ann Reed', 'Bo Lind']
    """
    if not (value.strip().startswith("[") and value.strip().endswith("]")):
        return [value]
    value = value.strip()
    try:
        entries = json.loads(value)
    except (ValueError, RecursionError):  # YAML without quotes, as most people write it
        entries = None
    if entries and all(isinstance(entry, str) for entry in entries):
        return list(entries)
    return [entry for part in value[1:-1].split(",") if (entry := _unquoted(part))]


def parse_yaml(block: str, *, first_line: int, where: str) -> FrontMatter:
    r"""Read ``key: value`` lines, and the words below ``lexicon:``; other nested values are left.

    Args:
        block: What stands between the lines ``---``.
        first_line: The number of its first line in the file.
        where: The file's name, for errors.

    Raises:
        SourceError: A line below ``lexicon:`` is no word with its respelling.

    >>> parse_yaml("title: Rain\nlexicon:\n  Dyett: DYE-it", first_line=2, where="a.md")
    FrontMatter(values={'title': 'Rain'}, lexicon=(('Dyett', 'DYE-it'),))
    """
    values: dict[str, str] = {}
    words: list[tuple[str, str]] = []
    inside = False
    key: str | None = None
    entries: list[str] = []
    for number, row in enumerate(block.split("\n"), first_line):
        place = f"{where}:{number}"
        if opening := _LEXICON.match(row):
            inside = True
            if opening[1] and not opening[1].startswith("#"):
                words += _words_beside(opening[1], place)
        elif inside and (row[:1] in (" ", "\t", "#") or not row.strip()):
            if plain := _COMMENT.sub("", row).rstrip():
                words.append(_word(_WORD.match(_uncommented(row)), plain, place))
        else:
            inside = False
            if pair := _PAIR.match(row):
                key = None
                if not _NO_TEXT.match(pair[2]):
                    values[pair[1].lower()] = _unquoted(pair[2])
            elif alone := _KEY_ALONE.match(row):
                key, entries = alone[1].lower(), []
            elif key and (entry := _ENTRY.match(row)):
                entries.append(_unquoted(entry[1]))
                values[key] = f"[{', '.join(entries)}]"
    return FrontMatter(values, tuple(words))


def parse_toml(block: str, *, first_line: int, where: str) -> FrontMatter:
    """Read TOML; what is none is text, and no front matter.

    Args:
        block: What stands between the lines ``+++``.
        first_line: The number of its first line in the file.
        where: The file's name, for errors.

    Raises:
        SourceError: An entry of ``[lexicon]`` is no word with its respelling.
    """
    try:
        data = tomllib.loads(block)
    except tomllib.TOMLDecodeError:
        return FrontMatter()
    lexicon = data.pop("lexicon", {})
    rows = block.split("\n")
    if not isinstance(lexicon, dict):
        lexicon = {"lexicon": lexicon}
    words = []
    for word, say in lexicon.items():
        line = next((i for i, row in enumerate(rows) if word in row), 0)
        place = f"{where}:{first_line + line}"
        if isinstance(say, dict):
            say = "{%s}" % ", ".join(  # noqa: PLW2901, UP031
                f"{key}: {str(value).lower() if isinstance(value, bool) else value}"
                for key, value in say.items()
            )
        if not isinstance(say, str):
            raise SourceError(f'"{word}" has no respelling', place, remedy='write "Word" = "say"')
        words.append(_checked(word, say, place))
    return FrontMatter({key.lower(): str(value) for key, value in data.items()}, tuple(words))


#: A word and its respelling inside ``{…}``, up to the next comma outside of quotes and braces.
_BESIDE = re.compile(
    r"""[ \t]{0,80}(?P<word>"[^"]{1,200}"|'[^']{1,200}'|[^\s:,"'{}][^:,{}]{0,200}?)[ \t]{0,80}:"""
    r"""[ \t]{1,80}(?P<say>"[^"]{1,400}"|'[^']{1,400}'|\{[^{}]{1,400}\}|[^\s,"'{}][^,{}]{0,400})"""
    r"""[ \t]{0,80}(?:,|$)"""
)


def _words_beside(text: str, place: str) -> list[tuple[str, str]]:
    """Return the words of ``lexicon: {Dyett: DYE-it, IS: letters}``, which YAML allows, too.

    Raises:
        SourceError: It is none of that form.
    """
    text = _COMMENT.sub("", text).strip()
    inner, words, position = text[1:-1].strip(), [], 0
    while position < len(inner):
        match = _BESIDE.match(inner, position)
        if match is None:
            break
        words.append(_word(match, inner, place))
        position = match.end()
    if text[:1] != "{" or text[-1:] != "}" or position < len(inner):
        raise SourceError("the lexicon's words stand below it", place, remedy=_SHAPE)
    return words


def _word(match: re.Match[str] | None, row: str, place: str) -> tuple[str, str]:
    if match is None:
        raise SourceError(
            f"no word with its respelling: {row.strip()[:60]!r}", place, remedy=_SHAPE
        )
    return _checked(_unquoted(match["word"]), _unquoted(match["say"]), place)


def _checked(word: str, say: str, place: str) -> tuple[str, str]:
    """Return a word and its respelling if they make an entry."""
    try:
        entry_of(word, say)
    except ValueError as error:
        raise SourceError(str(error), place, remedy=_SHAPE) from error
    return " ".join(word.split()), " ".join(say.split())


def _uncommented(row: str) -> str:
    """Take a comment off a row whose value is not quoted."""
    bare = row.rstrip()
    return bare if bare.endswith(('"', "'")) else _COMMENT.sub("", bare).rstrip()


def _unquoted(value: str) -> str:
    value = value.strip()
    if "\\" in value and value.startswith('"'):
        try:
            # Escapes of YAML between double quotes; those of JSON are the ones in use.
            return str(json.loads(value))
        except ValueError:  # a backslash that is none, as in a path of Windows
            pass
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
