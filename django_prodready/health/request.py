"""What the health endpoints look at in a request, whoever carries it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HealthRequest:
    """One request to one health endpoint."""

    method: str
    path_info: str  # decoded, below the script's name, as in HttpRequest.path_info
    query: str  # undecoded, without "?"
    header: Callable[[str], str | None]  # case-insensitive name -> value, None when it was not sent
