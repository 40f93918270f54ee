"""The server believes everybody's forwarding headers, so the peer is forged before Django sees it.

What it checks
--------------
Procfiles, Dockerfiles, Compose files, manifests, systemd units, scripts, `gunicorn.conf.py`, files of
variables and the environment are searched for a `forwarded_allow_ips` of `*` (or `0.0.0.0/0`): as the option
`--forwarded-allow-ips` of gunicorn or uvicorn, as the variable `FORWARDED_ALLOW_IPS`, in `GUNICORN_CMD_ARGS`,
and in calls of `uvicorn.run`. What the servers do with it decides:

- uvicorn, and gunicorn with uvicorn's workers, put the **leftmost** address of `X-Forwarded-For` into
  `REMOTE_ADDR`, and the scheme of `X-Forwarded-Proto`. uvicorn reads these headers unless it is started with
  `--no-proxy-headers`. This is always reported, as an error. It is a warning while
  `CloudflareRealIPMiddleware` is not in use and the proxy overwrites `X-Forwarded-For`, as the files show or
  `PRODREADY["FACTS"]["platform"]` declares (Traefik, Caddy, ingress-nginx, nginx that sets it): then only
  whoever comes past the proxy can forge the address. With the middleware it stays an error, because the peer
  that it would verify is lost. It is a warning, too, where the variable is in the environment of the audit,
  no file starts a server, and the project requires this one.
- gunicorn's own workers never touch the peer. They take the scheme from `X-Forwarded-Proto` (and
  `SCRIPT_NAME` from a header of that name). That is about what `SECURE_PROXY_SSL_HEADER` does. It is reported
  only where `CloudflareRealIPMiddleware` is in `MIDDLEWARE`, which would otherwise keep the scheme from being
  forged.

Two servers merge a client's `X_Forwarded_For`, which proxies hand on, with the proxy's `X-Forwarded-For`
under WSGI:

- gunicorn joins them where `header_map` is `dangerous`: an error where the middleware is in use, or
  `PRODREADY` names whom to believe, else a warning.
- granian with `--interface wsgi` keeps the last of them: a warning where the middleware is in use, or
  `PRODREADY` names whom to believe, and no nginx is seen, which drops such headers.

Why it matters
--------------
Proxies append to `X-Forwarded-For`: its leftmost address is what the client wrote, behind any number of
proxies. Rate limits, address filters and logs then believe the client. No middleware can mend it: the address
that the connection came from is gone. Nor can one tell what of a merged header the proxy wrote.

When it is wrong
----------------
When your proxy throws away the `X-Forwarded-For` that it receives, and nothing else reaches the server; or
drops headers with underscores, as nginx does unless `underscores_in_headers` is on. A value that is computed,
such as `${FORWARDED_ALLOW_IPS:-*}`, is taken to be narrow; so are all variables once one of them says
something narrower than everybody. What a Compose file says to another service than the server's does not
count.

How to fix
----------
Leave the peer alone, and let Django verify it: `uvicorn --no-proxy-headers` and
`django_prodready.middleware.CloudflareRealIPMiddleware` with `PRODREADY["TRUSTED_PROXIES"]`. Otherwise name
your proxies' addresses or networks in `--forwarded-allow-ips`. On a unix socket the peer has no address that
could be named: there it is `--no-proxy-headers`, the middleware and `PRODREADY["TRUST_UNIX_SOCKET"]`.

Leave `header_map` at its default, `drop`. Start granian with `--interface asgi`, or have the proxy drop
headers with underscores.

Source
------
[uvicorn behind proxies](https://uvicorn.dev/deployment/proxies/),
[forwarded_allow_ips of gunicorn](https://docs.gunicorn.org/en/stable/settings.html#forwarded-allow-ips),
[header_map of gunicorn](https://docs.gunicorn.org/en/stable/settings.html#header-map),
[granian](https://github.com/emmett-framework/granian)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.client_headers import overwriting_proxy, trusts_anybody
from django_prodready.audit.facts.forwarding import Credulity, find_credulity
from django_prodready.audit.facts.merged_headers import Merger, drops_underscores, find_mergers
from django_prodready.middleware.installation import find_installation

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_OURS = "django_prodready.middleware.CloudflareRealIPMiddleware"
_UVICORN = "web: uvicorn shop.asgi:application {options}\n"
_GUNICORN = "web: gunicorn shop.{interface} {options}\n"
_GRANIAN = {"Procfile": "web: granian --interface wsgi shop.wsgi:application\n"}
_WORKER = "-k uvicorn_worker.UvicornWorker --forwarded-allow-ips={addresses}"

BAD = (
    Case(files={"Procfile": _UVICORN.format(options="--forwarded-allow-ips '*'")}),
    Case(files={"Procfile": _GUNICORN.format(interface="asgi", options=_WORKER.format(addresses="*"))}),
    Case(files={"Procfile": _UVICORN.format(options=""), ".env": "FORWARDED_ALLOW_IPS=*\n"}),
    Case(
        settings={"MIDDLEWARE": [_OURS]},
        files={"gunicorn.conf.py": 'forwarded_allow_ips = "*"\n'},
    ),
    Case(files={"requirements.txt": "uvicorn\n"}, environ={"FORWARDED_ALLOW_IPS": "*"}),
    Case(files={"gunicorn.conf.py": 'header_map = "dangerous"\n'}),
    Case(settings={"MIDDLEWARE": [_OURS]}, files=_GRANIAN),
)
GOOD = (
    Case(),
    Case(files={"Procfile": _UVICORN.format(options="")}),
    Case(files={"Procfile": _UVICORN.format(options="--forwarded-allow-ips '*' --no-proxy-headers")}),
    Case(files={"Procfile": _UVICORN.format(options="--forwarded-allow-ips 10.0.0.0/8")}),
    Case(
        files={"Procfile": _GUNICORN.format(interface="asgi", options=_WORKER.format(addresses="10.0.0.7"))}
    ),
    Case(files={"gunicorn.conf.py": 'forwarded_allow_ips = "*"\n'}),
    Case(files={"requirements.txt": "hypercorn\n"}, environ={"FORWARDED_ALLOW_IPS": "*"}),
    Case(files={"gunicorn.conf.py": 'header_map = "drop"\n'}),
    Case(files=_GRANIAN),
    Case(files={"docs/Procfile": _UVICORN.format(options="--forwarded-allow-ips '*'")}),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each place that has a server believe everybody, or merge headers."""
    is_ours = find_installation().is_active
    overwriter = overwriting_proxy(facts, "X-Forwarded-For")
    for credulity in find_credulity(facts):
        if credulity.is_peer_forged or is_ours:
            yield _believes(credulity, overwriter, is_ours=is_ours)
    is_peer_asked = is_ours or trusts_anybody()
    for merger in find_mergers(facts):
        if merger.program == "gunicorn":
            yield _joins(merger, Severity.ERROR if is_peer_asked else Severity.WARNING)
        elif is_peer_asked and not drops_underscores(facts):
            yield _keeps_last(merger)


