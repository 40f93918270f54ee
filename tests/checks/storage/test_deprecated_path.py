import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

pytest.importorskip("storages.backends.s3")

OLD = "storages.backends.s3boto3"


def judge(backend=None, files=None, settings_module=None, **settings):
    if backend is not None:
        settings["STORAGES"] = {"default": {"BACKEND": backend}}
    return run_check(
        "storage.deprecated-path", settings=settings, files=files, settings_module=settings_module
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("S3Boto3Storage", "S3Storage"),
        ("S3StaticStorage", "S3StaticStorage"),
        ("S3ManifestStaticStorage", "S3ManifestStaticStorage"),
    ],
)
def test_fires_for_settings(old, new):
    (finding,) = judge(f"{OLD}.{old}").findings
    assert finding.severity is Severity.INFO
    assert finding.subject == "STORAGES['default']['BACKEND']"
    assert f"'storages.backends.s3.{new}'" in finding.hint


@pytest.mark.parametrize(
    "line",
    [
        f"from {OLD} import S3Boto3Storage",
        f"    from {OLD} import (",
        f"import {OLD}",
        "from storages.backends import s3boto3",
    ],
)
def test_fires_for_code(line):
    (finding,) = judge(files={"shop/storage.py": f"import os\n\n{line}\n"}).findings
    assert finding.subject == "shop/storage.py"
    assert str(finding.at) == "shop/storage.py:3"


@pytest.mark.parametrize(
    "backend",
    [
        "storages.backends.s3.S3Storage",
        "storages.backends.gcloud.GoogleCloudStorage",
        "shop.s3boto3.Storage",
        None,
        dict,
    ],
)
def test_is_silent_for_settings(backend):
    assert judge(backend).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "files",
    [
        {"shop/storage.py": "from storages.backends.s3 import S3Storage\n"},
        {"shop/storage.py": f"# from {OLD} import S3Boto3Storage\n"},
        {"shop/storage.py": "from shop.s3boto3 import Storage\n"},
        {"tests/test_storage.py": f"from {OLD} import S3Boto3Storage\n"},
    ],
)
def test_is_silent_for_code(files):
    assert judge(files=files).outcome is Outcome.PASS


@pytest.mark.parametrize("storages", [None, {"default": None}, []])
def test_leaves_malformed_settings_alone(storages):
    assert judge(STORAGES=storages).outcome is Outcome.PASS


def test_is_not_applicable_when_there_is_no_new_path(monkeypatch):
    monkeypatch.setattr("sys.path", [])
    for name in ("storages", "storages.backends", "storages.backends.s3"):
        monkeypatch.delitem(__import__("sys").modules, name, raising=False)
    assert judge(f"{OLD}.S3Boto3Storage").outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": f"STORAGES = {{\n    'default': {{\n        'BACKEND': '{OLD}.S3Boto3Storage'}}}}\n"}
    (finding,) = judge(f"{OLD}.S3Boto3Storage", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"
