import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

pytest.importorskip("storages")
pytest.importorskip("boto3")

S3 = "storages.backends.s3.S3Storage"
STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PUBLIC = {"default_acl": "public-read"}
OWN = """
from storages.backends.s3 import S3ManifestStaticStorage, S3Storage


class Media(S3Storage):
    location = "media"


class Private(S3Storage):
    default_acl = "private"


class Shown(S3Storage):
    default_acl = "public-read"


class PublicMedia(S3Storage):
    default_acl = "public-read"


class Constructed(S3Storage):
    def __init__(self, **kwargs):
        kwargs["default_acl"] = "private"
        super().__init__(**kwargs)


class Chosen(S3Storage):
    def get_object_parameters(self, name):
        return {"ACL": "public-read" if name.startswith("logos/") else "private"}


class Cached(S3Storage):
    def get_object_parameters(self, name):
        return {**super().get_object_parameters(name), "CacheControl": "max-age=60"}


class Bundles(S3ManifestStaticStorage):
    default_acl = "public-read"
"""


def judge(backend=S3, options=None, alias="default", files=(), settings_module=None, **settings):
    entry = {"BACKEND": backend, "OPTIONS": options or {}}
    storages = {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}, "staticfiles": STATIC}
    return run_check(
        "storage.public-acl",
        settings={"STORAGES": {**storages, alias: entry}, **settings},
        files={"own_store.py": OWN, **dict(files)},
        settings_module=settings_module,
    )


@pytest.mark.parametrize(
    ("backend", "options", "settings", "name"),
    [
        (S3, PUBLIC, {}, "STORAGES['default']['OPTIONS']['default_acl']"),
        (S3, PUBLIC, {"AWS_DEFAULT_ACL": "private"}, "STORAGES['default']['OPTIONS']['default_acl']"),
        (S3, None, {"AWS_DEFAULT_ACL": "public-read"}, "AWS_DEFAULT_ACL"),
        ("own_store.Media", None, {"AWS_DEFAULT_ACL": "public-read"}, "AWS_DEFAULT_ACL"),
        ("own_store.Cached", None, {"AWS_DEFAULT_ACL": "public-read"}, "AWS_DEFAULT_ACL"),
        ("own_store.Shown", None, {"AWS_DEFAULT_ACL": "private"}, "Shown.default_acl"),
        (
            S3,
            {"default_acl": "private", "object_parameters": {"ACL": "public-read"}},
            {},
            "STORAGES['default']['OPTIONS']['object_parameters']['ACL']",
        ),
        (
            S3,
            None,
            {"AWS_S3_OBJECT_PARAMETERS": {"ACL": "public-read"}},
            "AWS_S3_OBJECT_PARAMETERS['ACL']",
        ),
        (
            S3,
            {"endpoint_url": "https://fra1.digitaloceanspaces.com", **PUBLIC},
            {},
            "STORAGES['default']['OPTIONS']['default_acl']",
        ),
    ],
)
def test_fires(backend, options, settings, name):
    (finding,) = judge(backend, options, **settings).findings
    assert finding.severity is Severity.WARNING
    assert finding.subject == "STORAGES['default']"
    assert finding.hint.startswith(f"Remove {name}, ")
    assert "anybody who has the address of a file can read it." in finding.message


@pytest.mark.parametrize(
    ("acl", "words"),
    [
        ("public-read-write", "anybody who has the address of a file can read it, and write over it."),
        ("authenticated-read", "anybody with an account at the provider who has the address"),
    ],
)
def test_says_who_and_what(acl, words):
    (finding,) = judge(AWS_DEFAULT_ACL=acl).findings
    assert words in finding.message


