import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

pytest.importorskip("storages")
pytest.importorskip("boto3")

S3 = "storages.backends.s3.S3Storage"
PRIVATE = {"default_acl": "private"}
UNSIGNED = {**PRIVATE, "querystring_auth": False}
CLOUDFRONT = {"cloudfront_key_id": "K1", "cloudfront_key": "-----BEGIN"}
OWN = """
from storages.backends.s3 import S3Storage


class Unsigned(S3Storage):
    default_acl = "private"
    querystring_auth = False


class Signed(Unsigned):
    querystring_auth = True
    custom_domain = False


class OwnUrl(Unsigned):
    def url(self, name, **kwargs):
        return f"/files/{name}"


class Computed(Unsigned):
    @property
    def querystring_auth(self):
        return False


class OwnSigner(S3Storage):
    default_acl = "private"
    cloudfront_signer = object()
"""


def judge(backend=S3, options=None, alias="default", files=(), settings_module=None, **settings):
    storages = {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    return run_check(
        "storage.unsigned-private",
        settings={
            "STORAGES": {**storages, alias: {"BACKEND": backend, "OPTIONS": options or {}}},
            **settings,
        },
        files={"own_store.py": OWN, **dict(files)},
        settings_module=settings_module,
    )


@pytest.mark.parametrize(
    ("backend", "options", "settings", "cause"),
    [
        (S3, UNSIGNED, {}, "STORAGES['default']['OPTIONS']['querystring_auth'] is off"),
        (S3, PRIVATE, {"AWS_QUERYSTRING_AUTH": False}, "AWS_QUERYSTRING_AUTH is off"),
        (
            S3,
            {"querystring_auth": False},
            {"AWS_DEFAULT_ACL": "private"},
            "['OPTIONS']['querystring_auth'] is off",
        ),
        (S3, {**UNSIGNED, "custom_domain": False}, {"AWS_S3_CUSTOM_DOMAIN": "cdn.example.org"}, "is off"),
        ("own_store.Unsigned", None, {"AWS_QUERYSTRING_AUTH": True}, "Unsigned.querystring_auth is off"),
        (S3, {**UNSIGNED, "object_parameters": {"ACL": "private"}, "default_acl": None}, {}, "is off"),
    ],
)
def test_fires(backend, options, settings, cause):
    (finding,) = judge(backend, options, **settings).findings
    assert finding.severity is Severity.WARNING
    assert f"{cause}: their addresses carry no signature, and are answered with 403." in finding.message


@pytest.mark.parametrize(
    "domain",
    [
        "shop.s3.amazonaws.com",
        "shop.s3.eu-central-1.amazonaws.com/media",
        "shop.fra1.digitaloceanspaces.com",
        "shop.fra1.cdn.digitaloceanspaces.com",
        "storage.googleapis.com",
    ],
)
@pytest.mark.parametrize("options", [PRIVATE, UNSIGNED])
def test_fires_for_the_bucket_s_own_host(domain, options):
    (finding,) = judge(options=options, AWS_S3_CUSTOM_DOMAIN=domain).findings
    assert finding.severity is Severity.WARNING
    assert f"addresses at {domain}, the bucket's own host, are not signed" in finding.message
    assert finding.hint.startswith("Remove AWS_S3_CUSTOM_DOMAIN, or ")


def test_a_cdn_is_an_info_where_signing_was_asked_for():
    settings = {"AWS_S3_CUSTOM_DOMAIN": "cdn.example.org", "AWS_QUERYSTRING_AUTH": True}
    (finding,) = judge(options=PRIVATE, **settings).findings
    assert finding.severity is Severity.INFO
    assert "AWS_QUERYSTRING_AUTH signs no address at cdn.example.org" in finding.message
    assert "AWS_CLOUDFRONT_KEY" in finding.hint


@pytest.mark.parametrize(
    ("backend", "options", "settings"),
    [
        (S3, None, {}),
        (S3, PRIVATE, {}),
        (S3, {"querystring_auth": False}, {}),
        (S3, {**UNSIGNED, "default_acl": "public-read"}, {}),
        (S3, {**UNSIGNED, "default_acl": "authenticated-read"}, {}),
        (S3, {**PRIVATE, "querystring_auth": True}, {"AWS_QUERYSTRING_AUTH": False}),
        (S3, {**PRIVATE, "custom_domain": "cdn.example.org"}, {}),
        (S3, {**UNSIGNED, "custom_domain": "d111111.cloudfront.net"}, {}),
        (S3, {**PRIVATE, **CLOUDFRONT, "custom_domain": "cdn.example.org"}, {"AWS_QUERYSTRING_AUTH": True}),
        (S3, {**PRIVATE, "custom_domain": "notamazonaws.com"}, {}),
        (S3, {**UNSIGNED, "endpoint_url": "https://0a1b.r2.cloudflarestorage.com"}, {}),
        (S3, UNSIGNED, {"AWS_S3_ENDPOINT_URL": "http://minio:9000"}),
        ("own_store.Signed", None, {"AWS_S3_CUSTOM_DOMAIN": "shop.s3.amazonaws.com"}),
        ("own_store.OwnUrl", None, {}),
        ("own_store.Computed", None, {}),
        ("own_store.OwnSigner", None, {"AWS_S3_CUSTOM_DOMAIN": "cdn.example.org"}),
        ("storages.backends.s3.S3StaticStorage", PRIVATE, {}),
    ],
)
def test_is_silent(backend, options, settings):
    assert judge(backend, options, **settings).outcome is Outcome.PASS


def test_is_silent_for_static_files():
    assert judge(options=UNSIGNED, alias="staticfiles").outcome is Outcome.PASS


def test_is_not_applicable_without_django_storages():
    settings = {"AWS_DEFAULT_ACL": "private", "AWS_QUERYSTRING_AUTH": False}
    assert run_check("storage.unsigned-private", settings=settings).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("settings", "conf", "place"),
    [
        ({"options": PRIVATE, "AWS_QUERYSTRING_AUTH": False}, "AWS_QUERYSTRING_AUTH = False\n", "conf.py:1"),
        ({"backend": "own_store.Unsigned"}, "", "own_store.py:7"),
    ],
)
def test_says_where(settings, conf, place):
    (finding,) = judge(files={"conf.py": conf}, settings_module="conf", **settings).findings
    assert str(finding.at) == place


def test_google():
    pytest.importorskip("google.cloud.storage")
    backend = "storages.backends.gcloud.GoogleCloudStorage"
    settings = {"GS_DEFAULT_ACL": "projectPrivate", "GS_QUERYSTRING_AUTH": False}
    (finding,) = judge(backend, **settings).findings
    assert "GS_QUERYSTRING_AUTH is off" in finding.message
    assert judge(backend, GS_DEFAULT_ACL="projectPrivate").outcome is Outcome.PASS
    assert judge(backend, GS_CUSTOM_ENDPOINT="https://cdn.example.org", **settings).outcome is Outcome.PASS
