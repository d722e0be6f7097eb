"""The loopback internet, for everything that comes in."""

from tests.internet.fixture import internet_fixture  # noqa: F401
