"""Nothing answers the platform's question whether the process may have traffic.

What it checks
--------------
The project has a path for readiness: `/ready/`, `/readyz`, `/readiness/` or another one that says so, in
its URLconf, answered by its middleware, or by `django_prodready`. One combined health path that asks the
project's dependencies counts as well, and so does the page that a readiness probe in the repository asks.

Why it matters
--------------
A process that is alive and cannot reach its database answers every request with 500. Only readiness
tells the load balancer to leave it out until it can, without a restart; and during a release, to wait.

When it is wrong
----------------
Where nobody probes, or where the site has neither a database nor a cache on a server, the check does not
apply. Files that start the server without a container make it a piece of information.

How to fix
----------
Put `django_prodready.middleware.HealthMiddleware` first in `MIDDLEWARE`: it answers `/ready/` from the
databases and caches that it finds in the settings. Then point the readiness probe at it.

Source
------
[Readiness probes](https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, NotRun, Severity, check
from django_prodready.audit.facts.health_paths import is_readiness
from django_prodready.audit.facts.own_health import HEALTH_MIDDLEWARE
from django_prodready.audit.facts.served import (
    has_dependencies,
    other_readiness_route,
    probed_for_readiness,
    why_not_probed,
    without_container,
)
from django_prodready.conf import get_config

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_URLS = """
from django.db import connection
from django.http import HttpResponse
from django.urls import path

def well(request):
    return HttpResponse("ok")

def combined(request):
    connection.ensure_connection()
    return HttpResponse("ok")

urlpatterns = [path("{path}", {view})]
"""


def _site(path: str, view: str = "well", **settings: object) -> Case:
    values = {"WSGI_APPLICATION": "shop.wsgi.application", "ROOT_URLCONF": "shop_urls", **settings}
    return Case(settings=values, files={"shop_urls.py": _URLS.format(path=path, view=view)})


BAD = (_site("health/"), _site(""))
GOOD = (
    Case(),
    _site("readyz"),
    _site("health/", "combined"),
    _site("", MIDDLEWARE=[HEALTH_MIDDLEWARE]),
    _site("health/", DATABASES={}),
    _site("health/", PRODREADY={"FACTS": {"platform": "heroku"}}),
)


@check(
    severity=Severity.WARNING,
    needs=(Need.SETTINGS, Need.SOURCE, Need.FILES, Need.REQUESTS),
    requires=("middleware.import-error",),
)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when no readiness path is answered."""
    reason = why_not_probed(facts)
    if reason is not None:
        raise NotApplicable(reason)
    if not has_dependencies(facts):
        raise NotApplicable("the site has no database and no cache on a server")
    if any(is_readiness(path) for path in facts.health_paths):
        return
    if other_readiness_route(facts) or probed_for_readiness(facts) or _is_combined(facts):
        return
    yield Finding(
        message="No path of this site answers whether the process may have traffic: alive is not ready.",
        hint=_hint(facts),
        subject="ROOT_URLCONF",
        at=facts.origin("ROOT_URLCONF"),
        severity=Severity.INFO if without_container(facts) else Severity.WARNING,
    )


def _is_combined(facts: Facts) -> bool:
    """Whether a health path of the project's own asks for what the site depends on.

    Raises :class:`NotRun` where middleware is in the way of the view, and the view has no text.
    """
    if not facts.health_views.paths:
        return False
    outages = facts.health_views.outages()
    if any(outage.needs for outage in outages):
        return True
    unknown = [each for each in outages if each.answer.blocked and not facts.health_views.text(each.path)]
    if unknown:
        raise NotRun(f"{unknown[0].path} needed {' and '.join(unknown[0].answer.blocked)} before its view")
    return False


def _hint(facts: Facts) -> str:
    path = get_config().ready_path
    if facts.middleware.find(HEALTH_MIDDLEWARE) is not None and path is None:
        return "Set PRODREADY['READY_PATH'] to 'ready/'."
    return f"Put '{HEALTH_MIDDLEWARE}' first in MIDDLEWARE: it answers /{path or 'ready/'}."
