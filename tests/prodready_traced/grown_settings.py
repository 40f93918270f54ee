"""Users of the project's own, squashed migrations, and an app that has none."""

from prodready_databases import postgres_entry
from testproject.settings import *  # noqa: F403

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "prodready_traced.members",
    "prodready_traced.grown",
    "prodready_traced.plain",
]
AUTH_USER_MODEL = "members.Member"
SILENCED_SYSTEM_CHECKS = ["auth.E001", "auth.E002"]
DATABASES = {"default": postgres_entry("postgresql://nobody:nothing@127.0.0.1:9/grown")}
