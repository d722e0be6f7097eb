"""Why a request is not done, as the page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiobrief.errors import (
    ApprovalMissingError,
    AudiobriefError,
    ConflictError,
    LockedError,
    StoreError,
)
from audiobrief.review.desk import NotFoundError
from audiobrief.serve.answer import Answer, as_json

if TYPE_CHECKING:
    from audiobrief.serve.answer import Headers

#: The first that fits; whatever else cannot be done as asked is 422.
_STATUS: tuple[tuple[type[AudiobriefError], int], ...] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (ApprovalMissingError, 409),
    (LockedError, 503),
    (StoreError, 503),
)


class Refusal(Exception):  # noqa: N818 - no fault of ours: what a client sent cannot be used
    """A request that is not done.

    Args:
        status: Of HTTP.
        problem: What is wrong, in a phrase.
        where: The field or header.
        fix: What mends it.
        headers: To be sent with it.
    """

    def __init__(
        self, status: int, problem: str, where: str, fix: str, *headers: tuple[str, str]
    ) -> None:
        super().__init__(problem)
        self.status = status
        self.problem = problem
        self.where = where
        self.fix = fix
        self.headers: Headers = headers

    @property
    def answer(self) -> Answer:
        """What is sent."""
        told = {"problem": self.problem, "where": self.where, "fix": self.fix}
        return as_json(self.status, {"error": told}, *self.headers, kind="refused")


def told(error: AudiobriefError) -> dict[str, str]:
    """Return an error as the page shows it."""
    return {"problem": error.problem, "where": error.subject, "fix": error.remedy}


def refused(error: AudiobriefError, more: dict[str, Any] | None = None) -> Answer:
    """Return the answer for an error.

    Args:
        error: Of the desk.
        more: What else is told, as the document as it is now.
    """
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 422)
    document: dict[str, Any] = {"error": told(error), **(more or {})}
    if isinstance(error, ConflictError):
        document |= {"mine": error.mine, "theirs": error.theirs}
    if isinstance(error, ApprovalMissingError):
        document["reasons"] = list(error.reasons) or [error.problem]
    headers = (("retry-after", "1"),) if status == 503 else ()
    return as_json(status, document, *headers, kind="refused")
