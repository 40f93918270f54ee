"""The tests run against what a user installs: the whole wheel, on the Django that the environment names."""

import os
import sysconfig
from importlib.metadata import distribution
from pathlib import Path

import django
import pytest

import django_prodready

CHECKOUT = Path(__file__).resolve().parents[2] / "django_prodready"

pytestmark = pytest.mark.skipif(
    not os.environ.get("PRODREADY_TEST_WHEEL"),
    reason="these tests run against the checkout; tox runs them against the wheel",
)


def test_the_package_is_imported_from_site_packages():
    installed = Path(django_prodready.__file__).resolve().parent
    assert installed == Path(sysconfig.get_path("purelib")).resolve() / "django_prodready"
    assert installed != CHECKOUT


def test_the_wheel_holds_every_file_of_the_package():
    in_wheel = {str(file) for file in distribution("django-prodready").files or () if file.suffix != ".pyc"}
    in_checkout = {
        str(path.relative_to(CHECKOUT.parent))
        for path in CHECKOUT.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert in_checkout - in_wheel == set()
    assert {name for name in in_wheel if name.startswith("django_prodready/")} - in_checkout == set()
    assert {"django_prodready/py.typed", "django_prodready/management/commands/prodcheck.py"} <= in_wheel


def test_the_checks_of_the_checkout_are_the_checks_that_run():
    from django_prodready.audit.registry import all_checks

    files = [path for path in (CHECKOUT / "audit/checks").rglob("*.py") if path.name != "__init__.py"]
    names = {f"{path.parent.name}.{path.stem}".replace("_", "-") for path in files}
    assert names
    assert names <= set(all_checks())


@pytest.mark.skipif(
    "PRODREADY_TEST_DJANGO" not in os.environ, reason="the environment names no Django version"
)
def test_django_is_the_one_that_the_environment_names():
    assert ".".join(map(str, django.VERSION[:2])) == os.environ["PRODREADY_TEST_DJANGO"]
