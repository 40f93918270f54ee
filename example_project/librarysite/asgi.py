"""The ASGI application, under the production settings unless told otherwise."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "librarysite.settings.production")

application = get_asgi_application()
