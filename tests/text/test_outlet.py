"""The publisher is named by the furniture, often and without rivals."""

from __future__ import annotations

from audiobrief.text.page.outlet import find_outlet


def test_an_outlet_named_once_is_not_certain() -> None:
    """One mention is no proof."""
    assert find_outlet(["Get Valley Post daily", "Share"]) is None


def test_sharing_networks_are_no_outlets() -> None:
    """The page names them often, but they did not publish it."""
    assert find_outlet(["Follow Facebook", "Facebook's terms", "updates from Facebook"]) is None
