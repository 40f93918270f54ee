"""Uploads in a bucket: private, handed out by signed URLs, never overwritten by a second upload."""

from __future__ import annotations

from typing import Any, Literal

from django_prodready.settings import env
from django_prodready.settings.declared import option
from django_prodready.settings.draft import Draft
from django_prodready.settings.environment.problems import MISSING
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["S3Media"]

Provider = Literal["aws", "r2", "spaces", "minio"]
_PROVIDERS: tuple[Provider, ...] = ("aws", "r2", "spaces", "minio")
_BACKEND = "storages.backends.s3.S3Storage"
_LINK_S = 3600

# Who must be told where the service is; AWS is found by the region, Spaces by ours.
_NEEDS_ENDPOINT = {
    "r2": "https://<account id>.r2.cloudflarestorage.com",
    "minio": "https://minio.example.org",
}


class S3Media(SettingsMixin):
    """``STORAGES["default"]`` by django-storages, in its OPTIONS: the global AWS_* settings stay free.

    Keys may be missing: boto3 then asks its own chain, down to the machine's role. Needs the extra ``s3``.
    """

    S3_PROVIDER: Provider = option("aws", choices=_PROVIDERS, help="Whose service it is.")
    PUBLIC_MEDIA: bool = option(
        False, help="Uploads are for everybody: links are not signed, and CDNs may keep what they lead to."
    )

    USE_S3: bool = env.bool(
        "USE_S3",
        default=True,
        setting=False,
        help="false leaves uploads in the file system: for trying things out.",
    )
    AWS_STORAGE_BUCKET_NAME: str | None = env.str(
        "AWS_STORAGE_BUCKET_NAME", default=None, setting=False, help="The bucket.", example="shop-media"
    )
    AWS_S3_REGION_NAME: str | None = env.str(
        "AWS_S3_REGION_NAME", default=None, setting=False, example="eu-central-1"
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
    AWS_SECRET_ACCESS_KEY: str | None = env.secret("AWS_SECRET_ACCESS_KEY", default=None, setting=False)
    AWS_S3_CUSTOM_DOMAIN: str | None = env.str(
        "AWS_S3_CUSTOM_DOMAIN",
        default=None,
        setting=False,
        help="A CDN in front.",
        example="media.example.org",
    )
    AWS_CLOUDFRONT_KEY_ID: str | None = env.secret("AWS_CLOUDFRONT_KEY_ID", default=None, setting=False)
    AWS_CLOUDFRONT_KEY: str | None = env.secret(
        "AWS_CLOUDFRONT_KEY",
        default=None,
        setting=False,
        help="PEM: signs the links of AWS_S3_CUSTOM_DOMAIN.",
    )

    def transform(self, draft: Draft) -> None:
        """Set the default storage. Refuses a CDN whose links nobody signs, and half of a pair of keys."""
        if not self.USE_S3:
            return
        draft.needs_package("storages", extra="s3")
        draft.needs_package("boto3", extra="s3")
        self._refuse_halves(draft)
        if self.AWS_STORAGE_BUCKET_NAME is None and not draft.is_build:
            raise draft.missing("AWS_STORAGE_BUCKET_NAME", setting="STORAGES", example="shop-media")
        draft.change("STORAGES", {"default": {"BACKEND": _BACKEND, "OPTIONS": self._options(draft)}})

    def _options(self, draft: Draft) -> dict[str, Any]:
        given = {
            "bucket_name": self.AWS_STORAGE_BUCKET_NAME,
            "region_name": self._region(),
            "endpoint_url": self._endpoint(draft),
            "access_key": self.AWS_ACCESS_KEY_ID,
            "secret_key": self.AWS_SECRET_ACCESS_KEY,
            "custom_domain": self.AWS_S3_CUSTOM_DOMAIN,
            "cloudfront_key_id": self.AWS_CLOUDFRONT_KEY_ID,
            # From an environment variable a PEM block comes with \n spelled out as often as not.
            "cloudfront_key": self.AWS_CLOUDFRONT_KEY and self.AWS_CLOUDFRONT_KEY.replace("\\n", "\n"),
        }
        return {name: value for name, value in given.items() if value is not None} | {
            "querystring_auth": not self.PUBLIC_MEDIA,
            "querystring_expire": _LINK_S,
            # Two people may both upload invoice.pdf.
            "file_overwrite": False,
            # Newer buckets, and every other provider, refuse ACLs: the bucket's own policy is what counts.
            "default_acl": None,
            "signature_version": "s3v4",
            # A server of our own has one name and no wildcard certificate for all buckets below it.
            "addressing_style": "path" if self.S3_PROVIDER == "minio" else "virtual",
        }

    def _region(self) -> str | None:
        # R2 has one region of this name; MinIO takes any, and signatures need one.
        fallback = {"r2": "auto", "minio": "us-east-1"}.get(self.S3_PROVIDER)
        return self.AWS_S3_REGION_NAME or fallback

    def _endpoint(self, draft: Draft) -> str | None:
        if self.AWS_S3_ENDPOINT_URL or draft.is_build:
            return self.AWS_S3_ENDPOINT_URL
        if (example := _NEEDS_ENDPOINT.get(self.S3_PROVIDER)) is not None:
            raise draft.missing("AWS_S3_ENDPOINT_URL", setting="STORAGES", example=example)
        if self.S3_PROVIDER != "spaces":
            return None
        if self.AWS_S3_REGION_NAME is None:
            raise draft.missing("AWS_S3_REGION_NAME", setting="STORAGES", example="fra1")
        return f"https://{self.AWS_S3_REGION_NAME}.digitaloceanspaces.com"

    def _refuse_halves(self, draft: Draft) -> None:
        for one, other in (
            ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
            ("AWS_CLOUDFRONT_KEY_ID", "AWS_CLOUDFRONT_KEY"),
        ):
            for name, beside in ((one, other), (other, one)):
                if getattr(self, name) is None and getattr(self, beside) is not None:
                    draft.refuse(name, f"{MISSING}, while {beside} is")
        if self.AWS_S3_CUSTOM_DOMAIN and not self.AWS_CLOUDFRONT_KEY and not self.PUBLIC_MEDIA:
            draft.refuse(
                "AWS_S3_CUSTOM_DOMAIN",
                "links to it would not be signed: set AWS_CLOUDFRONT_KEY_ID and AWS_CLOUDFRONT_KEY, "
                "or PUBLIC_MEDIA = True in the class",
            )
