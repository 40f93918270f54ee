"""ALLOWED_HOSTS has an entry that can never match.

What it checks
--------------
Every entry of `ALLOWED_HOSTS` is compared with what Django compares it to: the host of the
request, lower-cased, without port. An entry with white space around it, a scheme, a port, a
path, an underscore, or a `*` anywhere but alone matches no request at all.

Why it matters
--------------
The site answers 400 to the very host that the entry was written for, and Django reports nothing,
neither at start nor in `check --deploy`. Splitting an environment variable at its commas is the
usual way to get there: `"a.example, b.example".split(",")` leaves the space in the second entry.

When it is wrong
----------------
It compares with Django's own matching, so an entry that it names never matches in Django. A
middleware of your own that validates hosts by other rules may still use the list.

How to fix
----------
Write bare host names: `example.org`, `.example.org` for the domain with all its subdomains, an
address such as `10.0.0.7` or `[::1]`. Strip what you split:
`[host.strip() for host in os.environ["ALLOWED_HOSTS"].split(",") if host.strip()]`.

Source
------
[ALLOWED_HOSTS](https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts)
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.http.request import split_domain_port

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.shared_suffixes import shared_suffix

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"ALLOWED_HOSTS": ["example.org", " www.example.org", "*.example.org"]}, expect=2),
    Case(
        settings={"ALLOWED_HOSTS": ["https://example.org", "example.org:8000", "example.org/", ""]}, expect=4
    ),
)
GOOD = (
    Case(settings={"ALLOWED_HOSTS": ["example.org", ".example.org", "EXAMPLE.net"]}),
    Case(settings={"ALLOWED_HOSTS": ["*"]}),
    Case(settings={"ALLOWED_HOSTS": ["127.0.0.1", "[::1]", "localhost", "my-service"]}),
    Case(settings={"ALLOWED_HOSTS": []}),
)

_NOT_ALONE = "* is a wildcard only when it stands alone"
_NO_HOST = (
    "no Host header that Django accepts looks like it",
    "Write a host name of letters, digits, - and dots.",
)


_NETWORK = (
    "it is a network, and Django compares single hosts",
    "Remove it; for probes, put 'django_prodready.middleware.HealthMiddleware' first in MIDDLEWARE.",
)


@check(severity=Severity.ERROR)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each entry that no Host header can match."""
    hosts: Sequence[object] = facts.settings.ALLOWED_HOSTS
    if not hosts:
        raise NotApplicable("ALLOWED_HOSTS is empty")
    for position, host in enumerate(hosts):
        if not isinstance(host, str):
            continue
        problem = _problem(host)
        if problem:
            reason, hint = problem
            yield Finding(
                message=f"ALLOWED_HOSTS entry {host!r} can never match a request: {reason}.",
                hint=hint,
                subject=f"ALLOWED_HOSTS[{position}]",
                identity=host,
                at=facts.origin("ALLOWED_HOSTS", position),
            )


def _problem(host: str) -> tuple[str, str] | None:
    """Why ``host`` matches nothing, and what to do instead; None when it can match."""
    if _can_match(host):
        return None
    bare = host.strip()
    if not bare:
        return "it is empty", "Remove it; a trailing comma in an environment variable leaves one."
    if "," in bare:
        return "it holds several hosts in one string", "Split the string at its commas."
    if _is_network(bare):
        return _NETWORK
    return _wildcard_of_many(bare) or _repaired(host, bare) or _NO_HOST


def _is_network(bare: str) -> bool:
    try:
        return "/" in bare and bool(ipaddress.ip_network(bare, strict=False))
    except ValueError:
        return False


def _in_punycode(host: str) -> str:
    """The name as a browser sends it, when it has letters beyond ASCII."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _wildcard_of_many(bare: str) -> tuple[str, str] | None:
    """The obvious repair, a leading dot, would accept hosts of strangers."""
    shared = shared_suffix(bare.removeprefix("*."))
    if shared is None or not bare.startswith("*."):
        return None
    own = f"Write the site's own host, as in 'myapp.{shared.domain}'"
    return _NOT_ALONE, f"{own}; '.{shared.domain}' would accept the hosts of {shared.others}."


def _repaired(host: str, bare: str) -> tuple[str, str] | None:
    for reason, better in _REPAIRS:
        repaired = better(bare)
        if repaired != bare and _can_match(repaired):
            return reason, f"Write {repaired!r}."
    if host != bare and _can_match(bare):
        return "it has white space around it", f"Write {bare!r}: strip the parts after splitting."
    return (_NOT_ALONE, "Name the hosts one by one.") if "*" in host else None


def _can_match(host: str) -> bool:
    """Whether some Host header gives, after Django took it apart, a domain that ``host`` equals or ends."""
    domain = host.lower().removeprefix(".")
    return host == "*" or (bool(domain) and split_domain_port(domain) == (domain, ""))


_REPAIRS = (
    ("it has a scheme", lambda host: host.partition("://")[2].partition("/")[0]),
    ("it has a path", lambda host: host.partition("/")[0]),
    (_NOT_ALONE, lambda host: host.removeprefix("*")),
    ("Django compares without the port", lambda host: re.sub(r":\d+$", "", host)),
    ("an IPv6 address stands in brackets", lambda host: f"[{host}]"),
    ("browsers send such a name in Punycode", _in_punycode),
    ("Django removes the trailing dot of the Host header first", lambda host: host.removesuffix(".")),
)
