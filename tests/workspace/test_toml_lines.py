"""A mistake is told with the line that it stands on, whatever TOML the file is written in."""

import json
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.workspace.load import load_workspace
from audiobrief.workspace.toml import SettingsError, line_of, place_of
from audiobrief.workspace.toml_lines import lines_of, parse_key

#: What could be taken for structure where it is none.
LETTERS = "ab1-_ .\"'\\#[]{}=,\n\t\u00e9\u2028\x85"
TEXTS = st.text(LETTERS, max_size=8)
KEYS = st.one_of(st.text("ab1-_", min_size=1, max_size=4), TEXTS)
FAKES = ["[a]", "[[a]]", "a = 1", "# a", '"a" = [', "b.a = {"]
BLANKS = st.sampled_from(["", "\n", "# [a]\n", "  # a = 1\n", "\t\n"])


def quoted(text, *, plainly):
    """Write a string in one line: as a literal one where that is asked and can be."""
    if plainly and not set(text) & set("'\n\\\x85"):
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)


class Writer:
    """A TOML file in the making, which notes where it puts what."""

    def __init__(self, draw):
        self.draw = draw
        self.text = ""
        self.lines = {}

    def put(self, text):
        """Write something."""
        self.text += text

    def note(self, place):
        """Say that the next character belongs to it."""
        self.lines.setdefault(place, self.text.count("\n") + 1)

    def dotted(self, place):
        """Write a key with all above it."""
        names = [part for part in place if isinstance(part, str)]
        for n, name in enumerate(names):
            bare = name.replace("-", "a").replace("_", "a")
            is_bare = bare.isascii() and bare.isalnum() and self.draw(st.booleans())
            self.put("." if n else "")
            self.put(name if is_bare else quoted(name, plainly=self.draw(st.booleans())))

    def table(self, place, tree):
        """Write a table without its header: its values, then its tables."""
        inner = {}
        for key, value in tree.items():
            kind = value[0]
            if kind in {"table", "list"}:
                inner[key] = value
                continue
            self.put(self.draw(BLANKS))
            self.put(self.draw(st.sampled_from(["", "  "])))
            self.note((*place, key))
            self.dotted((key,))
            self.put(self.draw(st.sampled_from(["=", " = "])))
            self.value((*place, key), value)
            self.put(self.draw(st.sampled_from(["\n", "  # [b]\n", "\r\n"])))
        for key, (kind, below) in inner.items():
            for n, entry in enumerate(below if kind == "list" else [below]):
                self.put(self.draw(BLANKS))
                self.note((*place, key))
                at = (*place, key, n) if kind == "list" else (*place, key)
                self.note(at)
                self.put("[[" if kind == "list" else "[ ")
                self.dotted((*place, key))
                self.put("]]" if kind == "list" else " ]")
                self.put(self.draw(st.sampled_from(["\n", " # c = 1\n"])))
                self.table(at, entry)

    def value(self, place, value):
        """Write what stands behind the equals sign."""
        kind, content = value
        if kind == "plain":
            self.put(content)
        elif kind == "lines":
            mark = self.draw(st.sampled_from(['"""', "'''"]))
            self.put(mark + "\n".join(content) + mark)
        elif kind == "entries":
            self.put("[")
            for n, entry in enumerate(content):
                self.put(self.draw(st.sampled_from(["", "\n", " # ]\n  "])))
                self.note((*place, n))
                self.value((*place, n), entry)
                self.put(self.draw(st.sampled_from([",", "\n,"])))
            self.put("]")
        else:
            self.put("{")
            for n, (key, entry) in enumerate(content.items()):
                self.put(", " if n else " ")
                self.note((*place, key))
                self.dotted((key,))
                self.put(" = ")
                self.value((*place, key), entry)
            self.put(" }")


