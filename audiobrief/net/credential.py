"""What a host is sent to know the user by: read when it is sent, never kept or shown."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from audiobrief.net.fault import Fault

if TYPE_CHECKING:
    from audiobrief.net.rules import HostRule

#: What a header can carry without changing its meaning (RFC 9110, 5.5; ASCII only).
_FIELD_VALUE = re.compile(r"[\x20-\x7e]+")
_COOKIE_VALUE = re.compile(r"[\x21-\x2b\x2d-\x3a\x3c-\x7e]+")


def credentials_of(rule: HostRule) -> dict[str, str]:
    """Return the headers that a host's rule names, with their values.

    Raises:
        Fault: A variable is missing, or has a value that no header can have.
    """
    fields = {
        name: _value(variable, _FIELD_VALUE, rule.host) for name, variable in rule.headers.items()
    }
    cookies = [
        f"{name}={_value(variable, _COOKIE_VALUE, rule.host)}"
        for name, variable in rule.cookies.items()
    ]
    if cookies:
        fields["Cookie"] = "; ".join(cookies)
    return fields


def _value(variable: str, form: re.Pattern[str], host: str) -> str:
    # Values that come out of files end with a line.
    value = os.environ.get(variable, "").strip()
    if not value:
        raise Fault(
            f"the environment variable {variable} is not set",
            f"set it to what {host} is to be sent, or take it out of the settings of that host",
        )
    if not form.fullmatch(value):
        raise Fault(
            f"the environment variable {variable} has a character that cannot be sent",
            "copy the value again, without line ends, and without the header's or cookie's name",
        )
    return value
