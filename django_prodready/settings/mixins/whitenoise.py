"""Static files from the site itself: compressed, named for their content, kept by browsers for good."""

from __future__ import annotations

from pathlib import Path

from django_prodready.settings import env
from django_prodready.settings.declared import fixed
from django_prodready.settings.draft import Draft
from django_prodready.settings.middleware_order import WHITENOISE
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["WhiteNoise"]

_DJANGO_S_OWN = "django.contrib.staticfiles.storage."
_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"


class WhiteNoise(SettingsMixin):
    """WhiteNoise behind SecurityMiddleware, with a manifest. Needs the extra ``static``."""

    COLLECTED_STATIC: Path | None = env.path(
        "STATIC_ROOT",
        default=None,
        setting=False,
        help="Where collectstatic writes to.",
        example="/app/staticfiles",
    )
    # The development server's conveniences: they search the file system at every request.
    WHITENOISE_AUTOREFRESH: bool = fixed(False)
    WHITENOISE_USE_FINDERS: bool = fixed(False)
    # For files without a hash in their name alone; all others are kept for good anyway.
    WHITENOISE_MAX_AGE: int = fixed(60)

    def transform(self, draft: Draft) -> None:
        """Merge the storage into STORAGES, where it is Django's own, and put the middleware in."""
        draft.needs_package("whitenoise", extra="static")
        draft.place_middleware(WHITENOISE, same=self.SAME_MIDDLEWARE)
        entry = draft.entries("STORAGES").get("staticfiles", {})
        if str(entry.get("BACKEND", _DJANGO_S_OWN)).startswith(_DJANGO_S_OWN):
            draft.change("STORAGES", {"staticfiles": {**entry, "BACKEND": _STORAGE}})
        if self.COLLECTED_STATIC is not None:
            draft.set("STATIC_ROOT", str(self.COLLECTED_STATIC))
        elif not draft.get("STATIC_ROOT"):
            raise draft.missing("STATIC_ROOT", example="/app/staticfiles")
        draft.default_in("PRODREADY", {"FACTS": {"static": "whitenoise"}})
