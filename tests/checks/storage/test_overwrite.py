import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

pytest.importorskip("storages")
pytest.importorskip("boto3")

S3 = "storages.backends.s3.S3Storage"
STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
OWN = """
from django.conf import settings
from storages.backends.s3 import S3ManifestStaticStorage, S3Storage


class Media(S3Storage):
    location = "media"


class Keeps(S3Storage):
    location = "media"
    file_overwrite = False


class Replaces(S3Storage):
    file_overwrite = True


class Child(Keeps):
    default_acl = "private"


class NameIsFound(S3Storage):
    def get_available_name(self, name, max_length=None):
        return name


class Computed(S3Storage):
    @property
    def file_overwrite(self):
        return False


class Constructed(S3Storage):
    def __init__(self, **kwargs):
        kwargs["file_overwrite"] = False
        super().__init__(**kwargs)


class FromSettings(S3Storage):
    def __init__(self, **kwargs):
        super().__init__(**{**settings.MEDIA_OPTIONS, **kwargs})


class Located(S3Storage):
    def __init__(self, **kwargs):
        kwargs["location"] = "media"
        super().__init__(**kwargs)


class Defaults(S3Storage):
    def get_default_settings(self):
        return {**super().get_default_settings(), "file_overwrite": False}


class Demanding(S3Storage):
    def get_default_settings(self):
        return {"bucket_name": self.tenant.bucket}


class Bundles(S3ManifestStaticStorage):
    pass
"""
AZURE_LIKE = """
from storages.base import BaseStorage


class Archive(BaseStorage):
    def get_default_settings(self):
        return {"root": "/"}
"""
FILES = {"own_store.py": OWN, "archive.py": AZURE_LIKE}


def judge(backend=S3, options=None, alias="default", files=(), settings_module=None, **settings):
    entry = {"BACKEND": backend, **({} if options is None else {"OPTIONS": options})}
    storages = {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}, "staticfiles": STATIC}
    return run_check(
        "storage.overwrite",
        settings={"STORAGES": {**storages, alias: entry}, **settings},
        files={**FILES, **dict(files)},
        settings_module=settings_module,
    )


@pytest.mark.parametrize(
    "backend", [S3, "storages.backends.s3boto3.S3Boto3Storage", "own_store.Media", "own_store.Located"]
)
def test_fires_for_the_library_s_default(backend):
    (finding,) = judge(backend).findings
    assert finding.severity is Severity.WARNING
    assert finding.subject == "STORAGES['default']"
    assert "file_overwrite is on by default in django-storages" in finding.message
    assert finding.hint == "Set AWS_S3_FILE_OVERWRITE = False."


def test_fires_for_the_setting():
    (finding,) = judge(AWS_S3_FILE_OVERWRITE=True).findings
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        "STORAGES['default'] (S3Storage) replaces a file when another of the same name is uploaded:"
        " AWS_S3_FILE_OVERWRITE is on."
    )


@pytest.mark.parametrize(
    ("backend", "options", "name"),
    [
        (S3, {"file_overwrite": True}, "STORAGES['default']['OPTIONS']['file_overwrite']"),
        ("own_store.Replaces", None, "Replaces.file_overwrite"),
        ("own_store.Keeps", {"file_overwrite": True}, "STORAGES['default']['OPTIONS']['file_overwrite']"),
    ],
)
def test_one_storage_that_has_it_on_by_itself_is_a_choice(backend, options, name):
    (finding,) = judge(backend, options, AWS_S3_FILE_OVERWRITE=False).findings
    assert finding.severity is Severity.INFO
    assert finding.hint == f"Set {name} = False."


