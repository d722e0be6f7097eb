"""A server for the tests of a module, and the loopback internet."""

import pytest

from tests.internet.fixture import internet_fixture  # noqa: F401
from tests.serve.house import put_house, running


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Return a server of a show with an episode."""
    root = tmp_path_factory.mktemp("workspace") / "episodes"
    put_house(root)
    with running(root) as run:
        yield run
