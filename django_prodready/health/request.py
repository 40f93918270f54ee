"""What the health endpoints look at in a request, whoever carries it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class HealthRequest(NamedTuple):
    """One request to one health endpoint. A tuple, because it costs a third of a frozen dataclass to make."""

    method: str
    path_info: str  # decoded, below the script's name, as in HttpRequest.path_info
    query: str  # undecoded, without "?"
    header: Callable[[str], str | None]  # case-insensitive name -> value, None when it was not sent
