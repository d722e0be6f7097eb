"""What all tables of our TOML files have in common.

pydantic lives in this room alone: it reports all mistakes at once, and gives editors a JSON schema.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
#: RFC 5646 in the form that feeds use: a language, optionally script or region.
LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
#: A name of a voice profile: a file stem without surprises.
VOICE_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
Language = Annotated[str, StringConstraints(pattern=LANGUAGE)]
VoiceName = Annotated[str, StringConstraints(pattern=VOICE_NAME)]
Gender = Literal["female", "male"]


class Table(BaseModel):
    """A table of a TOML file: unknown keys are errors, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
