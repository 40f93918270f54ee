"""S3Media: one entry of STORAGES, private unless it is said, for four providers."""

import importlib.util
import sys

import pytest
from configurations import importer
from django.conf import global_settings

from django_prodready.settings.mixins.s3_media import S3Media

BACKEND = "storages.backends.s3.S3Storage"
BUCKET = {"AWS_STORAGE_BUCKET_NAME": "shop-media"}
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----"
CDN = {
    "AWS_S3_CUSTOM_DOMAIN": "media.example.org",
    "AWS_CLOUDFRONT_KEY_ID": "K2JCJMDEHXQW5F",
    "AWS_CLOUDFRONT_KEY": PEM,
}


def options_of(found):
    return found["STORAGES"]["default"]["OPTIONS"]


def without_client(options):
    return {name: value for name, value in options.items() if name != "client_config"}


def test_uploads_are_private_signed_and_never_overwritten(applied):
    found = applied(S3Media, environ=BUCKET | {"AWS_S3_REGION_NAME": "eu-central-1"})

    assert found["STORAGES"]["default"]["BACKEND"] == BACKEND
    assert without_client(options_of(found)) == {
        "bucket_name": "shop-media",
        "region_name": "eu-central-1",
        "custom_domain": None,
        "querystring_auth": True,
        "querystring_expire": 3600,
        "file_overwrite": False,
        "default_acl": None,
    }
    assert found["STORAGES"]["staticfiles"] == global_settings.STORAGES["staticfiles"]
    assert not [name for name in found if name.startswith(("AWS_", "S3_", "USE_S3", "PUBLIC"))]


@pytest.mark.parametrize(
    ("provider", "environ", "endpoint", "region", "style", "checksums"),
    [
        ("aws", {}, None, None, "virtual", None),
        ("aws", {"AWS_S3_ENDPOINT_URL": "https://vpce.test"}, "https://vpce.test", None, "virtual", None),
        ("aws", {"AWS_STORAGE_BUCKET_NAME": "media.example.org"}, None, None, "path", None),
        (
            "r2",
            {"AWS_S3_ENDPOINT_URL": "https://a.r2.cloudflarestorage.com"},
            "https://a.r2.cloudflarestorage.com",
            "auto",
            "virtual",
            "when_required",
        ),
        (
            "spaces",
            {"AWS_S3_REGION_NAME": "fra1"},
            "https://fra1.digitaloceanspaces.com",
            "fra1",
            "virtual",
            "when_required",
        ),
        (
            "minio",
            {"AWS_S3_ENDPOINT_URL": "http://minio:9000"},
            "http://minio:9000",
            "us-east-1",
            "path",
            "when_required",
        ),
    ],
)
def test_each_provider_has_its_ways(applied, provider, environ, endpoint, region, style, checksums):
    options = options_of(applied(S3Media, S3_PROVIDER=provider, environ=BUCKET | environ))

    client = options["client_config"]
    assert (options.get("endpoint_url"), options.get("region_name")) == (endpoint, region)
    assert client.s3 == {"addressing_style": style}
    assert client.signature_version == "s3v4"
    assert (client.connect_timeout, client.read_timeout) == (5, 20)
    assert client.retries == {"mode": "standard", "total_max_attempts": 3}
    assert client.request_checksum_calculation == checksums
    assert client.response_checksum_validation == checksums


