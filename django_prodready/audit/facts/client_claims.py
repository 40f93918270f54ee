"""Which middleware lets a header from just anybody decide the client's address, the scheme or the host.

Each header is sent alone, from public addresses that are nobody's proxy; one that counts as Cloudflare's
also beside a forged proof that Cloudflare sent it. What Django itself believes with the same settings is not
the middleware's doing, and neither is what it does without the header.
"""

from __future__ import annotations

import dataclasses
import enum
import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from django_prodready.audit.facts.onlookers import Onlookers, Sight, look
from django_prodready.audit.model import NotRun

__all__ = ["Believed", "Subject", "find_believers"]

# Two homes in two countries: a project that trusts the networks of its own proxies has not both of them.
# Public on purpose; what is private, or for documentation, some rightly believe.
_PEERS = ("81.2.69.142", "175.16.199.37")
_CLAIMED = "89.160.20.112"
_CLAIMED_V6 = "2a02:cfc0::17"
_CHAIN = (_CLAIMED, "216.160.83.56", "67.43.156.3", "202.196.224.9", "149.101.100.4")
_OF_CLOUDFLARE = "104.16.132.229"
_HOST = "forged.example"

# A proxy that does not know these hands them on as they come: Cloudflare's and other CDNs' own words.
_PASSED_ON = ("CF-Connecting-IP", "True-Client-IP", "Fastly-Client-IP")
# A proxy that is asked to send one of these overwrites it.
_OVERWRITTEN = ("X-Real-IP", "X-Client-IP", "Client-IP", "X-Cluster-Client-IP", "Fly-Client-IP")
_SCHEMES = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Protocol": "https",
    "X-Forwarded-Scheme": "https",
    "X-Forwarded-Ssl": "on",
    "Front-End-Https": "on",
    "CF-Visitor": '{"scheme":"https"}',
}
_HOSTS = ("X-Forwarded-Host", "X-Original-Host")
_REFUSALS = (400, 403)
# For all together, under the deadline that the runner gives to a check with requests.
_LIMIT_S = 4.0


class Subject(enum.Enum):
    """What a header claims. The value is what stands in a sentence."""

    ADDRESS = "REMOTE_ADDR"
    SCHEME = "is_secure()"
    HOST = "get_host()"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """One header, and what Django says once it is believed."""

    header: str
    value: str
    subject: Subject
    says: frozenset[str] = frozenset()
    is_passed_on: bool = False
    proof: str = ""  # an X-Forwarded-For that is sent beside it, with Cloudflare's address as a proxy's

    @property
    def headers(self) -> dict[str, str]:
        """What is sent."""
        beside = {"X-Forwarded-For": self.proof} if self.proof else {}
        return {self.header: self.value, **beside}

    @property
    def name(self) -> str:
        """How a report names what is sent."""
        return f"{self.header} beside a forged X-Forwarded-For" if self.proof else self.header

    def is_in(self, sight: Sight) -> bool:
        """Whether what is said there is what was claimed."""
        if self.subject is Subject.SCHEME:
            return bool(sight.secure)
        if self.subject is Subject.HOST:
            return sight.host in self.says
        # Some put the whole header there.
        return str(sight.remote_addr).partition(",")[0].strip() in self.says


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """One header that one entry of MIDDLEWARE believes from anybody."""

    middleware: str
    header: str
    subject: Subject
    is_passed_on: bool  # whether proxies hand on what the client wrote, and not what they know themselves


def find_believers() -> tuple[tuple[Believed, ...], NotRun | None]:
    """Find every header that is believed, each once for its subject; and why some were not tried."""
    trials = _Trials()
    found: dict[tuple[str, Subject], Believed] = {}
    try:
        for claim in _claims(trials):
            key = (claim.header, claim.subject)
            middleware = None if key in found else trials.believer(claim)
            if middleware is not None:
                found[key] = Believed(
                    middleware=middleware,
                    header=claim.name,
                    subject=claim.subject,
                    is_passed_on=claim.is_passed_on,
                )
    except NotRun as reason:
        return tuple(found.values()), reason
    return tuple(found.values()), None


