"""The served site as an ASGI application."""

import os

from django.core.asgi import get_asgi_application

application = get_asgi_application()
if os.environ["SURFACE_CARRIER"] == "wrapper":
    from django_prodready.asgi import with_health

    application = with_health(application)
