"""Checks objects against the schemas of the Kubernetes API, offline."""

import kubernetes_validate

import render

# The oldest release that we support: what is valid there is valid later.
KUBERNETES_VERSION = "1.29"


def check(objects: list[dict]) -> list[str]:
    """Returns a line for each object that the API server would refuse."""
    problems = []
    for item in objects:
        try:
            kubernetes_validate.validate(item, KUBERNETES_VERSION, strict=True)
        except kubernetes_validate.ValidationError as error:
            path = ".".join(str(part) for part in error.path)
            problems.append(f"{render.identity(item)}: {path}: {error.message}")
    return problems
