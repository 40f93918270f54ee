"""Everything that is uploaded can be read by anybody who has its address.

What it checks
--------------
The storages of django-storages in `STORAGES`, static ones aside: whether the ACL that files are stored
with lets the public read them (`public-read`, `publicRead`, …) or anybody with an account at the
provider (`authenticated-read`). It counts what decides: `ACL` in `object_parameters`, else
`default_acl`, each from `OPTIONS`, the class or the setting. Silent for a storage whose alias or class
is called public, and where the server knows no ACLs (Cloudflare R2, MinIO).

Why it matters
--------------
Contracts, identity papers and exports lie beside the avatars in `MEDIA`. Their addresses get into logs,
mails and search engines, and work for ever: no login is asked, and logging out changes nothing.

When it is wrong
----------------
All that is uploaded is meant for everybody, as with the pictures of a news site; an info with Wagtail,
django CMS and Mezzanine, where that is the rule.

How to fix
----------
Remove `AWS_DEFAULT_ACL` (`GS_DEFAULT_ACL`), so that files are private and their addresses are signed,
and give the ACL to the static files alone: `STORAGES["staticfiles"]["OPTIONS"] = {"default_acl":
"public-read", …}`. What is public gets a storage of its own, called so. Files that are there keep their
ACL until it is changed.

Source
------
[Canned ACL](https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl),
[AWS_DEFAULT_ACL](https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html#settings)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.storage_acl import stored_acl
from django_prodready.audit.facts.storage_options import RemoteStorage, remote_storages

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_S3 = "storages.backends.s3.S3Storage"
_PUBLIC = {"BACKEND": _S3, "OPTIONS": {"default_acl": "public-read"}}

BAD = (
    Case(settings={"STORAGES": {"default": _PUBLIC}}),
    Case(settings={"STORAGES": {"default": {"BACKEND": _S3}}, "AWS_DEFAULT_ACL": "public-read"}),
)
GOOD = (
    Case(settings={"STORAGES": {"default": {"BACKEND": _S3}, "staticfiles": _PUBLIC}}),
    Case(settings={"STORAGES": {"default": {"BACKEND": _S3}}, "AWS_DEFAULT_ACL": "private"}),
    Case(settings={"STORAGES": {"default": {"BACKEND": _S3}, "public": _PUBLIC}}),
    Case(settings={"AWS_DEFAULT_ACL": "public-read"}),
)

# With and without hyphens: S3's and Google's names of the same lists.
_READERS = {
    "publicread": "anybody",
    "publicreadwrite": "anybody",
    "authenticatedread": "anybody with an account at the provider",
}
_MEANT = re.compile(r"public|thumb|assets|cdn", re.IGNORECASE)
_PUBLISHERS = ("wagtail", "wagtail.core", "wagtail.images", "cms", "mezzanine.core")


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each storage of uploads that the public can read."""
    publisher = next((app for app in _PUBLISHERS if facts.has_app(app)), None)
    for storage in remote_storages(facts):
        acl = None if _is_meant(storage) else stored_acl(storage)
        reader = _READERS.get(str(acl.value).lower().replace("-", "")) if acl else None
        if acl and reader:
            may_write = ", and write over it" if "write" in str(acl.value).lower() else ""
            yield Finding(
                message=f"{storage.setting} ({storage.target.__name__}) stores uploads with the ACL"
                f" {acl.value!r}: {reader} who has the address of a file can read it{may_write}.",
                hint=f"Remove {acl.name}, and give static files, and what else is for everybody, a storage"
                " of their own.",
                subject=storage.setting,
                at=acl.at,
                severity=Severity.INFO if publisher else Severity.WARNING,
            )


def _is_meant(storage: RemoteStorage) -> bool:
    return storage.is_static or _MEANT.search(f"{storage.alias} {storage.target.__name__}") is not None
