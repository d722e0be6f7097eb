"""The head of a Markdown file: who, when, and how its own names are said."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field

from audiobrief.errors import SourceError
from audiobrief.text.speech.lexicon import entry_of

_PAIR = re.compile(r"^([A-Za-z][\w-]*):[ \t]+(.*\S)[ \t]*$")
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
    #: Words and what to say for them; ``letters``: spelled.
    lexicon: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values or self.lexicon)


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
    for number, row in enumerate(block.split("\n"), first_line):
        place = f"{where}:{number}"
        if opening := _LEXICON.match(row):
            inside = True
            if opening[1] and not opening[1].startswith("#"):
                raise SourceError("the lexicon's words stand below it", place, remedy=_SHAPE)
        elif inside and (row[:1] in (" ", "\t", "#") or not row.strip()):
            if plain := _COMMENT.sub("", row).rstrip():
                words.append(_word(_WORD.match(_uncommented(row)), plain, place))
        else:
            inside = False
            if pair := _PAIR.match(row):
                values[pair[1].lower()] = _unquoted(pair[2])
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
        if not isinstance(say, str):
            raise SourceError(f'"{word}" has no respelling', place, remedy='write "Word" = "say"')
        words.append(_checked(word, say, place))
    return FrontMatter({key.lower(): str(value) for key, value in data.items()}, tuple(words))


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
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
