"""What several tests of speech share."""

import pytest

from tests.speak.openai_desk import Desk
from tests.speak.scripted_server import ScriptedServer


@pytest.fixture
def desk():
    """Return a function that makes a desk whose server does the given deeds."""
    servers = []

    def make(*deeds, refuses=(), plan=None, **kwargs):
        servers.append(ScriptedServer(plan or deeds, refuses))
        return Desk(servers[-1], **kwargs)

    yield make
    for server in servers:
        server.close()
