"""Connections to the database are kept for threads that ASGI does not come back to.

What it checks
--------------
Each entry of `DATABASES` on a server with `CONN_MAX_AGE` other than 0 and no pool, where the deployment
files start ASGI servers and nothing else: uvicorn, daphne, hypercorn, granian, or gunicorn with a worker
for ASGI. It does not apply when a WSGI server is started as well, or no server at all is seen.

Why it matters
--------------
Under ASGI Django runs the synchronous part of each request in a thread of its own. A connection that is
kept belongs to a thread that has ended: no request uses it again, and it stays open until it is
collected. Under load they add up to "too many clients already".

When it is wrong
----------------
When another process than the site's is what the setting is for, such as Celery's workers with the same
settings.

How to fix
----------
`DATABASES["default"]["CONN_MAX_AGE"] = 0`, and to save the time for connecting a pool:
`DATABASES["default"]["OPTIONS"]["pool"] = True` with `pip install "psycopg[binary,pool]"`, or PgBouncer.

Source
------
[Persistent connections, caveats](https://docs.djangoproject.com/en/stable/ref/databases/#caveats),
[async support and connections](https://docs.djangoproject.com/en/stable/topics/async/#async-safety)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.database import database_name, find_servers, has_pool, max_age_s
from django_prodready.audit.facts.database_asgi import seen_asgi_server

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts


def _postgres(**more: object) -> dict[str, object]:
    return {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "HOST": "db", **more}}


_UVICORN = {"Procfile": "web: uvicorn shop.asgi:application --port $PORT\n"}
_KEPT = {"DATABASES": _postgres(CONN_MAX_AGE=600)}

BAD = (
    Case(settings=_KEPT, files=_UVICORN),
    Case(settings=_KEPT, files={"Procfile": "web: gunicorn shop.asgi -k uvicorn_worker.UvicornWorker\n"}),
)
GOOD = (
    Case(settings=_KEPT),
    Case(settings=_KEPT, files={"Procfile": "web: gunicorn shop.wsgi\n"}),
    Case(
        settings=_KEPT, files={"Procfile": "web: gunicorn shop.wsgi\nsocket: daphne shop.asgi:application\n"}
    ),
    Case(settings={"DATABASES": _postgres()}, files=_UVICORN),
    Case(settings={"DATABASES": _postgres(OPTIONS={"pool": True})}, files=_UVICORN),
)

_POOLS = {
    "PostgreSQL": ", and keep connections in OPTIONS['pool'] or PgBouncer",
    "Oracle": ", and keep connections in OPTIONS['pool']",
}


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each connection that is kept for nobody."""
    kept = [
        server
        for server in find_servers(facts)
        if database_name(server.entry) is not None and not has_pool(server.entry) and max_age_s(server.entry)
    ]
    if not kept:
        raise NotApplicable("no connection to a database server is kept for the next request")
    asgi = seen_asgi_server(facts)
    if asgi is None:
        raise NotApplicable("no file is seen to serve the site by ASGI servers alone")
    for server in kept:
        yield Finding(
            message=f"The connection {server.alias!r} is kept (CONN_MAX_AGE = {server.entry['CONN_MAX_AGE']})"
            f" for threads that end with their request under ASGI ({asgi}): such connections pile up.",
            hint=f"Set {server.setting}['CONN_MAX_AGE'] to 0{_POOLS.get(server.name, '')}.",
            subject=f"{server.setting}['CONN_MAX_AGE']",
            at=server.origin("CONN_MAX_AGE"),
        )
