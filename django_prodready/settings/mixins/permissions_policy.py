"""The browser's features that no page of the site, and nothing embedded in it, may use."""

from __future__ import annotations

from collections.abc import Sequence

from django_prodready.settings.declared import fixed
from django_prodready.settings.draft import Draft
from django_prodready.settings.middleware_order import PERMISSIONS_POLICY
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["PermissionsPolicy"]

_PEER = "django_permissions_policy.PermissionsPolicyMiddleware"

# Few sites use one of these, and a script that got in by mistake asks for them first.
_REFUSED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)


class PermissionsPolicy(SettingsMixin):
    """The header Permissions-Policy. Give PERMISSIONS_POLICY in your class to allow what the site uses."""

    PERMISSIONS_POLICY: dict[str, str | Sequence[str]] = fixed({feature: [] for feature in _REFUSED})

    def transform(self, draft: Draft) -> None:
        """Put the middleware in, unless django-permissions-policy's is there: it reads the same setting."""
        if _PEER not in draft.sequence("MIDDLEWARE"):
            draft.place_middleware(PERMISSIONS_POLICY, same=self.SAME_MIDDLEWARE)
