"""Prove a bill of materials: valid by its schema, about this wheel, and the same when made again.

Usage: TOOLS/bin/python .ci/sbom.py FIRST SECOND
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def main() -> None:
    """Judge both files; tell how many components the first one names."""
    first, second = (Path(name).read_bytes() for name in sys.argv[1:3])
    invalid = JsonStrictValidator(SchemaVersion.V1_6).validate_str(first.decode())
    if invalid is not None:
        sys.exit(f"the SBOM does not fit its schema: {invalid}")
    if first != second:
        sys.exit("the SBOM is not the same when it is made again")
    bill = json.loads(first)
    about = bill["metadata"]["component"]
    names = {component["name"].lower() for component in bill["components"]}
    if about["name"] != "audiobrief" or not about.get("version"):
        sys.exit(f"the SBOM does not say what it is about: {about}")
    if not {"pyttsx3", "pydub", "mutagen", "feedgen"} <= names:
        sys.exit(f"the SBOM is not that of the wheel: {sorted(names)}")
    if names & {"pytest", "pip", "audiobrief"}:
        sys.exit(f"the SBOM names what the wheel does not need: {sorted(names)}")
    print(
        f"SBOM: CycloneDX {bill['specVersion']}, {len(names)} components, valid, reproducible, "
        f"sha256 {hashlib.sha256(first).hexdigest()[:16]}"
    )


if __name__ == "__main__":
    main()
