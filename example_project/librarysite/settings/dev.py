"""A developer's machine: needs Django and django-prodready alone, keeps its data beside manage.py."""

import django

from librarysite.settings.base import *  # noqa: F403 - settings modules build on each other this way

DEBUG = True
SECRET_KEY = "only-for-development-never-for-a-site-that-others-can-reach"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

# MAILERS replaces EMAIL_BACKEND from Django 6.1 on.
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
