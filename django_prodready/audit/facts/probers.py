"""Who asks this project's health path, and what its requests look like.

A probe is not a browser: it connects to the process itself, over plain HTTP, and says as Host whatever
address it connected to, unless it was told another one.

kubelet: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
Railway: https://docs.railway.com/reference/healthchecks
Render: https://render.com/docs/health-checks
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django_prodready.audit.facts.platform_probes import asks
from django_prodready.audit.facts.proxy import declared_platform, without_comments

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Prober", "Probers", "find_probers", "is_asked_for"]

# An address as pods and containers have it, and the port that servers of Django listen on by habit.
_ADDRESS = "10.42.0.7"
_PORT = 8000
# Settings that ask for the address of the machine or the pod, to put it into ALLOWED_HOSTS.
_OWN_ADDRESS = re.compile(
    r"\b\w*(?:POD|HOST|CONTAINER|INSTANCE|NODE|LOCAL|PRIVATE|SERVER|EC2)_IP(?:_?V4)?\b"
    r"|gethostbyname|ECS_CONTAINER_METADATA|169\.254\."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prober:
    """One kind of probe."""

    name: str  # as it stands in a sentence
    label: str  # as it stands in a table
    host: str  # the Host header that it sends
    agent: str = "probe"
    peer: str = "10.42.0.1"
    redirect: str = ""  # what it makes of a redirect to https, in words; empty when that is not known
    accepts_redirect: bool = False  # whether a redirect is success, by the platform's own documentation
    doubt: str = ""  # why its host may be allowed where the site runs, though it is not here


@dataclass(frozen=True, slots=True, kw_only=True)
class Probers:
    """Those that may ask this project; ``seen`` are the names of those that are known to."""

    all: tuple[Prober, ...]
    seen: frozenset[str] = frozenset()


KUBELET = Prober(
    name="kubelet",
    label="kubelet",
    host=f"{_ADDRESS}:{_PORT}",
    agent="kube-probe/1.34",
    redirect="fails on TLS to a plain port",
)
DOCKER = Prober(
    name="Docker",
    label="docker",
    host=f"localhost:{_PORT}",
    agent="curl/8.14.1",
    peer="127.0.0.1",
    redirect="curl -f calls it healthy",
)
BALANCER = Prober(
    name="the load balancer",
    label="balancer",
    host=_ADDRESS,
    agent="ELB-HealthChecker/2.0",
    redirect="wants 200",
)
_PLATFORMS = {
    **dict.fromkeys(("aks", "eks", "gke", "k8s", "kinsta", "kubernetes", "openshift", "sevalla"), (KUBELET,)),
    **dict.fromkeys(("caprover", "coolify", "docker", "dockercompose", "compose", "dokploy"), (DOCKER,)),
    **dict.fromkeys(("alb", "aws", "elasticbeanstalk"), (BALANCER,)),
    # These send no HTTP probe to the application.
    **dict.fromkeys(("heroku", "pythonanywhere"), ()),
}
_RAILWAY_HOST = "healthcheck.railway.app"

_ELSEWHERE = re.compile(r"(?:^|[/._-])(?:docs?|examples?|samples?|tests?)(?:[/._-]|$)", re.IGNORECASE)
_IMAGES = ("Dockerfile*", "*.dockerfile", "Containerfile*")
_COMPOSE = ("*compose*.yml", "*compose*.yaml")
_KUBERNETES = ("*.yml", "*.yaml", "*.yaml.j2", "*.yml.j2", "*.tf")
_PROBE = re.compile(r"^[ \t]*HEALTHCHECK[ \t](?!NONE)|^[ \t]*healthcheck:", re.MULTILINE)
_POD_PROBE = re.compile(r"(?:liveness|readiness|startup)Probe:|(?:liveness|readiness|startup)_probe\b")
_HTTP = re.compile(r"\bhttps?\b|\bcurl\b|\bwget\b", re.IGNORECASE)
_HTTP_GET = re.compile(r"httpGet:|http_get\b")
_SCRIPT = re.compile(r"[\w.-]+\.(?:py|sh)\b")
# `-H "Host: a.example"`, `["-H", "Host: …"]`, `headers={"Host": host}`, `name: Host` above `value: …`
_HOST_HEADER = re.compile(
    r"""(?:(?<!\w)-\w*H|--header|headers)\b[\s=,"'(\[{\\]*[Hh]ost["']?\s*[:,]\s*["']?([\w.-]*)"""
    r"""|name["']?\s*[:=]\s*["']?[Hh]ost["']?[\s,]+value["']?\s*[:=]\s*["']?([\w.-]*)"""
)


