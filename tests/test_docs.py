"""The documentation says what the program does; ``UPDATE_GOLDEN=1`` writes its generated parts."""

import os
import re
from pathlib import Path

import click
import pytest

import audiobrief
from audiobrief.bench.catalogued import DEEDS
from audiobrief.bench.report import TABLE_HEAD
from audiobrief.cli import main, root
from audiobrief.workspace import start

README = Path(__file__).resolve().parents[1] / "README.md"
PACKAGE = Path(audiobrief.__file__).parent


def generated(name: str) -> str:
    """Return what must stand in a generated part of the README."""
    if name == "settings":
        template = Path(start.__file__).with_name("template.toml").read_text(encoding="utf-8")
        return f"```toml\n{template}```\n"
    rows = "".join(f"| `{name}` | {text} |\n" for name, text in root.COMMANDS.items())
    return f"| command | does |\n|---|---|\n{rows}"


@pytest.mark.parametrize("name", ["commands", "settings"])
def test_the_readme_is_up_to_date(name):
    """Commands and settings stand there as they are in the code."""
    text = README.read_text(encoding="utf-8")
    pattern = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
    if os.environ.get("UPDATE_GOLDEN"):
        README.write_text(pattern.sub(lambda _: generated(name), text), encoding="utf-8")
        return
    assert pattern.findall(text) == [generated(name)]


def test_the_figures_in_the_readme_have_the_columns_of_the_bench():
    """They are pasted from what it prints: a table of another shape is an old one."""
    text = README.read_text(encoding="utf-8")
    (block,) = re.findall(r"<!-- bench -->\n(.*?)<!-- /bench -->", text, re.DOTALL)
    assert block == "Not measured yet.\n" or TABLE_HEAD in block


def test_the_catalogue_in_the_readme_has_the_deeds_and_yardsticks_of_the_bench():
    """It is pasted, too: a deed of another name, or another yardstick, makes it an old one."""
    text = README.read_text(encoding="utf-8")
    (block,) = re.findall(r"<!-- catalogue -->\n(.*?)<!-- /catalogue -->", text, re.DOTALL)
    for deed in DEEDS:
        rows = re.findall(rf"\| ([\d,]+) articles: {re.escape(deed.name)} \|.*\|(.*)\|", block)
        assert [count for count, _ in rows] == ["1,000", "10,000", "100,000"]
        assert any(yardstick.strip() for _, yardstick in rows) is bool(deed.most_s)


def test_the_prepared_help_is_what_click_says():
    """``audiobrief --help`` does not import click; its text must not go stale."""
    said = root.cli.get_help(click.Context(root.cli, info_name="audiobrief", terminal_width=80))
    path = Path(main.__file__).with_name(main.HELP_NAME)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(said + "\n", encoding="utf-8")
        return
    assert path.read_text(encoding="utf-8") == said + "\n"


def test_every_module_and_public_name_has_a_docstring():
    """The first line of each file says its job."""
    silent = [
        p.relative_to(PACKAGE).as_posix()
        for p in PACKAGE.rglob("*.py")
        if not p.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []


def test_commands_in_the_readme_exist():
    """Every ``audiobrief NAME`` of the README is a command."""
    text = README.read_text(encoding="utf-8")
    code = "\n".join(
        re.findall(r"```sh\n(.*?)```", text, re.DOTALL) + re.findall(r"`[^`\n]+`", text)
    )
    named = set(re.findall(r"(?:^|`|/|&& )audiobrief ([a-z]+)", code, flags=re.MULTILINE))
    assert named - set(root.COMMANDS) == set()
    assert named >= {"init", "build", "script", "check"}
