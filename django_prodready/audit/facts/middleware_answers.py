"""Which middleware may answer a request before those below it see it, by what is known or by its source."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.code_text import source_of

if TYPE_CHECKING:
    from django_prodready.audit.facts.middleware import Entry

__all__ = ["answers_requests"]

_DJANGO = (
    "django.contrib.auth.middleware.RemoteUserMiddleware",  # writes to the session, wherever that is kept
    "django.middleware.cache.CacheMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.security.SecurityMiddleware",
)
# They answer preflights and static files, or nothing at all.
_HARMLESS = (
    "corsheaders.",
    "django_guid.",
    "django_prometheus.",
    "django_structlog.",
    "elasticapm.",
    "log_request_id.",
    "opentelemetry.",
    "sentry_sdk.",
    "whitenoise.",
)
_ANSWERS = re.compile(
    r"\bHttp(?:Response\w*|404)\b|\bJsonResponse\b|\b(?:redirect|render)\(|\braise[ \t]+\w"
    r"|\.get_host\(|\.objects\b|\bconnections?\b|\bcursor\(|\bbuild_absolute_uri\("
)
# A class's own methods that run for a request which ends above the views.
_OTHER_HOOKS = frozenset(
    {"__init__", "process_view", "process_exception", "process_template_response", "__init_subclass__"}
)


def answers_requests(entry: Entry) -> bool:
    """Whether ``entry`` may refuse, redirect or answer; False where nothing shows that it does."""
    lineage = [_dotted(each) for each in getattr(entry.target, "__mro__", (entry.target,))]
    if any(name in _DJANGO for name in (entry.path, *lineage)):
        return True
    if entry.path.startswith(("django.", *_HARMLESS)):
        return False
    return any(_ANSWERS.search(_code(part)) for part in _parts(entry.target))


def _parts(target: Any) -> list[Any]:
    if not inspect.isclass(target):
        return [] if target is None else [target]
    own = [
        each for each in target.__mro__ if not each.__module__.startswith(("django.", "builtins", *_HARMLESS))
    ]
    members = [member for each in own for name, member in vars(each).items() if name not in _OTHER_HOOKS]
    return [member for member in members if inspect.isfunction(inspect.unwrap(_function(member)))]


def _function(member: Any) -> Any:
    return getattr(member, "__func__", member)


def _code(part: Any) -> str:
    """Its source, without comments and the docstring, where words mean nothing."""
    text = source_of(part)
    documentation = inspect.getdoc(part)
    without = re.sub(r'("""|\'\'\')[\s\S]*?\1', "", text) if documentation else text
    signature = r"->[^:\n]*:|:[ \t]*[\"']?Http\w+"  # annotations name what is handed on
    return re.sub(rf"#.*|{signature}", "", without)


def _dotted(target: Any) -> str:
    return f"{getattr(target, '__module__', '')}.{getattr(target, '__qualname__', '')}"
