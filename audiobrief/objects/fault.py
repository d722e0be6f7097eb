"""What obstore says, in our words: its own have the whole request in them."""

from __future__ import annotations

import re
from typing import Any, Final

#: What lists answer comes as an error of no kind; its code tells.
_REFUSED: Final = (
    *("AccessDenied", "AuthenticationFailed", "AuthorizationFailure", "ExpiredToken"),
    *("InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch", "401 ", "403 "),
)
#: There is not even the bucket.
_NOWHERE: Final = ("NoSuchBucket", "NoSuchContainer", "ContainerNotFound")


def exceptions() -> Any:
    """Return the library's errors."""
    from obstore import exceptions as theirs  # noqa: PLC0415 - an extra

    return theirs


def foreseen() -> tuple[type[Exception], ...]:
    """Return what the library may raise, for ``except``."""
    return (exceptions().BaseError, OSError, ValueError)


def is_of_this_machine(error: BaseException | None) -> bool:
    """Tell whether a file of ours is meant: what a store lacks is an OSError without a number."""
    return isinstance(error, OSError) and error.errno is not None


def is_missing(error: BaseException | None) -> bool:
    """Tell whether a store does not have what was asked for."""
    theirs = (exceptions().NotFoundError, FileNotFoundError)
    is_told = isinstance(error, theirs) and not is_of_this_machine(error)
    return is_told or has_no_bucket(error)


def has_no_bucket(error: BaseException | None) -> bool:
    """Tell whether a store does not even have the bucket."""
    return _has_code(error, _NOWHERE)


def is_refused(error: BaseException | None) -> bool:
    """Tell whether a store refuses the key."""
    known = exceptions()
    theirs = (known.PermissionDeniedError, known.UnauthenticatedError, PermissionError)
    is_told = isinstance(error, theirs) and not is_of_this_machine(error)
    return is_told or _has_code(error, _REFUSED)


def is_there_already(error: BaseException | None) -> bool:
    """Tell whether a create-only put came second."""
    return isinstance(error, exceptions().AlreadyExistsError)


def is_changed(error: BaseException | None) -> bool:
    """Tell whether a conditional put came second."""
    return is_there_already(error) or isinstance(error, exceptions().PreconditionError)


def knows_no_conditions(error: BaseException | None) -> bool:
    """Tell whether a store refuses conditions as such: 501 of HTTP."""
    theirs = exceptions().NotSupportedError
    return isinstance(error, theirs) or _has_code(error, ("NotImplemented", "501 "))


def _has_code(error: BaseException | None, codes: tuple[str, ...]) -> bool:
    if error is None or is_of_this_machine(error):
        return False
    return code_of(error).removeprefix(" (").startswith(codes)


def code_of(error: BaseException) -> str:
    """Return the code that S3 gives, or the number of HTTP, in brackets; nothing else."""
    found = re.search(r"<Code>(\w{1,60})</Code>", str(error)) or re.search(
        r"\b([45]\d\d [A-Z][A-Za-z ]{1,40})", str(error)
    )
    return f" ({found.group(1).strip()})" if found else ""