SCALARS = st.sampled_from(["1", "-1.5e3", "true", "1979-05-27 07:32:00", '"[a] # b"', "'a = \\'"])
VALUES = st.recursive(
    st.tuples(st.just("plain"), SCALARS)
    | st.tuples(st.just("lines"), st.lists(st.sampled_from(FAKES), max_size=3)),
    lambda inner: (
        st.tuples(st.just("entries"), st.lists(inner, max_size=3))
        | st.tuples(st.just("inline"), st.dictionaries(KEYS, inner, max_size=3))
    ),
    max_leaves=4,
)
TREES = st.recursive(
    st.dictionaries(KEYS, VALUES, max_size=3),
    lambda inner: st.dictionaries(
        KEYS,
        VALUES
        | st.tuples(st.just("table"), inner)
        | st.tuples(st.just("list"), st.lists(inner, min_size=1, max_size=3)),
        max_size=3,
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=60)
@given(st.data(), TREES)
def test_everything_in_a_file_is_found_on_its_line(data, tree):
    """Tables, lists of tables, quoted keys, comments, and strings that look like all of them."""
    writer = Writer(data.draw)
    writer.table((), tree)
    held = tomllib.loads(writer.text)
    for place, line in writer.lines.items():
        below = held
        for part in place:
            below = below[part]
        assert line_of(writer.text, place) == line
    assert lines_of(writer.text) == writer.lines


@given(st.text(LETTERS, max_size=40))
def test_of_what_is_no_toml_something_is_found_too(text):
    """Nothing is raised, and no line lies behind the end."""
    assert max(lines_of(text).values(), default=1) <= text.count("\n") + 1
    parse_key(text)


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("[[s]]\na=1\n\n[[s]]\nb=2\n", ("s", 1, "c"), 4),
        ("[[s]]\na=1\n\n[[s]]\nb=2\n", ("s", 1, "b"), 5),
        ("s = [{a=1},\n{a=2}]\n", ("s", 1, "a"), 2),
        ("[[s]]\n[[s]]\n[[s.t]]\n[s.t.u]\nx=1\n", ("s", 1, "t", 0, "u", "x"), 5),
        ('a = """\n[t]\nb = 1\n"""\n[t]\nb = 2\n', ("t", "b"), 6),
        ("a = '''\n[t]'''\n[t]\n", ("t", "b"), 3),
        ('[n.h."example.org"]\n"a.b" = 1\n', ("n", "h", "example.org", "a.b"), 2),
        ('[n.h."example.org"]\n"a.b" = 1\n', ("n", "h", "example", "org"), 1),
        ('x = 1\n"\\u0061" = 2\n', ("a",), 2),
        ("a.b.c = 1\na.b.d = 2\n", ("a", "b", "d"), 2),
        ("a.b.c = 1\na.b.d = 2\n", ("a", "b"), 1),
        ("[a.b]\nx=1\n[a]\ny=1\n", ("a", "y"), 4),
        ('k = "\u2028"\nj = 1\n', ("j",), 2),
        ("", ("a",), 1),
    ],
)
def test_a_key_is_found_else_what_it_would_stand_in(text, path, line):
    """The table or the entry that misses it is the place to mend."""
    assert line_of(text, path) == line


def test_a_setting_is_asked_for_by_its_dotted_key():
    """With quotes where a name has a point, as in the file."""
    text = '[shows."St. Ives"]\ntitle = "A"\n[shows."St. Ives".cast]\n'
    assert place_of(text, 'shows."St. Ives".title', where="a.toml").startswith("a.toml:2 ")
    assert place_of(text, 'shows."St. Ives".cast', where="a.toml").startswith("a.toml:3 ")
    assert place_of(text, "shows.St.title", where="a.toml").endswith("(the default)")


def mistakes(folder, text):
    """Return line and remedy of each mistake in these settings."""
    (folder / "audiobrief.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_workspace(folder)
    errors = [caught.value, *caught.value.others]
    return [(int(e.subject.split()[0].split(":")[1]), e.remedy) for e in errors]


SOURCES = """\
[[sources]]
name = "one"
url = "https://one.example.org/feed"

# The second one.
[[sources]]
name = "two"
{}
"""


@pytest.mark.parametrize(
    ("written", "line", "remedy"),
    [
        ('kind = "wallabag"', 6, "also needs url, client_id_env"),
        ('kind = "opml"', 6, "name one of url and path"),
        ('ulr = "https://two.example.org/"', 8, 'did you mean "url"?'),
        ('url = "https://two.example.org/"\nzzz = 1', 9, "known keys: name, kind, url"),
        ('url = "two"', 8, "write an absolute URL"),
        ('url = "https://two.example.org/"\nmost = "many"', 9, "write a whole number"),
        ('url = "https://two.example.org/"\ntags = [\n"a",\n3]', 11, "write it in quotes"),
    ],
)
def test_a_mistake_in_the_second_source_is_told_with_its_line(tmp_path, written, line, remedy):
    """The line of the key, or, where it is missing, of the source."""
    ((found, said),) = mistakes(tmp_path, SOURCES.format(written))
    assert found == line
    assert remedy in said


def test_a_mistake_about_a_host_is_told_with_its_line(tmp_path):
    """A host's name has points, and is in quotes."""
    text = (
        '[network.hosts."a.example.org".headers]\nCookie = "A"\n'
        '[network.hosts."example.org"]\nheader = {}\n'
        '[network.hosts."example.org".cookies]\nsid = 3\n'
    )
    assert [line for line, _ in mistakes(tmp_path, text)] == [6, 4]
    assert mistakes(tmp_path, text)[1][1] == 'did you mean "headers"?'


def test_lists_without_end_are_refused(tmp_path):
    """As a mistake in the file, not as one of ours."""
    (tmp_path / "audiobrief.toml").write_text(f"a = {'[' * 5000}{']' * 5000}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="too deep"):
        load_workspace(tmp_path)
