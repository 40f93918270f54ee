"""All that needs no choice."""

from __future__ import annotations

from django_prodready.settings.mixins.health import Health
from django_prodready.settings.mixins.permissions_policy import PermissionsPolicy
from django_prodready.settings.mixins.security import Security
from django_prodready.settings.mixins.sessions import Sessions
from django_prodready.settings.mixins.stdout_logging import StdoutLogging

__all__ = ["Production"]


class Production(Security, Health, Sessions, StdoutLogging, PermissionsPolicy):
    """Security, Health, Sessions, StdoutLogging and PermissionsPolicy."""
