import sys
import types

import pytest

from django_prodready.audit import Case
from django_prodready.audit.facts.env_fields import declared_fields, mentioned, spellings
from django_prodready.audit.testing import project
from django_prodready.settings import SettingsError, SettingsMixin, env, records


class Shop(SettingsMixin):
    STRIPE_KEY = env.secret("STRIPE_KEY")
    WORKERS = env.int("SHOP_WORKERS", default=2)


@pytest.fixture
def record(monkeypatch):
    before = list(records._latest)
    monkeypatch.setitem(sys.modules, "conf_of_shop", types.ModuleType("conf_of_shop"))
    yield lambda module: records.remember(records.Record(cls=Shop, module=module))
    records._latest[:] = before


def variables(module, load_failure=None):
    with project(Case(settings_module=module)) as facts:
        facts.load_failure = load_failure
        return spellings(declared_fields(facts))


def test_fields_of_the_class(record):
    record("conf_of_shop")
    assert variables("conf_of_shop") == {"STRIPE_KEY", "STRIPE_KEY_FILE", "SHOP_WORKERS"}


def test_class_of_other_settings(record):
    record("elsewhere")
    assert variables("conf_of_shop") == frozenset()
    assert variables("elsewhere") == frozenset()
    records._latest.clear()
    assert variables("conf_of_shop") == frozenset()
    assert variables(None) == frozenset()


def test_class_that_refused():
    with pytest.raises(SettingsError) as caught:
        Shop.apply({"__name__": "conf"}, {})
    assert "STRIPE_KEY" in variables("conf", caught.value)
    assert variables("conf", ValueError("a")) == frozenset()


def test_what_is_mentioned():
    files = {
        "Dockerfile": "ENV A_ONE=1\n",
        "up.sh": "echo $B_TWO\n",
        "README.md": "C_THREE, D_FOUR\n",
        ".env.example": "D_FOUR=\n",
        "conf.py": "E_FIVES = 1\n",
        "bin/go": "F_SIX\n",
    }
    with project(Case(files=files)) as facts:
        names = ("A_ONE", "B_TWO", "C_THREE", "D_FOUR", "E_FIVE", "F_SIX")
        assert mentioned(facts, names) == {"A_ONE", "B_TWO", "F_SIX"}
        assert mentioned(facts, ("A_ONE",)) == {"A_ONE"}
        assert mentioned(facts, ()) == frozenset()
