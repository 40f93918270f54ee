"""Static files keep their names, so browsers cannot know that one has changed.

What it checks
--------------
Whether the storage of `STORAGES["staticfiles"]` puts a hash of the content into file names: a subclass
of Django's manifest storages, or one that works like them. Silent when the project's own class makes
the addresses (`url()`), when a package that names files itself is in use (django-compressor,
django-pipeline, django-vite, webpack), when `WHITENOISE_IMMUTABLE_FILE_TEST` says how to tell hashed
files, and when templates put a version behind the address (`{% static "app.css" %}?v=3`).

Why it matters
--------------
After a deploy a browser, or a CDN, goes on with the CSS and JavaScript that it has, which no longer
fit the new pages. Without a hash the only way out is to keep nothing, and then each page asks for
every file again.

When it is wrong
----------------
When something outside of Django names the files, such as a build step whose results have hashes already.

How to fix
----------
`STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}`,
`django.contrib.staticfiles.storage.ManifestStaticFilesStorage` behind nginx, or
`storages.backends.s3.S3ManifestStaticStorage` on S3; then run `collectstatic`. A `STORAGES` of your own
needs `default`, too: it takes the place of Django's whole dictionary.

Source
------
[ManifestStaticFilesStorage](https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/#manifeststaticfilesstorage),
[WhiteNoise](https://whitenoise.readthedocs.io/en/stable/django.html#add-compression-and-caching-support)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.files.storage import FileSystemStorage

from django_prodready.audit import Case, Finding, Need, NotApplicable, NotRun, Severity, check
from django_prodready.audit.facts.middleware_order import WHITENOISE_MIDDLEWARE

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_DJANGO = "django.contrib.staticfiles.storage"


def _storage(backend: str) -> dict[str, object]:
    return {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": backend},
    }


BAD = (Case(), Case(settings={"STORAGES": _storage(f"{_DJANGO}.StaticFilesStorage")}))
GOOD = (
    Case(settings={"STORAGES": _storage(f"{_DJANGO}.ManifestStaticFilesStorage")}),
    Case(settings={"INSTALLED_APPS": ["django.contrib.contenttypes"]}),
    Case(settings={"WHITENOISE_IMMUTABLE_FILE_TEST": r"^.+\.[0-9a-f]{12}\..+$"}),
    Case(files={"templates/base.html": '<link href="{% static "site.css" %}?v={{ version }}">'}),
)

_WHITENOISE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_PACKAGES = {"django", "whitenoise", "storages"}  # their storages make plain addresses
_APP = "django.contrib.staticfiles"
_PIPELINES = (
    "compressor", "django_vite", "django_vite_plugin", "pipeline", "webpack_loader", "webpack_boilerplate",
    "manifest_loader", "django_assets", "django_webpack_loader", "django_esbuild", "django_rspack",
)  # fmt: skip
# {% static "a.css" %}?v=1, and a tag of the project's own that is given the version.
_VERSIONED = re.compile(
    r"\{%\s*static\b[^%]*%\}\?\w|\{%\s*static\w+\s[^%]*\b(?:v|ver|version|hash|rev|revision)="
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the storage of static files adds no hash to their names."""
    if not _uses_staticfiles(facts):
        raise NotApplicable(f"{_APP} is not installed")
    storage = facts.effective.storage_class("staticfiles")
    if storage is None:
        raise NotRun("the backend of STORAGES['staticfiles'] is not set or cannot be imported")
    # Everything with the method that Django's HashedFilesMixin has works like it.
    if not hasattr(storage, "hashed_name") and not _has_own_url(storage) and not _is_versioned(facts):
        yield Finding(
            message=f"STORAGES['staticfiles'] is {storage.__name__}, which adds no hash to file names:"
            " after a deploy browsers go on with the old CSS and JavaScript.",
            hint=_hint(facts, storage),
            subject="STORAGES['staticfiles']",
            at=facts.origin("STORAGES", "staticfiles", "BACKEND"),
        )


def _uses_staticfiles(facts: Facts) -> bool:
    # With a configuration of the project's own, as for files to ignore, INSTALLED_APPS has another path.
    return facts.has_app(_APP) or (apps.apps_ready and apps.is_installed(_APP))


def _has_own_url(storage: type) -> bool:
    """Whether the project's own class makes the addresses, and so may put a version behind them."""
    maker = next((each for each in storage.__mro__ if "url" in vars(each)), storage)
    return maker.__module__.partition(".")[0] not in _PACKAGES


def _hint(facts: Facts, storage: type) -> str:
    if not issubclass(storage, FileSystemStorage):
        # Its options and STATIC_URL are those of a remote store, which the manifest storages do not know.
        return (
            "Set STORAGES['staticfiles']['BACKEND'] to a class that has"
            f" {_DJANGO}.ManifestFilesMixin before {storage.__name__}."
        )
    uses_whitenoise = facts.middleware.find(WHITENOISE_MIDDLEWARE) is not None
    backend = _WHITENOISE if uses_whitenoise else f"{_DJANGO}.ManifestStaticFilesStorage"
    keep = "" if "STORAGES" in facts.explicit else ", beside the 'default' that Django has"
    return f"Set STORAGES['staticfiles']['BACKEND'] to {backend}{keep}, and run collectstatic."


def _is_versioned(facts: Facts) -> bool:
    """Whether something else tells browsers of a change."""
    if "WHITENOISE_IMMUTABLE_FILE_TEST" in facts.explicit or any(map(facts.has_app, _PIPELINES)):
        return True
    templates = facts.files.matching("**/templates/**")
    return any(_VERSIONED.search(facts.files.read(path) or "") for path in templates)
