"""What the tests of the check share."""

from tests.internet.fixture import internet_fixture  # noqa: F401 - it is used by its name
