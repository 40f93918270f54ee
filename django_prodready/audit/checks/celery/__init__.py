"""Checks of how Celery is configured."""
