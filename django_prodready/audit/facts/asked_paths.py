"""What a health path is asked for: to restart the process, or to send it traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_prodready.audit.facts.health_paths import is_readiness
from django_prodready.audit.facts.platform_probes import Kind, PlatformProbe, asks

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["liveness_evidence", "probes_of"]

_NAMED_FOR_LIFE = ("alive", "live", "liveness", "livez", "ping", "lbheartbeat")


def probes_of(facts: Facts, path: str) -> tuple[PlatformProbe, ...]:
    """The declared probes that ask ``path``."""
    return tuple(probe for probe in facts.platform_probes if asks(probe, path))


def liveness_evidence(facts: Facts, path: str) -> str | None:
    """Say in words why a failure of ``path`` restarts the process; None when nothing shows that it does.

    The words complete "…, which". Empty words are for a path that may be asked so, but by nobody known.
    """
    probes = probes_of(facts, path)
    restarting = [probe for probe in probes if probe.kind in (Kind.LIVENESS, Kind.CONTAINER)]
    if restarting:
        return f"the {restarting[0].kind.value} in {restarting[0].at.file} asks"
    if probes or is_readiness(path):
        return None
    words = path.strip("/").replace("_", "-").split("/")
    if any(word.strip("-") in _NAMED_FOR_LIFE for word in words):
        return "is named for liveness"
    other = next((each for each in facts.health_paths if is_readiness(each)), None)
    return f"stands beside {other} for liveness" if other else ""