def find_probers(facts: Facts) -> Probers:
    """Tell who probes: what is declared decides, then probes of the repository that send a Host of their own.

    Without either it may be anybody: kubelet, Docker, a load balancer.
    """
    declared = facts.declared.get("probe_host")
    if declared is not None:
        return _only(_with_host("the platform", str(declared)))
    own_host = _probe_with_host(facts)
    if own_host is not None:
        return _only(own_host)
    platform = declared_platform(facts)
    if platform == "railway":
        return _only(_with_host("Railway", _RAILWAY_HOST))
    if platform == "render":
        # It sends a domain of the service, and any 2xx or 3xx is success.
        return _only(_with_host("Render", facts.requests.trusted_host() or _ADDRESS, accepts_redirect=True))
    if platform in _PLATFORMS:
        usual = _PLATFORMS[platform]
        return _only(*_at_address(facts, usual, in_pod=KUBELET in usual))
    seen = frozenset(_seen(facts))
    anybody = _at_address(facts, (KUBELET, DOCKER, BALANCER), in_pod=KUBELET.name in seen)
    return Probers(all=anybody, seen=seen)


def is_asked_for(facts: Facts, path: str) -> bool:
    """Whether a probe of the repository names ``path``, with or without the slash at its end."""
    name = re.escape(path.rstrip("/"))
    asked = re.compile(rf"""(?:^|[\s"'=]|://[^\s/"']+){name}/?(?![\w/-])""", re.MULTILINE)
    probes = (*_container_probes(facts), *_pod_probes(facts))
    if any(asked.search(text) for _, text in probes):
        return True
    return any(asks(probe, path) for probe in facts.platform_probes)


def _at_address(facts: Facts, probers: Sequence[Prober], *, in_pod: bool) -> tuple[Prober, ...]:
    """Let those that send an address send the one that the settings allow, where they name or compute one."""
    hosts: Sequence[object] = facts.settings.ALLOWED_HOSTS or ()
    address = next(
        (host for host in hosts if isinstance(host, str) and _is_address(host, in_pod=in_pod)), _ADDRESS
    )
    doubt = _computed_address(facts)
    return tuple(
        replace(prober, host=prober.host.replace(_ADDRESS, address), doubt=doubt)
        if _ADDRESS in prober.host
        else prober
        for prober in probers
    )


def _is_address(host: str, *, in_pod: bool) -> bool:
    """Whether a probe may have connected to ``host``; a pod has no public address."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified or (in_pod and address.is_global))


def _computed_address(facts: Facts) -> str:
    """How the settings may allow the address of the machine that they run on; empty when they do not."""
    if facts.has_app("ebhealthcheck"):  # the package django-ebhealthcheck
        return "django-ebhealthcheck allows the address of the instance"
    for path in facts.chain.files:
        if _OWN_ADDRESS.search(without_comments(facts.files.read(path) or "")):
            return f"{path} may allow the address that it runs on"
    return ""


def _only(*probers: Prober) -> Probers:
    return Probers(all=probers, seen=frozenset(prober.name for prober in probers))


def _with_host(name: str, host: str, *, accepts_redirect: bool = False) -> Prober:
    label = name.removeprefix("the ").lower()
    return Prober(name=name, label=label, host=host, accepts_redirect=accepts_redirect)


def _probe_with_host(facts: Facts) -> Prober | None:
    """The first probe of the repository that sends a Host; one of the site's where it is computed."""
    for path, text in (*_container_probes(facts), *_pod_probes(facts)):
        match = _HOST_HEADER.search(text)
        if match is not None:
            written = next(filter(None, match.groups()), "")
            host = written if "." in written else facts.requests.trusted_host()
            return _with_host(f"the probe in {path}", host or _ADDRESS)
    return None


def _seen(facts: Facts) -> Iterator[str]:
    if any(_HTTP.search(text) for _, text in _container_probes(facts)):
        yield DOCKER.name
    if any(_HTTP_GET.search(text) for _, text in _pod_probes(facts)):
        yield KUBELET.name


def _container_probes(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the text from each health check of Docker's on, and the scripts that it calls."""
    for path, text in _texts(facts, *_IMAGES, *_COMPOSE):
        for match in _PROBE.finditer(text):
            instruction = "".join(text[match.start() :].splitlines(keepends=True)[:6])
            yield path, instruction
            for script in _SCRIPT.findall(instruction):
                yield from _texts(facts, script)


def _pod_probes(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the text from each probe of a pod's on."""
    for path, text in _texts(facts, *_KUBERNETES):
        for match in _POD_PROBE.finditer(text):
            yield path, "".join(text[match.start() :].splitlines(keepends=True)[:14])


def _texts(facts: Facts, *globs: str) -> Iterator[tuple[str, str]]:
    for path in facts.files.matching(*globs):
        if not _ELSEWHERE.search(path):
            yield path, without_comments(facts.files.read(path) or "")
