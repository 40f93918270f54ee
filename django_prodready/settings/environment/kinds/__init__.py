"""The kinds of values: pure functions from the text of a variable to what it means.

Each raises only :class:`~django_prodready.settings.environment.invalid.Invalid`, whose rule shows no piece
of the text. Nothing here imports Django or reads the environment.
"""

from __future__ import annotations

from django_prodready.settings.environment.kinds.cache import (
    Broker,
    BrokerUrl,
    RedisUrl,
    broker_url,
    redis_url,
)
from django_prodready.settings.environment.kinds.database import database
from django_prodready.settings.environment.kinds.lists import items, mapping
from django_prodready.settings.environment.kinds.paths import path
from django_prodready.settings.environment.kinds.scalars import boolean, choice, integer, number, text
from django_prodready.settings.environment.kinds.sensitive import placeholder, secret, tokens
from django_prodready.settings.environment.kinds.urls import url

__all__ = [
    "Broker",
    "BrokerUrl",
    "RedisUrl",
    "boolean",
    "broker_url",
    "choice",
    "database",
    "integer",
    "items",
    "mapping",
    "number",
    "path",
    "placeholder",
    "redis_url",
    "secret",
    "text",
    "tokens",
    "url",
]
