"""The server believes everybody's forwarding headers, so the peer is forged before Django sees it.

What it checks
--------------
Procfiles, Dockerfiles, Compose files, manifests, systemd units, scripts, `gunicorn.conf.py`, files of
variables and the environment are searched for a `forwarded_allow_ips` of `*` (or `0.0.0.0/0`): as the option
`--forwarded-allow-ips` of gunicorn or uvicorn, as the variable `FORWARDED_ALLOW_IPS`, in `GUNICORN_CMD_ARGS`,
and in calls of `uvicorn.run`. What the servers do with it decides:

- uvicorn, and gunicorn with uvicorn's workers, put the **leftmost** address of `X-Forwarded-For` into
  `REMOTE_ADDR`, and the scheme of `X-Forwarded-Proto`. uvicorn reads these headers unless it is started with
  `--no-proxy-headers`. This is always reported.
- gunicorn's own workers never touch the peer. They take the scheme from `X-Forwarded-Proto` (and
  `SCRIPT_NAME` from a header of that name). That is about what `SECURE_PROXY_SSL_HEADER` does. It is reported
  only where `CloudflareRealIPMiddleware` is in `MIDDLEWARE`, which would otherwise keep the scheme from being
  forged.

Why it matters
--------------
Proxies append to `X-Forwarded-For`: its leftmost address is what the client wrote, behind any number of
proxies. Rate limits, address filters and logs then believe the client. No middleware can mend it: the address
that the connection came from is gone.

When it is wrong
----------------
When your proxy throws away the `X-Forwarded-For` that it receives, and nothing else reaches the server. A
value that is computed, such as `${FORWARDED_ALLOW_IPS:-*}`, is taken to be narrow; so are all variables once
one of them says something narrower than everybody.

How to fix
----------
Leave the peer alone, and let Django verify it: `uvicorn --no-proxy-headers` and
`django_prodready.middleware.CloudflareRealIPMiddleware` with `PRODREADY["TRUSTED_PROXIES"]`. Otherwise name
your proxies' addresses or networks in `--forwarded-allow-ips`.

Source
------
[uvicorn behind proxies](https://uvicorn.dev/deployment/proxies/),
[forwarded_allow_ips of gunicorn](https://docs.gunicorn.org/en/stable/settings.html#forwarded-allow-ips)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.forwarding import Credulity, find_credulity

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_OURS = "django_prodready.middleware.CloudflareRealIPMiddleware"
_UVICORN = "web: uvicorn shop.asgi:application {options}\n"
_GUNICORN = "web: gunicorn shop.{interface} {options}\n"
_WORKER = "-k uvicorn_worker.UvicornWorker --forwarded-allow-ips={addresses}"

BAD = (
    Case(files={"Procfile": _UVICORN.format(options="--forwarded-allow-ips '*'")}),
    Case(files={"Procfile": _GUNICORN.format(interface="asgi", options=_WORKER.format(addresses="*"))}),
    Case(files={"Procfile": _UVICORN.format(options=""), ".env": "FORWARDED_ALLOW_IPS=*\n"}),
    Case(
        settings={"MIDDLEWARE": [_OURS]},
        files={"gunicorn.conf.py": 'forwarded_allow_ips = "*"\n'},
    ),
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
    Case(files={"docs/Procfile": _UVICORN.format(options="--forwarded-allow-ips '*'")}),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each place that has a server believe everybody."""
    guards_scheme = facts.middleware.find(_OURS) is not None
    for credulity in find_credulity(facts):
        if credulity.is_peer_forged or guards_scheme:
            yield Finding(
                message=f"{credulity.setting} is {credulity.value} in {credulity.place}:"
                f" {_effect(credulity)}.",
                hint=_hint(credulity),
                subject=credulity.setting,
                identity=f"{credulity.setting} {credulity.place}",
                at=credulity.at,
            )


def _effect(credulity: Credulity) -> str:
    if not credulity.is_peer_forged:
        return (
            "gunicorn takes the scheme from anybody's X-Forwarded-Proto, before CloudflareRealIPMiddleware"
            " can tell"
        )
    server = "uvicorn" if credulity.program == "uvicorn" else "uvicorn's worker in gunicorn"
    return f"{server} puts into REMOTE_ADDR what anybody writes at the left of X-Forwarded-For"


def _hint(credulity: Credulity) -> str:
    if not credulity.is_peer_forged:
        return f"Remove {credulity.setting} and set SECURE_PROXY_SSL_HEADER, which the middleware verifies."
    if credulity.program == "uvicorn":
        return f"Start uvicorn with --no-proxy-headers, or name your proxies in {credulity.setting}."
    return f"Name your proxies' addresses in {credulity.setting}."
