"""The served site as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
if os.environ["SURFACE_CARRIER"] == "wrapper":
    from django_prodready.wsgi import with_health

    application = with_health(application)
