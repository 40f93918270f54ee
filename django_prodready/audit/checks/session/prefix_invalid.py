"""A cookie's name promises attributes that the cookie does not have, so browsers refuse it.

What it checks
--------------
`SESSION_COOKIE_NAME`, `CSRF_COOKIE_NAME` and `LANGUAGE_COOKIE_NAME` that begin with a prefix which
browsers know, in any case: `__Secure-` needs `…_SECURE`; `__Host-` needs `…_SECURE`, `…_PATH = "/"` and
no `…_DOMAIN`; `__Http-` needs `…_SECURE` and `…_HTTPONLY`; `__Host-Http-` needs all of it. A cookie whose
Secure attribute a middleware of your own decides is believed to have it.

Why it matters
--------------
Browsers drop such a cookie without a word: nobody stays logged in, or every form is refused for want of
its CSRF cookie. It shows only in the browser's console.

When it is wrong
----------------
A proxy of yours adds `Secure` to all cookies (`proxy_cookie_flags` of nginx).

How to fix
----------
Set what the message names, or use the weaker prefix `__Secure-` where hosts must share the cookie.

Source
------
[Cookie
prefixes](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes)"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.session_cookies import SettingsCookie, cookies_in_use

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_SECURE = {"SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True}

BAD = (
    Case(settings={"SESSION_COOKIE_NAME": "__Secure-sessionid"}),
    Case(settings={**_SECURE, "SESSION_COOKIE_NAME": "__Host-id", "SESSION_COOKIE_DOMAIN": ".example.org"}),
    Case(settings={**_SECURE, "CSRF_COOKIE_NAME": "__Host-csrf", "CSRF_COOKIE_PATH": "/shop/"}),
)
GOOD = (
    Case(),
    Case(settings={**_SECURE, "SESSION_COOKIE_NAME": "__Host-sessionid", "CSRF_COOKIE_NAME": "__Host-csrf"}),
    Case(settings={**_SECURE, "SESSION_COOKIE_NAME": "__Secure-id", "SESSION_COOKIE_DOMAIN": ".example.org"}),
    Case(settings={"CSRF_COOKIE_NAME": "__Host-csrf", "CSRF_USE_SESSIONS": True}),
)

_HOST = ("SECURE", "PATH", "DOMAIN")
# https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis; the longest first.
_PREFIXES = (
    ("__Host-Http-", (*_HOST, "HTTPONLY")),
    ("__Host-", _HOST),
    ("__Http-", ("SECURE", "HTTPONLY")),
    ("__Secure-", ("SECURE",)),
)


@check(severity=Severity.ERROR)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each cookie that lacks what the prefix of its name asks for."""
    for cookie in cookies_in_use(facts):
        name = str(cookie.values["NAME"])
        prefix, needed = _prefix(name)
        wanted = [_wanted(cookie, rest) for rest in needed if not _has(cookie, rest)]
        if wanted:
            setting = cookie.setting("NAME")
            yield Finding(
                message=f"{setting} is {name!r}, but the cookie lacks what browsers ask of {prefix}:"
                f" they refuse it, so {cookie.loss}.",
                hint=f"Set {' and '.join(wanted)}, or choose a name without {prefix}.",
                subject=setting,
                at=facts.origin(setting),
                severity=Severity.WARNING if cookie.prefix == "LANGUAGE_COOKIE_" else Severity.ERROR,
            )


def _prefix(name: str) -> tuple[str, tuple[str, ...]]:
    return next((each for each in _PREFIXES if name.lower().startswith(each[0].lower())), ("", ()))


def _has(cookie: SettingsCookie, rest: str) -> bool:
    value = cookie.values[rest]
    return value == "/" if rest == "PATH" else bool(value) is (rest != "DOMAIN")


def _wanted(cookie: SettingsCookie, rest: str) -> str:
    value = {"PATH": "'/'", "DOMAIN": "None"}.get(rest, "True")
    return f"{cookie.setting(rest)} = {value}"
