"""SECURE_PROXY_SSL_HEADER does not have the form by which Django can find the header.

What it checks
--------------
`SECURE_PROXY_SSL_HEADER` is a pair of strings. The first is the header's name as WSGI spells it:
`HTTP_`, then the name in capitals with `_` for `-`. The second has no comma and no white space around it,
because Django compares it with the stripped part of the header before the first comma.

Why it matters
--------------
`("X-Forwarded-Proto", "https")` raises nothing and matches nothing: no request is ever secure. With
`SECURE_SSL_REDIRECT` every page is an endless redirect. What is not a pair is a 500 on every
page that asks for the scheme.

When it is wrong
----------------
Any header of the right form passes, such as `("HTTP_FASTLY_SSL", "1")`, and so do the server's own
variables `HTTPS`, `REQUEST_SCHEME`, `UWSGI_SCHEME`, `SERVER_PORT` and `wsgi.url_scheme`. A variable of
another name that your server adds to the WSGI environment is reported wrongly.

How to fix
----------
Write `SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")`, or None where no proxy ends TLS.

Source
------
[SECURE_PROXY_SSL_HEADER](https://docs.djangoproject.com/en/stable/ref/settings/#secure-proxy-ssl-header)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_USUAL = ("HTTP_X_FORWARDED_PROTO", "https")
_HEADER = re.compile(r"HTTP_[A-Z0-9_]+")
# Set by servers, not by clients: mod_wsgi, uWSGI, nginx's uwsgi_params, PEP 3333.
_SERVER_VARIABLES = frozenset({"HTTPS", "REQUEST_SCHEME", "UWSGI_SCHEME", "SERVER_PORT", "wsgi.url_scheme"})

BAD = (
    Case(settings={"SECURE_PROXY_SSL_HEADER": ("X-Forwarded-Proto", "https")}),
    Case(settings={"SECURE_PROXY_SSL_HEADER": "HTTP_X_FORWARDED_PROTO"}),
    Case(settings={"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https ")}),
)
GOOD = (
    Case(settings={"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}),
    Case(settings={"SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTOCOL", "https"]}),
    Case(settings={"SECURE_PROXY_SSL_HEADER": ("HTTP_FASTLY_SSL", "1")}),
    Case(settings={"SECURE_PROXY_SSL_HEADER": None}),
)


@check(severity=Severity.CRITICAL)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when Django cannot find the header, or raises."""
    declared = facts.settings.SECURE_PROXY_SSL_HEADER
    if not declared:
        raise NotApplicable("SECURE_PROXY_SSL_HEADER is not set")
    problem = _problem(declared)
    if problem:
        reason, hint = problem
        yield Finding(
            message=f"SECURE_PROXY_SSL_HEADER {reason}.",
            hint=hint,
            subject="SECURE_PROXY_SSL_HEADER",
            at=facts.origin("SECURE_PROXY_SSL_HEADER"),
        )


def _problem(declared: object) -> tuple[str, str] | None:
    """What is wrong, completing a sentence, and what to write instead; None when nothing is."""
    if not isinstance(declared, tuple | list) or len(declared) != 2:
        reason = f"is {_shape(declared)} instead of two strings, so asking for the scheme is an error"
        return reason, _write(_USUAL)
    name, value = declared
    if not isinstance(name, str) or not isinstance(value, str):
        return f"is {_shape(declared)} instead of two strings: no request is ever secure", _write(_USUAL)
    if name not in _SERVER_VARIABLES and not _HEADER.fullmatch(name):
        reason = f"names {name!r}, which Django never finds: no request is ever secure"
        return reason, _write((_repaired(name), value))
    if value != value.partition(",")[0].strip():
        better = (name, value.partition(",")[0].strip())
        return f"expects {value!r}, which no header can equal: no request is ever secure", _write(better)
    return None


def _shape(declared: object) -> str:
    if isinstance(declared, tuple | list):
        return f"a {type(declared).__name__} of {', '.join(type(part).__name__ for part in declared)}"
    return f"of type {type(declared).__name__}"


def _repaired(name: str) -> str:
    """The WSGI name of the header that ``name`` means."""
    bare = re.sub(r"[^A-Z0-9]+", "_", name.strip(" :").upper().removeprefix("HTTP_"))
    return f"HTTP_{bare}" if bare.strip("_") else _USUAL[0]


def _write(pair: tuple[str, str]) -> str:
    name, value = pair
    return f'Set SECURE_PROXY_SSL_HEADER = ("{name}", "{value or _USUAL[1]}").'
