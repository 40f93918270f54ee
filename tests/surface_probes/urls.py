"""A project's URLs: the endpoints among its own, one of which fails."""

from django.http import HttpResponse
from django.urls import include, path


def fails(request):
    """Fail as a page does."""
    return HttpResponse(status=503)


urlpatterns = [path("fails/", fails), path("", include("django_prodready.urls"))]
