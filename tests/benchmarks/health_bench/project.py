"""The settings of the project that is served. The environment says what varies."""

import os

import dj_database_url

SECRET_KEY = "for this benchmark only"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = os.environ["BENCH_URLCONF"]
MIDDLEWARE = os.environ["BENCH_MIDDLEWARE"].split()
DATABASES = {
    "default": dj_database_url.parse(
        os.environ["BENCH_DATABASE_URL"], conn_max_age=int(os.environ["BENCH_CONN_MAX_AGE"])
    )
}
PRODREADY = {"VERSION": "1", "READY_TTL": float(os.environ["BENCH_READY_TTL"])}
# Each peer asks the database, and nothing else.
WATCHMAN_CHECKS = ("watchman.checks.databases",)
ALIVE_CHECKS = {"django_alive.checks.check_database": {}}
