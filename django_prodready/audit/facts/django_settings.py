"""What Django itself knows of settings: its defaults, names without a default, and names that it gave up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import django
from django.conf import global_settings

__all__ = ["DEFAULTS", "KNOWN", "REMOVED", "Removed", "is_dead"]

DEFAULTS: Mapping[str, Any] = {
    name: getattr(global_settings, name) for name in dir(global_settings) if name.isupper()
}

# Read by Django 5.2 to 6.1 with getattr() or under try, so global_settings does not list them.
_WITHOUT_DEFAULT = frozenset(
    {
        "EMAIL_FILE_PATH",
        "GDAL_LIBRARY_PATH",
        "GEOIP_CITY",
        "GEOIP_COUNTRY",
        "GEOIP_PATH",
        "GEOS_LIBRARY_PATH",
        "MAILERS",
        "MESSAGE_LEVEL",
        "MESSAGE_TAGS",
        "POSTGIS_VERSION",
        "ROOT_URLCONF",
        "SERIALIZATION_MODULES",
        "SITE_ID",
        "SPATIALITE_LIBRARY_PATH",
    }
)


_NEVER = object()


@dataclass(frozen=True, slots=True)
class Removed:
    """A setting that Django once had."""

    version: tuple[int, int]  # the first Django that ignores it
    successor: str | None  # the setting that decides now
    hint: str  # what to do instead, one imperative
    default: Any = _NEVER  # what it was when unset; a setting that has this value loses nothing

    def is_default(self, value: object) -> bool:
        """Whether ``value`` says no more than leaving the setting out did."""
        return bool(value == self.default)


def is_dead(name: str) -> bool:
    """Whether the running Django ignores the setting ``name`` that an earlier one had."""
    removed = REMOVED.get(name)
    return removed is not None and django.VERSION[:2] >= removed.version and name not in DEFAULTS


_DELETE = "Delete it."
_OPTIONS = "Set it in TEMPLATES[…]['OPTIONS'] and delete it."
_TEMPLATE_DIRS = "List the folders in TEMPLATES[…]['DIRS'] and delete it."

# The removals that https://docs.djangoproject.com/en/stable/internals/deprecation/ and the release
# notes of each version list. DATABASE_* (1.4) is not here: projects use those names for their own parts.
REMOVED: Mapping[str, Removed] = {
    "ADMIN_FOR": Removed((1, 7), None, _DELETE),
    "ADMIN_MEDIA_PREFIX": Removed((1, 4), None, "Delete it: the admin's files are below STATIC_URL."),
    "ALLOWED_INCLUDE_ROOTS": Removed((1, 10), None, _DELETE),
    "AUTH_PROFILE_MODULE": Removed(
        (1, 7), None, "Delete it, and relate the profile's model to AUTH_USER_MODEL."
    ),
    "CACHE_BACKEND": Removed((1, 5), "CACHES", "Write it as CACHES['default'] and delete it."),
    "CACHE_MIDDLEWARE_ANONYMOUS_ONLY": Removed((1, 8), None, _DELETE),
    "CSRF_COOKIE_MASKED": Removed((5, 0), None, _DELETE),
    "DEFAULT_CONTENT_TYPE": Removed((3, 0), None, _DELETE),
    "DEFAULT_FILE_STORAGE": Removed(
        (5, 1),
        "STORAGES",
        "Write it as STORAGES['default']['BACKEND'] and delete it.",
        default="django.core.files.storage.FileSystemStorage",
    ),
    "DEFAULT_HASHING_ALGORITHM": Removed((4, 0), None, _DELETE),
    "FILE_CHARSET": Removed((3, 1), None, "Delete it: Django reads files from disk as UTF-8."),
    "FORMS_URLFIELD_ASSUME_HTTPS": Removed((6, 0), None, "Delete it: forms.URLField assumes https."),
    "IGNORABLE_404_ENDS": Removed(
        (1, 6), "IGNORABLE_404_URLS", "Write patterns into IGNORABLE_404_URLS and delete it."
    ),
    "IGNORABLE_404_STARTS": Removed(
        (1, 6), "IGNORABLE_404_URLS", "Write patterns into IGNORABLE_404_URLS and delete it."
    ),
    "MIDDLEWARE_CLASSES": Removed((2, 0), "MIDDLEWARE", "Move its entries to MIDDLEWARE and delete it."),
    "PASSWORD_RESET_TIMEOUT_DAYS": Removed(
        (4, 0), "PASSWORD_RESET_TIMEOUT", "Set PASSWORD_RESET_TIMEOUT, in seconds, and delete it.", default=3
    ),
    "SECURE_BROWSER_XSS_FILTER": Removed(
        (4, 0), None, "Delete it: browsers dropped the filter that it switched on."
    ),
    "SEND_BROKEN_LINK_EMAILS": Removed(
        (1, 8), None, "Delete it, or add django.middleware.common.BrokenLinkEmailsMiddleware to MIDDLEWARE."
    ),
    "STATICFILES_STORAGE": Removed(
        (5, 1),
        "STORAGES",
        "Write it as STORAGES['staticfiles']['BACKEND'] and delete it.",
        default="django.contrib.staticfiles.storage.StaticFilesStorage",
    ),
    "TEMPLATE_CONTEXT_PROCESSORS": Removed((1, 10), "TEMPLATES", _OPTIONS),
    "TEMPLATE_DEBUG": Removed((1, 10), None, "Delete it: TEMPLATES[…]['OPTIONS']['debug'] follows DEBUG."),
    "TEMPLATE_DIRS": Removed((1, 10), "TEMPLATES", _TEMPLATE_DIRS),
    "TEMPLATE_LOADERS": Removed((1, 10), "TEMPLATES", _OPTIONS),
    "TEMPLATE_STRING_IF_INVALID": Removed((1, 10), "TEMPLATES", _OPTIONS, default=""),
    "TRANSACTIONS_MANAGED": Removed((1, 8), None, "Delete it, or set DATABASES[…]['AUTOCOMMIT']."),
    "USE_DEPRECATED_PYTZ": Removed((5, 0), None, "Delete it: time zones are zoneinfo's."),
    "USE_ETAGS": Removed(
        (2, 1), None, "Delete it, or add django.middleware.http.ConditionalGetMiddleware to MIDDLEWARE."
    ),
    "USE_L10N": Removed((5, 0), None, "Delete it: formats are always localized."),
}

# Every name that means, or meant, something to Django.
KNOWN: frozenset[str] = frozenset({*DEFAULTS, *_WITHOUT_DEFAULT, *REMOVED})
