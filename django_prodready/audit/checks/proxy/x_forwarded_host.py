"""Django takes the host from X-Forwarded-Host, which whoever sends the request can set.

What it checks
--------------
`USE_X_FORWARDED_HOST` is on, and one of these holds:

- `CloudflareRealIPMiddleware` is in place and Cloudflare, or the end of its tunnel, is all that
  `PRODREADY` trusts. Cloudflare hands `X-Forwarded-Host` on as the visitor sent it.
- It is not in place, the header reaches the views from a peer that is no proxy (measured in process), and
  no file of the repository shows a proxy that overwrites it.

Why it matters
--------------
Password reset links, redirects and cached pages carry the host that Django believes in. Most proxies set
`Host` and leave `X-Forwarded-Host` as it came: nginx, Cloudflare and Heroku's router do.

`ALLOWED_HOSTS` still limits what the header can do, to these hosts and any port of theirs. With hosts that
are named the finding is therefore a mere hint; with `*` nothing limits it.

When it is wrong
----------------
When a proxy that no file of the repository describes overwrites the header in every request, and nobody
can reach the application past it. Where `TRUSTED_PROXIES` or `TRUST_UNIX_SOCKET` names proxies of your own
for `CloudflareRealIPMiddleware`, the check takes their word.

How to fix
----------
Turn `USE_X_FORWARDED_HOST` off when the proxy passes `Host` on. Otherwise have the proxy overwrite the
header (`proxy_set_header X-Forwarded-Host $host;`), install
`django_prodready.middleware.CloudflareRealIPMiddleware` and name the proxy in
`PRODREADY["TRUSTED_PROXIES"]`: from everybody else the header is then removed.

Source
------
[USE_X_FORWARDED_HOST](https://docs.djangoproject.com/en/stable/ref/settings/#use-x-forwarded-host),
[headers that Cloudflare passes on](https://developers.cloudflare.com/fundamentals/reference/http-headers/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, NotRun, Severity, check
from django_prodready.audit.facts.allow_cidr import has_replaced_hosts
from django_prodready.audit.facts.client_headers import (
    STRANGER,
    names_own_proxies,
    overwriting_proxy,
    seen_by_views,
    trusts_anybody,
)
from django_prodready.audit.facts.onlookers import Onlookers
from django_prodready.audit.facts.own_middleware import host_validator
from django_prodready.middleware.installation import find_installation

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_OURS = {"MIDDLEWARE": ["django_prodready.middleware.CloudflareRealIPMiddleware"]}
_FAILED = 500
_ON = {"USE_X_FORWARDED_HOST": True}
_NGINX = "location / {{\n    proxy_set_header X-Forwarded-Host {value};\n    proxy_pass http://app;\n}}\n"

BAD = (
    Case(settings=_ON),
    Case(settings={**_ON, **_OURS, "PRODREADY": {"CLOUDFLARE": True}}),
    Case(settings=_ON, files={"nginx.conf": _NGINX.format(value="$http_x_forwarded_host")}),
)
GOOD = (
    Case(),
    Case(settings={**_ON, **_OURS}),
    Case(settings={**_ON, **_OURS, "PRODREADY": {"TRUSTED_PROXIES": ["10.0.0.2"]}}),
    Case(settings={**_ON, **_OURS, "PRODREADY": {"CLOUDFLARE": True, "TRUST_UNIX_SOCKET": True}}),
    Case(settings=_ON, files={"nginx.conf": _NGINX.format(value="$host")}),
    Case(settings=_ON, files={"Caddyfile": "www.example.org {\n    reverse_proxy app:8000\n}\n"}),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES, Need.REQUESTS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when a client's own X-Forwarded-Host is believed."""
    if not facts.settings.USE_X_FORWARDED_HOST:
        raise NotApplicable("USE_X_FORWARDED_HOST is off")
    who = _who_may_forge(facts)
    if who is None:
        return
    is_limited = _is_limited(facts)
    limit = (
        "one of the hosts that this site accepts, with any port"
        if is_limited
        else "any: ALLOWED_HOSTS accepts every host"
    )
    yield Finding(
        message=f"USE_X_FORWARDED_HOST is on, and {who}: a visitor chooses the host that Django builds links"
        f" and redirects with ({limit}).",
        hint="Set USE_X_FORWARDED_HOST = False if the proxy passes Host on; if it does not, have it overwrite"
        " X-Forwarded-Host, and name it in PRODREADY['TRUSTED_PROXIES'] for CloudflareRealIPMiddleware.",
        subject="USE_X_FORWARDED_HOST",
        at=facts.origin("USE_X_FORWARDED_HOST"),
        severity=Severity.INFO if is_limited else Severity.WARNING,
    )


def _who_may_forge(facts: Facts) -> str | None:
    """Say by which way a client's own header comes in; None when by none."""
    if find_installation().is_active:
        if names_own_proxies() or not trusts_anybody():
            return None
        return "Cloudflare, all that PRODREADY trusts, hands X-Forwarded-Host on as a visitor sends it"
    if overwriting_proxy(facts, "X-Forwarded-Host") or not _is_heard(facts):
        return None
    return "nothing is seen to overwrite X-Forwarded-Host or to remove it"


def _is_heard(facts: Facts) -> bool:
    """Whether Django believes a header that comes from no proxy. ALLOWED_HOSTS lets any port pass."""
    host = f"{facts.requests.trusted_host() or 'localhost'}:47113"
    headers = {"X-Forwarded-Host": host}
    seen = seen_by_views(facts, headers)
    if seen is not None:
        return seen.host in (host, None)
    sights, status = Onlookers().send(headers, peer=STRANGER, secure=True)
    # A middleware that looks the site up in the database fails here, where that is out of reach. What was
    # handed on as far as there is what Django believes.
    if status == _FAILED and sights:
        return sights[-1].host == host
    raise NotRun(
        "no request comes as far as a view: a middleware answers it, sends it elsewhere, or fails without its"
        " database"
    )


def _is_limited(facts: Facts) -> bool:
    if "*" not in list(facts.settings.ALLOWED_HOSTS or ()):
        return True
    return has_replaced_hosts(facts) or host_validator(facts) is not None
