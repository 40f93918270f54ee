"""Nothing answers the platform's question whether the process is alive.

What it checks
--------------
The project has a path for liveness: one of the usual ones (`/health/`, `/healthz`, `/livez`, `/ping/` and
the like) in its URLconf, answered by its middleware, or by `django_prodready`. A pattern of any other
name that speaks of health counts as well, and so does any page that a probe in the repository asks.

Why it matters
--------------
Without one the platform sees an open port and calls it well: a release that answers every request with
500 replaces the one that worked, and a process that is stuck stays in service.

When it is wrong
----------------
Where nobody probes, as on Heroku and PythonAnywhere, the check does not apply once the platform is
declared: `PRODREADY = {"FACTS": {"platform": "heroku"}}`. It does not apply to a project that serves no
HTTP. Files that start the server without a container make it a warning.

How to fix
----------
Put `django_prodready.middleware.HealthMiddleware` first in `MIDDLEWARE`: it answers `/health/`,
`/ready/` and `/startup/`. Then point the platform's probe at `/health/`.

Source
------
[Liveness, readiness, startup](https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/),
[HEALTHCHECK](https://docs.docker.com/reference/dockerfile/#healthcheck)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.health_paths import is_readiness
from django_prodready.audit.facts.own_health import HEALTH_MIDDLEWARE
from django_prodready.audit.facts.served import (
    other_health_route,
    probed_page,
    why_not_probed,
    without_container,
)
from django_prodready.conf import get_config

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_URLS = """
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path(text, lambda request: HttpResponse("ok")) for text in {paths}]
"""


def _site(*paths: str, **settings: object) -> Case:
    values = {"WSGI_APPLICATION": "shop.wsgi.application", "ROOT_URLCONF": "shop_urls", **settings}
    return Case(settings=values, files={"shop_urls.py": _URLS.format(paths=list(paths))})


BAD = (_site(""), _site("", "ready/"))
GOOD = (
    Case(),
    _site("health/"),
    _site("internal/v2/healthcheck-of-shop/"),
    _site("", MIDDLEWARE=[HEALTH_MIDDLEWARE]),
    _site("", PRODREADY={"FACTS": {"platform": "heroku"}}),
)


@check(
    severity=Severity.ERROR,
    needs=(Need.SETTINGS, Need.SOURCE, Need.FILES, Need.REQUESTS),
    requires=("middleware.import-error",),
)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when no liveness path is answered."""
    reason = why_not_probed(facts)
    if reason is not None:
        raise NotApplicable(reason)
    if any(not is_readiness(path) for path in facts.health_paths):
        return
    if other_health_route(facts) or probed_page(facts):
        return
    yield Finding(
        message="No path of this site answers whether the process is alive.",
        hint=_hint(facts),
        subject="ROOT_URLCONF",
        at=facts.origin("ROOT_URLCONF"),
        severity=Severity.WARNING if without_container(facts) else Severity.ERROR,
    )


def _hint(facts: Facts) -> str:
    path = get_config().health_path
    if facts.middleware.find(HEALTH_MIDDLEWARE) is not None and path is None:
        return "Set PRODREADY['HEALTH_PATH'] to 'health/'."
    return f"Put '{HEALTH_MIDDLEWARE}' first in MIDDLEWARE: it answers /{path or 'health/'}."
