"""How long the site's process has between SIGTERM and SIGKILL, as its server and its platform are told.

Files are searched, not parsed: they may be templates. What is not tied to this project's server is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.own_health import own_paths_by_text
from django_prodready.audit.facts.platform_probes import Kind, asks
from django_prodready.audit.facts.proxy import declared_platform, is_elsewhere, without_comments
from django_prodready.audit.facts.server import deployment_texts
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Grace", "find_graces"]

# https://docs.gunicorn.org/en/stable/settings.html#graceful-timeout
_GUNICORN_S = 30.0
# https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
_POD_S = 30.0
# https://docs.docker.com/reference/compose-file/services/#stop_grace_period
_COMPOSE_S = 10.0

_KUBERNETES_PLATFORMS = frozenset({"aks", "eks", "gke", "k8s", "kubernetes", "openshift"})
_COMPOSE_PLATFORMS = frozenset({"compose", "coolify", "docker", "dockercompose", "dokploy"})
_SERVER = re.compile(r"\b(?:gunicorn|uvicorn|hypercorn|daphne|granian|uwsgi|[\w.]+[.:](?:wsgi|asgi)\b)")
# Not what installs it.
_RUNS_GUNICORN = re.compile(
    r"""^(?!.*\binstall\b).*?(?:^|[\s"'\[=/])gunicorn(?=["'\s,]|$)(?!\s*[=<>~!]=)""", re.MULTILINE
)
_FLAG = re.compile(r"""--graceful-timeout(?:["',\s=]+)["']?(\d+)""")
_SETTING = re.compile(r"^[ \t]*graceful_timeout[ \t]*=[ \t]*(\d+(?:\.\d+)?)[ \t]*$", re.MULTILINE)
_COMPUTED = re.compile(r"--graceful-timeout|^[ \t]*graceful_timeout\b", re.MULTILINE)
_POD = re.compile(r"^[ \t]*-?[ \t]*containers:", re.MULTILINE)
_POD_GRACE = re.compile(r"""terminationGracePeriodSeconds:[ \t]*["']?(\d+)""")
_SERVICE = re.compile(r"^(?P<indent>[ ]+)(?P<name>[\w.-]+):[ \t]*(?:&[\w-]+[ \t]*)?$")
_COMPOSE_GRACE = re.compile(r"""^[ \t]*stop_grace_period:[ \t]*["']?([^\s"'#]+)""", re.MULTILINE)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grace:
    """One limit on stopping."""

    setting: str  # "graceful_timeout"
    owner: str  # "gunicorn", "the service web"
    seconds: float
    is_written: bool  # else it is the default
    at: Location | None


def find_graces(facts: Facts) -> tuple[Grace, ...]:
    """Find every limit that is known, the server's first; a computed one is left out."""
    platform = declared_platform(facts)
    graces = list(_gunicorn(facts))
    if platform not in _COMPOSE_PLATFORMS:
        graces += _pods(facts)
    if platform not in _KUBERNETES_PLATFORMS:
        graces += _services(facts)
    return tuple(graces)


def _gunicorn(facts: Facts) -> Iterator[Grace]:
    """Command line and configuration each set it; the strictest that is written counts, else the default."""
    texts = [(place, text) for place, text in deployment_texts(facts) if not is_elsewhere(place)]
    configs = [(place, text) for place, text in texts if "gunicorn" in place and place.endswith(".py")]
    runs = [place for place, text in texts if _RUNS_GUNICORN.search(text)]
    if not runs and not configs:
        return
    found = [(place, text, match) for place, text in texts for match in _FLAG.finditer(text)]
    found += [(place, text, match) for place, text in configs for match in _SETTING.finditer(text)]
    if found:
        place, text, match = min(found, key=lambda each: float(each[2][1]))
        at = _at(place, text, match.start(1)) if place in facts.files.paths else None
        yield Grace(
            setting="graceful_timeout", owner="gunicorn", seconds=float(match[1]), is_written=True, at=at
        )
    elif not any(_COMPUTED.search(text) for _, text in texts):
        yield Grace(
            setting="graceful_timeout", owner="gunicorn", seconds=_GUNICORN_S, is_written=False, at=None
        )


def _pods(facts: Facts) -> Iterator[Grace]:
    """Each YAML document with containers of which one is this site's."""
    for file in facts.files.matching("*.yml", "*.yaml"):
        text = without_comments(facts.files.read(file) or "")
        start = 0
        for document in re.split(r"(?m)^---.*$", text):
            at = text.index(document, start)
            start = at + len(document)
            if is_elsewhere(file) or not _POD.search(document) or not _is_site(facts, file, text, at, start):
                continue
            match = _POD_GRACE.search(document)
            if match is None and "terminationGracePeriodSeconds" in document:
                continue  # a template's
            line = at + (match.start() if match else _first(_POD, document))
            yield Grace(
                setting="terminationGracePeriodSeconds",
                owner="the pod",
                seconds=float(match[1]) if match else _POD_S,
                is_written=match is not None,
                at=_at(file, text, line),
            )


def _is_site(facts: Facts, file: str, text: str, start: int, end: int) -> bool:
    """Whether the part of the file starts a server of Python's, or probes one of the site's health paths."""
    if _SERVER.search(text[start:end]):
        return True
    first, last = text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 1
    own = [each.path for each in own_paths_by_text(facts)]
    return any(
        probe.at.file == file
        and first <= probe.at.line <= last
        and any(asks(probe, path) for path in own)
        and probe.kind is not Kind.PLATFORM
        for probe in facts.platform_probes
    )


def _services(facts: Facts) -> Iterator[Grace]:
    for file in facts.files.matching("*compose*.yml", "*compose*.yaml"):
        if is_elsewhere(file):
            continue
        text = without_comments(facts.files.read(file) or "")
        for name, start, end in _blocks(text):
            if _is_site(facts, file, text, start, end):
                match = _COMPOSE_GRACE.search(text, start, end)
                seconds = _duration(match[1]) if match else _COMPOSE_S
                if seconds is not None:
                    yield Grace(
                        setting="stop_grace_period",
                        owner=f"the service {name}",
                        seconds=seconds,
                        is_written=match is not None,
                        at=_at(file, text, match.start(1) if match else start),
                    )


def _blocks(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield name, start and end of each service of a Compose file."""
    opening = re.search(r"(?m)^services:[ \t]*$", text)
    if opening is None:
        return
    services: list[tuple[str, int]] = []
    indent, position, end = None, opening.end() + 1, len(text)
    for line in text[position:].splitlines(keepends=True):
        match = _SERVICE.match(line.rstrip("\n"))
        if line.strip() and not line.startswith((" ", "\t")):
            end = position
            break
        if match and (indent is None or match["indent"] == indent):
            indent = match["indent"]
            services.append((match["name"], position))
        position += len(line)
    ends = [start for _, start in services[1:]] + [end]
    yield from ((name, start, stop) for (name, start), stop in zip(services, ends, strict=False))


def _duration(text: str) -> float | None:
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * _UNITS_S[unit] for number, unit in parts)


def _first(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.search(text)
    return match.start() if match else 0


def _at(file: str, text: str, position: int) -> Location:
    return Location(file, text.count("\n", 0, position) + 1)
