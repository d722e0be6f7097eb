"""The threat model names files and tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SECURITY = PROJECT / ".github" / "SECURITY.md"

pytestmark = pytest.mark.skipif(
    not SECURITY.is_file(), reason="the threat model is in the checkout, not with the wheel"
)


def rows() -> list[list[str]]:
    """Return the cells of the table, without its head."""
    lines = SECURITY.read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def test_every_threat_has_a_place_and_a_proof() -> None:
    """Nobody is named without something that is done, in a file, proven by a test."""
    assert len(rows()) > 10
    for row in rows():
        assert len(row) == 4, row
        assert all(row), row


def test_each_place_is_there() -> None:
    """A file that has moved would make the table a story."""
    for _, _, places, _ in rows():
        for place in re.findall(r"`([^`]+)`", places):
            assert (PROJECT / "audiobrief" / place).exists() or (PROJECT / place).exists(), place


def test_each_proof_is_a_test() -> None:
    """The file is there, has tests, and the one that is named."""
    for *_, proofs in rows():
        named = re.findall(r"`([^`]+)`", proofs)
        assert named
        for proof in named:
            path, _, name = proof.partition("::")
            source = (PROJECT / "tests" / path).read_text(encoding="utf-8")
            assert re.search(rf"^ *def {name or 'test_'}", source, re.MULTILINE), proof
