"""The health path asks probes to log in.

What it checks
--------------
Every health path of the project's own is asked in process without credentials, as kubelet, Docker and
load balancers ask, view included. 401, 403 and a redirect to a login page are refusals. Where
`PRODREADY["HEALTH_TOKENS"]` guards our `/ready/`, a probe in the repository that asks it must send a token.

Why it matters
--------------
A probe that gets 401 or 403 has failed, and the platform restarts the process or sends it no traffic. A
redirect to the login page is worse: Docker's `curl -f` takes it for success, whatever became of the site.

When it is wrong
----------------
When the platform sends credentials that no file of the repository shows. A path that nobody is known to
ask, beside another that is open, is a piece of information: details are rightly guarded. One that lets
in some addresses, and probes from private ones with them, is left alone.

How to fix
----------
Exempt the path from the login: `login_not_required`, `permission_classes = []`, or
`django_prodready.middleware.HealthMiddleware` first in `MIDDLEWARE`. A token of ours goes into the
probe's header: `Authorization: Bearer …`.

Source
------
[LoginRequiredMiddleware](https://docs.djangoproject.com/en/stable/ref/middleware/#django.contrib.auth.middleware.LoginRequiredMiddleware),
[HTTP headers of probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#http-probes)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.asked_paths import probes_of
from django_prodready.audit.facts.own_health import HEALTH_MIDDLEWARE
from django_prodready.audit.facts.refusals import refusal

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_URLS = """
from django.http import HttpResponse
from django.urls import path

def health(request):
    if {condition}:
        return HttpResponse(status=401)
    return HttpResponse("ok")

urlpatterns = [path("health/", health)]
"""
_SITE = {"ROOT_URLCONF": "probed_urls"}
_GUARDED = {"MIDDLEWARE": [HEALTH_MIDDLEWARE], "PRODREADY": {"HEALTH_TOKENS": ["correct-horse-battery"]}}
_PROBE = "readinessProbe:\n  httpGet:\n    path: /ready/\n    port: 8000\n"
_HEADER = "    httpHeaders:\n      - name: Authorization\n        value: Bearer $(TOKEN)\n"

BAD = (
    Case(
        settings=_SITE, files={"probed_urls.py": _URLS.format(condition="not request.user.is_authenticated")}
    ),
    Case(settings=_GUARDED, files={"deploy/web.yaml": _PROBE}),
)
GOOD = (
    Case(),
    Case(settings=_SITE, files={"probed_urls.py": _URLS.format(condition="request.user.is_authenticated")}),
    Case(settings=_GUARDED),
    Case(settings=_GUARDED, files={"deploy/web.yaml": _PROBE + _HEADER}),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES, Need.REQUESTS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each health path that probes without credentials are kept from."""
    if not facts.health_paths:
        raise NotApplicable("the project has no health path that is known")
    yield from _own(facts)
    if facts.health_views.paths:
        yield from _foreign(facts)


def _own(facts: Facts) -> Iterator[Finding]:
    """Our endpoints ask for a token where one is configured: whoever asks them has to send it."""
    for own in facts.own_health:
        without = [probe for probe in probes_of(facts, own.path) if not probe.has_credentials]
        if own.is_guarded and without:
            yield Finding(
                message=f"{own.path} asks for one of PRODREADY['HEALTH_TOKENS'], and the"
                f" {without[0].kind.value} in {without[0].at.file} sends none: it gets 401.",
                hint="Have the probe send the header 'Authorization: Bearer' with the token.",
                subject=own.path,
                at=without[0].at,
            )


def _foreign(facts: Facts) -> Iterator[Finding]:
    outages = facts.health_views.outages()
    refusals = {outage.path: refusal(facts, outage) for outage in outages}
    is_another_open = any(not refusals.get(path) for path in facts.health_paths)
    for outage in outages:
        answered = refusals[outage.path]
        probes = probes_of(facts, outage.path)
        if answered and not any(probe.has_credentials for probe in probes):
            yield Finding(
                message=f"A probe of {outage.path} without credentials gets {answered}: it never sees the"
                " health of the process.",
                hint=f"Let {outage.path} answer without a login.",
                subject=outage.path,
                at=outage.at or facts.origin("MIDDLEWARE"),
                severity=Severity.INFO if is_another_open and not probes else Severity.ERROR,
            )
