"""What the tests of the network share."""

from contextlib import ExitStack

import pytest

from audiobrief.net.client import Client
from audiobrief.net.rules import ClientRules
from tests.internet.fixture import internet_fixture  # noqa: F401 - it is used by its name


@pytest.fixture
def client_of(internet):
    """Return a function that makes a client with rules."""
    with ExitStack() as stack:

        def make(**rules):
            return stack.enter_context(Client(ClientRules(**rules), internet.world))

        yield make


@pytest.fixture
def client(client_of):
    """Return a client with the usual rules."""
    return client_of()
