"""The site as WSGI application, as ASGI application, and as ASGI application below the wrapper."""

from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

from django_prodready.asgi import with_client_address

wsgi = get_wsgi_application()
asgi = get_asgi_application()
wrapped = with_client_address(get_asgi_application())
