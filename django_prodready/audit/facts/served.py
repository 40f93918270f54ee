"""Whether the site is served to anybody who probes, and what may answer probes under another name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.urls import get_resolver
from django.urls.exceptions import Resolver404

from django_prodready.audit.facts import sandbox
from django_prodready.audit.facts.code_text import source_of
from django_prodready.audit.facts.health_paths import WITHOUT_PROBES, is_readiness
from django_prodready.audit.facts.platform_probes import Kind
from django_prodready.audit.facts.proxy import declared_platform
from django_prodready.audit.facts.routes import find_routes

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = [
    "has_dependencies",
    "other_health_route",
    "other_readiness_route",
    "probed_for_readiness",
    "probed_page",
    "why_not_probed",
    "without_container",
]

# They watch the process or its port, not a path.
_WITHOUT_PROBES = frozenset({"heroku", "pythonanywhere"})
_ENTRIES = frozenset({"wsgi.py", "asgi.py"})
_HEALTH = re.compile(
    r"health|heartbeat|liveness|watchman|(?<![a-z])(?:live|livez|alive|ping|pong|probe|status|uptime|up)(?![a-z])",
    re.IGNORECASE,
)
_READINESS = re.compile(r"(?<![a-z])read(?:y|yz|iness)(?![a-z])|heartbeat|watchman", re.IGNORECASE)
# What a view of health asks that is for readiness, too.
_DEPENDS = re.compile(
    r"\.objects\b|\bconnections?\b|\bcursor\(|\bcaches?[.\[]|\bredis\b|_conn\w*\(", re.IGNORECASE
)
_CONTAINERS = (
    "Dockerfile*", "*.dockerfile", "Containerfile*", "*compose*.yml", "*compose*.yaml", "Chart.yaml",
    "kustomization.y*ml", "fly.toml", "railway.*", "render.yaml", "nixpacks.toml", "app.yaml", "*.tf",
)  # fmt: skip
_BARE = ("*.service", "supervisord.conf", "*supervisor*.conf", "passenger_wsgi.py", "*uwsgi*.ini", "Procfile")
_POD = re.compile(r"^kind:[ \t]*(?:Deployment|StatefulSet|DaemonSet|Pod|Rollout)\b", re.MULTILINE)
_IMPORT_LIMIT_S = 30.0


def why_not_probed(facts: Facts) -> str | None:
    """Say why no platform asks this project anything by HTTP; None when one may."""
    platform = declared_platform(facts)
    if platform in _WITHOUT_PROBES:
        return f"{facts.declared['platform']} sends no HTTP probes"
    if not facts.settings.ROOT_URLCONF:
        return "the project has no URLconf"
    named = facts.settings.WSGI_APPLICATION or getattr(facts.settings, "ASGI_APPLICATION", None)
    if named or any(path.rpartition("/")[2] in _ENTRIES for path in facts.files.served):
        return None
    return "nothing in the project shows that it serves HTTP"


def without_container(facts: Facts) -> bool:
    """Whether files start the server on a bare machine, and none makes a container or names a platform."""
    if declared_platform(facts) or facts.platform_probes or facts.files.matching(*_CONTAINERS):
        return False
    manifests = (facts.files.read(path) or "" for path in facts.files.matching("*.yml", "*.yaml"))
    if any(_POD.search(text) for text in manifests):
        return False
    return bool(facts.files.matching(*_BARE))


def has_dependencies(facts: Facts) -> bool:
    """Whether the site needs a database, or a cache on a server."""
    engines = [str(database.get("ENGINE", "")) for database in facts.effective.databases.values()]
    if any(engine and not engine.endswith(".dummy") for engine in engines):
        return True
    backends = [facts.effective.cache_class(alias) for alias in facts.effective.caches]
    return any(each is not None and not issubclass(each, (LocMemCache, DummyCache)) for each in backends)


def other_health_route(facts: Facts) -> bool:
    """Whether a URL pattern or a middleware speaks of health, or something like it, under any name.

    Raises :class:`~django_prodready.audit.model.NotRun` when the URLconf cannot be imported.
    """
    routes = [route for route in find_routes() if not is_readiness(f"/{route.text}")]
    return any(route.says(_HEALTH) for route in routes) or _in_middleware(facts, _HEALTH)


def other_readiness_route(facts: Facts) -> bool:
    """Whether a URL pattern or a middleware speaks of readiness under any name; raises as above.

    A pattern that speaks of health counts when its view asks for a database or the like.
    """
    routes = find_routes()
    if any(route.says(_READINESS) for route in routes) or _in_middleware(facts, _READINESS):
        return True
    return any(_DEPENDS.search(source_of(route.behind)) for route in routes if route.says(_HEALTH))


def probed_page(facts: Facts) -> bool:
    """Whether a probe in the repository asks a page that the site has."""
    return any(_is_routed(probe.path) for probe in facts.platform_probes)


def probed_for_readiness(facts: Facts) -> bool:
    """Whether what a readiness probe in the repository asks is a page that the site has."""
    readiness = [probe for probe in facts.platform_probes if probe.kind is Kind.READINESS]
    return any(_is_routed(probe.path) for probe in readiness)


def _in_middleware(facts: Facts, words: re.Pattern[str]) -> bool:
    """Whether the code of a middleware has one of ``words`` anywhere, but for packages without probes."""
    foreign = [entry for entry in facts.middleware.entries if not entry.path.startswith(WITHOUT_PROBES)]
    return any(words.search(f"{entry.path}\n{source_of(entry.target)}") for entry in foreign)


def _is_routed(path: str) -> bool:
    try:
        sandbox.run(lambda: get_resolver().resolve(path), limit_s=_IMPORT_LIMIT_S)
    except Resolver404:
        return False
    except (Exception, SystemExit):  # noqa: BLE001 - any code may run while a URLconf is imported
        return True  # it cannot be told, so it is not held against the project
    return True
