"""The probes that the repository's own files declare: which path, as what, for how long, with which header.

Kubernetes manifests and Terraform, Docker's and Compose's health checks, and the files in which platforms
keep the path of their one health check. Files are searched, not parsed: they may be templates.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.proxy import is_elsewhere, without_comments
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Kind", "PlatformProbe", "asks", "find_platform_probes"]


class Kind(enum.Enum):
    """What a probe is for; the value stands in a sentence: "asked by the liveness probe of …"."""

    LIVENESS = "liveness probe"
    READINESS = "readiness probe"
    STARTUP = "startup probe"
    CONTAINER = "health check"  # Docker's: restarts in Swarm and on some platforms, only shown elsewhere
    PLATFORM = "health check path"  # of a deployment or a load balancer


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformProbe:
    """One declared probe that asks by HTTP."""

    kind: Kind
    path: str  # as "/health/", without its query
    query: str  # without "?"; may hold a secret
    at: Location
    timeout_s: float | None  # None where the file does not say
    has_credentials: bool  # whether it sends a header, or is told a token, that may let it in


_IMAGES = ("Dockerfile*", "*.dockerfile", "Containerfile*")
_COMPOSE = ("*compose*.yml", "*compose*.yaml")
_KUBERNETES = ("*.yml", "*.yaml", "*.yaml.j2", "*.yml.j2", "*.tf")
_PLATFORM = ("*.yml", "*.yaml", "*.toml", "*.tf", "railway.json", "app.json")

_POD_KEY = re.compile(r"^[ \t-]*(liveness|readiness|startup)(?:Probe[\"']?:|_probe\b)", re.MULTILINE)
_CHECK_KEY = re.compile(r"^[ \t-]*healthcheck:", re.MULTILINE)
_INSTRUCTION = re.compile(r"^[ \t]*HEALTHCHECK[ \t](?![ \t]*NONE\b)(?:.*\\\n)*.*", re.MULTILINE)
# render.yaml, railway.*; DigitalOcean's http_path, App Engine's and Kamal's blocks
_PATH_KEY = re.compile(
    r"""^[ \t-]*["']?(?:health_?check_?path|http_path)["']?[ \t]*[:=][ \t]*["']?(/[^\s"',]*)""",
    re.MULTILINE | re.IGNORECASE,
)
_PATH_IN_BLOCK = re.compile(r"""(?<![\w-])path["']?\s*[:=]\s*["']?(/[^\s"',}]*)""")
_URL = re.compile(r"""https?://[^\s/"'`]+(/[^\s"'`|;)\\,]*)?""")
_SCRIPT = re.compile(r"[\w.-]+\.(?:py|sh)\b")
_POD_TIMEOUT = re.compile(r"""timeout_?[sS]econds["']?\s*[:=]\s*["']?(\d+)""")
_CHECK_TIMEOUT = re.compile(r"""(?:^|[\s-])timeout\s*[:=]\s*["']?(\d+(?:\.\d+)?)(ms|s|m)?\b""")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}
_CREDENTIALS = re.compile(
    r"authorization|bearer|token|api[_-]?key|secret|(?<![\w-])(?:-u|--user)[\s=\"',]", re.IGNORECASE
)
_KINDS = {"liveness": Kind.LIVENESS, "readiness": Kind.READINESS, "startup": Kind.STARTUP}


def find_platform_probes(facts: Facts) -> tuple[PlatformProbe, ...]:
    """Find every probe by HTTP that a file of the repository declares, in the order of the files."""
    return tuple(
        probe for search in (_in_pods, _in_compose, _in_images, _in_platforms) for probe in search(facts)
    )


def asks(probe: PlatformProbe, path: str) -> bool:
    """Whether ``probe`` asks ``path``, with or without the slash at its end."""
    return probe.path.rstrip("/") == path.rstrip("/")


def _in_pods(facts: Facts) -> Iterator[PlatformProbe]:
    for file, text in _texts(facts, *_KUBERNETES):
        for match in _POD_KEY.finditer(text):
            block = _block(text, match.start())
            seconds = _POD_TIMEOUT.search(block)
            # 1 s is kubelet's own: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
            timeout_s = float(seconds[1]) if seconds else 1.0
            at = _location(file, text, match.start())
            yield from _asked(_KINDS[match[1]], block, at, timeout_s)


def _in_compose(facts: Facts) -> Iterator[PlatformProbe]:
    for file, text in _texts(facts, *_COMPOSE):
        for match in _CHECK_KEY.finditer(text):
            block = _with_scripts(facts, _block(text, match.start()))
            yield from _asked(
                Kind.CONTAINER, block, _location(file, text, match.start()), _check_timeout(block)
            )


def _in_images(facts: Facts) -> Iterator[PlatformProbe]:
    for file, text in _texts(facts, *_IMAGES):
        for match in _INSTRUCTION.finditer(text):
            block = _with_scripts(facts, match[0])
            yield from _asked(
                Kind.CONTAINER, block, _location(file, text, match.start()), _check_timeout(match[0])
            )


def _in_platforms(facts: Facts) -> Iterator[PlatformProbe]:
    for file, text in _texts(facts, *_PLATFORM):
        for match in _PATH_KEY.finditer(text):
            yield _probe(Kind.PLATFORM, match[1], _location(file, text, match.start()), None, "")


def _asked(kind: Kind, block: str, at: Location, timeout_s: float | None) -> Iterator[PlatformProbe]:
    """Yield what a block asks; a database's own check asks nothing by HTTP."""
    is_get = "httpGet" in block or "http_get" in block
    found = _PATH_IN_BLOCK.findall(block) if is_get else [path or "/" for path in _URL.findall(block)]
    for path in dict.fromkeys(found):
        yield _probe(kind, path, at, timeout_s, block)


def _probe(kind: Kind, target: str, at: Location, timeout_s: float | None, block: str) -> PlatformProbe:
    path, _, query = target.partition("?")
    rest = block.replace(f"?{query}", "") if query else block
    return PlatformProbe(
        kind=kind,
        path=path,
        query=query,
        at=at,
        timeout_s=timeout_s,
        has_credentials=_CREDENTIALS.search(rest) is not None,
    )


def _check_timeout(block: str) -> float | None:
    match = _CHECK_TIMEOUT.search(block)
    return float(match[1]) * _SECONDS[match[2] or "s"] if match else None


def _with_scripts(facts: Facts, block: str) -> str:
    texts = (text for script in _SCRIPT.findall(block) for _, text in _texts(facts, script))
    return "\n".join((block, *texts))


def _block(text: str, start: int) -> str:
    """The line at ``start`` and the lines below it that are indented more, or empty."""
    first, *rest = text[start:].splitlines()
    indent = len(first) - len(first.lstrip(" \t-"))
    lines = [first]
    for line in rest:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        lines.append(line)
    return "\n".join(lines)


def _location(file: str, text: str, start: int) -> Location:
    return Location(file, text.count("\n", 0, start) + 1)


def _texts(facts: Facts, *globs: str) -> Iterator[tuple[str, str]]:
    for path in facts.files.matching(*globs):
        if not is_elsewhere(path):
            yield path, without_comments(facts.files.read(path) or "")
