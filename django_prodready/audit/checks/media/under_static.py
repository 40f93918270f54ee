"""Uploads and static files are in one folder, one inside the other.

What it checks
--------------
The folder that `STORAGES["default"]` stores uploads in (`MEDIA_ROOT`, or `location` in its `OPTIONS`)
and the one of `STORAGES["staticfiles"]` (`STATIC_ROOT`): whether they are the same, or one is inside
the other, after links are followed. Only where both storages keep files on disk.

Why it matters
--------------
Uploads below the static folder are served as the site's own files, whoever uploaded them, cached for
months, and deleted by `collectstatic --clear`. Static files below the folder of uploads can be met by
an upload: what is stored under a script's name runs in every visitor's browser.

When it is wrong
----------------
It is not: even if nothing serves the outer folder today, its configuration says what it is for.

How to fix
----------
Give each a folder of its own, side by side: `MEDIA_ROOT = BASE_DIR / "media"`,
`STATIC_ROOT = BASE_DIR / "staticfiles"`. Move the files that are there.

Source
------
[MEDIA_ROOT](https://docs.djangoproject.com/en/stable/ref/settings/#media-root)
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.storage import FileSystemStorage

from django_prodready.audit import Case, Finding, NotApplicable, NotRun, Severity, check
from django_prodready.audit.facts.effective import value_of
from django_prodready.audit.facts.storage_options import configured_storages

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"MEDIA_ROOT": "/srv/shop/static/media", "STATIC_ROOT": "/srv/shop/static"}),
    Case(settings={"MEDIA_ROOT": "/srv/shop/media", "STATIC_ROOT": "/srv/shop/media/static"}),
)
GOOD = (
    Case(settings={"MEDIA_ROOT": "/srv/shop/media", "STATIC_ROOT": "/srv/shop/static"}),
    Case(settings={"MEDIA_ROOT": "/srv/shop/static-media", "STATIC_ROOT": "/srv/shop/static"}),
    Case(settings={"STATIC_ROOT": "/srv/shop/static"}),
)

_LIBRARIES = frozenset({"builtins", "django", "whitenoise"})
_ROOTS = {"default": "MEDIA_ROOT", "staticfiles": "STATIC_ROOT"}


@check(severity=Severity.CRITICAL)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the folder of uploads and that of static files lie in one another."""
    media, media_name = _folder(facts, "default")
    static, static_name = _folder(facts, "staticfiles")
    if media == static:
        problem = f"{media_name} and {static_name} are the same folder, {media}"
    elif media.is_relative_to(static):
        problem = f"{media_name} {media} is inside {static_name} {static}"
    elif static.is_relative_to(media):
        problem = f"{static_name} {static} is inside {media_name} {media}"
    else:
        return
    yield Finding(
        message=f"{problem}: uploads pass for the site's own static files.",
        hint=f"Set {media_name} and {static_name} to folders side by side.",
        subject="MEDIA_ROOT",
        at=facts.origin("MEDIA_ROOT") or facts.origin("STATIC_ROOT"),
    )


def _folder(facts: Facts, alias: str) -> tuple[Path, str]:
    """Return the folder of a storage on disk, links followed, and the setting that names it."""
    target = facts.effective.storage_class(alias)
    if target is None:
        raise NotRun(f"the backend of STORAGES[{alias!r}] is not set or cannot be imported")
    if not issubclass(target, FileSystemStorage):
        raise NotApplicable(f"STORAGES[{alias!r}] keeps no files on disk")
    if _decides_itself(target):
        raise NotRun(f"{target.__name__} decides by itself where it keeps files")
    options = configured_storages(facts).get(alias, {}).get("OPTIONS")
    name = _ROOTS[alias]
    location = options.get("location") if isinstance(options, Mapping) else None
    if location is not None:
        name = f"STORAGES[{alias!r}]['OPTIONS']['location']"
    else:
        location = value_of(facts.settings, name)
    if not isinstance(location, str | os.PathLike) or not str(location):
        raise NotApplicable(f"{_ROOTS[alias]} is not set")
    return Path(os.path.realpath(location)), name


def _decides_itself(target: type) -> bool:
    own = (each for each in target.__mro__ if each.__module__.partition(".")[0] not in _LIBRARIES)
    return any({"__init__", "location", "base_location"} & vars(each).keys() for each in own)
