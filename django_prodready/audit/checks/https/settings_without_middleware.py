"""SECURE_… settings are set, and the middleware that reads them is not installed.

What it checks
--------------
Settings that only `SecurityMiddleware` reads (`SECURE_SSL_REDIRECT`, `SECURE_HSTS_SECONDS` and their like)
or only `ContentSecurityPolicyMiddleware` reads (`SECURE_CSP`, `SECURE_CSP_REPORT_ONLY`, from Django 6.0 on)
are set and ask for something, while that middleware is not in `MIDDLEWARE`.

Why it matters
--------------
They do nothing: no redirect, no header. Whoever reads the settings believes the site protected.

When it is wrong
----------------
Code of your own reads the setting; where the project's code names it as `settings.NAME`, it is left out.
`SECURE_PROXY_SSL_HEADER` works without a middleware and is never named.

How to fix
----------
Put `"django.middleware.security.SecurityMiddleware"` at the top of `MIDDLEWARE`, and for a policy
`"django.middleware.csp.ContentSecurityPolicyMiddleware"` after it. Or remove the settings.

Source
------
[SecurityMiddleware](https://docs.djangoproject.com/en/stable/ref/middleware/#module-django.middleware.security),
[Content Security Policy](https://docs.djangoproject.com/en/stable/howto/csp/)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.security import SECURITY_MIDDLEWARE, has_middleware, where_to_put

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_CSP_MIDDLEWARE = "django.middleware.csp.ContentSecurityPolicyMiddleware"
# Without these the site is open to eavesdropping, or has no policy; the others are one header each.
_GRAVE = ("SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_CSP")
_READ_BY = {
    SECURITY_MIDDLEWARE: (
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "SECURE_HSTS_PRELOAD",
        "SECURE_SSL_HOST",
        "SECURE_REDIRECT_EXEMPT",
        "SECURE_CONTENT_TYPE_NOSNIFF",
        "SECURE_REFERRER_POLICY",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY",
    ),
    _CSP_MIDDLEWARE: ("SECURE_CSP", "SECURE_CSP_REPORT_ONLY"),
}

BAD = (
    Case(settings={"MIDDLEWARE": [], "SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 3600}),
    Case(settings={"MIDDLEWARE": [], "SECURE_CONTENT_TYPE_NOSNIFF": True}),
)
GOOD = (
    Case(settings={"SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 3600}),
    Case(settings={"MIDDLEWARE": [], "SECURE_SSL_REDIRECT": False, "SECURE_HSTS_SECONDS": 0}),
    Case(settings={"MIDDLEWARE": [], "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}),
    Case(
        settings={"MIDDLEWARE": [], "SECURE_SSL_REDIRECT": True},
        files={"shop/middleware.py": "if settings.SECURE_SSL_REDIRECT:\n    pass\n"},
    ),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each absent middleware that settings were written for."""
    for dotted, names in _READ_BY.items():
        wanted = [name for name in names if name in facts.explicit and getattr(facts.settings, name)]
        if not wanted or not facts.is_installed(dotted.rpartition(".")[0]) or has_middleware(facts, dotted):
            continue
        inert = [name for name in wanted if not _is_read(facts, name)]
        if inert:
            yield _finding(facts, dotted, inert)


def _finding(facts: Facts, dotted: str, inert: list[str]) -> Finding:
    places = {name: facts.origin(name) for name in inert}
    listed = [f"{place}  {name}" for name, place in places.items() if place]
    verb = "has" if len(inert) == 1 else "have"
    return Finding(
        message=f"{', '.join(inert)} {verb} no effect: {dotted.rpartition('.')[2]} is not in MIDDLEWARE.",
        hint=f"{_place(facts, dotted)}, or remove the setting{'s' if len(inert) > 1 else ''}.",
        subject=inert[0],
        identity=dotted,
        at=places[inert[0]],
        evidence=tuple(listed) if len(inert) > 1 else (),
        severity=Severity.ERROR if set(inert) & set(_GRAVE) else Severity.WARNING,
    )


def _place(facts: Facts, dotted: str) -> str:
    if dotted == SECURITY_MIDDLEWARE:
        return where_to_put(facts)
    after = ", after SecurityMiddleware" if has_middleware(facts) else ""
    return f"Put '{dotted}' in MIDDLEWARE{after}"


def _is_read(facts: Facts, name: str) -> bool:
    """Whether the project's code, its settings aside, takes the setting's value."""
    reading = re.compile(rf"\bsettings\.{name}\b(?!\s*=[^=])|getattr\(\s*settings\s*,\s*[\"']{name}[\"']")
    settings_files = set(facts.chain.files)
    paths = (path for path in facts.files.served if path not in settings_files)
    return any(reading.search(facts.files.read(path) or "") for path in paths)
