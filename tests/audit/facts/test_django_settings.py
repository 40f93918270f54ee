import django
import pytest
from django.conf import global_settings

from django_prodready.audit.facts.django_settings import DEFAULTS, KNOWN, REMOVED, is_dead


def test_defaults_are_those_of_the_running_django():
    assert DEFAULTS["DEBUG"] is global_settings.DEBUG
    assert all(name.isupper() for name in DEFAULTS)


def test_known_are_current_and_removed_names():
    assert {"DEBUG", "ROOT_URLCONF", "SITE_ID", "TEMPLATE_DEBUG"} <= KNOWN


def test_no_removed_name_is_a_setting_of_this_django_or_lacks_a_successor_that_is():
    for name, removed in REMOVED.items():
        assert (name in DEFAULTS) == (removed.version > django.VERSION[:2]), name
        assert removed.successor is None or removed.successor in DEFAULTS


@pytest.mark.parametrize(
    ("name", "version", "dead"),
    [
        ("STATICFILES_STORAGE", (5, 2), True),
        ("STATICFILES_STORAGE", (5, 0), False),
        ("TEMPLATE_DEBUG", (5, 2), True),
        ("DEBUG", (5, 2), False),
        ("MY_SETTING", (5, 2), False),
    ],
)
def test_is_dead(monkeypatch, name, version, dead):
    monkeypatch.setattr(django, "VERSION", (*version, 0, "final", 0))
    assert is_dead(name) is dead


@pytest.mark.parametrize(
    ("name", "value", "is_default"),
    [
        ("PASSWORD_RESET_TIMEOUT_DAYS", 3, True),
        ("PASSWORD_RESET_TIMEOUT_DAYS", 1, False),
        ("TEMPLATE_DIRS", (), False),
    ],
)
def test_is_default(name, value, is_default):
    assert REMOVED[name].is_default(value) is is_default
