"""The URLs of the project without any package."""

from django.http import HttpRequest, JsonResponse
from django.urls import path


def view(request: HttpRequest) -> JsonResponse:
    """Liveness as a project would write it."""
    return JsonResponse({"status": "healthy", "version": "1"})


urlpatterns = [path("view/", view)]
