"""The access-control list that a storage gives to each file, as django-storages works it out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from django_prodready.audit.facts.storage_options import Option, RemoteStorage

__all__ = ["stored_acl"]

# https://developers.cloudflare.com/r2/api/s3/api/, https://docs.min.io/community/minio-object-store/reference/s3-api-compatibility.html
_WITHOUT_ACLS = re.compile(r"\.r2\.cloudflarestorage\.com|minio", re.IGNORECASE)
_MAKES_PARAMETERS = ("get_object_parameters", "_get_write_parameters")
_KEYS = {"s3": "ACL", "google": "acl"}


def stored_acl(storage: RemoteStorage) -> Option | None:
    """Return the canned ACL, S3's or Google's; None without one, or when only running it could tell."""
    key = _KEYS.get(storage.kind)
    if key is None or _server_has_no_acls(storage):
        return None
    if any(re.search("acl", source, re.IGNORECASE) for source in storage.own_sources(*_MAKES_PARAMETERS)):
        return None
    parameters = storage.option("object_parameters")
    if parameters is not None and isinstance(parameters.value, Mapping) and parameters.value.get(key):
        return replace(parameters, value=parameters.value[key], name=f"{parameters.name}[{key!r}]")
    acl = storage.option("default_acl")
    return acl if acl is not None and acl.value else None


def _server_has_no_acls(storage: RemoteStorage) -> bool:
    endpoint = storage.option("endpoint_url")
    return endpoint is not None and _WITHOUT_ACLS.search(str(endpoint.value)) is not None
