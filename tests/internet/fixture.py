"""The fixture; a folder's ``conftest.py`` imports it."""

import pytest

from tests.internet.net import Internet


@pytest.fixture(name="internet")
def internet_fixture():
    """Return an internet without sites."""
    internet = Internet()
    yield internet
    internet.close()
    assert internet.failures == []
