"""Prepared scenes, each made once."""

import functools

import pytest

from tests.torture.house import may_trace
from tests.torture.scenes import SCENES


@pytest.fixture(scope="session")
def staged(tmp_path_factory):
    """Return a function that gives a scene, prepared."""

    @functools.cache
    def prepared(name):
        return SCENES[name].stage(tmp_path_factory.mktemp(name))

    return prepared


@pytest.fixture(scope="session")
def ptrace():
    """Let a test run where strace may trace; elsewhere say why it cannot, and skip it."""
    reason = may_trace()
    if reason:
        pytest.skip(reason)
