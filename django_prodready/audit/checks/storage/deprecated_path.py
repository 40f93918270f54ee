"""A storage is named by the path that django-storages keeps for old projects alone.

What it checks
--------------
`STORAGES` with a `BACKEND` below `storages.backends.s3boto3`, and imports from there in the code, where the
installed django-storages has the new path (1.14 and later).

Why it matters
--------------
Nothing breaks today: `s3boto3.py` hands out the classes of `s3.py` under old names. The documentation, its
examples and its release notes speak of the new ones alone, and the shim goes with some version to come.

When it is wrong
----------------
The code is a package that supports django-storages before 1.14, too.

How to fix
----------
Write `storages.backends.s3.S3Storage` for `storages.backends.s3boto3.S3Boto3Storage`, `S3StaticStorage` and
`S3ManifestStaticStorage` likewise. It is the same class: files, settings and migrations stay as they are.

Source
------
[Changelog of django-storages 1.14](https://github.com/jschneier/django-storages/blob/master/CHANGELOG.rst)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.storage_options import configured_storages
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_OLD = "storages.backends.s3boto3"

BAD = (
    Case(settings={"STORAGES": {"default": {"BACKEND": f"{_OLD}.S3Boto3Storage"}}}),
    Case(files={"shop/storage.py": f"from {_OLD} import S3Boto3Storage\n"}),
)
GOOD = (
    Case(),
    Case(settings={"STORAGES": {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}}),
    Case(files={"shop/storage.py": "from storages.backends.s3 import S3Storage\n"}),
)

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+storages\.backends\.s3boto3[ \t]+import|import[ \t]+storages\.backends\.s3boto3"
    r"|from[ \t]+storages\.backends[ \t]+import[ \t].*\bs3boto3)\b",
    re.MULTILINE,
)
_CLASSES = {"S3Boto3Storage": "S3Storage", "S3Boto3StorageFile": "S3File"}


@check(severity=Severity.INFO, needs=(Need.SETTINGS, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each use of the old path, in STORAGES and in code."""
    if not facts.is_installed("storages.backends.s3"):
        raise NotApplicable("django-storages 1.14 or later is not installed")
    yield from _in_settings(facts)
    for path in facts.files.served:
        text = facts.files.read(path) or ""
        match = _IMPORT.search(text) if "s3boto3" in text else None
        if match is not None:
            yield Finding(
                message=f"{path} imports from {_OLD}, which django-storages keeps for old projects alone.",
                hint="Import from storages.backends.s3, where S3Boto3Storage is called S3Storage.",
                subject=path,
                at=Location(path, text.count("\n", 0, match.start()) + 1),
            )


def _in_settings(facts: Facts) -> Iterator[Finding]:
    for alias, entry in configured_storages(facts).items():
        backend = entry.get("BACKEND")
        if isinstance(backend, str) and backend.startswith(f"{_OLD}."):
            old = backend.rpartition(".")[2]
            setting = f"STORAGES[{alias!r}]['BACKEND']"
            yield Finding(
                message=f"{setting} is {backend!r}, which django-storages keeps for old projects alone.",
                hint=f"Write 'storages.backends.s3.{_CLASSES.get(old, old)}', which is the same class.",
                subject=setting,
                at=facts.origin("STORAGES", alias, "BACKEND"),
            )
