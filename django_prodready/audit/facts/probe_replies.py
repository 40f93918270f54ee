"""What the project's middleware answers to a probe, and what the prober makes of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.probers import Prober
    from django_prodready.audit.facts.requests import Answer

__all__ = ["Reply", "Verdict", "ask"]


class Verdict(enum.Enum):
    """What a reply says of the path."""

    PASSED = "passed"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # the running site may answer something else


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer that one prober got."""

    prober: Prober
    answer: Answer
    verdict: Verdict
    doubt: str = ""  # why it is unknown

    @property
    def is_redirect(self) -> bool:
        """Whether the prober was sent elsewhere."""
        return 300 <= self.answer.status < 400

    @property
    def is_sent_to_https(self) -> bool:
        """Whether it was sent to https."""
        return self.is_redirect and (self.answer.location or "").startswith("https://")

    @property
    def words(self) -> str:
        """The answer in words, such as "400 DisallowedHost" or "302 to /login/"."""
        if self.verdict is Verdict.UNKNOWN:
            return f"no certain answer ({self.doubt})"
        if self.is_redirect:
            return f"{self.answer.status} to {_target(self.answer.location or '', self.prober.host)}"
        return f"{self.answer.status} {self.answer.exception or ''}".strip()


def ask(facts: Facts, path: str, prober: Prober) -> Reply:
    """Send the request that ``prober`` sends to ``path``, and judge the answer.

    Raises :class:`~django_prodready.audit.model.NotRun` when the middleware cannot be built.
    """
    answer = facts.requests.send(
        path,
        host=prober.host,
        peer=prober.peer,
        headers={"User-Agent": prober.agent, "Accept": "*/*"},
    )
    doubt = _doubt(facts, path, prober, answer)
    if doubt:
        return Reply(prober=prober, answer=answer, verdict=Verdict.UNKNOWN, doubt=doubt)
    good = 400 if prober.accepts_redirect else 300
    verdict = Verdict.PASSED if 200 <= answer.status < good else Verdict.REFUSED
    return Reply(prober=prober, answer=answer, verdict=verdict)


def _doubt(facts: Facts, path: str, prober: Prober, answer: Answer) -> str:
    """Why the running site may answer something else; empty when it does not."""
    if answer.exception == "DisallowedHost":
        return prober.doubt  # whatever else is out of reach here does not change which hosts are allowed
    if answer.blocked:
        return f"it needed {' and '.join(answer.blocked)}"
    if answer.status >= 500:
        usual = facts.requests.send(path, **facts.requests.as_https())
        if (usual.status, usual.exception) == (answer.status, answer.exception):
            return f"the middleware fails with {answer.exception or answer.status} here, whoever asks"
    return ""


def _target(location: str, host: str) -> str:
    """Where a redirect leads, without its query, which may hold anything."""
    try:
        parts = urlsplit(location)
    except ValueError:
        return "elsewhere"
    if not parts.hostname:
        return parts.path or "itself"
    if parts.netloc == host:
        return parts.scheme
    return f"{parts.scheme}://{parts.hostname}{parts.path}"
