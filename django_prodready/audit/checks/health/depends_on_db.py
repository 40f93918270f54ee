"""The liveness path asks the database, the cache or the network.

What it checks
--------------
The views behind the project's health paths are run in process, with database, cache and network out of
reach. One that a liveness probe asks, or that is there for liveness, must not have tried any of them.
Trying counts, even where the view catches the error: a database that hangs raises none.

Why it matters
--------------
A platform restarts what fails its liveness probe. When the database is away for half a minute, every
container restarts at once, none of which mends the database, and all of which then connect again
together. Readiness is where dependencies belong: it takes traffic away and restarts nothing.

When it is wrong
----------------
Readiness paths may and should ask. So may one combined path that no liveness probe is known to ask:
that is a piece of information. Middleware that needs the database is not counted.

How to fix
----------
Let the liveness path answer from the process alone, and put the questions behind a readiness path.
`django_prodready.middleware.HealthMiddleware` answers both, `/health/` and `/ready/`.

Source
------
[Liveness, readiness, startup](https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.asked_paths import liveness_evidence

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.health_views import Outage

_URLS = """
from django.db import connection
from django.http import HttpResponse
from django.urls import path

def well(request):
    return HttpResponse("ok")

def asks(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok")

urlpatterns = [{routes}]
"""
_SITE = {"ROOT_URLCONF": "probed_urls"}
_LIVENESS = """
livenessProbe:
  httpGet:
    path: /health/
    port: 8000
"""


def _files(routes: str, **more: str) -> dict[str, str]:
    return {"probed_urls.py": _URLS.format(routes=routes), **more}


BAD = (
    Case(settings=_SITE, files=_files('path("livez", asks)')),
    Case(settings=_SITE, files=_files('path("health/", asks), path("ready/", asks)')),
    Case(settings=_SITE, files={**_files('path("health/", asks)'), "deploy/web.yaml": _LIVENESS}),
)
GOOD = (
    Case(),
    Case(settings=_SITE, files=_files('path("health/", well), path("ready/", asks)')),
    Case(settings=_SITE, files={**_files('path("health/", well)'), "deploy/web.yaml": _LIVENESS}),
    Case(settings=_SITE, files=_files('path("readyz", asks)')),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES, Need.REQUESTS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each liveness path whose view asks for something outside the process."""
    for outage in facts.health_views.outages():
        evidence = liveness_evidence(facts, outage.path) if outage.needs else None
        if evidence is not None:
            yield _finding(outage, evidence)


def _finding(outage: Outage, evidence: str) -> Finding:
    path, needs = outage.path, " and ".join(outage.needs)
    if not evidence:
        return Finding(
            message=f"The view of {path} asks for {needs}: as a liveness probe it would restart sound"
            " processes.",
            hint=f"Keep {path} for readiness, and point a liveness probe at a path that asks for nothing.",
            subject=path,
            at=outage.at,
            severity=Severity.INFO,
        )
    why = f"{evidence} {path}" if evidence.endswith(" asks") else f"{path} {evidence}"
    return Finding(
        message=f"The view of {path} asks for {needs}, and {why}: an outage there restarts sound processes.",
        hint=f"Let {path} answer without asking for anything, and move what it asks to a readiness path.",
        subject=path,
        at=outage.at,
    )
