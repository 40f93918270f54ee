"""What is said of a storage's options is what the storage has, once it is made."""

import itertools

import pytest
from django.utils.module_loading import import_string

from django_prodready.audit.facts.storage_options import remote_storages
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project

pytest.importorskip("storages")
pytest.importorskip("boto3")

OWN = """
from storages.backends.s3 import S3Storage


class Keeps(S3Storage):
    file_overwrite = False
    default_acl = "private"


class Child(Keeps):
    querystring_auth = False
    custom_domain = None


class Defaults(S3Storage):
    def get_default_settings(self):
        return {**super().get_default_settings(), "file_overwrite": False, "default_acl": "public-read"}


class ChildOfDefaults(Defaults):
    default_acl = None
"""
NAMES = ("file_overwrite", "default_acl", "object_parameters", "querystring_auth", "custom_domain")
# Not S3ManifestStaticStorage: to make one is to connect.
BACKENDS = (
    "storages.backends.s3.S3Storage",
    "storages.backends.s3.S3StaticStorage",
    "storages.backends.s3boto3.S3Boto3Storage",
    "own_store.Keeps",
    "own_store.Child",
    "own_store.Defaults",
    "own_store.ChildOfDefaults",
)
OPTIONS = (
    {},
    {"file_overwrite": True, "default_acl": "bucket-owner-read", "custom_domain": "cdn.example.org"},
    {
        "file_overwrite": False,
        "default_acl": None,
        "querystring_auth": True,
        "object_parameters": {"ACL": "x"},
    },
)
SETTINGS = (
    {},
    {"AWS_S3_FILE_OVERWRITE": False, "AWS_DEFAULT_ACL": "authenticated-read", "AWS_QUERYSTRING_AUTH": False},
    {"AWS_S3_CUSTOM_DOMAIN": "files.example.org", "AWS_S3_OBJECT_PARAMETERS": {"CacheControl": "no-store"}},
)


@pytest.mark.parametrize(
    ("backend", "options", "settings"), list(itertools.product(BACKENDS, OPTIONS, SETTINGS))
)
def test_is_what_the_storage_has(backend, options, settings):
    storages = {"default": {"BACKEND": backend, "OPTIONS": options}}
    with project(Case(settings={"STORAGES": storages, **settings}, files={"own_store.py": OWN})) as facts:
        (storage,) = remote_storages(facts)
        made = import_string(backend)(**options)
        assert {name: storage.option(name).value for name in NAMES} == {
            name: getattr(made, name) for name in NAMES
        }


def test_knows_nothing_of_options_that_the_class_has_not():
    storages = {"default": {"BACKEND": BACKENDS[0]}}
    with project(Case(settings={"STORAGES": storages})) as facts:
        (storage,) = remote_storages(facts)
        assert storage.option("overwrite_files") is None


def test_shows_no_key():
    storages = {"default": {"BACKEND": BACKENDS[0], "OPTIONS": {"secret_key": "pl4nted"}}}
    settings = {"STORAGES": storages, "AWS_SESSION_TOKEN": "pl4nted"}
    with project(Case(settings=settings)) as facts:
        assert "pl4nted" not in repr(remote_storages(facts))
