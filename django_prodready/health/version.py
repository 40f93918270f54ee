"""Which version of the project this process runs."""

from __future__ import annotations

import functools
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import ENVIRONMENT_VARIABLE

from django_prodready.conf import get_config

if TYPE_CHECKING:
    from importlib.metadata import Distribution

UNKNOWN = "unknown"

# The names that builds choose come first: whoever bakes one into an image means it.
VARIABLES = (
    "APP_VERSION",
    "GIT_SHA",
    "GIT_COMMIT",
    "COMMIT_SHA",
    "SOURCE_COMMIT",  # Coolify; Docker Hub's automated builds
    "RENDER_GIT_COMMIT",  # https://render.com/docs/environment-variables
    "RAILWAY_GIT_COMMIT_SHA",  # https://docs.railway.com/reference/variables
    "HEROKU_BUILD_COMMIT",  # https://devcenter.heroku.com/articles/dyno-metadata
    "HEROKU_SLUG_COMMIT",
    "KOYEB_GIT_SHA",  # https://www.koyeb.com/docs/build-and-deploy/environment-variables
    "VERCEL_GIT_COMMIT_SHA",
    "CI_COMMIT_SHA",  # GitLab
    "GITHUB_SHA",
)


def current_version() -> str:
    """Return ``PRODREADY["VERSION"]``, else what environment or installation tells, else "unknown"."""
    return get_config().version or detected_version()


@functools.cache
def detected_version() -> str:
    """Return the first version found, once per process: a deployed process does not change its code."""
    return _from_environment() or _from_distribution() or UNKNOWN


def _from_environment() -> str | None:
    return next((value for name in VARIABLES if (value := os.environ.get(name, "").strip())), None)


def _from_distribution() -> str | None:
    """Return the version of the installed distribution that holds the settings module, if one does.

    ``importlib.metadata.packages_distributions()`` reads every distribution on ``sys.path``. This looks
    only in the folder that the settings are imported from: quick, and blind to a namesake elsewhere.
    """
    top = os.environ.get(ENVIRONMENT_VARIABLE, "").partition(".")[0]
    folder = _folder_of(top)
    if folder is None:
        return None
    from importlib.metadata import distributions  # slow to import, and every manage.py command loads us

    installed = distributions(path=[str(folder)])
    return next((found.version for found in installed if _provides(found, top)), None)


def _folder_of(top: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    place = next(iter(spec.submodule_search_locations or ()), spec.origin)
    return None if place is None else Path(place).parent


def _provides(distribution: Distribution, top: str) -> bool:
    files = distribution.files or ()
    return any(file.parts[0] in (top, f"{top}.py") for file in files)
