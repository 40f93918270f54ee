"""Where in MIDDLEWARE a middleware belongs that a mixin adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = [
    "CSP",
    "DJANGO_CSP",
    "HEALTH",
    "PERMISSIONS_POLICY",
    "REAL_IP",
    "REQUEST_ID",
    "SECURITY",
    "WHITENOISE",
    "MisplacedError",
    "placed",
]

HEALTH = "django_prodready.middleware.HealthMiddleware"
REAL_IP = "django_prodready.middleware.CloudflareRealIPMiddleware"
REQUEST_ID = "django_prodready.middleware.RequestIdMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"
DJANGO_CSP = "csp.middleware.CSPMiddleware"
PERMISSIONS_POLICY = "django_prodready.middleware.PermissionsPolicyMiddleware"

# From the outside to the inside. Probes know neither host nor scheme, so health is first; whoever asks
# must be known before anything logs or counts it; static files need the redirect to HTTPS but no session.
ORDER = (HEALTH, REAL_IP, REQUEST_ID, SECURITY, WHITENOISE, CSP, DJANGO_CSP, PERMISSIONS_POLICY)


class MisplacedError(Exception):
    """The middleware that the place is measured from is missing. The text names it, and shows both lists."""


def placed(path: str, entries: Sequence[str], same: Mapping[str, str]) -> list[str]:
    """Return ``entries`` with ``path`` right behind the last of those that :data:`ORDER` has before it.

    It stays as it is when ``path``, or one that ``same`` says to stand for it, is in it: the project
    chose the place. So the order in which several are added does not matter. Raises
    :class:`MisplacedError` when ``path`` belongs behind SecurityMiddleware and nothing in ``entries`` is
    that.
    """
    roles = [same.get(entry, entry) for entry in entries]
    if path in roles:
        return list(entries)
    before = ORDER[: ORDER.index(path)]
    if SECURITY in before and SECURITY not in roles:
        raise MisplacedError(
            f"{path} belongs behind {SECURITY}, which is missing: add it, or name the middleware "
            f"of your own that stands for it in SAME_MIDDLEWARE. MIDDLEWARE holds {list(entries)}; "
            f"the order asked for is {list(ORDER)}"
        )
    at = max((index + 1 for index, role in enumerate(roles) if role in before), default=0)
    return [*entries[:at], path, *entries[at:]]
