"""Builds a kustomization from the few features that our overlays use.

Supported: resources, namespace, images, replicas and strategic-merge patches by path. Any other key
is refused, so that an overlay can never mean more than what was checked. Where kubectl is installed
the outcome is compared with its own.
"""

import copy
import pathlib
import shutil
import subprocess

import yaml

SUPPORTED = {"apiVersion", "kind", "resources", "namespace", "images", "replicas", "patches"}
CLUSTER_SCOPED = {"Namespace"}
# Lists that a strategic merge joins by this key; every other list is replaced.
MERGE_KEYS = {
    "containers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
}


def build(folder: pathlib.Path) -> list[dict]:
    """Returns the objects of the kustomization in `folder`."""
    plan = yaml.safe_load((folder / "kustomization.yaml").read_text())
    unknown = set(plan) - SUPPORTED
    if unknown:
        raise SystemExit(f"{folder}: render.py does not know {sorted(unknown)}")
    objects = []
    for resource in plan["resources"]:
        path = folder / resource
        objects += build(path) if path.is_dir() else load(path)
    for patch in plan.get("patches", []):
        for change in load(folder / patch["path"]):
            merge(find(objects, change["kind"], change["metadata"]["name"]), change)
    for replicas in plan.get("replicas", []):
        find(objects, "Deployment", replicas["name"])["spec"]["replicas"] = replicas["count"]
    for image in plan.get("images", []):
        rename_image(objects, image)
    for item in objects:
        if item["kind"] not in CLUSTER_SCOPED and "namespace" in plan:
            item["metadata"]["namespace"] = plan["namespace"]
    return objects


def load(path: pathlib.Path) -> list[dict]:
    """Returns the documents of one file."""
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


def find(objects: list[dict], kind: str, name: str) -> dict:
    """Returns the one object of that kind and name."""
    for item in objects:
        if item["kind"] == kind and item["metadata"]["name"] == name:
            return item
    raise SystemExit(f"a patch or replica count names {kind} `{name}`, which does not exist")


def merge(target: dict, change: dict) -> None:
    """Applies a strategic-merge patch in place."""
    for key, value in change.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            merge(target[key], value)
        elif isinstance(value, list) and key in MERGE_KEYS and key in target:
            merge_list(target[key], value, MERGE_KEYS[key])
        else:
            target[key] = copy.deepcopy(value)


def merge_list(target: list, change: list, merge_key: str) -> None:
    """Merges the entries that share a key and appends the others."""
    for entry in change:
        same = [known for known in target if known[merge_key] == entry[merge_key]]
        if same:
            merge(same[0], entry)
        else:
            target.append(copy.deepcopy(entry))


def rename_image(objects: list[dict], image: dict) -> None:
    """Gives containers of one image its new name and tag."""
    for item in objects:
        for container in pod_spec(item).get("containers", []):
            name, _, tag = container["image"].partition(":")
            if name == image["name"]:
                container["image"] = f"{image.get('newName', name)}:{image.get('newTag', tag)}"


def pod_spec(item: dict) -> dict:
    """Returns the pod of a workload, or nothing for other kinds."""
    return item.get("spec", {}).get("template", {}).get("spec", {})


def compare_with_kubectl(folder: pathlib.Path, objects: list[dict]) -> list[str]:
    """Says where kubectl, if there is one, would build something else."""
    if shutil.which("kubectl") is None:
        return []
    run = subprocess.run(
        ["kubectl", "kustomize", str(folder)], capture_output=True, text=True, timeout=60
    )
    if run.returncode != 0:
        return [f"kubectl kustomize failed: {run.stderr.strip()}"]
    theirs = {identity(item): item for item in yaml.safe_load_all(run.stdout)}
    ours = {identity(item): item for item in objects}
    differing = [name for name in sorted(set(ours) | set(theirs)) if ours.get(name) != theirs.get(name)]
    return [f"render.py and kubectl differ on {name}" for name in differing]


def identity(item: dict) -> str:
    """Names an object for people."""
    return f"{item['kind']}/{item['metadata']['name']}"
