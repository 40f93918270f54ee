"""Find the paths on which the project answers platform probes, by its middleware or by its URLconf.

A site's catch-all page answers everything, so a route counts only when its own text says what it is for.
"""

from __future__ import annotations

import itertools
import re
import secrets
import time
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from django.urls import ResolverMatch, get_resolver
from django.urls.exceptions import Resolver404

from django_prodready.audit.facts import sandbox
from django_prodready.audit.facts.requests import InProcess, TooSlow
from django_prodready.audit.model import NotRun
from django_prodready.conf import get_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.requests import Answer

# The first use of the URLconf imports the project's views.
IMPORT_LIMIT_S = 30.0
# For asking the middleware for all paths, under the deadline that the runner gives to what checks share.
ASK_LIMIT_S = 20.0

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
WITHOUT_PROBES = (
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
_given_up: WeakKeyDictionary[InProcess, TooSlow] = WeakKeyDictionary()
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
    Raises :class:`TooSlow` when the middleware cannot be asked in time, each further time at once.
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
    return not all(str(path).startswith(WITHOUT_PROBES) for path in facts.middleware.paths)


def _answered(requests: InProcess, skip: set[str]) -> tuple[str, ...]:
    """Paths that middleware answers by itself, where it lets a path that nobody knows through."""
    if requests in _given_up:
        raise _given_up[requests]
    asking = _Asking(requests, sum(_bare(forms[0]) not in skip for forms in _FORMS) * 2)
    try:
        return tuple(_asked(asking, skip))
    except TooSlow as slow:
        _given_up[requests] = slow
        raise
    except NotRun:
        return ()


def _asked(asking: _Asking, skip: set[str]) -> Iterator[str]:
    if any(asking.is_answered(f"/{secrets.token_hex(8)}{end}") for end in ("", "/")):
        return
    for forms in _FORMS:
        if _bare(forms[0]) not in skip:
            answered = (path for path in forms if asking.is_answered(path))
            yield from itertools.islice(answered, 1)


class _Asking:
    """Requests for paths, as long as there is hope for the last one of them."""

    def __init__(self, requests: InProcess, most: int) -> None:
        self._requests = requests
        self._left = most
        self._durations_s: list[float] = []

    def is_answered(self, path: str) -> bool:
        """Whether middleware answers ``path``. Raises :class:`NotRun`."""
        # The first request may import half of the project.
        fastest_s = min(self._durations_s) if len(self._durations_s) > 1 else 0.0
        if sum(self._durations_s) + self._left * fastest_s > ASK_LIMIT_S:
            raise TooSlow(
                f"the middleware is slow: {ASK_LIMIT_S:g} s do not do to ask it for all health paths"
            )
        begun_s = time.monotonic()
        try:
            answer: Answer = self._requests.send(path, **self._requests.as_https())
        except TooSlow:
            raise TooSlow("a middleware gives no answer in time, so health paths stay unknown") from None
        self._durations_s.append(time.monotonic() - begun_s)
        self._left -= 1
        return 200 <= answer.status < 300 and not answer.reached_view


def _bare(path: str) -> str:
    return path.strip("/")
