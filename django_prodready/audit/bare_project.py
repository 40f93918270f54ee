"""The smallest sound project: what a :class:`~django_prodready.audit.model.Case` starts from.

The settings are those of ``startproject`` with DEBUG off, a host, and a key that is worthless.
"""

from __future__ import annotations

from typing import Any

# Also the project's URLconf: it has no page.
urlpatterns: list[Any] = []

SETTINGS: dict[str, Any] = {
    "SECRET_KEY": "bare-project-" + "q8Wm2Xc7Vb4Nz9Lk1Jh6Gf3Ds5Ap0Yt" * 2,
    "DEBUG": False,
    "ALLOWED_HOSTS": ["www.example.org"],
    "ROOT_URLCONF": __name__,
    "USE_TZ": True,
    "INSTALLED_APPS": [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ],
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "STATIC_URL": "static/",
}
