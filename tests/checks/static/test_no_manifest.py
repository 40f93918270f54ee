import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

DJANGO = "django.contrib.staticfiles.storage"
OWN = """
from django.core.files.storage import Storage
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, StaticFilesStorage


class Hashed(ManifestStaticFilesStorage):
    manifest_strict = False


class Named(StaticFilesStorage):
    def hashed_name(self, name, content=None, filename=None):
        return name


class Plain(StaticFilesStorage):
    pass


class Versioned(StaticFilesStorage):
    def url(self, name):
        return super().url(name) + "?v=7"


class Remote(Storage):
    pass
"""
APPS = """
from django.contrib.staticfiles.apps import StaticFilesConfig


class Static(StaticFilesConfig):
    ignore_patterns = ["*.scss"]
"""


def judge(backend=None, files=None, settings_module=None, **settings):
    if backend:
        settings["STORAGES"] = storages(backend)
    return run_check("static.no-manifest", settings=settings, files=files, settings_module=settings_module)


def storages(backend):
    return {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": backend},
    }


def test_fires_for_djangos_default():
    (finding,) = judge().findings
    assert finding.subject == "STORAGES['staticfiles']"
    assert finding.at is None


@pytest.mark.parametrize("backend", [f"{DJANGO}.StaticFilesStorage", "shop_storage.Plain"])
def test_fires(backend):
    (finding,) = judge(backend, {"shop_storage.py": OWN}).findings
    assert backend.rpartition(".")[2] in finding.message


def test_hints_at_the_storage_that_fits():
    plain, remote = f"{DJANGO}.StaticFilesStorage", "shop_storage.Remote"
    whitenoise = {"MIDDLEWARE": ["whitenoise.middleware.WhiteNoiseMiddleware"]}
    results = (judge(), judge(plain), judge(plain, **whitenoise), judge(remote, {"shop_storage.py": OWN}))
    hints = [result.findings[0].hint.partition("to ")[2] for result in results]
    assert hints == [
        f"{DJANGO}.ManifestStaticFilesStorage, beside the 'default' that Django has, and run collectstatic.",
        f"{DJANGO}.ManifestStaticFilesStorage, and run collectstatic.",
        "whitenoise.storage.CompressedManifestStaticFilesStorage, and run collectstatic.",
        f"a class that has {DJANGO}.ManifestFilesMixin before Remote.",
    ]


def test_fires_for_compression_alone():
    pytest.importorskip("whitenoise")
    assert judge("whitenoise.storage.CompressedStaticFilesStorage").outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "backend",
    [
        f"{DJANGO}.ManifestStaticFilesStorage",
        *(f"shop_storage.{name}" for name in ("Hashed", "Named", "Versioned")),
    ],
)
def test_is_silent_for_hashed_names(backend):
    assert judge(backend, {"shop_storage.py": OWN}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("whitenoise", "whitenoise.storage.CompressedManifestStaticFilesStorage"),
        ("storages", "storages.backends.s3.S3ManifestStaticStorage"),
    ],
)
def test_is_silent_for_packages_manifests(module, name):
    pytest.importorskip(module)
    if module == "storages":
        pytest.importorskip("boto3")
    assert judge(name).outcome is Outcome.PASS


@pytest.mark.parametrize("app", ["compressor", "pipeline", "django_vite", "webpack_loader"])
def test_is_silent_beside_a_pipeline(app):
    apps = ["django.contrib.staticfiles", app]
    assert judge(files={f"{app}/__init__.py": ""}, INSTALLED_APPS=apps).outcome is Outcome.PASS


def test_is_silent_when_whitenoise_knows_hashed_names():
    assert judge(WHITENOISE_IMMUTABLE_FILE_TEST=r"-[0-9A-Za-z]{8}\.js$").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "tag",
    [
        '{% static "site.css" %}?v=7',
        "{% static 'site.css' %}?{{ version }}",
        "{% static_with_params 'site.css' v=settings.VERSION %}",
        "{%static_url 'site.css' version=3%}",
    ],
)
def test_is_silent_for_a_version_in_the_address(tag):
    tag = tag.replace("{{ version }}", "7")
    assert judge(files={"shop/templates/shop/base.html": tag}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "tag", ["{% static 'site.css' %}", "{% static 'site.css' %}\n?v", "{% load static %}{{ x }}?v=1"]
)
def test_fires_for_templates_without_one(tag):
    assert judge(files={"shop/templates/shop/base.html": tag}).outcome is Outcome.FAIL


def test_is_not_applicable_without_the_app():
    assert judge(INSTALLED_APPS=["django.contrib.contenttypes"]).outcome is Outcome.NOT_APPLICABLE


def test_knows_the_app_by_its_configuration():
    files = {"shop_static.py": APPS}
    assert judge(files=files, INSTALLED_APPS=["shop_static.Static"]).outcome is Outcome.FAIL


@pytest.mark.parametrize("backend", ["no.such.Storage", f"{DJANGO}.NoSuchStorage"])
def test_is_not_run_for_a_storage_that_cannot_be_imported(backend):
    assert judge(backend).outcome is Outcome.NOT_RUN


def test_is_not_run_when_the_storage_is_missing():
    assert judge(STORAGES={}).outcome is Outcome.NOT_RUN


def test_says_where():
    source = (
        "STORAGES = {\n"
        '    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},\n'
        '    "staticfiles": {\n'
        f'        "BACKEND": "{DJANGO}.StaticFilesStorage",\n'
        "    },\n"
        "}\n"
    )
    (finding,) = judge(f"{DJANGO}.StaticFilesStorage", {"conf.py": source}, "conf").findings
    assert str(finding.at) == "conf.py:4"
