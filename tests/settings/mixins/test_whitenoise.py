"""WhiteNoise: storage merged, middleware placed, a folder to collect into."""

import importlib.util

import pytest

from django_prodready.settings import WhiteNoise
from django_prodready.settings.middleware_order import SECURITY, WHITENOISE

MODULE = {"MIDDLEWARE": [SECURITY], "STATIC_ROOT": "/app/static"}
STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"


def test_the_storage_is_merged_and_the_middleware_placed(applied):
    media = {"BACKEND": "storages.backends.s3.S3Storage"}

    found = applied(WhiteNoise, module={**MODULE, "STORAGES": {"default": media}})

    assert found["STORAGES"] == {"default": media, "staticfiles": {"BACKEND": STORAGE}}
    assert found["MIDDLEWARE"] == [SECURITY, WHITENOISE]
    assert found["STATIC_ROOT"] == "/app/static"
    assert found["PRODREADY"] == {"FACTS": {"static": "whitenoise"}}
    assert (
        found["WHITENOISE_AUTOREFRESH"],
        found["WHITENOISE_USE_FINDERS"],
        found["WHITENOISE_MAX_AGE"],
    ) == (
        False,
        False,
        60,
    )


def test_django_s_own_storage_is_replaced_and_a_project_s_own_stays(applied):
    own = {"staticfiles": {"BACKEND": "shop.storage.Hashed"}}

    assert applied(WhiteNoise, module=MODULE)["STORAGES"]["staticfiles"]["BACKEND"] == STORAGE
    assert applied(WhiteNoise, module={**MODULE, "STORAGES": own})["STORAGES"] == own


def test_options_of_django_s_own_storage_stay(applied):
    entry = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage", "OPTIONS": {"a": 1}}

    found = applied(WhiteNoise, module={**MODULE, "STORAGES": {"staticfiles": entry}})

    assert found["STORAGES"]["staticfiles"] == {"BACKEND": STORAGE, "OPTIONS": {"a": 1}}


def test_an_entry_of_another_shape_is_told(problems):
    module = {**MODULE, "STORAGES": {"staticfiles": STORAGE}}

    assert problems(WhiteNoise, module=module) == [("STORAGES", "expected a dict of dicts")]


def test_the_folder_comes_from_the_environment(applied):
    assert (
        applied(WhiteNoise, module=MODULE, environ={"STATIC_ROOT": "/srv/static"})["STATIC_ROOT"]
        == "/srv/static"
    )


def test_without_a_folder_it_is_missing(problems):
    assert problems(WhiteNoise, module={"MIDDLEWARE": [SECURITY]}) == [("STATIC_ROOT", "required, not set")]


def test_without_the_package_the_extra_is_named(problems, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "whitenoise" else find(name)
    )

    assert problems(WhiteNoise, module=MODULE) == [
        ("WhiteNoise", "needs the package whitenoise: pip install 'django-prodready[static]'")
    ]


@pytest.mark.parametrize("times", [1, 2])
def test_again_is_once(applied, times):
    module = MODULE
    for _ in range(times):
        module = applied(WhiteNoise, module=module)

    assert module["MIDDLEWARE"] == [SECURITY, WHITENOISE]
