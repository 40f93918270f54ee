"""Settings of the site as real servers run it. What differs comes by the environment, as JSON."""

import json
import os

SECRET_KEY = "for tests only"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "prodready_clients.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django_prodready"]
MIDDLEWARE = ["django_prodready.middleware.CloudflareRealIPMiddleware"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
USE_X_FORWARDED_HOST = True
PRODREADY = json.loads(os.environ["CLIENTS_PRODREADY"])
