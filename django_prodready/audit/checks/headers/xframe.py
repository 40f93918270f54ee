"""Other sites may show this one in a frame.

What it checks
--------------
`XFrameOptionsMiddleware`, or a subclass, is in `MIDDLEWARE`, and `X_FRAME_OPTIONS` is `DENY` or
`SAMEORIGIN`, the two values that browsers know. An enforced Content-Security-Policy with `frame-ancestors`
serves as well, from settings, a middleware of yours, or a proxy's file in the repository.

Why it matters
--------------
A page that is shown invisibly above another takes the clicks that were meant for the other
(clickjacking): a logged-in visitor deletes, buys or grants something without seeing it.

When it is wrong
----------------
The site is made to be embedded everywhere, as a widget is, or the proxy sends the header and its
configuration is not in the repository. It does not apply to an API without any engine in `TEMPLATES`.

How to fix
----------
Put `"django.middleware.clickjacking.XFrameOptionsMiddleware"` in `MIDDLEWARE`, and mark what may be framed
with the `xframe_options_exempt` decorator. To allow certain sites, say so with `frame-ancestors` in the
Content-Security-Policy: `ALLOW-FROM` is ignored by browsers.

Source
------
[Clickjacking protection](https://docs.djangoproject.com/en/stable/ref/clickjacking/),
[X-Frame-Options](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Frame-Options)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.middleware.clickjacking import XFrameOptionsMiddleware

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.csp import sent_policies
from django_prodready.audit.facts.effective import value_of
from django_prodready.audit.facts.response_headers import (
    FRAME_ANCESTORS,
    X_FRAME_OPTIONS,
    sent_by,
    set_in_code,
)
from django_prodready.audit.facts.response_headers_pages import require_pages
from django_prodready.audit.facts.security import has_middleware

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.middleware import Entry

_MIDDLEWARE = "django.middleware.clickjacking.XFrameOptionsMiddleware"
_METHOD = "get_xframe_options_value"
_KNOWN = ("DENY", "SAMEORIGIN")

BAD = (
    Case(settings={"MIDDLEWARE": []}),
    Case(settings={"X_FRAME_OPTIONS": "ALLOW-FROM https://example.com"}),
)
GOOD = (
    Case(settings={}),
    Case(settings={"X_FRAME_OPTIONS": "SAMEORIGIN"}),
    Case(settings={"MIDDLEWARE": []}, files={"nginx.conf": "add_header X-Frame-Options DENY always;\n"}),
    Case(
        settings={"MIDDLEWARE": []},
        files={"Caddyfile": "header Content-Security-Policy \"frame-ancestors 'self'\"\n"},
    ),
)


@check(
    severity=Severity.INFO,
    needs=(Need.SETTINGS, Need.SOURCE, Need.FILES),
    django_ids=("security.W002", "security.W019"),
)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when no header that browsers understand forbids framing."""
    entry = facts.middleware.find(_MIDDLEWARE)
    value = value_of(facts.settings, "X_FRAME_OPTIONS")
    if entry is not None and (_decides(entry) or (isinstance(value, str) and value.upper() in _KNOWN)):
        return
    if _is_forbidden_otherwise(facts):
        return
    if has_middleware(facts, _MIDDLEWARE):
        yield _wrong_value(facts, value)
        return
    require_pages(facts)
    yield Finding(
        message="XFrameOptionsMiddleware is not in MIDDLEWARE: any site may show this one in a frame and "
        "have its visitors click on what they do not see.",
        hint=f"Put '{_MIDDLEWARE}' in MIDDLEWARE.",
        subject="MIDDLEWARE",
        at=facts.origin("MIDDLEWARE"),
    )


def _decides(entry: Entry) -> bool:
    """Whether the middleware is a subclass with a value of its own."""
    method = getattr(entry.target, _METHOD, None)
    return method is not None and method is not getattr(XFrameOptionsMiddleware, _METHOD)


def _is_forbidden_otherwise(facts: Facts) -> bool:
    if any(policy.is_enforced and "frame-ancestors" in policy.sources for policy in sent_policies(facts)):
        return True
    headers = (X_FRAME_OPTIONS, FRAME_ANCESTORS)
    return sent_by(facts, *headers) is not None or any(set_in_code(facts, header) for header in headers)


def _wrong_value(facts: Facts, value: object) -> Finding:
    consequence = (
        "browsers ignore it and show the site in any frame"
        if isinstance(value, str)
        else "XFrameOptionsMiddleware fails on it, and with it every response"
    )
    return Finding(
        message=f"X_FRAME_OPTIONS is {value!r}: {consequence}.",
        hint="Set X_FRAME_OPTIONS = 'DENY' or 'SAMEORIGIN', "
        "and name other sites with frame-ancestors in the Content-Security-Policy.",
        subject="X_FRAME_OPTIONS",
        at=facts.origin("X_FRAME_OPTIONS"),
    )
