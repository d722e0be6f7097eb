"""What obstore says, in our words: its own have the whole request in them."""

from __future__ import annotations

import re
from typing import Any


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
    return isinstance(error, theirs) and not is_of_this_machine(error)


def is_refused(error: BaseException | None) -> bool:
    """Tell whether a store refuses the key."""
    known = exceptions()
    theirs = (known.PermissionDeniedError, known.UnauthenticatedError, PermissionError)
    return isinstance(error, theirs) and not is_of_this_machine(error)


def is_there_already(error: BaseException | None) -> bool:
    """Tell whether a create-only put came second."""
    return isinstance(error, exceptions().AlreadyExistsError)


def is_changed(error: BaseException | None) -> bool:
    """Tell whether a conditional put came second."""
    return is_there_already(error) or isinstance(error, exceptions().PreconditionError)


def knows_no_conditions(error: BaseException | None) -> bool:
    """Tell whether a store refuses conditions as such: 501 of HTTP."""
    if isinstance(error, exceptions().NotSupportedError):
        return True
    code = code_of(error) if error is not None else ""
    return "NotImplemented" in code or "501" in code


def code_of(error: BaseException) -> str:
    """Return the code that S3 gives, or the number of HTTP, in brackets; nothing else."""
    found = re.search(r"<Code>(\w{1,60})</Code>", str(error)) or re.search(
        r"\b([45]\d\d [A-Z][A-Za-z ]{1,40})", str(error)
    )
    return f" ({found.group(1).strip()})" if found else ""
