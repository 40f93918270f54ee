"""No Content-Security-Policy is enforced.

What it checks
--------------
Something sends `Content-Security-Policy`: Django's own middleware with `SECURE_CSP` (from 6.0 on), the one
of django-csp with `CONTENT_SECURITY_POLICY`, another middleware whose source names the header, or an nginx,
Caddy, Traefik or platform file of the repository. A `meta` element in a template counts as well.

Why it matters
--------------
Django escapes what templates show, until one `mark_safe`, one template of a package, or one script of
another site fails to. A policy then keeps the foreign script from running: it is the second lock.

When it is wrong
----------------
The proxy or CDN sends the header, and its configuration is not in the repository. It is information only
where the project shows no page of its own (an API, or the admin alone), where a view of yours sets the
header, and while a policy is only reported: to begin with that is right. It does not apply to an API without
any engine in `TEMPLATES`.

How to fix
----------
Begin with a policy that is only reported, `SECURE_CSP_REPORT_ONLY` (django-csp:
`CONTENT_SECURITY_POLICY_REPORT_ONLY`), and the middleware. Once no report of your own pages comes, move
the policy to `SECURE_CSP` (`CONTENT_SECURITY_POLICY`).

Source
------
[Content Security Policy in Django](https://docs.djangoproject.com/en/stable/howto/csp/),
[django-csp](https://django-csp.readthedocs.io/en/latest/),
[MDN](https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CSP)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotRun, Severity, check
from django_prodready.audit.facts.csp import (
    DJANGO,
    DJANGO_CSP,
    DJANGO_SETTINGS,
    PACKAGE_SETTINGS,
    Policy,
    django_has_policies,
    own_policy,
    policies,
)
from django_prodready.audit.facts.response_headers import CSP, CSP_REPORT_ONLY, sent_by, set_in_code
from django_prodready.audit.facts.response_headers_pages import own_page, page_with_policy, require_pages

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_NONE = "No Content-Security-Policy header is sent"
_ONCE = "once no report comes of the site's own pages"

BAD = (
    Case(settings={}, files={"templates/home.html": "<h1>Home</h1>\n"}),
    Case(settings={"MIDDLEWARE": []}),
)
GOOD = (
    Case(files={"nginx.conf": "add_header Content-Security-Policy \"default-src 'self'\" always;\n"}),
    Case(files={"Caddyfile": "header Content-Security-Policy \"default-src 'self'\"\n"}),
    Case(
        settings={"MIDDLEWARE": ["shop.middleware.Headers"]},
        files={
            "shop/middleware.py": "def Headers(get_response):\n"
            "    def middleware(request):\n"
            "        response = get_response(request)\n"
            '        response["Content-Security-Policy"] = "default-src \'self\'"\n'
            "        return response\n"
            "    return middleware\n"
        },
    ),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when no policy is known to be enforced."""
    described = policies(facts)
    if any(policy.is_sent and policy.is_enforced for policy in described):
        return
    if own_policy(facts) or sent_by(facts, CSP) or page_with_policy(facts):
        return
    require_pages(facts)
    broken = next((entry.path for entry in facts.middleware.entries if entry.error is not None), None)
    if broken is not None:
        raise NotRun(f"{broken} in MIDDLEWARE cannot be imported, so it may or may not send the header")
    reported = next((policy.setting for policy in described if policy.is_sent), None)
    unsent = next((policy for policy in described if not policy.is_sent), None)
    subject = reported or (unsent.setting if unsent else "MIDDLEWARE")
    fact, severity, hint = _only_reported(facts, reported) or _nothing(facts, unsent)
    yield Finding(
        message=f"{fact}.",
        hint=f"{hint}.",
        subject=subject,
        identity="Content-Security-Policy",
        at=facts.origin(subject),
        severity=severity,
    )


def _only_reported(facts: Facts, setting: str | None) -> tuple[str, Severity, str] | None:
    """Return what to say of a policy that browsers report and do not enforce; None when there is none."""
    source = setting or sent_by(facts, CSP_REPORT_ONLY)
    if source is None:
        return None
    if setting is None:
        hint = "Send it as Content-Security-Policy"
    elif setting in (*DJANGO_SETTINGS, *PACKAGE_SETTINGS):
        hint = f"Move it to {setting.removesuffix('_REPORT_ONLY')}"
    else:
        hint = "Set CSP_REPORT_ONLY = False"
    fact = (
        f"The Content-Security-Policy of {source} is only reported: right to begin with, but it stops nothing"
    )
    return fact, Severity.INFO, f"{hint} {_ONCE}"


def _nothing(facts: Facts, unsent: Policy | None) -> tuple[str, Severity, str]:
    hint = f"Put '{unsent.middleware}' in MIDDLEWARE, which sends {unsent.setting}" if unsent else _begin()
    place = set_in_code(facts, CSP)
    if place is not None:
        return f"{_NONE}, except where {place} sets it", Severity.INFO, hint
    page = own_page(facts)
    if page is None:
        fact = f"{_NONE}; the project shows no HTML page of its own, which would need it most"
        return fact, Severity.INFO, hint
    return f"{_NONE}: a foreign script that gets onto a page (of {page}) runs", Severity.WARNING, hint


def _begin() -> str:
    if django_has_policies():
        start, middleware, (enforced, reported) = "Put", DJANGO, DJANGO_SETTINGS
    else:
        start, middleware, (enforced, reported) = "Install django-csp, put", DJANGO_CSP, PACKAGE_SETTINGS
    return f"{start} '{middleware}' in MIDDLEWARE and set {reported} first, then {enforced} {_ONCE}"
