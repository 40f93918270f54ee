"""Whether a health path keeps probes out that bring no credentials."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.shortcuts import resolve_url

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.health_views import Outage
    from django_prodready.audit.facts.requests import Answer

__all__ = ["refusal"]

_LOGIN = re.compile(r"(?:^|/)(?:log-?in|sign-?in|sso|saml2?|oauth2?|oidc|cas)(?:/|$)", re.IGNORECASE)
# Whom an allow-list of addresses would let in: the machine itself, and the private networks of platforms.
_PEERS = ("127.0.0.1", "10.42.0.1", "172.17.0.1", "192.168.0.1")
_AGENTS = ("kube-probe/1.34", "ELB-HealthChecker/2.0")


def refusal(facts: Facts, outage: Outage) -> str | None:
    """Say how probes are refused, as "401" or "302 to /login/"; None when some are let in, or in doubt.

    Raises :class:`~django_prodready.audit.model.NotRun` when the path does not answer.
    """
    said = _words(outage.answer)
    if said is None or (outage.needs and outage.answer.status in (401, 403)):
        return None  # who asks for something in order to refuse may let others in
    if outage.answer.status == 403:
        requests = facts.requests
        for peer in _PEERS:
            for agent in _AGENTS:
                usual = dict(requests.as_https())
                headers = {**usual.pop("headers", {}), "User-Agent": agent}
                answer = requests.send(outage.path, real_view=True, peer=peer, headers=headers, **usual)
                if _words(answer) is None:
                    return None
    return said


def _words(answer: Answer) -> str | None:
    if answer.status in (401, 403):
        return str(answer.status)
    if 300 <= answer.status < 400 and answer.location:
        path = urlsplit(answer.location).path
        if _LOGIN.search(path) or path == _login_path():
            return f"{answer.status} to {path}"
    return None


def _login_path() -> str | None:
    from django.conf import settings

    try:
        return urlsplit(resolve_url(settings.LOGIN_URL)).path or None
    except Exception:  # noqa: BLE001 - LOGIN_URL may be anything, and a URLconf may raise anything
        return None
