"""Faults as the errors that callers see: with the address, redacted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from audiobrief.errors import NetworkError, RobotsError, TryLaterError, UnsafeAddressError
from audiobrief.net.fault import Fault, PassingFault, RobotsFault, UnsafeFault
from audiobrief.net.moment import USUAL_S

if TYPE_CHECKING:
    from datetime import datetime


def later_s(fault: PassingFault) -> float:
    """Return how long a host is left alone: as it asks, and never not at all."""
    return USUAL_S if fault.after_s is None else max(fault.after_s, 1.0)


def error_of(fault: Fault, where: str, now: datetime) -> NetworkError:
    """Return the error of a fault.

    Args:
        fault: What went wrong.
        where: The address, as it may be shown.
        now: Aware: from when on a host is left alone.
    """
    match fault:
        case UnsafeFault():
            return UnsafeAddressError(fault.problem, where, remedy=fault.remedy)
        case RobotsFault():
            return RobotsError(fault.problem, where, remedy=fault.remedy)
        case PassingFault():
            return TryLaterError(
                fault.problem,
                where,
                remedy=fault.remedy,
                status=fault.status,
                not_before=now + timedelta(seconds=later_s(fault)),
            )
    return NetworkError(fault.problem, where, remedy=fault.remedy, status=fault.status)
