"""Renders every overlay in k8s/ and checks the result without a cluster.

Usage: python tests/k8s/validate.py   (bin/test k8s prepares the environment and runs it)
"""

import pathlib
import sys

import policies
import render
import schemas

ROOT = pathlib.Path(__file__).resolve().parents[2]
OVERLAYS = ["base", "overlays/local", "overlays/production"]


def main() -> int:
    """Prints one line per overlay and every problem found; returns the exit code."""
    services = {path.name for path in (ROOT / "services").iterdir()} - {"switchboard"}
    problems = []
    for overlay in OVERLAYS:
        objects = render.build(ROOT / "k8s" / overlay)
        found = schemas.check(objects) + policies.check(objects, services)
        found += render.compare_with_kubectl(ROOT / "k8s" / overlay, objects)
        problems += [f"{overlay}: {problem}" for problem in found]
        print(f"{overlay}: {len(objects)} objects, {len(found)} problems")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
