"""The URLs of the project that has the peers instead, each set up as its documentation says."""

from django.urls import include, path
from health_check.views import HealthCheckView

urlpatterns = [
    path("watchman/", include("watchman.urls")),
    path("alive/", include("django_alive.urls")),
    path("dhc/ready/", HealthCheckView.as_view(checks=["health_check.checks.Database"])),
    path("dhc/live/", HealthCheckView.as_view(checks=[])),
]
