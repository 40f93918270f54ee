"""Files are private, but their addresses are not signed, so nobody can open them.

What it checks
--------------
The storages of django-storages for S3 and Google in `STORAGES`, static ones aside, whose files are
stored with an ACL that lets nobody else read (`private`, …) while `url()` does not sign:
`querystring_auth` is off, or `custom_domain` names the bucket's own host, for which only CloudFront's
key would sign. Each is taken from `OPTIONS`, the class or the setting, as the library does. With a
CDN's domain it is an info, and only where signing was asked for. Silent where the server knows no ACLs
(Cloudflare R2, MinIO), and with a `url()` of your own.

Why it matters
--------------
Each picture and download is answered with 403. The usual way out of that, making the bucket public,
opens what was meant to be private.

When it is wrong
----------------
A policy of the bucket lets everybody read. Then the ACL says the opposite of what is true: remove it.

How to fix
----------
Remove `AWS_QUERYSTRING_AUTH = False`, and `AWS_S3_CUSTOM_DOMAIN` unless a CDN stands there, for which
`AWS_CLOUDFRONT_KEY` and `AWS_CLOUDFRONT_KEY_ID` sign. If the files are for everybody, remove the ACL.

Source
------
[AWS_QUERYSTRING_AUTH](https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html#settings),
[CloudFront signed
URLs](https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html#cloudfront-signed-urls)"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.storage_acl import stored_acl
from django_prodready.audit.facts.storage_options import Option, RemoteStorage, remote_storages

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_S3 = "storages.backends.s3.S3Storage"


def _media(**options: object) -> dict[str, object]:
    return {"default": {"BACKEND": _S3, "OPTIONS": options}}


BAD = (
    Case(settings={"STORAGES": _media(default_acl="private", querystring_auth=False)}),
    Case(
        settings={
            "STORAGES": _media(custom_domain="shop.s3.amazonaws.com"),
            "AWS_DEFAULT_ACL": "private",
        }
    ),
)
GOOD = (
    Case(settings={"STORAGES": _media(default_acl="private")}),
    Case(settings={"STORAGES": _media(querystring_auth=False)}),
    Case(settings={"STORAGES": _media(default_acl="public-read"), "AWS_QUERYSTRING_AUTH": False}),
    Case(settings={"STORAGES": _media(default_acl="private", custom_domain="cdn.example.org")}),
)

_PRIVATE = frozenset({"private", "projectprivate", "bucketownerread", "bucketownerfullcontrol"})
# Hosts of buckets, and CDNs that go by the ACL: they ask for a signature.
_BUCKET_HOST = re.compile(
    r"(?:^|\.)(?:amazonaws\.com(?:\.cn)?|storage\.googleapis\.com|digitaloceanspaces\.com|backblazeb2\.com"
    r"|wasabisys\.com|linodeobjects\.com|your-objectstorage\.com|scw\.cloud)(?:[:/]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Problem:
    """Why addresses are not signed."""

    option: Option  # the one that says so
    cause: str
    hint: str | None = None
    severity: Severity = Severity.WARNING


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each storage of private files that gives out addresses without a signature."""
    for storage in remote_storages(facts):
        acl = None if storage.is_static or any(storage.own_sources("url")) else stored_acl(storage)
        if acl is None or str(acl.value).lower().replace("-", "") not in _PRIVATE:
            continue
        problem = _problem(storage)
        if problem is not None:
            yield Finding(
                message=f"{storage.setting} ({storage.target.__name__}) stores files with the ACL"
                f" {acl.value!r}, but {problem.cause}.",
                hint=problem.hint
                or f"Remove {problem.option.name}, or {acl.name} if everybody may read them.",
                subject=storage.setting,
                at=problem.option.at,
                severity=problem.severity,
            )


def _problem(storage: RemoteStorage) -> _Problem | None:
    auth = storage.option("querystring_auth")
    domain = storage.option("custom_domain" if storage.kind == "s3" else "custom_endpoint")
    if auth is None or domain is None:
        return None
    if not domain.value:
        cause = f"{auth.name} is off: their addresses carry no signature, and are answered with 403"
        return None if auth.value else _Problem(auth, cause)
    if storage.kind != "s3" or (auth.value and _has_cloudfront_key(storage)):
        return None
    if _BUCKET_HOST.search(str(domain.value)):
        where = f"{domain.value}, the bucket's own host"
        return _Problem(domain, f"addresses at {where}, are not signed, and answered with 403")
    if auth.value and not auth.is_default:
        cause = f"{auth.name} signs no address at {domain.value}: that takes CloudFront's key"
        hint = "Set AWS_CLOUDFRONT_KEY and AWS_CLOUDFRONT_KEY_ID, or let the CDN ask who may read."
        return _Problem(domain, cause, hint, Severity.INFO)
    return None


def _has_cloudfront_key(storage: RemoteStorage) -> bool:
    """Whether it signs for CloudFront; taken for granted when only running the class could tell."""
    if hasattr(storage.target, "cloudfront_signer"):
        return True
    options = [storage.option(name) for name in ("cloudfront_key_id", "cloudfront_key")]
    return all(option is None or bool(option.value) for option in options)
