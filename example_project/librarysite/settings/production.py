"""The public site, behind a proxy that ends TLS.

``python -m django_prodready settings --env-template`` lists the variables. Needs the extra ``static``, and
``postgres``, ``redis``, ``celery`` and ``s3`` for what the environment asks for.
"""

import os

from django_prodready.settings import (
    Celery,
    Csp,
    Email,
    Postgres,
    Production,
    Proxy,
    RedisCache,
    S3Media,
    WhiteNoise,
    env,
)
from librarysite.settings.base import *  # noqa: F403 - settings modules build on each other this way

# A site of your own names its mixins, and needs their variables. This one is there to be tried: it runs
# with as many servers as the environment names, down to none.
servers = {
    "DATABASE_URL": Postgres,
    "REDIS_URL": RedisCache,
    "CELERY_BROKER_URL": Celery,
    "USE_S3": S3Media,
}


class Settings(
    *(mixin for variable, mixin in servers.items() if os.environ.get(variable)),
    Email,
    Csp,
    WhiteNoise,
    Proxy,
    Production,
):
    """The library's choices."""

    PROXY = env.choice("PROXY", choices=("nginx", "cloudflare", "cloudflare+traefik"), default="nginx")
    HSTS_STAGE = env.choice("HSTS_STAGE", choices=("hour", "day", "month", "year"), default="year")
    HSTS_SUBDOMAINS = True
    CSP_ENFORCE = True
    # What the tasks do takes seconds.
    CELERY_TASK_SOFT_TIME_LIMIT = 50
    CELERY_TASK_TIME_LIMIT = 60


if "REDIS_URL" not in os.environ:
    # Each process would have a cache of its own, so the site is one process.
    PRODREADY["FACTS"] = {"replicas": 1, "processes": 1}  # noqa: F405 - from base

Settings.apply(globals())
