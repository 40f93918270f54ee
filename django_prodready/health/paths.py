"""Which URL path has which health endpoint. It loads no probe: every manage.py command reads this."""

from __future__ import annotations

from collections.abc import Mapping

from django_prodready.conf import Config, get_config
from django_prodready.health.statement import Endpoint


def find(path_info: str) -> Endpoint | None:
    """Return the endpoint of a path, which is decoded and below the script's name; None: it is not ours."""
    config = get_config()
    known = _known
    # Every request of the project comes by here, so even a cached function would be too much.
    table = known[1] if known[0] is config else _learn(config)
    return table.get(path_info)


def configured_paths() -> Mapping[Endpoint, str]:
    """Return the path of each endpoint that is not turned off, as configured: "health/"."""
    config = get_config()
    return {endpoint: path for endpoint in Endpoint if (path := _path(config, endpoint)) is not None}


def both_spellings(path: str | None) -> tuple[str, ...]:
    """Return the paths that a configured one stands for: ``/health/`` and ``/health``; None has none.

    Load balancers follow no redirect from the one to the other.
    """
    return () if path is None else (f"/{path}", f"/{path.removesuffix('/')}")


def setting_of(endpoint: Endpoint) -> str:
    """Return the key of PRODREADY that holds the path: "HEALTH_PATH"."""
    return f"{endpoint.name}_PATH"


def _path(config: Config, endpoint: Endpoint) -> str | None:
    path: str | None = getattr(config, setting_of(endpoint).lower())
    return path


_known: tuple[Config | None, Mapping[str, Endpoint]] = (None, {})


def _learn(config: Config) -> Mapping[str, Endpoint]:
    global _known  # noqa: PLW0603 - replaced as a whole, so that any thread reads what belongs together
    # Liveness last, so that it wins where the system check's error about equal paths went unread.
    table = {
        spelling: endpoint
        for endpoint in (Endpoint.STARTUP, Endpoint.READY, Endpoint.HEALTH)
        for spelling in both_spellings(_path(config, endpoint))
    }
    _known = (config, table)
    return table
