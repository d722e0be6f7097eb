"""The fixture; a folder's ``conftest.py`` imports it."""

import pytest

from tests.internet.net import Internet


@pytest.fixture
def internet():
    """Return an internet without sites."""
    internet = Internet()
    yield internet
    internet.close()
    assert internet.failures == []