class _Trials:
    """Requests, each sent once."""

    def __init__(self) -> None:
        self._started_s = time.monotonic()
        self._slowest_s = 0.0
        self._onlookers = Onlookers()
        self._sent: dict[tuple[object, ...], tuple[tuple[Sight, ...], int]] = {}

    def believer(self, claim: _Claim) -> str | None:
        """Name the entry of MIDDLEWARE below which ``claim`` is believed, from whichever peer."""
        by = {self._believer(claim, _PEERS[0])}
        if None not in by:
            by.add(self._believer(claim, _PEERS[1]))
        return by.pop() if len(by) == 1 else None

    def is_refused(self, claim: _Claim) -> bool:
        """Whether the answer to ``claim`` says that it is unwelcome."""
        _, status = self._send(claim.headers, claim, _PEERS[0])
        return status in _REFUSALS

    def _believer(self, claim: _Claim, peer: str) -> str | None:
        sights, _ = self._send(claim.headers, claim, peer)
        untold, _ = self._send({}, claim, peer)
        bare = _bare(claim.headers, peer)
        if any(claim.is_in(sight) for sight in (bare, *untold)):
            return None
        for above, sight in itertools.pairwise((bare, *sights)):
            if claim.is_in(sight):
                # Who was told by another one that Cloudflare is the peer is right to believe it.
                is_misled = bool(claim.proof) and above.remote_addr != peer
                return None if is_misled else sight.below
        return None

    def _send(self, headers: Mapping[str, str], claim: _Claim, peer: str) -> tuple[tuple[Sight, ...], int]:
        # By TLS at the server, so that a redirect to https hides nothing.
        secure = claim.subject is not Subject.SCHEME
        key = (*headers.items(), peer, secure)
        if key not in self._sent:
            begun_s = time.monotonic()
            if begun_s - self._started_s + self._slowest_s > _LIMIT_S:
                raise NotRun(f"the middleware is slow: {_LIMIT_S:g} s do not do for all requests")
            self._sent[key] = self._onlookers.send(headers, peer=peer, secure=secure)
            self._slowest_s = max(self._slowest_s, time.monotonic() - begun_s)
        return self._sent[key]


def _claims(trials: _Trials) -> Iterator[_Claim]:
    yield from _addresses(trials)
    for header, value in _SCHEMES.items():
        yield _Claim(header=header, value=value, subject=Subject.SCHEME)
    # Elsewhere a forged host is refused by Django, whoever believes it.
    if "*" in settings.ALLOWED_HOSTS:
        for header in _HOSTS:
            yield _Claim(header=header, value=_HOST, subject=Subject.HOST, says=frozenset({_HOST}))


def _addresses(trials: _Trials) -> Iterator[_Claim]:
    for header in _PASSED_ON:
        yield _address(header, _CLAIMED, is_passed_on=True)
    yield _address("CF-Connecting-IPv6", _CLAIMED_V6, _CLAIMED_V6, is_passed_on=True)
    elements = ", ".join(f"for={each}" for each in _CHAIN)
    yield _address("Forwarded", elements, is_passed_on=True)
    yield _address("Forwarded", elements, *_CHAIN[1:])
    chain = ", ".join(_CHAIN)
    # Proxies append: what the client wrote stays at the left.
    leftmost = _address("X-Forwarded-For", chain, is_passed_on=True)
    yield leftmost
    yield _address("X-Forwarded-For", chain, *_CHAIN[1:])
    # Whoever refuses a chain that is too long knows how many proxies there are, and holds on to it.
    if not trials.is_refused(leftmost):
        yield _address("X-Forwarded-For", _CLAIMED)
    # Cloudflare stands first in what the client wrote, or is all of it: then a proxy's own entry is missing.
    yield _proven(f"{_OF_CLOUDFLARE}, {_CHAIN[1]}", is_passed_on=True)
    yield _proven(_OF_CLOUDFLARE, is_passed_on=False)
    for header in _OVERWRITTEN:
        yield _address(header, _CLAIMED)


def _address(header: str, value: str, *says: str, is_passed_on: bool = False) -> _Claim:
    return _Claim(
        header=header,
        value=value,
        subject=Subject.ADDRESS,
        says=frozenset(says or (_CLAIMED,)),
        is_passed_on=is_passed_on,
    )


def _proven(proof: str, *, is_passed_on: bool) -> _Claim:
    return dataclasses.replace(_address("CF-Connecting-IP", _CLAIMED, is_passed_on=is_passed_on), proof=proof)


def _bare(headers: Mapping[str, str], peer: str) -> Sight:
    """What Django makes of the request without any middleware."""
    request = HttpRequest()
    forwarded = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    request.META = {"REMOTE_ADDR": peer, "SERVER_NAME": "localhost", "SERVER_PORT": "80", **forwarded}
    return look(request)