@pytest.mark.parametrize(
    ("provider", "environ", "told"),
    [
        ("aws", {}, ["AWS_STORAGE_BUCKET_NAME"]),
        ("r2", BUCKET, ["AWS_S3_ENDPOINT_URL"]),
        ("minio", BUCKET, ["AWS_S3_ENDPOINT_URL"]),
        ("spaces", BUCKET, ["AWS_S3_REGION_NAME"]),
        ("aws", BUCKET | {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE"}, ["AWS_SECRET_ACCESS_KEY"]),
        ("aws", BUCKET | {"AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI"}, ["AWS_ACCESS_KEY_ID"]),
        ("aws", BUCKET | {"AWS_CLOUDFRONT_KEY_ID": "K2JCJMDEHXQW5F"}, ["AWS_CLOUDFRONT_KEY"]),
        ("aws", {"AWS_STORAGE_BUCKET_NAME": "s3://shop-media/uploads"}, ["AWS_STORAGE_BUCKET_NAME"]),
        (
            "aws",
            BUCKET | CDN | {"AWS_S3_CUSTOM_DOMAIN": "https://media.example.org/"},
            ["AWS_S3_CUSTOM_DOMAIN"],
        ),
        ("aws", BUCKET | CDN | {"AWS_CLOUDFRONT_KEY": "MIIBOgIBAAJBAKj34"}, ["AWS_CLOUDFRONT_KEY"]),
    ],
)
def test_what_is_missing_or_wrong_is_named(problems, provider, environ, told):
    found = problems(S3Media, S3_PROVIDER=provider, environ=environ)

    assert [name for name, _ in found] == told
    assert not any(value in rule for value in environ.values() for _, rule in found)


def test_the_build_needs_nothing(applied, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["manage.py", "collectstatic"])
    for entry in ("django.core.wsgi", "django.core.asgi"):  # where they are imported, a site is served
        monkeypatch.delitem(sys.modules, entry, raising=False)
    for provider in ("aws", "r2", "spaces", "minio"):
        found = applied(S3Media, S3_PROVIDER=provider, environ={"PRODREADY_BUILD": "1"})

        assert found["STORAGES"]["default"]["BACKEND"] == BACKEND


def test_keys_are_passed_on_as_they_are(applied, tmp_path):
    (tmp_path / "key").write_text("wJalrXUtnFEMI\n")
    keys = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY_FILE": str(tmp_path / "key")}

    options = options_of(applied(S3Media, environ=BUCKET | keys))

    assert (options["access_key"], options["secret_key"]) == ("AKIAEXAMPLE", "wJalrXUtnFEMI")


class TestBehindACdn:
    def test_its_links_are_signed(self, applied):
        spelled_out = CDN | {"AWS_CLOUDFRONT_KEY": PEM.replace("\n", "\\n")}
        for environ in (CDN, spelled_out):
            options = options_of(applied(S3Media, environ=BUCKET | environ))

            assert options["custom_domain"] == "media.example.org"
            assert (options["cloudfront_key_id"], options["cloudfront_key"]) == ("K2JCJMDEHXQW5F", PEM)

    def test_unsigned_links_are_refused_unless_media_are_public(self, applied, problems):
        environ = BUCKET | {"AWS_S3_CUSTOM_DOMAIN": "media.example.org"}

        [(name, rule)] = problems(S3Media, environ=environ)
        assert name == "AWS_S3_CUSTOM_DOMAIN"
        assert "PUBLIC_MEDIA" in rule
        assert options_of(applied(S3Media, PUBLIC_MEDIA=True, environ=environ))["querystring_auth"] is False

    def test_a_signer_of_the_project_s_own_will_do(self, applied):
        options = {"cloudfront_signer": object(), "custom_domain": "media.example"}
        own = {"BACKEND": BACKEND, "OPTIONS": options}

        found = applied(S3Media, environ=BUCKET, module={"STORAGES": {"default": own}})

        assert options_of(found)["custom_domain"] == "media.example"

    def test_a_signature_needs_a_package(self, problems, monkeypatch):
        find = importlib.util.find_spec
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: None if name in ("cryptography", "rsa") else find(name)
        )

        [(name, rule)] = problems(S3Media, environ=BUCKET | CDN)
        assert name == "AWS_CLOUDFRONT_KEY"
        assert "pip install cryptography" in rule


class TestWhatTheProjectHas:
    def test_options_stay_where_nothing_here_decides(self, applied):
        own = {
            "BACKEND": "storages.backends.s3boto3.S3Boto3Storage",
            "OPTIONS": {
                "location": "uploads",
                "querystring_expire": 60,
                "addressing_style": "auto",
                "querystring_auth": False,
                "default_acl": "public-read",
            },
        }

        found = applied(S3Media, environ=BUCKET, module={"STORAGES": {"default": own, "private": {}}})

        options = options_of(found)
        assert found["STORAGES"]["default"]["BACKEND"] == BACKEND
        assert found["STORAGES"]["private"] == {}
        assert (options["location"], options["querystring_expire"]) == ("uploads", 60)
        assert (options["querystring_auth"], options["default_acl"]) == (True, None)
        assert options["client_config"].s3 == {"addressing_style": "auto"}

    def test_an_acl_stays_where_media_are_public(self, applied):
        own = {"BACKEND": BACKEND, "OPTIONS": {"default_acl": "public-read"}}

        found = applied(S3Media, PUBLIC_MEDIA=True, environ=BUCKET, module={"STORAGES": {"default": own}})

        assert options_of(found)["default_acl"] == "public-read"

    def test_options_of_django_s_storage_go_and_a_class_of_its_own_stays(self, applied):
        files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": "/srv"}}
        shop = {"BACKEND": "shop.storage.Uploads"}

        assert "location" not in options_of(
            applied(S3Media, environ=BUCKET, module={"STORAGES": {"default": files}})
        )
        found = applied(S3Media, environ=BUCKET, module={"STORAGES": {"default": shop}})
        assert found["STORAGES"]["default"]["BACKEND"] == "shop.storage.Uploads"

    @pytest.mark.parametrize("value", [["default"], {"default": "storages.backends.s3.S3Storage"}])
    def test_what_is_no_dict_is_refused(self, problems, value):
        [(name, _)] = problems(S3Media, environ=BUCKET, module={"STORAGES": value})

        assert name == "STORAGES"

    def test_again_is_once(self, applied):
        once = applied(S3Media, environ=BUCKET)

        assert applied(S3Media, environ=BUCKET, module=once) == once


def test_use_s3_leaves_everything_alone(applied):
    assert "STORAGES" not in applied(S3Media, environ={"USE_S3": "false"})


@pytest.mark.parametrize("package", ["storages", "boto3"])
def test_without_the_package_the_extra_is_named(problems, monkeypatch, package):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else find(name))

    assert problems(S3Media, environ=BUCKET) == [
        ("S3Media", f"needs the package {package}: pip install 'django-prodready[s3]'")
    ]


def test_django_configurations_has_the_same(applied, monkeypatch):
    monkeypatch.setattr(importer, "installed", True)
    from configurations import Configuration

    environ = BUCKET | {"AWS_S3_REGION_NAME": "eu-central-1"}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    cls = type("Prod", (S3Media, Configuration), {})
    cls.setup()
    found = cls().STORAGES

    plain = applied(S3Media, environ=environ)["STORAGES"]
    assert without_client(found["default"]["OPTIONS"]) == without_client(plain["default"]["OPTIONS"])
    assert found["default"]["BACKEND"] == plain["default"]["BACKEND"]
    assert found["staticfiles"] == plain["staticfiles"]
