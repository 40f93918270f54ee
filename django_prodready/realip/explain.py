"""Say hop by hop who was believed, and why: what ``settle`` decides in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django_prodready.realip.address import spell
from django_prodready.realip.headers import Meta
from django_prodready.realip.roles import Role
from django_prodready.realip.settle import Settled, settle
from django_prodready.realip.trust import Trust
from django_prodready.realip.walk import End, Resolution, resolve

__all__ = ["Explanation", "explain"]

_WHO = {
    Role.PROXY: "one of ours (TRUSTED_PROXIES: {network}), so what it appended is believed",
    Role.TUNNEL: "the end of a Cloudflare tunnel (CLOUDFLARED: {network})",
    Role.EDGE: "Cloudflare's edge ({network}): nothing that stands left of it is read",
    Role.CLIENT: "nobody that is trusted",
}
_WHY = {
    End.NO_PEER: (
        "It is no address, and TRUST_UNIX_SOCKET is off: nobody can say who is asking. REMOTE_ADDR stays."
    ),
    End.CLIENT: "So it is the client.",
    End.NOTHING_SAID: "Its X-Forwarded-For names nobody further: the search ends with it.",
    End.NOT_AN_ADDRESS: "What it appended to X-Forwarded-For is nobody's address: the search ends with it.",
    End.TOO_MANY_HOPS: "That is one proxy too many: the search ends with it.",
    End.NAMED: "CF-Connecting-IP names the client.",
    End.NOT_NAMED: "It sent no CF-Connecting-IP that says who is asking: it is taken for the client.",
    End.TAMPERED: (
        "CF-Connecting-IP is not one address, so somebody tampered with it: the edge is taken for the client."
    ),
    End.UNPROVEN: (
        "The header that proves our account is missing or wrong: the edge's word on the client is not taken."
    ),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The way to the client in sentences, what came of it, and what became of the headers, by their names."""

    steps: list[str]
    settled: Settled
    removed: list[str]
    rewritten: list[str]


def explain(meta: Meta, trust: Trust, scheme: tuple[str, str] | None = None) -> Explanation:
    """Return what is decided of ``meta``, which is left as it is. Of headers only addresses are repeated."""
    after = dict(meta)
    settled = settle(after, trust, scheme)
    return Explanation(
        steps=list(_steps(resolve(meta, trust), trust)),
        settled=settled,
        removed=[_header(name) for name in meta if name.startswith("HTTP_") and name not in after],
        rewritten=[
            _header(name) for name in after if name.startswith("HTTP_") and after[name] != meta.get(name)
        ],
    )


def _steps(found: Resolution, trust: Trust) -> Iterator[str]:
    for number, hop in enumerate(found.hops):
        if found.end is End.NO_PEER:
            break
        before = "The connection is from" if not number else f"{_name(found.hops[number - 1])} was asked by"
        yield f"{before} {_name(hop)}: {_who(hop, trust)}."
    yield _WHY[found.end]


def _who(hop: bytes | None, trust: Trust) -> str:
    if hop is None:
        return "only our proxy can open it (TRUST_UNIX_SOCKET), so what it appended is believed"
    return _WHO[trust.roles.of(hop)].format(network=trust.roles.network_of(hop))


def _name(hop: bytes | None) -> str:
    return "a unix socket" if hop is None else spell(hop)


def _header(name: str) -> str:
    return "-".join(word.capitalize() for word in name.removeprefix("HTTP_").split("_"))
