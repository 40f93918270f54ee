"""The site; importing it sets up Celery, so that shared tasks find their app."""

from .celery import app as celery_app

__all__ = ("celery_app",)
