"""A health path takes its secret from the query string.

What it checks
--------------
Views of the project that are named for health, readiness or monitoring must not read a secret, token or
key from `request.GET`, and no probe, script or manifest of the repository may ask a health path with one.

Why it matters
--------------
Query strings are written to the access log of every proxy on the way, to the history of the monitor and
to error reports. Whoever reads a log has the secret.

When it is wrong
----------------
When the parameter is no secret. A view that no URL pattern is seen to use is a piece of information.

How to fix
----------
Send the secret in a header, `Authorization: Bearer …`, and compare it with
`django.utils.crypto.constant_time_compare`. `django_prodready` does both for
`PRODREADY["HEALTH_TOKENS"]`, and never reads the query string for them.

Source
------
[OWASP: secrets in query strings](https://owasp.org/www-community/vulnerabilities/Information_exposure_through_query_strings_in_url)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.query_secrets import asked_with_secret, views_with_secret

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_VIEW = """
def monitored_health_check(request):
    if {read} != "":
        return None
"""
_URLS = "from site_views import monitored_health_check\nurlpatterns = [path('h/', monitored_health_check)]\n"
_COMPOSE = """
services:
  web:
    healthcheck:
      test: curl -f http://localhost:8000/health/{query}
"""

BAD = (
    Case(files={"site_views.py": _VIEW.format(read='request.GET.get("secret")'), "site_urls.py": _URLS}),
    Case(files={"compose.yml": _COMPOSE.format(query="?token=abcdefgh")}),
)
GOOD = (
    Case(),
    Case(files={"site_views.py": _VIEW.format(read='request.GET.get("format")'), "site_urls.py": _URLS}),
    Case(files={"site_views.py": _VIEW.format(read='request.headers.get("X-Token")'), "site_urls.py": _URLS}),
    Case(files={"compose.yml": _COMPOSE.format(query="?probe=database")}),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each view and each file that puts a secret into a health path's query."""
    for view in views_with_secret(facts):
        yield Finding(
            message=f"{view.name}() reads {view.parameter!r} from the query string, which access logs keep.",
            hint=f"Read the secret of {view.name}() from a header such as Authorization.",
            subject=view.name,
            at=view.at,
            severity=Severity.WARNING if view.is_used else Severity.INFO,
        )
    for asked in asked_with_secret(facts):
        yield Finding(
            message=f"{asked.at.file} asks {asked.name} with {asked.parameter!r} in the query string, which"
            " access logs keep.",
            hint="Send the secret in a header such as Authorization.",
            subject=asked.name,
            identity=f"{asked.at.file} {asked.name} {asked.parameter}",
            at=asked.at,
        )
