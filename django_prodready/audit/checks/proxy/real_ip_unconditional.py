"""A middleware takes the client's address, the scheme or the host from a header that anybody can send.

What it checks
--------------
Requests with forged headers, one at a time, go through the project's own `MIDDLEWARE`, in process, from
public addresses that are nobody's proxy: `CF-Connecting-IP`, `True-Client-IP`, `X-Forwarded-For` (a long
chain, and one address), `X-Real-IP`, `Forwarded`, `X-Forwarded-Proto`, `X-Forwarded-Host` and their like;
and `CF-Connecting-IP` once more beside an `X-Forwarded-For` that names an address of Cloudflare's.
None may change `REMOTE_ADDR`, `is_secure()` or `get_host()` from what Django says by itself with the same
settings. The middleware that hands the forged value on is named; which views there are plays no part.

Why it matters
--------------
Rate limits, login throttles, address filters and logs believe `REMOTE_ADDR`. Who can write it has a new
address for each attempt, or that of an administrator. Proxies hand `CF-Connecting-IP` and
`True-Client-IP` on as they come, and append to the right of `X-Forwarded-For`: believing these, or the
leftmost address, is critical. What a proxy overwrites, such as `X-Real-IP` or the rightmost address, can be
forged only where the application is reached past its proxy: a warning.

When it is wrong
----------------
When nothing but your proxy can reach the application, and that proxy removes or overwrites the header.
Where the server listens on a unix socket, every peer is the proxy: only what proxies hand on is reported.

How to fix
----------
Use `django_prodready.middleware.CloudflareRealIPMiddleware` and name your proxies in
`PRODREADY["TRUSTED_PROXIES"]` (and `"CLOUDFLARE": True` behind Cloudflare), or have your middleware compare
the peer's address with those of your proxies before it reads a header.

Source
------
[X-Forwarded-For: security and privacy concerns](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#security_and_privacy_concerns),
[Cloudflare's headers](https://developers.cloudflare.com/fundamentals/reference/http-headers/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.client_claims import Believed, Subject, find_believers
from django_prodready.audit.facts.server_commands import unix_socket

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_OURS = "django_prodready.middleware.CloudflareRealIPMiddleware"
_SOCKET = "web: gunicorn --bind unix:/run/shop.sock shop.wsgi\n"
_MODULE = """
def real_ip(get_response):
    def middleware(request):
        claimed = request.headers.get("{header}")
        if claimed and {condition}:
            request.META["REMOTE_ADDR"] = claimed.split(",")[0]
        return get_response(request)
    return middleware
"""


def _case(header: str, *, condition: str = "True", **files: str) -> Case:
    module = _MODULE.format(header=header, condition=condition)
    return Case(settings={"MIDDLEWARE": ["shop_net.real_ip"]}, files={"shop_net.py": module, **files})


BAD = (
    _case("CF-Connecting-IP"),
    _case("X-Forwarded-For"),
    _case("X-Real-IP"),
    _case("CF-Connecting-IP", Procfile=_SOCKET),
)
GOOD = (
    Case(),
    Case(settings={"MIDDLEWARE": []}),
    Case(settings={"MIDDLEWARE": [_OURS]}),
    Case(settings={"MIDDLEWARE": [_OURS], "PRODREADY": {"CLOUDFLARE": True}}),
    _case("CF-Connecting-IP", condition='request.META["REMOTE_ADDR"].startswith("10.")'),
    _case("X-Real-IP", Procfile=_SOCKET),
)


@check(severity=Severity.CRITICAL, needs=(Need.SETTINGS, Need.FILES, Need.REQUESTS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each middleware that a forged header gets past."""
    if all(str(entry.path).startswith("django.") for entry in facts.middleware.entries):
        raise NotApplicable("MIDDLEWARE has Django's own classes alone, which read no such header")
    believers, untried = find_believers()
    if unix_socket(facts) is not None:  # nobody comes past the proxy, which overwrites the others
        believers = tuple(each for each in believers if each.is_passed_on)
    for entry in facts.middleware.entries:
        believed = [each for each in believers if each.middleware == entry.path]
        believers = tuple(each for each in believers if each not in believed)
        if believed:
            yield Finding(
                message=f"{entry.path} takes {_what(believed)}, whoever sends it: a client"
                " that is no proxy of the site forges it.",
                hint=f"Put '{_OURS}' in the place of '{entry.path}', or first in MIDDLEWARE if that does more"
                " than this; or have it compare the peer's address with those of your proxies before it reads"
                " a header.",
                subject=f"MIDDLEWARE[{entry.position}]",
                identity=entry.path,
                at=facts.origin("MIDDLEWARE", entry.position),
                severity=Severity.CRITICAL
                if any(each.is_passed_on for each in believed)
                else Severity.WARNING,
            )
    if untried is not None:
        raise untried


def _what(believed: list[Believed]) -> str:
    """Such as "REMOTE_ADDR from X-Real-IP and get_host() from X-Forwarded-Host"."""
    headers = {
        subject: ", ".join(each.header for each in believed if each.subject is subject) for subject in Subject
    }
    return " and ".join(f"{subject.value} from {names}" for subject, names in headers.items() if names)
