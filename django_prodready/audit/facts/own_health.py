"""Our own health endpoints in this project: who carries them, and on which paths.

They are known without being asked: asking would run the project's probes. In a request that the audit
makes, HealthMiddleware therefore answers with a marker, where it would answer with an endpoint.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, get_resolver

from django_prodready.audit.facts import sandbox
from django_prodready.audit.facts.guards import loaded, replaced
from django_prodready.audit.facts.proxy import without_comments
from django_prodready.conf import get_config

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = [
    "HEALTH_MIDDLEWARE",
    "OWN_ROOM",
    "OwnPath",
    "answered_before_django",
    "answered_by_marker",
    "find_own_paths",
    "own_paths_by_text",
    "wrapper",
]

HEALTH_MIDDLEWARE = "django_prodready.middleware.HealthMiddleware"
OWN_ROOM = "django_prodready."
# The first use of the URLconf imports the project's views.
_IMPORT_LIMIT_S = 30.0
_OWN_URLS = "django_prodready.urls"
_WRAPPED = re.compile(r"\bwith_health\s*\(")
_OWN_WRAPPER = re.compile(r"\bdjango_prodready(?:\.(?:wsgi|asgi))?\b")
_ENTRIES = ("wsgi.py", "asgi.py", "application.py", "server.py")


@dataclass(frozen=True, slots=True)
class OwnPath:
    """One of our endpoints on one path."""

    endpoint: str  # "health", "ready" or "startup"
    path: str  # as "/health/"

    @property
    def is_guarded(self) -> bool:
        """Whether it answers 401 without one of HEALTH_TOKENS."""
        return bool(get_config().health_tokens) and self.endpoint != "health"


def find_own_paths(facts: Facts) -> tuple[OwnPath, ...]:
    """Find the paths on which this project answers our endpoints, by middleware, wrapper or URLconf."""
    carried = _configured("") if _has_middleware(facts) or wrapper(facts) else ()
    try:
        routed, _ = sandbox.run(_routed, limit_s=_IMPORT_LIMIT_S)
    except (Exception, SystemExit):  # noqa: BLE001 - a URLconf may raise anything; checks of the URLconf say so
        routed = ()
    return tuple(dict.fromkeys((*carried, *routed)))


def own_paths_by_text(facts: Facts) -> tuple[OwnPath, ...]:
    """The same without importing the URLconf, for static checks; below a prefix of the URLconf without it."""
    if _has_middleware(facts) or wrapper(facts):
        return _configured("")
    texts = (facts.files.read(path) or "" for path in facts.files.served)
    return _configured("") if any(_OWN_URLS in without_comments(text) for text in texts) else ()


def answered_before_django(facts: Facts) -> tuple[str, ...]:
    """The paths that a wrapper around the application answers, whatever middleware does."""
    return tuple(own.path for own in _configured("")) if wrapper(facts) else ()


def _has_middleware(facts: Facts) -> bool:
    entry = facts.middleware.find(HEALTH_MIDDLEWARE)
    return entry is not None and entry.error is None


def _configured(prefix: str) -> tuple[OwnPath, ...]:
    config = get_config()
    paths = {"health": config.health_path, "ready": config.ready_path, "startup": config.startup_path}
    return tuple(OwnPath(endpoint, f"/{prefix}{path}") for endpoint, path in paths.items() if path)


def _routed() -> tuple[OwnPath, ...]:
    """The paths below which the URLconf includes ours. A prefix with parameters or a language is left out."""
    return tuple(own for prefix in _inclusions(get_resolver(), "") for own in _configured(prefix))


def wrapper(facts: Facts) -> str | None:
    """Return the file that wraps the application with ``with_health``; None when none does.

    What it wraps is answered before Django: no middleware, host or redirect is in the way.
    """
    for path in facts.files.served:
        if path.rpartition("/")[2] in _ENTRIES or path in _entry_modules(facts):
            text = without_comments(facts.files.read(path) or "")
            if _WRAPPED.search(text) and _OWN_WRAPPER.search(text):
                return path
    return None


@contextlib.contextmanager
def answered_by_marker() -> Iterator[None]:
    """Have HealthMiddleware answer for its endpoints without asking them."""
    with contextlib.ExitStack() as stack:
        for owner, name in loaded([("django_prodready.middleware.health", "HealthMiddleware.__call__")]):
            stack.enter_context(replaced(owner, name, _marking(getattr(owner, name))))
        yield


def _marking(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def call(self: Any, request: HttpRequest) -> Any:
        if request.path_info.rstrip("/") in {own.path.rstrip("/") for own in _configured("")}:
            return HttpResponse("marker", content_type="text/plain")
        return original(self, request)

    return call


def _entry_modules(facts: Facts) -> set[str]:
    """Ends of the files that WSGI_APPLICATION and ASGI_APPLICATION name."""
    named = (facts.settings.WSGI_APPLICATION, getattr(facts.settings, "ASGI_APPLICATION", None))
    modules = [str(name).rpartition(".")[0].replace(".", "/") for name in named if name]
    return {
        path
        for path in facts.files.served
        for module in modules
        if path == f"{module}.py" or path.endswith(f"/{module}.py")
    }


def _inclusions(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if not isinstance(pattern, URLResolver):
            continue
        literal = str(pattern.pattern).removeprefix("^")
        if re.search(r"[<(\\\[*+?$]", literal) or type(pattern.pattern).__name__ == "LocalePrefixPattern":
            continue
        module = getattr(pattern.urlconf_module, "__name__", "")
        if module == _OWN_URLS:
            yield prefix + literal
        else:
            yield from _inclusions(pattern, prefix + literal)
