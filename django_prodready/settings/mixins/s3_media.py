"""Uploads in a bucket: private, handed out by signed URLs, never overwritten by another of the same name."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Literal

from django_prodready.settings import env
from django_prodready.settings.declared import option
from django_prodready.settings.draft import Draft
from django_prodready.settings.environment import kinds
from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.problems import MISSING
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["S3Media"]

Provider = Literal["aws", "r2", "spaces", "minio"]
_PROVIDERS: tuple[Provider, ...] = ("aws", "r2", "spaces", "minio")
_BACKEND = "storages.backends.s3.S3Storage"
_LIBRARIES = ("django.", "storages.")

# Long enough for every image of a page that stays open, short enough for a link that is passed on.
_LINK_S = 3600
# boto3's own are 60 s and five attempts: a service that is away would hold a worker for minutes.
_CONNECT_TIMEOUT_S = 5
_READ_TIMEOUT_S = 20
_ATTEMPTS = 3

# Who must be told where the service is; AWS is found by the region, Spaces by ours.
_NEEDS_ENDPOINT = {
    "r2": "https://<account id>.r2.cloudflarestorage.com",
    "minio": "https://minio.example.org",
}

# The old names of buckets may have capitals and underscores. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = re.compile(r"[A-Za-z0-9._-]{3,255}|arn:\S+", re.ASCII)
_DOMAIN = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?(/[\w.~-]+)*", re.ASCII | re.IGNORECASE)


def _bucket(text: str) -> str:
    if not _BUCKET.fullmatch(text.strip()):
        raise Invalid("expected the bucket's name alone, without s3:// and without a folder")
    return text.strip()


def _domain(text: str) -> str:
    if not _DOMAIN.fullmatch(text.strip()):
        raise Invalid("expected a host such as media.example.org, without https:// and without a last slash")
    return text.strip()


def _private_key(text: str) -> str:
    # From an environment variable a PEM block comes with \n spelled out as often as not.
    key = kinds.secret(text).replace("\\n", "\n")
    if not key.lstrip().startswith("-----BEGIN "):
        raise Invalid("expected the private key in PEM: it begins with -----BEGIN")
    return key


class S3Media(SettingsMixin):
    """``STORAGES["default"]`` by django-storages, in its OPTIONS: the global AWS_* settings stay free.

    Keys may be missing: boto3 then asks its own chain, down to the machine's role. Needs the extra ``s3``.
    OPTIONS of the project's own stay where nothing here decides, and so does a class of its own for the
    BACKEND, which is to derive from ``S3Storage``.
    """

    S3_PROVIDER: Provider = option("aws", choices=_PROVIDERS, help="Whose service it is.")
    PUBLIC_MEDIA: bool = option(
        False, help="Uploads are for everybody: links are not signed. The bucket itself must be public, too."
    )

    USE_S3: bool = env.bool(
        "USE_S3",
        default=True,
        setting=False,
        help="false leaves uploads where they are without this: for trying things out.",
    )
    AWS_STORAGE_BUCKET_NAME: str | None = env.custom(
        "AWS_STORAGE_BUCKET_NAME",
        parse=_bucket,
        default=None,
        kind="bucket",
        setting=False,
        help="The bucket.",
        example="shop-media",
    )
    AWS_S3_REGION_NAME: str | None = env.str(
        "AWS_S3_REGION_NAME",
        default=None,
        setting=False,
        help="Where the bucket is; R2 and MinIO need none.",
        example="eu-central-1",
    )
    AWS_S3_ENDPOINT_URL: str | None = env.url(
        "AWS_S3_ENDPOINT_URL", default=None, setting=False, help="Where the service is, unless it is AWS."
    )
    AWS_ACCESS_KEY_ID: str | None = env.secret(
        "AWS_ACCESS_KEY_ID",
        default=None,
        setting=False,
        help="Together with AWS_SECRET_ACCESS_KEY, or neither.",
    )
    AWS_SECRET_ACCESS_KEY: str | None = env.secret(
        "AWS_SECRET_ACCESS_KEY", default=None, setting=False, help="Together with AWS_ACCESS_KEY_ID."
    )
    AWS_S3_CUSTOM_DOMAIN: str | None = env.custom(
        "AWS_S3_CUSTOM_DOMAIN",
        parse=_domain,
        default=None,
        kind="host",
        setting=False,
        help="A CDN in front.",
        example="media.example.org",
    )
    AWS_CLOUDFRONT_KEY_ID: str | None = env.secret(
        "AWS_CLOUDFRONT_KEY_ID", default=None, setting=False, help="Together with AWS_CLOUDFRONT_KEY."
    )
    AWS_CLOUDFRONT_KEY: str | None = env.custom(
        "AWS_CLOUDFRONT_KEY",
        parse=_private_key,
        default=None,
        kind="private key",
        secret=True,
        setting=False,
        help="PEM: signs the links of AWS_S3_CUSTOM_DOMAIN.",
    )

    def transform(self, draft: Draft) -> None:
        """Set the default storage. Refuses a CDN whose links nobody signs, and half of a pair of keys."""
        if not self.USE_S3:
            return
        draft.needs_package("storages", extra="s3")
        draft.needs_package("boto3", extra="s3")
        self._refuse_half_of_keys(draft)
        if self.AWS_STORAGE_BUCKET_NAME is None and not draft.is_build:
            raise draft.missing("AWS_STORAGE_BUCKET_NAME", setting="STORAGES", example="shop-media")
        before = _entry_of(draft)
        own = {} if _is_of_a_library(before, "django.") else dict(before.get("OPTIONS") or {})
        backend = _BACKEND if _is_of_a_library(before, *_LIBRARIES) else before["BACKEND"]
        entry = {**before, "BACKEND": backend, "OPTIONS": self._s3_options(draft, own)}
        draft.set("STORAGES", {**(draft.get("STORAGES") or {}), "default": entry})

    def _s3_options(self, draft: Draft, own: dict[str, Any]) -> dict[str, Any]:
        given = {
            "bucket_name": self.AWS_STORAGE_BUCKET_NAME,
            "region_name": self._s3_region(),
            "endpoint_url": self._s3_endpoint(draft),
            "access_key": self.AWS_ACCESS_KEY_ID,
            "secret_key": self.AWS_SECRET_ACCESS_KEY,
            "custom_domain": self.AWS_S3_CUSTOM_DOMAIN,
            "cloudfront_key_id": self.AWS_CLOUDFRONT_KEY_ID,
            "cloudfront_key": self.AWS_CLOUDFRONT_KEY,
        }
        # The custom domain is said in any case: a global AWS_S3_CUSTOM_DOMAIN would take its place.
        options = {"custom_domain": None, "querystring_expire": _LINK_S, **own}
        options |= {name: value for name, value in given.items() if value is not None}
        options |= {
            "querystring_auth": not self.PUBLIC_MEDIA,
            # Two people may both upload invoice.pdf.
            "file_overwrite": False,
        }
        if not self.PUBLIC_MEDIA:
            # R2 and AWS's buckets since April 2023 refuse ACLs; elsewhere one could only publish the file.
            options["default_acl"] = None
        options.setdefault("client_config", self._s3_client_config(options))
        self._refuse_unsigned_links(draft, options)
        return options

    def _s3_client_config(self, options: Mapping[str, Any]) -> Any:
        """Make what boto3 is told; django-storages ignores the options that this takes over."""
        # A server of our own has one name and no wildcard certificate for all buckets below it; a wildcard
        # covers no bucket with a dot. Elsewhere a host for each bucket: AWS's newer buckets want it.
        is_path = self.S3_PROVIDER == "minio" or "." in (options.get("bucket_name") or "")
        return import_module("botocore.config").Config(
            s3={"addressing_style": options.get("addressing_style") or ("path" if is_path else "virtual")},
            signature_version=options.get("signature_version") or "s3v4",
            proxies=options.get("proxies"),
            connect_timeout=_CONNECT_TIMEOUT_S,
            read_timeout=_READ_TIMEOUT_S,
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
            **_CHECKSUMS.get(self.S3_PROVIDER, _WHEN_REQUIRED),
        )

    def _s3_region(self) -> str | None:
        # R2 has one region of this name; MinIO takes any, and signatures need one.
        fallback = {"r2": "auto", "minio": "us-east-1"}.get(self.S3_PROVIDER)
        return self.AWS_S3_REGION_NAME or fallback

    def _s3_endpoint(self, draft: Draft) -> str | None:
        if self.AWS_S3_ENDPOINT_URL or draft.is_build:
            return self.AWS_S3_ENDPOINT_URL
        if (example := _NEEDS_ENDPOINT.get(self.S3_PROVIDER)) is not None:
            raise draft.missing("AWS_S3_ENDPOINT_URL", setting="STORAGES", example=example)
        if self.S3_PROVIDER != "spaces":
            return None
        if self.AWS_S3_REGION_NAME is None:
            raise draft.missing("AWS_S3_REGION_NAME", setting="STORAGES", example="fra1")
        return f"https://{self.AWS_S3_REGION_NAME}.digitaloceanspaces.com"

    def _refuse_half_of_keys(self, draft: Draft) -> None:
        for one, other in (
            ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
            ("AWS_CLOUDFRONT_KEY_ID", "AWS_CLOUDFRONT_KEY"),
        ):
            for name, beside in ((one, other), (other, one)):
                if getattr(self, name) is None and getattr(self, beside) is not None:
                    draft.refuse(name, f"{MISSING}, while {beside} is")

    def _refuse_unsigned_links(self, draft: Draft, options: Mapping[str, Any]) -> None:
        """Refuse links of a CDN that nobody signs, and those that nothing installed can sign."""
        signer = options.get("cloudfront_key") or options.get("cloudfront_signer")
        if options["custom_domain"] and not signer and not self.PUBLIC_MEDIA:
            draft.refuse(
                "AWS_S3_CUSTOM_DOMAIN",
                "links to it would not be signed: set AWS_CLOUDFRONT_KEY_ID and AWS_CLOUDFRONT_KEY, "
                "or PUBLIC_MEDIA = True in the class",
            )
        if options.get("cloudfront_key") and not any(map(importlib.util.find_spec, ("cryptography", "rsa"))):
            draft.refuse(
                "AWS_CLOUDFRONT_KEY", "needs the package cryptography to sign: pip install cryptography"
            )


# Since boto3 1.36 uploads carry a checksum behind their content, which R2, Spaces and older MinIO refuse.
# https://github.com/boto/boto3/issues/4392
_WHEN_REQUIRED: dict[str, Any] = {
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}
_CHECKSUMS: dict[str, dict[str, Any]] = {"aws": {}}


def _entry_of(draft: Draft) -> Mapping[str, Any]:
    storages = draft.get("STORAGES") or {}
    if not isinstance(storages, Mapping):
        raise draft.refuse("STORAGES", "expected a dict")
    entry = storages.get("default") or {}
    if not isinstance(entry, Mapping):
        raise draft.refuse("STORAGES", "expected a dict for 'default'")
    return entry


def _is_of_a_library(entry: Mapping[str, Any], *packages: str) -> bool:
    return str(entry.get("BACKEND", "django.")).startswith(packages)
