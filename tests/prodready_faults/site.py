"""Settings of a site whose surroundings are made to hang. Its environment says what it is like.

Nothing here bounds a connection in time: no connect_timeout, no socket timeout. That is the point.
"""

import os

from django.db import connection
from django.http import HttpResponse
from django.urls import include, path
from prodready_databases import postgres_entry

SECRET_KEY = "for these tests only"
ROOT_URLCONF = __name__
INSTALLED_APPS = ["django.contrib.contenttypes", "django_prodready"]
IS_URLCONF = os.environ["FAULTS_CARRIER"] == "urlconf"
ALLOWED_HOSTS = ["*"] if IS_URLCONF else ["www.example.org"]
MIDDLEWARE = [
    *(
        ["django_prodready.middleware.HealthMiddleware"]
        if os.environ["FAULTS_CARRIER"] == "middleware"
        else []
    ),
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
IS_POOLED = "FAULTS_POOL" in os.environ
POOL = {"min_size": 1, "max_size": int(os.environ.get("FAULTS_POOL", "2")), "timeout": 60}
DATABASES = {
    "default": postgres_entry(
        os.environ["FAULTS_POSTGRES"],
        OPTIONS={"pool": POOL} if IS_POOLED else {},
        CONN_MAX_AGE=0 if IS_POOLED else 60,
        CONN_HEALTH_CHECKS=True,
        ATOMIC_REQUESTS="FAULTS_ATOMIC" in os.environ,
    )
}
CACHES = {"default": {"BACKEND": os.environ["FAULTS_CACHE"], "LOCATION": os.environ["FAULTS_REDIS"]}}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "short"}},
    "formatters": {"short": {"format": "{levelname} {name} {message}", "style": "{"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
PRODREADY = {
    "VERSION": "1.0.0",
    "READY_TTL": float(os.environ.get("FAULTS_TTL", "1")),
    "DRAIN_SECONDS": float(os.environ.get("FAULTS_DRAIN", "0")),
}


def page(request):
    """Use the connection that this thread keeps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return HttpResponse(cursor.fetchone())


def slow(request):
    """Keep a connection until whoever holds the lock lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(request.GET["lock"])])
    return HttpResponse("done")


urlpatterns = [
    path("page/", page),
    path("slow/", slow),
    *([path("", include("django_prodready.urls"))] if IS_URLCONF else []),
]
