"""The task queue and its schedule."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "obc_management.settings")

app = Celery("obc_management")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "cleanup-expired-sessions": {
        "task": "common.tasks.cleanup_expired_sessions",
        "schedule": crontab(hour=3, minute=0),
    },
}
