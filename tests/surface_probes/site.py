"""Settings of a site that real servers serve, as strict as production. Its environment tells the rest.

SURFACE_FOLDER has the files that say how each component is, SURFACE_CARRIER who carries the endpoints,
SURFACE_TOKEN the token that is asked for, if one is.
"""

import os
from pathlib import Path

from testproject.settings import *  # noqa: F403
from testproject.settings import MIDDLEWARE as USUAL

FOLDER = Path(os.environ["SURFACE_FOLDER"])
IS_URLCONF = os.environ["SURFACE_CARRIER"] == "urlconf"
FIRST = ["django_prodready.middleware.HealthMiddleware"]
LAST = ["django.contrib.auth.middleware.LoginRequiredMiddleware", "surface_probes.tenants.Tenants"]

ROOT_URLCONF = "surface_probes.urls"
MIDDLEWARE = [
    *(FIRST if os.environ["SURFACE_CARRIER"] == "middleware" else []),
    *USUAL,
    # Views stand behind all middleware, so what refuses a kubelet refuses it there too.
    *(LAST[:1] if IS_URLCONF else LAST),
]
ALLOWED_HOSTS = ["*"] if IS_URLCONF else ["www.example.org"]
SECURE_SSL_REDIRECT = not IS_URLCONF
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "db.sqlite3",
        "ATOMIC_REQUESTS": True,
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"file": {"class": "logging.FileHandler", "filename": FOLDER / "log", "formatter": "short"}},
    "formatters": {"short": {"format": "{levelname} {name} {message}", "style": "{"}},
    "root": {"handlers": ["file"], "level": "INFO"},
}


def component(name, **more):
    """Return the entry of a probe that reads from a file how it is."""
    return {"PROBE": "surface_probes.Written", "OPTIONS": {"path": str(FOLDER / name)}, **more}


PRODREADY = {
    "VERSION": "1.0.0",
    "READY_TTL": 0,
    "READY_BUDGET": 20,  # on a machine that is busy with other tests, too
    "DRAIN_FILE": str(FOLDER / "drain"),
    "HEALTH_TOKENS": [token] if (token := os.environ.get("SURFACE_TOKEN")) else [],
    "PROBES": {
        "database": component("database", DEADLINE=20),
        "cache": component("cache", DEADLINE=20),
        "search": component("search", DEADLINE=20, CRITICAL=False),
        "own": component("own", DEADLINE=20, GROUPS=["own"]),
    },
}
