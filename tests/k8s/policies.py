"""Checks what a schema cannot: Pod Security, probes, drains, budgets and network policies."""

import re
import tomllib

from render import identity, pod_spec

GRPC_PORT = 50051
METRICS_PORT = 9464


def check(objects: list[dict], services: set[str]) -> list[str]:
    """Returns every broken rule of a rendered overlay."""
    workloads = [item for item in objects if pod_spec(item)]
    ours = [item for item in workloads if runs_switchboard(item)]
    problems = []
    for item in workloads:
        problems += [f"{identity(item)}: {text}" for text in restricted(item)]
    for item in ours:
        if item["kind"] == "Deployment":
            problems += [f"{identity(item)}: {text}" for text in role(item, objects)]
    deployed = {item["metadata"]["name"] for item in ours if item["kind"] == "Deployment"}
    if deployed != services:
        problems.append(f"deployments {sorted(deployed)} are not the services {sorted(services)}")
    return problems + network(objects) + namespace(objects)


def runs_switchboard(item: dict) -> bool:
    """Tells our own pods from the stores of the local overlay."""
    return any("/switchboard" in container.get("command", []) for container in pod_spec(item)["containers"])


def restricted(item: dict) -> list[str]:
    """The `restricted` Pod Security Standard, plus a read-only root, limits and no API token."""
    pod = pod_spec(item)
    context = pod.get("securityContext", {})
    problems = []
    for field in ["hostNetwork", "hostPID", "hostIPC", "initContainers", "ephemeralContainers"]:
        if pod.get(field):
            problems.append(f"{field} is not allowed here")
    if context.get("runAsNonRoot") is not True or context.get("runAsUser", 0) == 0:
        problems.append("the pod must run as a numeric user other than root")
    if context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        problems.append("the pod needs the RuntimeDefault seccomp profile")
    if pod.get("automountServiceAccountToken") is not False:
        problems.append("the pod must not mount a service account token")
    for volume in pod.get("volumes", []):
        if not {"configMap", "secret", "emptyDir"} & set(volume):
            problems.append(f"volume `{volume['name']}` is of a kind that is not allowed here")
    for container in pod["containers"]:
        problems += restricted_container(container)
    return problems


def restricted_container(container: dict) -> list[str]:
    """The part of the standard that each container answers for."""
    context = container.get("securityContext", {})
    problems = []
    if context.get("allowPrivilegeEscalation") is not False or context.get("privileged"):
        problems.append("privilege escalation must be off")
    if context.get("readOnlyRootFilesystem") is not True:
        problems.append("the root file system must be read-only")
    if context.get("capabilities") != {"drop": ["ALL"]}:
        problems.append("all capabilities must be dropped and none added")
    resources = container.get("resources", {})
    for kind in ["requests", "limits"]:
        if not {"cpu", "memory"} <= set(resources.get(kind, {})):
            problems.append(f"cpu and memory {kind} must be set")
    if any("hostPort" in port for port in container.get("ports", [])):
        problems.append("host ports are not allowed")
    for variable in container.get("env", []):
        if "secretKeyRef" in variable.get("valueFrom", {}):
            problems.append(f"secret `{variable['name']}` must be a file, not an environment variable")
    if ":" not in container["image"] or container["image"].endswith(":latest"):
        problems.append("the image needs a fixed tag")
    return problems


def role(item: dict, objects: list[dict]) -> list[str]:
    """What each service promises its cluster."""
    name = item["metadata"]["name"]
    pod = pod_spec(item)
    container = pod["containers"][0]
    problems = []
    command = container["command"]
    if command[:4] != ["/switchboard", "serve", "--roles", name]:
        problems.append(f"must run `serve --roles {name}`, runs {command}")
    for probe in ["startupProbe", "readinessProbe", "livenessProbe"]:
        if container.get(probe, {}).get("grpc", {}).get("port") != GRPC_PORT:
            problems.append(f"{probe} must ask gRPC health on port {GRPC_PORT}")
    ports = {port["containerPort"] for port in container["ports"]}
    if ports != {GRPC_PORT, METRICS_PORT}:
        problems.append(f"ports must be {GRPC_PORT} and {METRICS_PORT}")
    drain = drain_seconds(objects)
    if pod.get("terminationGracePeriodSeconds", 30) < drain + 10:
        problems.append(f"the grace period must exceed the drain of {drain} s by 10 s")
    return problems + budget(item, objects) + references(pod, objects)


def budget(item: dict, objects: list[dict]) -> list[str]:
    """Each service has a disruption budget over exactly its own pods."""
    name = item["metadata"]["name"]
    labels = item["spec"]["template"]["metadata"]["labels"]
    for other in objects:
        if other["kind"] == "PodDisruptionBudget" and other["metadata"]["name"] == name:
            if other["spec"]["selector"]["matchLabels"] != labels:
                return ["the PodDisruptionBudget selects other pods"]
            return []
    return ["has no PodDisruptionBudget"]


def references(pod: dict, objects: list[dict]) -> list[str]:
    """Names must exist; the Secret alone may come from outside."""
    known = {identity(item) for item in objects}
    problems = []
    if f"ServiceAccount/{pod.get('serviceAccountName')}" not in known:
        problems.append("its service account does not exist")
    for volume in pod.get("volumes", []):
        if "configMap" in volume and f"ConfigMap/{volume['configMap']['name']}" not in known:
            problems.append(f"config map `{volume['configMap']['name']}` does not exist")
    return problems


def drain_seconds(objects: list[dict]) -> int:
    """Adds up how long a stop may take, from the configuration that the pods mount."""
    for item in objects:
        if identity(item) == "ConfigMap/switchboard-config":
            shutdown = tomllib.loads(item["data"]["config.toml"])["shutdown"]
            steps = [shutdown[key] for key in ["lame_duck", "stream_grace", "drain"]]
            return sum(int(re.fullmatch(r"(\d+)s", step).group(1)) for step in steps)
    raise SystemExit("there is no ConfigMap `switchboard-config`")


def network(objects: list[dict]) -> list[str]:
    """Default deny comes first, and no policy lets everyone in or out."""
    policies = [item for item in objects if item["kind"] == "NetworkPolicy"]
    problems = []
    deny = [item for item in policies if item["spec"]["podSelector"] == {}]
    if not any(denies_all(item["spec"]) for item in deny):
        problems.append("no NetworkPolicy denies everything by default")
    for item in policies:
        rules = item["spec"].get("ingress", []) + item["spec"].get("egress", [])
        for rule in rules:
            if not (rule.get("from") or rule.get("to")) or not rule.get("ports"):
                problems.append(f"{identity(item)}: a rule without peers or ports is open to all")
    return problems


def denies_all(spec: dict) -> bool:
    """True for a policy that names both directions and allows nothing."""
    return set(spec["policyTypes"]) == {"Ingress", "Egress"} and not spec.get("ingress") and not spec.get("egress")


def namespace(objects: list[dict]) -> list[str]:
    """The namespace itself enforces what `restricted` checks here."""
    for item in objects:
        if item["kind"] == "Namespace":
            labels = item["metadata"].get("labels", {})
            if labels.get("pod-security.kubernetes.io/enforce") == "restricted":
                return []
    return ["the namespace does not enforce the restricted Pod Security Standard"]
