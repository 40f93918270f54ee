"""The health path shows the text of the errors that it meets.

What it checks
--------------
The views behind the project's health paths are run in process, unauthenticated, with database, cache
and network out of reach. The text of the error that the view gets must not be in its answer.

Why it matters
--------------
A driver's error names host, port, user and database, some the whole address with its password; a stack
trace adds file paths and code. A health path is open to everybody, as probes log in nowhere, and an
outage is when it talks.

When it is wrong
----------------
When the path cannot be reached from outside. Django's own error page under `DEBUG` is not counted.

How to fix
----------
Answer with a fixed word or a boolean for each component, and log the exception instead.

Source
------
[OWASP: improper error handling](https://owasp.org/www-community/Improper_Error_Handling)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_URLS = """
from django.db import connection
from django.http import JsonResponse
from django.urls import path

def health(request):
    try:
        connection.ensure_connection()
        return JsonResponse({{"database": True}})
    except Exception as error:
        return JsonResponse({{"database": {said}}}, status=503)

urlpatterns = [path("health/", health)]
"""
_SITE = {"ROOT_URLCONF": "probed_urls"}

BAD = (
    Case(settings=_SITE, files={"probed_urls.py": _URLS.format(said="str(error)")}),
    Case(
        settings=_SITE,
        files={"probed_urls.py": "import traceback\n" + _URLS.format(said="traceback.format_exc()")},
    ),
)
GOOD = (
    Case(),
    Case(settings=_SITE, files={"probed_urls.py": _URLS.format(said="False")}),
    Case(settings=_SITE, files={"probed_urls.py": _URLS.format(said="'unavailable'")}),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES, Need.REQUESTS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each health path that shows the error's own text."""
    for outage in facts.health_views.outages():
        if outage.leaks:
            needs = " and ".join(outage.needs) or "what it asks for"
            trace = (
                ", with the stack trace" if "Traceback (most recent call last)" in outage.answer.body else ""
            )
            yield Finding(
                message=f"{outage.path} shows everybody the text of the error{trace} when {needs} cannot be"
                " reached.",
                hint=f"Answer {outage.path} with a fixed word for each component, and log the exception"
                " instead.",
                subject=outage.path,
                at=outage.at,
            )
