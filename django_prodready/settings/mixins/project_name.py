"""The name of the project's package, for what several projects may share, such as a cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_prodready.settings.draft import Draft

__all__ = ["project_name"]

_NAMING = ("ROOT_URLCONF", "WSGI_APPLICATION", "ASGI_APPLICATION")


def project_name(draft: Draft) -> str:
    """Return the first part of the path of the project's URLconf, else of its application, else "django"."""
    paths = (draft.get(name) for name in _NAMING)
    return next((path.partition(".")[0] for path in paths if isinstance(path, str) and path), "django")
