"""Hardened settings by classes, and the strict reader of the environment that they use.

A class of settings is put together from mixins and applied at the end of a settings module::

    from django_prodready.settings import Postgres, Production, env

    class Settings(Postgres, Production):
        STRIPE_KEY: str = env.secret("STRIPE_KEY")

    Settings.apply(globals())

Importing it reads neither Django's settings nor the environment.
"""

from __future__ import annotations

from django_prodready.settings import env
from django_prodready.settings.declared import OMIT, computed, fixed, option
from django_prodready.settings.environment.problems import SettingsError
from django_prodready.settings.front import production
from django_prodready.settings.mixin import SettingsMixin
from django_prodready.settings.mixins.celery import Celery
from django_prodready.settings.mixins.csp import Csp
from django_prodready.settings.mixins.email import Email
from django_prodready.settings.mixins.health import Health
from django_prodready.settings.mixins.permissions_policy import PermissionsPolicy
from django_prodready.settings.mixins.postgres import Postgres
from django_prodready.settings.mixins.production import Production
from django_prodready.settings.mixins.proxy import Proxy
from django_prodready.settings.mixins.redis_cache import RedisCache
from django_prodready.settings.mixins.s3_media import S3Media
from django_prodready.settings.mixins.security import Security
from django_prodready.settings.mixins.sessions import Sessions
from django_prodready.settings.mixins.stdout_logging import StdoutLogging
from django_prodready.settings.mixins.tasks import Tasks
from django_prodready.settings.mixins.whitenoise import WhiteNoise

__all__ = [
    "OMIT",
    "Celery",
    "Csp",
    "Email",
    "Health",
    "PermissionsPolicy",
    "Postgres",
    "Production",
    "Proxy",
    "RedisCache",
    "S3Media",
    "Security",
    "Sessions",
    "SettingsError",
    "SettingsMixin",
    "StdoutLogging",
    "Tasks",
    "WhiteNoise",
    "computed",
    "env",
    "fixed",
    "option",
    "production",
]
