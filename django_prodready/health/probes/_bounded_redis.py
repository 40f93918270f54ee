"""Pools of redis-py whose connections neither wait long nor try again, whatever the settings or the URL say.

redis-py is an optional package: it is imported when a pool is made.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def bounds(timeout_s: float) -> dict[str, Any]:
    """Return the arguments of a connection that gives up after ``timeout_s`` and after one attempt."""
    retry = import_module("redis.retry").Retry
    no_backoff = import_module("redis.backoff").NoBackoff
    return {
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        "retry": retry(no_backoff(), 0),
    }


def bounded_pool_class(base: Any, timeout_s: float) -> Any:
    """Return a subclass of a pool that has the last word on time-outs.

    ``from_url`` lets the query of the URL (``?socket_timeout=30``) win over its arguments, and ends by
    calling the class: https://redis.readthedocs.io/en/stable/connections.html
    """

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it becomes the class's own
        base.__init__(self, *args, **{**kwargs, **bounds(timeout_s)})

    return type(f"Bounded{base.__name__}", (base,), {"__init__": __init__})
