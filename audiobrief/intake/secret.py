"""Names and passwords of services: read from the environment, when they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping


def secret(environment: Mapping[str, str], variable: str, what: str, where: str) -> str:
    """Return the value of a variable.

    Args:
        environment: The variables, as ``os.environ`` holds them.
        variable: Its name, which the settings hold in the secret's place.
        what: What it is, for the error.
        where: What it is for.

    Raises:
        SourceError: It is not set, or empty.
    """
    value = environment.get(variable, "").strip()
    if not value:
        raise SourceError(
            f"there is no {what}: the variable {variable} is not set",
            where,
            remedy=f"set it, as in: export {variable}=...",
        )
    return value