def _believes(credulity: Credulity, overwriter: str | None, *, is_ours: bool) -> Finding:
    is_limited = credulity.is_peer_forged and overwriter is not None
    is_mild = not credulity.is_certain or (is_limited and not is_ours)
    return Finding(
        message=f"{credulity.setting} is {credulity.value} in {credulity.place}:"
        f" {_effect(credulity)}{_limits(credulity, overwriter, is_ours=is_ours)}.",
        hint=_hint(credulity),
        subject=credulity.setting,
        identity=f"{credulity.setting} {credulity.place}",
        at=credulity.at,
        severity=Severity.WARNING if is_mild else Severity.ERROR,
    )


def _effect(credulity: Credulity) -> str:
    if not credulity.is_peer_forged:
        return (
            "gunicorn takes the scheme from anybody's X-Forwarded-Proto, before CloudflareRealIPMiddleware"
            " can tell"
        )
    server = "uvicorn" if credulity.program == "uvicorn" else "uvicorn's worker in gunicorn"
    return f"{server} puts into REMOTE_ADDR what anybody writes at the left of X-Forwarded-For"


def _limits(credulity: Credulity, overwriter: str | None, *, is_ours: bool) -> str:
    """What keeps it from being as bad, and what does not."""
    limits = ""
    if not credulity.is_certain:
        limits = f". No file starts a server, but the project requires {credulity.program}"
    if not credulity.is_peer_forged or overwriter is None:
        return limits
    if is_ours:
        so = "but CloudflareRealIPMiddleware no longer sees the peer that it would verify"
    else:
        so = "so only whoever reaches the server past it can do that"
    return f"{limits}. The proxy overwrites that header ({overwriter}), {so}"


def _hint(credulity: Credulity) -> str:
    if not credulity.is_peer_forged:
        return f"Remove {credulity.setting} and set SECURE_PROXY_SSL_HEADER, which the middleware verifies."
    if credulity.is_on_socket:
        return _hint_on_socket(credulity)
    if credulity.program == "uvicorn":
        return f"Start uvicorn with --no-proxy-headers, or name your proxies in {credulity.setting}."
    return f"Name your proxies' addresses in {credulity.setting}."


def _hint_on_socket(credulity: Credulity) -> str:
    """What to do where the peer has no address, so that none can be named."""
    is_uvicorn = credulity.program == "uvicorn"
    off = "Start uvicorn with --no-proxy-headers" if is_uvicorn else f"Remove {credulity.setting}"
    return (
        f"{off}, install {_OURS} and set PRODREADY['TRUST_UNIX_SOCKET'] = True: on a unix socket the peer has"
        f" no address that {credulity.setting} could name."
    )


def _joins(merger: Merger, severity: Severity) -> Finding:
    return Finding(
        message=f"{merger.setting} is dangerous in {merger.place}: gunicorn joins the X_Forwarded_For that a"
        " client writes with the proxy's X-Forwarded-For, and nothing inside Django can tell them apart.",
        hint=f"Remove {merger.setting}: by its default, drop, gunicorn ignores headers with underscores.",
        subject=merger.setting,
        identity=f"{merger.setting} {merger.place}",
        at=merger.at,
        severity=severity,
    )


def _keeps_last(merger: Merger) -> Finding:
    return Finding(
        message=f"{merger.setting} is wsgi in {merger.place}: granian keeps the last of a client's"
        " X_Forwarded_For and the proxy's X-Forwarded-For, and nothing inside Django can tell which it is.",
        hint="Serve ASGI with it (--interface asgi), where Django drops headers with underscores; or have the"
        " proxy drop them, as nginx does by its default.",
        subject=merger.setting,
        identity=f"{merger.setting} {merger.place}",
        at=merger.at,
        severity=Severity.WARNING,
    )
