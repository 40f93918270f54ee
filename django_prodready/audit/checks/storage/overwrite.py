"""An upload replaces another one that has the same name.

What it checks
--------------
The storages of django-storages in `STORAGES`, static ones aside: whether `file_overwrite` (S3, Google) or
`overwrite_files` (Azure) is on. It counts what decides: `OPTIONS`, else the class, else the setting such as
`AWS_S3_FILE_OVERWRITE`, else the library's default, which is on for S3 and Google. Silent when a class of
your own finds the free name, and when every file field of the models that stores there makes names that do
not repeat (`upload_to` with a UUID, a token, a hash or the row's id).

Why it matters
--------------
Two people upload `invoice.pdf`: the second file takes the place of the first, and both rows show it.
Nothing fails, and no error says so. Django's own storage on disk would have added a suffix.

When it is wrong
----------------
Names never repeat for a reason that settings and models do not show, or replacing is what you want,
such as for backups or exports. One storage that has it on by its own option or class is taken for a
choice, and is an info; so is any but `default`.

How to fix
----------
Set `AWS_S3_FILE_OVERWRITE = False` (`GS_FILE_OVERWRITE`, `AZURE_OVERWRITE_FILES`), or
`"file_overwrite": False` in the `OPTIONS` of the storage. Files that are there keep their names.

Source
------
[django-storages, S3](https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html#settings),
[Wagtail asks for it, too](https://docs.wagtail.org/en/stable/advanced_topics/deploying.html#cloud-storage)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.storage_options import Option, RemoteStorage, remote_storages
from django_prodready.audit.facts.storage_uploads import default_upload_fields, name_all_uniquely

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_S3 = "storages.backends.s3.S3Storage"
_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def _media(**options: object) -> dict[str, object]:
    return {"default": {"BACKEND": _S3, "OPTIONS": options}, "staticfiles": _STATIC}


_OWN = "from storages.backends.s3 import S3Storage\nclass Uploads(S3Storage):\n    file_overwrite = False\n"

BAD = (
    Case(settings={"STORAGES": _media()}),
    Case(settings={"STORAGES": _media(), "AWS_S3_FILE_OVERWRITE": True}),
)
GOOD = (
    Case(),
    Case(settings={"STORAGES": _media(file_overwrite=False)}),
    Case(settings={"STORAGES": _media(), "AWS_S3_FILE_OVERWRITE": False}),
    Case(
        settings={"STORAGES": {"default": {"BACKEND": "shop_store.Uploads"}, "staticfiles": _STATIC}},
        files={"shop_store.py": _OWN},
    ),
)

_NAMES = {"azure": "overwrite_files"}
_SETTINGS = {"s3": "AWS_S3_FILE_OVERWRITE", "google": "GS_FILE_OVERWRITE", "azure": "AZURE_OVERWRITE_FILES"}
_CHOOSES_NAME = ("get_available_name", "get_alternative_name", "generate_filename", "save")
# What is made again under the name that it had.
_REPLACES = re.compile(r"backup|thumb|cache|export|report|compress|tmp|temp|overwrite", re.IGNORECASE)


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each storage of uploads that replaces files of the same name."""
    for storage in remote_storages(facts):
        if _is_meant_to_replace(storage) or any(storage.own_sources(*_CHOOSES_NAME)):
            continue
        option = storage.option(_NAMES.get(storage.kind, "file_overwrite"))
        if option is None or not option.value:
            continue
        if storage.alias != "default" or not name_all_uniquely(default_upload_fields()):
            yield _finding(storage, option)


def _is_meant_to_replace(storage: RemoteStorage) -> bool:
    names = f"{storage.alias} {storage.target.__name__}"
    return storage.is_static or _REPLACES.search(names) is not None


def _finding(storage: RemoteStorage, option: Option) -> Finding:
    by_default = " by default in django-storages" if option.is_default else ""
    setting = _SETTINGS.get(storage.kind, option.name) if option.is_default else option.name
    is_choice = not option.is_global or storage.alias != "default"
    return Finding(
        message=f"{storage.setting} ({storage.target.__name__}) replaces a file when another of the"
        f" same name is uploaded: {option.name} is on{by_default}.",
        hint=f"Set {setting} = False.",
        subject=storage.setting,
        at=option.at,
        severity=Severity.INFO if is_choice else Severity.WARNING,
    )
