"""Two applications: one that reads Django's settings, one that was told its broker when it was made."""

import os

from celery import Celery

_PORT = os.environ.get("TRACED_BROKER", "9")

app = Celery("traced")
app.config_from_object("django.conf:settings", namespace="CELERY")
told = Celery("told", broker=f"redis://127.0.0.1:{_PORT}/3", backend=f"redis://127.0.0.1:{_PORT}/4")


@app.task(name="traced.count")
def count() -> int:
    """Count."""
    return 1


@told.task(name="told.count")
def count_told() -> int:
    """Count as well."""
    return 2
