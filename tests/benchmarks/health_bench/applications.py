"""The applications of the project, as wsgi.py and asgi.py would have them."""

from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

from django_prodready import asgi, wsgi

plain = get_wsgi_application()
wrapped = wsgi.with_health(plain)
wrapped_asgi = asgi.with_health(get_asgi_application())
