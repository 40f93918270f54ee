"""What Django's SecurityMiddleware does in this project, as it was configured and installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django_prodready.audit.model import NotApplicable, NotRun

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = [
    "Exemption",
    "exempt_pattern",
    "exemptions",
    "has_middleware",
    "redirects",
    "require_middleware",
    "where_to_put",
]

_HEALTH_MIDDLEWARE = "django_prodready.middleware.HealthMiddleware"
SECURITY_MIDDLEWARE = "django.middleware.security.SecurityMiddleware"


@dataclass(frozen=True, slots=True)
class Exemption:
    """One entry of SECURE_REDIRECT_EXEMPT."""

    position: int
    text: str
    pattern: re.Pattern[str] | None = None  # None when SecurityMiddleware cannot use it
    problem: str | None = None  # why not


def has_middleware(facts: Facts, dotted: str = SECURITY_MIDDLEWARE) -> bool:
    """Whether the middleware at ``dotted``, or a subclass, is installed.

    Raises :class:`NotRun` when an entry that cannot be imported may be it.
    """
    if facts.middleware.find(dotted) is not None:
        return True
    broken = [entry.path for entry in facts.middleware.entries if entry.error is not None]
    if broken:
        raise NotRun(f"{broken[0]} in MIDDLEWARE cannot be imported, so it may or may not be it")
    return False


def require_middleware(facts: Facts) -> None:
    """Raise :class:`NotApplicable` when SecurityMiddleware is not installed: its settings do nothing then."""
    if facts.middleware.find(SECURITY_MIDDLEWARE) is None:
        raise NotApplicable("SecurityMiddleware is not in MIDDLEWARE")


def where_to_put(facts: Facts) -> str:
    """Say where SecurityMiddleware belongs, as an imperative without a full stop.

    HealthMiddleware must stay before it: probes come by plain HTTP.
    """
    health = facts.middleware.find(_HEALTH_MIDDLEWARE)
    first = f"in MIDDLEWARE, right after {health.path!r}" if health else "at the top of MIDDLEWARE"
    return f"Put {SECURITY_MIDDLEWARE!r} {first}"


def exempt_pattern(facts: Facts, path: str) -> str:
    """Return what exempts ``path``, which is below FORCE_SCRIPT_NAME, in SECURE_REDIRECT_EXEMPT.

    SecurityMiddleware searches in ``request.path``, which begins with that name.
    """
    whole = f"{(facts.settings.FORCE_SCRIPT_NAME or '').strip('/')}/{path.lstrip('/')}"
    return f"^{re.escape(whole.lstrip('/')).replace(chr(92) + '-', '-')}$"


def redirects(facts: Facts) -> bool:
    """Whether SecurityMiddleware is installed and redirects HTTP to HTTPS."""
    return bool(facts.settings.SECURE_SSL_REDIRECT) and facts.middleware.find(SECURITY_MIDDLEWARE) is not None


def exemptions(facts: Facts) -> Iterator[Exemption]:
    """Yield the entries of SECURE_REDIRECT_EXEMPT; none when it is a string, which is another problem."""
    entries = facts.settings.SECURE_REDIRECT_EXEMPT
    if isinstance(entries, list | tuple | set | frozenset):
        for position, entry in enumerate(entries):
            yield _exemption(position, entry)


def _exemption(position: int, entry: Any) -> Exemption:
    text = entry.pattern if isinstance(entry, re.Pattern) else entry
    if not isinstance(text, str):
        return Exemption(position, repr(text), problem=f"it is {type(text).__name__}, not str")
    try:
        return Exemption(position, text, pattern=re.compile(entry))
    except re.error as error:
        return Exemption(position, text, problem=str(error))
