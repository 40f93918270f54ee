"""The public site, behind a proxy that ends TLS and sets X-Forwarded-Proto itself.

Must be set: SECRET_KEY, ALLOWED_HOSTS. Should be: TRUSTED_PROXIES, with CLOUDFLARE where it stands in front;
DATABASE_URL, REDIS_URL, CELERY_BROKER_URL.
Needs the extras `static`, and `postgres`, `redis`, `s3`, `celery` for what the environment asks for.
"""

import django

from librarysite.settings import environment as env
from librarysite.settings.base import *  # noqa: F403 - settings modules build on each other this way
from librarysite.settings.base import CACHES, MIDDLEWARE, PRODREADY, STORAGES

DEBUG = False
SECRET_KEY = env.required("SECRET_KEY")
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS")

SECURE_SSL_REDIRECT = env.boolean("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True

# A first release may stage it: 3600, 86400, 2592000, then a year.
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.boolean("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.boolean("SECURE_HSTS_PRELOAD", default=False)
if not SECURE_HSTS_PRELOAD:
    # Django asks every site for the browsers' preload list, which takes months to leave: https://hstspreload.org/#removal
    SILENCED_SYSTEM_CHECKS = ["security.W021"]

# Whom the site may believe on who is asking, and by which scheme. Where nobody is named, the proxy alone
# answers for the headers that it passes on, and REMOTE_ADDR is the proxy's address.
CLOUDFLARE = env.boolean("CLOUDFLARE", default=False)
TRUSTED_PROXIES = env.items("TRUSTED_PROXIES")
if CLOUDFLARE or TRUSTED_PROXIES:
    PRODREADY |= {"CLOUDFLARE": CLOUDFLARE, "TRUSTED_PROXIES": TRUSTED_PROXIES}
    MIDDLEWARE.insert(1, "django_prodready.middleware.CloudflareRealIPMiddleware")  # behind HealthMiddleware

MIDDLEWARE.insert(
    MIDDLEWARE.index("django.middleware.security.SecurityMiddleware") + 1,
    "whitenoise.middleware.WhiteNoiseMiddleware",
)
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

PRODREADY["FACTS"] = {"tls": "proxy", "static": "whitenoise"}
if CACHES["default"]["BACKEND"].endswith("LocMemCache"):
    # Each process would have a cache of its own, so without REDIS_URL the site is one process.
    PRODREADY["FACTS"] |= {"replicas": 1, "processes": 1}

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "library@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
smtp = {
    "host": env.text("EMAIL_HOST", "localhost"),
    "port": env.integer("EMAIL_PORT", 587),
    "username": env.text("EMAIL_HOST_USER"),
    "password": env.text("EMAIL_HOST_PASSWORD"),
    "use_tls": env.boolean("EMAIL_USE_TLS", default=True),
    "timeout": env.integer("EMAIL_TIMEOUT", 10),
}
# MAILERS replaces the EMAIL_* settings from Django 6.1 on, and may not stand beside them.
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": smtp}}
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = smtp["host"]
    EMAIL_PORT = smtp["port"]
    EMAIL_HOST_USER = smtp["username"]
    EMAIL_HOST_PASSWORD = smtp["password"]
    EMAIL_USE_TLS = smtp["use_tls"]
    EMAIL_TIMEOUT = smtp["timeout"]
