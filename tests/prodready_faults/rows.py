"""The rows of the matrix: what hangs, under which server, carried by what, in which project."""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from prodready_faults import kinds
from prodready_faults.kinds import Fault, Services

DJANGO_REDIS = "django_redis.cache.RedisCache"
DJANGOS_OWN = "django.core.cache.backends.redis.RedisCache"


@dataclass(frozen=True)
class Row:
    """One combination. `is_brief`: run by every test run, not by the full matrix alone."""

    name: str
    fault: Callable[[Services], AbstractContextManager[Fault]]
    server: str = "sync"
    carrier: str = "middleware"
    cache: str = DJANGOS_OWN
    environ: dict[str, str] = field(default_factory=dict)
    is_brief: bool = False
    has_page: bool = False  # whether a request of the project has left its connection open

    @property
    def site(self) -> dict[str, str]:
        """Return the environment that makes the site such."""
        return {"FAULTS_CARRIER": self.carrier, "FAULTS_CACHE": self.cache} | self.environ


def _stopped(*names: str) -> Callable[[Services], AbstractContextManager[Fault]]:
    return functools.partial(_stop, names=names)


def _stop(services: Services, names: tuple[str, ...]) -> AbstractContextManager[Fault]:
    return kinds.stopped(services, *names)


POSTGRES, REDIS, BOTH = _stopped("database"), _stopped("cache"), _stopped("database", "cache")
ATOMIC = {"FAULTS_ATOMIC": "1"}

ROWS = [
    Row("PostgreSQL stopped, sync", POSTGRES, is_brief=True),
    Row("PostgreSQL stopped, sync, ATOMIC_REQUESTS", POSTGRES, environ=ATOMIC, has_page=True),
    Row("PostgreSQL stopped, sync, CONN_MAX_AGE", POSTGRES, has_page=True),
    Row("PostgreSQL stopped, gthread", POSTGRES, "gthread", has_page=True),
    Row("PostgreSQL stopped, uvicorn", POSTGRES, "uvicorn"),
    Row("PostgreSQL stopped, uvicorn-worker", POSTGRES, "uvicorn-worker"),
    Row("PostgreSQL stopped, sync, URLconf, ATOMIC_REQUESTS", POSTGRES, carrier="urlconf", environ=ATOMIC),
    Row("PostgreSQL stopped, sync, WSGI wrapper", POSTGRES, carrier="wrapper"),
    Row("PostgreSQL stopped, uvicorn, ASGI wrapper", POSTGRES, "uvicorn", carrier="wrapper"),
    Row("Redis stopped, sync", REDIS, is_brief=True),
    Row("Redis stopped, sync, django-redis", REDIS, cache=DJANGO_REDIS),
    Row("Redis stopped, gthread", REDIS, "gthread"),
    Row("Redis stopped, uvicorn, django-redis", REDIS, "uvicorn", cache=DJANGO_REDIS),
    Row("PostgreSQL and Redis stopped, sync", BOTH),
    Row("relay shut, sync", kinds.shut, has_page=True, is_brief=True),
    Row("relay shut, gthread", kinds.shut, "gthread", has_page=True),
    Row("relay shut, uvicorn", kinds.shut, "uvicorn"),
    Row("packets swallowed, sync", kinds.swallowed, has_page=True),
    Row("packets swallowed, gthread", kinds.swallowed, "gthread", has_page=True),
    Row("packets swallowed, uvicorn", kinds.swallowed, "uvicorn"),
]