def test_fires_for_another_alias_of_uploads():
    assert judge(options=PUBLIC, alias="documents").outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("backend", "options", "settings"),
    [
        (S3, None, {}),
        (S3, {"default_acl": None}, {"AWS_DEFAULT_ACL": "public-read"}),
        (S3, {"default_acl": "private"}, {"AWS_DEFAULT_ACL": "public-read"}),
        (S3, {"default_acl": "bucket-owner-full-control"}, {}),
        (S3, {"object_parameters": {"CacheControl": "max-age=60"}}, {}),
        (S3, {"object_parameters": {"ACL": "private"}, **PUBLIC}, {}),
        (S3, {"object_parameters": None}, {}),
        (S3, {"querystring_auth": False, "custom_domain": "cdn.example.org"}, {}),
        ("own_store.Private", None, {"AWS_DEFAULT_ACL": "public-read"}),
        ("own_store.PublicMedia", None, {}),
        ("own_store.Constructed", None, {"AWS_DEFAULT_ACL": "public-read"}),
        ("own_store.Chosen", None, {"AWS_DEFAULT_ACL": "public-read"}),
        ("own_store.Bundles", None, {}),
        (S3, {"endpoint_url": "https://0a1b.r2.cloudflarestorage.com", **PUBLIC}, {}),
        (S3, PUBLIC, {"AWS_S3_ENDPOINT_URL": "http://minio:9000"}),
    ],
)
def test_is_silent(backend, options, settings):
    assert judge(backend, options, **settings).outcome is Outcome.PASS


@pytest.mark.parametrize("alias", ["staticfiles", "static", "public", "public_media", "thumbnails", "assets"])
def test_is_silent_for_what_is_meant_for_everybody(alias):
    assert judge(options=PUBLIC, alias=alias).outcome is Outcome.PASS


@pytest.mark.parametrize("app", ["wagtail", "cms"])
def test_is_an_info_for_those_who_publish(app, bare_apps):
    files = {f"{app}/__init__.py": ""}
    (finding,) = judge(options=PUBLIC, files=files, INSTALLED_APPS=[*bare_apps, app]).findings
    assert finding.severity is Severity.INFO


def test_is_not_applicable_without_django_storages():
    result = run_check("storage.public-acl", settings={"AWS_DEFAULT_ACL": "public-read"})
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_a_class_that_cannot_be_imported_does_not_hide_the_others():
    storages = {
        "default": {"BACKEND": S3, "OPTIONS": PUBLIC},
        "staticfiles": {"BACKEND": "absent_pkg.Static"},
    }
    result = run_check("storage.public-acl", settings={"STORAGES": storages})
    assert result.outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("settings", "conf", "place"),
    [
        ({"AWS_DEFAULT_ACL": "public-read"}, "AWS_DEFAULT_ACL = 'public-read'\n", "conf.py:1"),
        (
            {"options": PUBLIC},
            "STORAGES = {'default': {'OPTIONS': {\n    'default_acl': 'public-read'}}}\n",
            "conf.py:2",
        ),
        ({"backend": "own_store.Shown"}, "", "own_store.py:14"),
    ],
)
def test_says_where(settings, conf, place):
    (finding,) = judge(files={"conf.py": conf}, settings_module="conf", **settings).findings
    assert str(finding.at) == place


def test_shows_no_key():
    options = {**PUBLIC, "access_key": "AKIA-pl4nted", "secret_key": "pl4nted-secret"}
    assert "pl4nted" not in repr(judge(options=options))


def test_google():
    pytest.importorskip("google.cloud.storage")
    backend = "storages.backends.gcloud.GoogleCloudStorage"
    (finding,) = judge(backend, GS_DEFAULT_ACL="publicRead").findings
    assert finding.hint.startswith("Remove GS_DEFAULT_ACL, ")
    assert judge(backend, GS_DEFAULT_ACL="projectPrivate").outcome is Outcome.PASS
    assert judge(backend, AWS_DEFAULT_ACL="public-read").outcome is Outcome.PASS
    assert judge(backend, {"object_parameters": {"acl": "publicRead"}}).outcome is Outcome.FAIL


def test_azure_has_no_acls():
    pytest.importorskip("azure.storage.blob")
    backend = "storages.backends.azure_storage.AzureStorage"
    assert judge(backend, AWS_DEFAULT_ACL="public-read").outcome is Outcome.PASS
