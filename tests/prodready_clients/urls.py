"""Views that tell what they see of a request."""

import threading
from dataclasses import asdict

from django.http import JsonResponse
from django.urls import include, path
from django_ratelimit.decorators import ratelimit
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

MOST = 3  # requests a day that the limited views allow


def seen(request):
    """Return what a view sees."""
    address = getattr(request, "client_address", None)
    return {
        "remote_addr": request.META.get("REMOTE_ADDR"),
        "remote_host": request.META.get("REMOTE_HOST"),
        "remote_port": request.META.get("REMOTE_PORT"),
        "client_address": None if address is None else asdict(address),
        "headers": dict(request.headers),
        "meta": {name: value for name, value in request.META.items() if name.startswith("HTTP_")},
        "is_secure": request.is_secure(),
        "host": request.get_host(),
        "absolute": request.build_absolute_uri(),
        "thread": threading.get_ident(),
    }


def tell(request):
    return JsonResponse(seen(request))


async def tell_async(request):
    return JsonResponse(seen(request))


@ratelimit(key="ip", rate=f"{MOST}/d")
def limited(request):
    return JsonResponse(seen(request))


class OftenEnough(AnonRateThrottle):
    rate = f"{MOST}/day"


class Throttled(APIView):
    """A view of DRF, which asks for the client in its own way."""

    authentication_classes = ()
    permission_classes = ()
    renderer_classes = (JSONRenderer,)
    throttle_classes = (OftenEnough,)

    def get(self, request):
        return Response(seen(request))


urlpatterns = [
    path("", include("django_prodready.urls")),
    path("told/", tell),
    path("told-async/", tell_async),
    path("limited/", limited),
    path("throttled/", Throttled.as_view()),
]
