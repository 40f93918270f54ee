"""The platform's probes are refused before the health view runs.

What it checks
--------------
Every path on which the project answers probes is asked as platforms ask it, through the project's
own middleware, in process: plain HTTP, and as Host an address that nobody put into
`ALLOWED_HOSTS`. Kubernetes' kubelet sends the address of the pod with its port, the health check of
a Docker container usually `localhost`, a load balancer the address of its target. The view is
replaced by a marker, and network, database and mail are out of reach.

Why it matters
--------------
The process is well, and the platform takes it for dead. Host validation answers 400. A redirect to
HTTPS answers 301, which each prober takes differently: kubelet follows it to the same address and
speaks TLS to a plain port; `curl -f` in a Docker health check calls it healthy, though no view ever
ran; a load balancer wants 200. That is how a container is "healthy" and "Crashed" at once.

When it is wrong
----------------
It cannot know who probes. Without a sign of that it asks as all three; a path that refuses only some
of them is a warning, or a piece of information when those who are known to ask pass.
When the probe is told which Host to send, declare it:
`PRODREADY = {"FACTS": {"probe_host": "www.example.org"}}`; then only that request counts. A Host
header that a manifest or a health check script of the repository sends is found without it. When
middleware needs the database to answer, or when the settings compute the address that they run on
and allow it, the check is not run.

How to fix
----------
Put `django_prodready.middleware.HealthMiddleware` first in `MIDDLEWARE`, or wrap the application with
`with_health`. Both answer `/health/`, `/ready/` and `/startup/` (the paths in `PRODREADY`) before the host
and the scheme are looked at, so `ALLOWED_HOSTS` stays strict. Without it: let the probe send a
host of the site, and name the path, without its leading slash, in `SECURE_REDIRECT_EXEMPT`.

Source
------
[HTTP probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#http-probes),
[kubelet's redirects](https://github.com/kubernetes/kubernetes/blob/master/pkg/probe/http/http.go),
[ALB health checks](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Location, Need, NotApplicable, NotRun, Severity, check
from django_prodready.audit.facts.health_paths import is_readiness
from django_prodready.audit.facts.own_health import answered_before_django
from django_prodready.audit.facts.probe_replies import Reply, Verdict, ask
from django_prodready.audit.facts.probers import DOCKER, find_probers, is_asked_for
from django_prodready.audit.facts.security import exempt_pattern
from django_prodready.conf import get_config

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_HEALTH = "django_prodready.middleware.HealthMiddleware"
_SECURITY = "django.middleware.security.SecurityMiddleware"
_COMMON = "django.middleware.common.CommonMiddleware"
_URLS = """
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("health/", lambda request: HttpResponse("ok"))]
"""
_FILES = {"probed_urls.py": _URLS}
_SITE = {"ROOT_URLCONF": "probed_urls"}

BAD = (
    Case(files=_FILES, settings=_SITE),
    Case(files=_FILES, settings={**_SITE, "ALLOWED_HOSTS": ["*"], "SECURE_SSL_REDIRECT": True}),
    Case(settings={"MIDDLEWARE": [_SECURITY, _COMMON, _HEALTH]}, expect=2),
)
GOOD = (
    Case(),
    Case(settings={"MIDDLEWARE": [_HEALTH, _SECURITY, _COMMON], "SECURE_SSL_REDIRECT": True}),
    Case(files=_FILES, settings={**_SITE, "ALLOWED_HOSTS": ["*"]}),
    Case(files=_FILES, settings={**_SITE, "PRODREADY": {"FACTS": {"probe_host": "www.example.org"}}}),
)


@check(
    severity=Severity.CRITICAL,
    needs=(Need.SETTINGS, Need.SOURCE, Need.FILES, Need.REQUESTS),
    requires=("middleware.import-error",),
)
def judge(facts: Facts) -> Sequence[Finding]:
    """Return a finding for each health path that probes do not reach."""
    if not facts.health_paths:
        raise NotApplicable("the project has no health path that is known")
    probers = find_probers(facts)
    if not probers.all:
        raise NotApplicable(f"{facts.declared['platform']} sends no HTTP probes")
    wrapped = answered_before_django(facts)
    paths = [path for path in facts.health_paths if path not in wrapped]
    replies = {path: [ask(facts, path, prober) for prober in probers.all] for path in paths}
    passed = [path for path, got in replies.items() if all(reply.verdict is Verdict.PASSED for reply in got)]
    has_other = any(not is_readiness(path) for path in (*passed, *wrapped))
    findings = [
        _finding(
            facts,
            path,
            got,
            _severity(got, probers.seen, has_other=has_other and _may_be_unused(facts, path)),
        )
        for path, got in replies.items()
        if any(reply.verdict is Verdict.REFUSED for reply in got)
    ]
    doubts = [(path, reply) for path, got in replies.items() for reply in got if reply.doubt]
    if doubts and not findings:
        path, reply = doubts[0]
        raise NotRun(f"the answer to {path} is not certain: {reply.doubt}")
    return findings


def _may_be_unused(facts: Facts, path: str) -> bool:
    """Whether nobody is known to ask ``path``, and another path could be the one that is asked."""
    return not is_readiness(path) and not is_asked_for(facts, path)


def _severity(got: Sequence[Reply], seen: frozenset[str], *, has_other: bool) -> Severity:
    """How sure it is that the platform is refused; ``has_other`` is another path that it may well ask."""
    refused = [reply for reply in got if reply.verdict is Verdict.REFUSED]
    passed = {reply.prober.name for reply in got if reply.verdict is Verdict.PASSED}
    if has_other:
        return Severity.INFO
    if all(reply.is_redirect and not reply.prober.redirect for reply in refused):
        return Severity.WARNING  # many probers take a redirect for success
    if not passed or any(reply.prober.name in seen for reply in refused):
        return Severity.CRITICAL
    # localhost is often allowed by habit, an address never.
    return Severity.INFO if passed & seen or passed != {DOCKER.name} else Severity.WARNING


def _finding(facts: Facts, path: str, got: Sequence[Reply], severity: Severity) -> Finding:
    refused = [reply for reply in got if reply.verdict is Verdict.REFUSED]
    verb = "redirected" if all(reply.is_redirect for reply in refused) else "refused"
    before = "" if any(reply.answer.reached_view for reply in refused) else " before the view runs"
    answers = ", ".join(f"{reply.prober.name} got {reply.words}" for reply in got)
    return Finding(
        message=f"A platform probe to {path} is {verb}{before}: {answers}.",
        hint=_hint(facts, path, refused),
        subject=path,
        evidence=_table(got),
        at=_origin(facts, refused[0]),
        severity=severity,
    )


def _table(got: Sequence[Reply]) -> tuple[str, ...]:
    labels = max(len(reply.prober.label) for reply in got)
    hosts = max(len(reply.prober.host) for reply in got)
    return tuple(
        f"{reply.prober.label:<{labels}}  Host: {reply.prober.host:<{hosts}}  {reply.words}"
        + (f": {reply.prober.redirect}" if reply.is_sent_to_https and reply.prober.redirect else "")
        for reply in got
    )


def _origin(facts: Facts, reply: Reply) -> Location | None:
    if reply.answer.exception == "DisallowedHost":
        return facts.origin("ALLOWED_HOSTS")
    if reply.is_sent_to_https and facts.settings.SECURE_SSL_REDIRECT:
        return facts.origin("SECURE_SSL_REDIRECT")
    return facts.origin("MIDDLEWARE")


def _hint(facts: Facts, path: str, refused: Sequence[Reply]) -> str:
    wanted, config = f"{path.strip('/')}/", get_config()
    key, answered = (
        ("READY_PATH", config.ready_path) if is_readiness(path) else ("HEALTH_PATH", config.health_path)
    )
    entry = facts.middleware.find(_HEALTH)
    if entry is None:
        setting = "" if answered == wanted else f" and set PRODREADY['{key}'] to '{wanted}'"
        otherwise = f", or {_hint_for_probe(facts, path, refused)}" if is_readiness(path) else ""
        return f"Put '{_HEALTH}' first in MIDDLEWARE{setting}{otherwise}."
    if answered is None:
        return f"Set PRODREADY['{key}'] to '{wanted}': HealthMiddleware answers it before anything else."
    if answered != wanted:
        return f"Point the probe at /{answered}, which HealthMiddleware answers before anything else."
    return f"Move '{entry.path}' to the first place in MIDDLEWARE."


def _hint_for_probe(facts: Facts, path: str, refused: Sequence[Reply]) -> str:
    """What else helps a readiness view that asks more than ours would."""
    steps = []
    if any(reply.answer.exception == "DisallowedHost" for reply in refused):
        host = facts.requests.trusted_host()
        known = (
            host if host in facts.settings.ALLOWED_HOSTS and host != "localhost" else "<a host of the site>"
        )
        steps.append(f"have the probe send 'Host: {known}'")
    if facts.settings.SECURE_SSL_REDIRECT:
        steps.append(f"add r'{exempt_pattern(facts, path)}' to SECURE_REDIRECT_EXEMPT")
    return " and ".join(steps) or f"let requests to {path} pass the middleware that answers them"
