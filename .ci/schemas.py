"""Hold the recipes against the schemas of Compose and Kubernetes.

Usage: TOOLS/bin/python .ci/schemas.py
"""

from __future__ import annotations

import sys
from pathlib import Path

import kubernetes_validate
import yaml
from compose_spec import ComposeSpecification
from pydantic import ValidationError

RECIPES = Path(__file__).resolve().parents[1] / "audiobrief" / "recipes"
#: The oldest one where indexed jobs have a limit of tries for each index, and the newest one known.
KUBERNETES = ("1.29", kubernetes_validate.latest_version())


def main() -> int:
    """Judge each file; an unknown key is an error."""
    problems = []
    text = (RECIPES / "compose.yaml").read_text(encoding="utf-8")
    try:
        told = {k: v for k, v in yaml.safe_load(text).items() if not k.startswith("x-")}
        ComposeSpecification.model_validate(told, extra="forbid")
    except ValidationError as error:
        problems.append(f"compose.yaml: {error}")
    documents = list(yaml.safe_load_all((RECIPES / "kubernetes.yaml").read_text(encoding="utf-8")))
    for document in documents:
        for version in KUBERNETES:
            try:
                kubernetes_validate.validate(document, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                name = document["metadata"]["name"]
                problems.append(f"kubernetes.yaml: {name}: {version}: {error.message}")
    versions = " and ".join(KUBERNETES)
    print(
        f"recipes: compose.yaml, {len(documents)} documents of Kubernetes {versions}, "
        f"by their schemas: {len(problems)} problems"
    )
    for problem in problems:
        print(f"  {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
