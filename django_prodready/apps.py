"""How Django learns of this package: put ``"django_prodready"`` into ``INSTALLED_APPS``."""

from __future__ import annotations

import importlib

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from django_prodready.health import drain
from django_prodready.statement_limit import limit_statements

# Modules that register system checks when they are imported.
SYSTEM_CHECKS = (
    "django_prodready.audit.system_checks",
    "django_prodready.health.system_checks",
    "django_prodready.health.probe_checks",
    "django_prodready.middleware.system_checks",
)


class ProdreadyConfig(AppConfig):
    """The app. It has no models, and starting it opens nothing."""

    name = "django_prodready"
    label = "django_prodready"
    verbose_name = "Production readiness"

    def ready(self) -> None:
        """Register the system checks, limit statements, take over SIGTERM from a server that loaded us."""
        for module in SYSTEM_CHECKS:
            importlib.import_module(module)
        connection_created.connect(limit_statements)
        # The endpoints of a URLconf are loaded by its first request, which need not be in the main thread.
        drain.on_load()