def test_another_alias_is_an_info():
    (finding,) = judge(alias="documents").findings
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    ("backend", "options", "settings"),
    [
        (S3, {"file_overwrite": False}, {"AWS_S3_FILE_OVERWRITE": True}),
        (S3, None, {"AWS_S3_FILE_OVERWRITE": False}),
        ("own_store.Keeps", None, {"AWS_S3_FILE_OVERWRITE": True}),
        ("own_store.Child", None, {}),
        ("own_store.Replaces", {"file_overwrite": False}, {}),
        ("own_store.NameIsFound", None, {}),
        ("own_store.Computed", None, {}),
        ("own_store.Constructed", None, {}),
        ("own_store.FromSettings", None, {}),
        ("own_store.Defaults", None, {}),
        ("archive.Archive", None, {}),
        ("storages.backends.s3.S3StaticStorage", None, {}),
    ],
)
def test_is_silent(backend, options, settings):
    assert judge(backend, options, **settings).outcome is Outcome.PASS


@pytest.mark.parametrize("alias", ["staticfiles", "static", "dbbackup", "thumbnails", "exports"])
def test_is_silent_for_what_is_made_again(alias):
    assert judge(alias=alias).outcome is Outcome.PASS


def test_is_silent_for_hashed_names():
    assert judge("own_store.Bundles", alias="bundles").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("app", "outcome"), [("uploading_uniquely", Outcome.PASS), ("uploading_by_name", Outcome.FAIL)]
)
def test_looks_at_the_names_that_models_give(app, outcome, bare_apps):
    installed = [*bare_apps, f"prodready_uploads.{app}"]
    assert judge(INSTALLED_APPS=installed).outcome is outcome


@pytest.mark.parametrize(
    "storages",
    [
        {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": STATIC},
        {},
        None,
        {"default": None},
    ],
)
def test_is_not_applicable_without_django_storages(storages):
    result = run_check("storage.overwrite", settings={"STORAGES": storages, "AWS_S3_FILE_OVERWRITE": True})
    assert result.outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("backend", ["absent_pkg.Storage", "own_store.Demanding", None])
def test_is_not_run_for_a_class_that_cannot_be_asked(backend):
    assert judge(backend).outcome is Outcome.NOT_RUN


def test_options_that_are_none_are_not_there():
    assert judge(options="file_overwrite").outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("settings", "files", "place"),
    [
        (
            {},
            {"conf.py": f"STORAGES = {{\n    'default': {{'BACKEND': {S3!r}}},\n}}\n"},
            "conf.py:2",
        ),
        ({"AWS_S3_FILE_OVERWRITE": True}, {"conf.py": "\n\nAWS_S3_FILE_OVERWRITE = True\n"}, "conf.py:3"),
        (
            {"options": {"file_overwrite": True}},
            {"conf.py": "STORAGES = {'default': {'OPTIONS': {\n    'file_overwrite': True}}}\n"},
            "conf.py:2",
        ),
        ({"backend": "own_store.Replaces"}, {"conf.py": ""}, "own_store.py:16"),
    ],
)
def test_says_where(settings, files, place):
    (finding,) = judge(files=files, settings_module="conf", **settings).findings
    assert str(finding.at) == place


def test_names_no_place_outside_of_the_project(tmp_path, monkeypatch):
    (tmp_path / "elsewhere_store.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    (finding,) = judge("elsewhere_store.Replaces").findings
    assert finding.at is None


def test_names_no_place_of_a_class_without_source():
    made = (
        "from storages.backends.s3 import S3Storage\n"
        "Made = type('Made', (S3Storage,), {'file_overwrite': True})\n"
    )
    (finding,) = judge("made.Made", files={"made.py": made}).findings
    assert finding.at is None


def test_google():
    pytest.importorskip("google.cloud.storage")
    backend = "storages.backends.gcloud.GoogleCloudStorage"
    (finding,) = judge(backend).findings
    assert finding.hint == "Set GS_FILE_OVERWRITE = False."
    assert judge(backend, GS_FILE_OVERWRITE=False, AWS_S3_FILE_OVERWRITE=True).outcome is Outcome.PASS


def test_azure():
    pytest.importorskip("azure.storage.blob")
    backend = "storages.backends.azure_storage.AzureStorage"
    assert judge(backend).outcome is Outcome.PASS
    (finding,) = judge(backend, AZURE_OVERWRITE_FILES=True).findings
    assert finding.hint == "Set AZURE_OVERWRITE_FILES = False."
