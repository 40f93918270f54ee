"""The health path answers 200 while it says that it is unhealthy.

What it checks
--------------
The views behind the project's health paths are run in process, with database, cache and network out of
reach. An answer with status 200 must not say "unhealthy", "error", `false` or the like of the whole.

Why it matters
--------------
Probes, load balancers and Docker read the status code and nothing else. A page that says "unhealthy"
with status 200 keeps a process in service that cannot serve.

When it is wrong
----------------
When all who ask read the body, such as a monitor that looks for a word. An answer that calls the whole
healthy and lists a component as down is left alone: not every component is critical. So is any answer
of which it cannot be told what it says.

How to fix
----------
Answer with status 503 when the process cannot serve:
`JsonResponse(body, status=200 if healthy else 503)`.

Source
------
[HTTP probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#http-probes),
[503 Service Unavailable](https://www.rfc-editor.org/rfc/rfc9110#name-503-service-unavailable)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.health_bodies import complaint

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_URLS = """
from django.db import connection
from django.http import JsonResponse
from django.urls import path

def health(request):
    try:
        connection.ensure_connection()
        status = "healthy"
    except Exception:
        status = "unhealthy"
    return JsonResponse({{"status": status}}{code})

urlpatterns = [path("health/", health)]
"""
_SITE = {"ROOT_URLCONF": "probed_urls"}

BAD = (Case(settings=_SITE, files={"probed_urls.py": _URLS.format(code="")}),)
GOOD = (
    Case(),
    Case(
        settings=_SITE,
        files={"probed_urls.py": _URLS.format(code=', status=200 if status == "healthy" else 503')},
    ),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES, Need.REQUESTS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each health path whose failure is a success by its status."""
    for outage in facts.health_views.outages():
        if not (outage.needs and outage.tells and outage.answer.status == 200):
            continue
        said = complaint(outage.answer)
        if said:
            needs = " and ".join(outage.needs)
            yield Finding(
                message=f"{outage.path} answers 200 with {said} when {needs} cannot be reached: no probe sees"
                " that.",
                hint=f"Answer {outage.path} with status 503 when it is not healthy.",
                subject=outage.path,
                at=outage.at,
            )
