"""The Celery application and its timetable. Without CELERY_BROKER_URL it is never asked to send anything."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "librarysite.settings.production")

app = Celery("librarysite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "remind-of-overdue-loans": {
        "task": "lending.tasks.remind_of_overdue_loans",
        "schedule": crontab(hour=6, minute=30),
    },
    "clear-sessions": {
        "task": "lending.tasks.clear_sessions",
        "schedule": crontab(hour=4, minute=0),
    },
}
