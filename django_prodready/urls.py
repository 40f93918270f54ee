"""The health endpoints for a URLconf: ``path("", include("django_prodready.urls"))``.

The paths are those of ``settings.PRODREADY``, below whatever prefix they are included under. An
endpoint whose path is None has no URL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import URLPattern, path

from django_prodready.health import views
from django_prodready.health.paths import configured_paths
from django_prodready.health.statement import Endpoint

app_name = "django_prodready"

if TYPE_CHECKING:
    urlpatterns: list[URLPattern]

_VIEWS = {Endpoint.HEALTH: views.health, Endpoint.READY: views.ready, Endpoint.STARTUP: views.startup}


def _patterns() -> list[URLPattern]:
    return [
        pattern
        for endpoint, route in configured_paths().items()
        for pattern in (
            path(route, _VIEWS[endpoint], name=endpoint.value),
            path(route.removesuffix("/"), _VIEWS[endpoint]),
        )
    ]


def __getattr__(name: str) -> list[URLPattern]:
    """Make ``urlpatterns`` when a URLconf asks for them, so that a test's own PRODREADY counts."""
    if name == "urlpatterns":
        return _patterns()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
