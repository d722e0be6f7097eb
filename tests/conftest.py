"""Fixtures of all tests."""

import signal

import pytest
from hypothesis import settings

from tests.support import SHARED, run_audiobrief

# A busy machine is no fault of the program: speed belongs in `audiobrief bench`.
settings.register_profile("audiobrief", deadline=None)
settings.load_profile("audiobrief")


def pytest_configure():
    """Hear Ctrl-C, and let what the tests start hear it.

    A script that runs the tests in its background hands down that it is ignored, and the programs
    under test would rightly keep to that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def audiobrief(tmp_path):
    """Return the command, run in an empty folder."""

    def run(*arguments, cwd=tmp_path, **kwargs):
        return run_audiobrief(*arguments, cwd=cwd, **kwargs)

    return run


@pytest.fixture(scope="session")
def shared_sample():
    """Return the badly scraped page that lies beside the project, where it does."""
    path = SHARED / "articles" / "free-syrian-army.txt"
    if not path.is_file():
        pytest.skip("the sample article lies beside the project only where it is developed")
    return path
