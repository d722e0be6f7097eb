"""What nobody foresaw: a defect is told as one, a file that the system refuses is told by name."""

import errno
import os

import pytest

from audiobrief.errors import AudiobriefError, StoreError, defect


def raised(error):
    """Return an error as it was raised."""
    try:
        raise error
    except OSError as caught:
        return caught


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ENOSPC, errno.EMFILE])
def test_a_file_that_the_system_refuses_is_named(number):
    """It is no defect, and whoever runs the program can mend it."""
    told = defect(raised(OSError(number, os.strerror(number), "/srv/pod/voices/cast.toml")))
    assert isinstance(told, StoreError)
    assert told.problem == f"cannot be used: {os.strerror(number)}"
    assert told.subject == "/srv/pod/voices/cast.toml"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOENT, os.strerror(errno.ENOENT), "gone"),
        OSError(errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_a_file_that_is_missing_or_unknown_is_a_defect(error):
    """Whoever uses one has to see that it is there, and to know its name."""
    told = defect(raised(error))
    assert type(told) is AudiobriefError
    assert "a defect in audiobrief" in told.problem
