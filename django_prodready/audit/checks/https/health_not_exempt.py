"""A health check by plain HTTP gets a redirect to HTTPS instead of an answer.

What it checks
--------------
Each path on which this project answers platform probes is requested in process as probes do: by plain
HTTP, without a proxy's headers, with a host that `ALLOWED_HOSTS` accepts. A redirect of that path to
`https://` is a finding.

Why it matters
--------------
Probes connect to the container itself. kubelet follows the redirect, speaks TLS to a port that has none,
and the pod never becomes ready. `curl -f` in a Docker health check takes the redirect for success, so a
broken site counts as healthy. An AWS load balancer wants 200 and gets 301.

When it is wrong
----------------
Every probe sends the header that `SECURE_PROXY_SSL_HEADER` names. Where a Dockerfile, a compose file or
a manifest of the repository shows that, the check is silent; a platform's own settings it cannot see.
A path that no probe of the repository asks, beside another one that is answered, is a piece of information.

How to fix
----------
Put `django_prodready.middleware.HealthMiddleware` first in `MIDDLEWARE`: it answers before the redirect.
Or exempt the path, without its leading slash: `SECURE_REDIRECT_EXEMPT = [r"^health/$"]`.

Source
------
[SECURE_REDIRECT_EXEMPT](https://docs.djangoproject.com/en/stable/ref/settings/#secure-redirect-exempt)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django_prodready.audit import Case, Finding, Need, NotApplicable, NotRun, Severity, check
from django_prodready.audit.facts.health_paths import is_readiness
from django_prodready.audit.facts.own_health import answered_before_django
from django_prodready.audit.facts.probers import is_asked_for
from django_prodready.audit.facts.proxy import is_elsewhere, without_comments
from django_prodready.audit.facts.security import exempt_pattern, exemptions, redirects
from django_prodready.conf import get_config

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.requests import Answer

_HEALTH = "django_prodready.middleware.HealthMiddleware"
_PROBE_FILES = ("*Dockerfile*", "*.dockerfile", "Containerfile*", "*.yml", "*.yaml", "*.sh", "*.toml")
_URLCONF = """
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("health/", lambda request: HttpResponse("fine"))]
"""
_PROJECT = {"SECURE_SSL_REDIRECT": True, "ROOT_URLCONF": "health_urls"}

BAD = (
    Case(settings=_PROJECT, files={"health_urls.py": _URLCONF}),
    Case(
        settings={**_PROJECT, "SECURE_REDIRECT_EXEMPT": [r"^/health/$"]},
        files={"health_urls.py": _URLCONF},
    ),
)
GOOD = (
    Case(settings={**_PROJECT, "SECURE_REDIRECT_EXEMPT": [r"^health/$"]}, files={"health_urls.py": _URLCONF}),
    Case(settings={**_PROJECT, "SECURE_SSL_REDIRECT": False}, files={"health_urls.py": _URLCONF}),
    Case(settings={"SECURE_SSL_REDIRECT": True}),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.FILES, Need.REQUESTS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each health path that plain HTTP is redirected away from."""
    if not redirects(facts):
        raise NotApplicable("Django does not redirect to HTTPS")
    wrapped = answered_before_django(facts)
    paths = [path for path in facts.health_paths if path not in wrapped]
    if not paths:
        raise NotApplicable("no health path was found that Django answers")
    if _probes_say_https(facts):
        return
    answers = {path: facts.requests.send(path) for path in paths}
    unknown = [path for path, answer in answers.items() if _is_inconclusive(answer)]
    if len(unknown) == len(answers):
        raise NotRun(f"{unknown[0]} answered {answers[unknown[0]].status} before the redirect could be seen")
    redirects_of = {path: answer for path, answer in answers.items() if _is_redirected(path, answer)}
    fine = answers.keys() - redirects_of.keys() - set(unknown)
    has_other = any(not is_readiness(path) for path in (*fine, *wrapped))
    for path, answer in redirects_of.items():
        redirected = f"A probe of {path} by plain HTTP is redirected to HTTPS ({answer.status})"
        yield Finding(
            message=f"{redirected}{_because(facts, path)}.",
            hint=_hint(facts, path),
            subject=path,
            at=facts.origin("SECURE_REDIRECT_EXEMPT") or facts.origin("SECURE_SSL_REDIRECT"),
            severity=Severity.INFO if has_other and _may_be_unused(facts, path) else Severity.ERROR,
        )


def _hint(facts: Facts, path: str) -> str:
    exempt = f'add r"{exempt_pattern(facts, path)}" to SECURE_REDIRECT_EXEMPT.'
    config = get_config()
    answered = config.ready_path if is_readiness(path) else config.health_path
    if answered is None:
        return exempt.replace("add", "Add", 1)
    if facts.middleware.find(_HEALTH) is None:
        return f"Put {_HEALTH} first in MIDDLEWARE, or {exempt}"
    if answered.strip("/") == path.strip("/"):
        return f"Move {_HEALTH} to the first place in MIDDLEWARE, or {exempt}"
    return f"Point the probe at /{answered}, which HealthMiddleware answers, or {exempt}"


def _may_be_unused(facts: Facts, path: str) -> bool:
    """Whether nobody is known to ask ``path``, and another path could be the one that is asked."""
    return not is_readiness(path) and not is_asked_for(facts, path)


def _is_redirected(path: str, answer: Answer) -> bool:
    target = urlsplit(answer.location or "")
    return 300 <= answer.status < 400 and target.scheme == "https" and target.path.endswith(path)


def _is_inconclusive(answer: Answer) -> bool:
    return answer.exception == "DisallowedHost" or (answer.status >= 500 and bool(answer.blocked))


def _because(facts: Facts, path: str) -> str:
    """Name the exemption that was meant for ``path``, if one was."""
    for exemption in exemptions(facts):
        if exemption.pattern is not None and exemption.pattern.search(path):
            return f", although {exemption.text!r} is exempt: Django strips the leading slash first"
    return ""


def _probes_say_https(facts: Facts) -> bool:
    """Whether a file of the repository has probes send the proxy's header."""
    declared: Any = facts.settings.SECURE_PROXY_SSL_HEADER
    # Another check says what is wrong with one that is no pair: Django itself finds nothing by it.
    if not isinstance(declared, list | tuple) or not declared or not isinstance(declared[0], str):
        return False
    header = re.escape(declared[0].removeprefix("HTTP_").replace("_", "-"))
    sent = re.compile(rf"""(?:-H|--header|name:)[\s=,"']*{header}\b""", re.IGNORECASE)
    paths = (path for path in facts.files.matching(*_PROBE_FILES) if not is_elsewhere(path))
    texts = (facts.files.read(path) or "" for path in paths)
    return any(sent.search(without_comments(text)) for text in texts)
