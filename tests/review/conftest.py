"""Workspaces that are built once, and servers for them."""

import pytest

from tests.review.house import copied, put_workspace, running


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Return a workspace with two episodes; it is to be copied, not changed."""
    return put_workspace(tmp_path_factory.mktemp("built") / "workspace")


@pytest.fixture
def server(built, tmp_path):
    """Return a server of a workspace of its own."""
    with copied(built, tmp_path / "workspace") as root, running(root) as run:
        yield run


@pytest.fixture(scope="module")
def shared(built, tmp_path_factory):
    """Return a server that all tests of a module share."""
    place = tmp_path_factory.mktemp("shared") / "workspace"
    with copied(built, place) as root, running(root) as run:
        yield run
