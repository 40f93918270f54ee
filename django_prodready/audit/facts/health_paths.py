"""Find the paths on which the project answers platform probes, by its middleware or by its URLconf.

A site's catch-all page answers everything, so a route counts only when its own text says what it is for.
"""

from __future__ import annotations

import itertools
import re
import secrets
from typing import TYPE_CHECKING

from django.urls import ResolverMatch, get_resolver
from django.urls.exceptions import Resolver404

from django_prodready.audit.facts import sandbox
from django_prodready.audit.model import NotRun
from django_prodready.conf import get_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.requests import Answer, InProcess

# The first use of the URLconf imports the project's views.
IMPORT_LIMIT_S = 30.0

# Paths that platforms, packages and guides use. Of the two forms of one path, the usual one comes first.
_SLASHED = (
    "health",
    "healthcheck",
    "health-check",
    "health_check",
    "health/live",
    "ht",  # django-health-check
    "-/health",
    "-/alive",  # django-alive
    "_health",
    "api/health",
    "api/healthcheck",
    "status/health",
    "live",
    "liveness",
    "alive",
    "ping",
    "health/ready",
    "ready",
    "readiness",
)
_BARE = (
    "healthz",
    "livez",
    "api/healthz",
    "up",  # Rails, Kamal
    "__lbheartbeat__",  # Dockerflow
    "-/healthy",
    "readyz",
    "-/ready",
    "__heartbeat__",  # Dockerflow: with its dependencies, unlike __lbheartbeat__
)
_FORMS = (
    *((f"/{path}/", f"/{path}") for path in _SLASHED),
    *((f"/{path}", f"/{path}/") for path in _BARE),
)

_READINESS = re.compile(r"(?<![a-z])read(y|yz|iness)(?![a-z])|__heartbeat__", re.IGNORECASE)
# "/live/" is also where broadcasts are: it counts beside another sign of probes only.
_AMBIGUOUS = "live"
# Packages whose middleware answers no probe. Asking one takes longer than all that it could tell.
_WITHOUT_PROBES = (
    "allauth.",
    "axes.",
    "corsheaders.",
    "csp.",
    "debug_toolbar.",
    "django.",
    "django_htmx.",
    "django_prodready.",
    "hijack.",
    "simple_history.",
    "waffle.",
    "whitenoise.",
)
_PROBE_WORDS = re.compile(r"health|liveness|probe|heartbeat|alive|readiness", re.IGNORECASE)


def is_readiness(path: str) -> bool:
    """Tell by its name whether ``path`` says that the process may serve, not merely that it lives.

    Ours are told by the configuration, whatever their names.
    """
    config = get_config()
    bare = f"{_bare(path)}/"
    if bare == config.health_path:
        return False
    return bare in (config.ready_path, config.startup_path) or _READINESS.search(path) is not None


def find_health_paths(facts: Facts) -> tuple[str, ...]:
    """Find paths that answer probes, as ``/health/``; liveness before readiness, each once.

    Empty when there is none, or when the URLconf cannot be imported and no middleware answers.
    """
    # The startup path shares its carrier, and so the fate of these.
    own = tuple(each.path for each in facts.own_health if each.endpoint != "startup")
    skip = {_bare(path) for path in own}
    routed = _routed(skip)
    skip |= {_bare(path) for path in routed}
    answered = _answered(facts.requests, skip) if _has_foreign(facts) else ()
    return tuple(sorted((*own, *routed, *answered), key=is_readiness))


def _routed(skip: set[str]) -> tuple[str, ...]:
    """Paths that the URLconf has a route of its own for."""
    try:
        matches, _ = sandbox.run(lambda: dict(_matches(skip)), limit_s=IMPORT_LIMIT_S)
    except (Exception, SystemExit):  # noqa: BLE001 - a URLconf may raise anything; checks of the URLconf say so
        return ()
    live = [path for path in matches if _bare(path) == _AMBIGUOUS]
    if live and not any(is_readiness(path) for path in matches) and not _is_probe(matches[live[0]]):
        del matches[live[0]]
    return tuple(matches)


def _matches(skip: set[str]) -> Iterator[tuple[str, ResolverMatch]]:
    for forms in _FORMS:
        if _bare(forms[0]) not in skip:
            own = ((path, match) for path in forms for match in _resolve(path) if _says(match.route, path))
            yield from itertools.islice(own, 1)


def _resolve(path: str) -> tuple[ResolverMatch, ...]:
    try:
        return (get_resolver().resolve(path),)
    except Resolver404:
        return ()


def _says(route: str, path: str) -> bool:
    """Whether the route's text, without its parameters, has the last word of ``path``."""
    literal = re.sub(r"<[^>]*>", "", route)
    word = re.escape(_bare(path).rpartition("/")[2])
    return re.search(rf"(?<![A-Za-z0-9]){word}(?![A-Za-z0-9])", literal) is not None


def _is_probe(match: ResolverMatch) -> bool:
    # Not the module's name: a clinic's site has its broadcasts in some `health.views`, too.
    return _PROBE_WORDS.search(f"{match.url_name} {getattr(match.func, '__name__', '')}") is not None


def _has_foreign(facts: Facts) -> bool:
    """Whether there is middleware that may know probes of its own."""
    return not all(str(path).startswith(_WITHOUT_PROBES) for path in facts.middleware.paths)


def _answered(requests: InProcess, skip: set[str]) -> tuple[str, ...]:
    """Paths that middleware answers by itself, where it lets a path that nobody knows through."""
    found: list[str] = []
    try:
        if any(_is_answered(requests, f"/{secrets.token_hex(8)}{end}") for end in ("", "/")):
            return ()
        for forms in _FORMS:
            if _bare(forms[0]) not in skip:
                answered = (path for path in forms if _is_answered(requests, path))
                found.extend(itertools.islice(answered, 1))
    except NotRun:
        return ()
    return tuple(found)


def _is_answered(requests: InProcess, path: str) -> bool:
    answer: Answer = requests.send(path, **requests.as_https())
    return 200 <= answer.status < 300 and not answer.reached_view


def _bare(path: str) -> str:
    return path.strip("/")
