import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

ENGINES = "django.contrib.sessions.backends"
FILES = {
    "plain.py": """
import pickle

class Pickles:
    def loads(self, data):
        return pickle.loads(data)

class Child(Pickles): pass

def serializer():
    return pickle.loads
""",
    "aliases.py": """
import pickle as p
from dill import loads as undill, dumps
from cloudpickle import (loads)

class Alias:
    def loads(self, data):
        return p.loads(data)

class Dill:
    def loads(self, data):
        return undill(data)

class Cloud:
    def loads(self, data):
        return loads(data)
""",
    "dill.py": "def loads(data): ...\ndef dumps(data): ...\n",
    "cloudpickle.py": "def loads(data): ...\n",
    "sound.py": """
import json
import pickle
import pickle as p
from pickle import loads, dumps
from django.core.signing import JSONSerializer

class Own:
    def dumps(self, value):
        return json.dumps(value).encode()

    def loads(self, data):
        return json.loads(data)

class Child(JSONSerializer):
    '''No pickle here.'''

def read_report(data):
    return pickle.loads(data)
""",
}


def judge(serializer, engine="db", settings_module=None, files=(), **settings):
    settings = {"SESSION_SERIALIZER": serializer, "SESSION_ENGINE": f"{ENGINES}.{engine}", **settings}
    return run_check(
        "session.pickle", settings=settings, files={**FILES, **dict(files)}, settings_module=settings_module
    )


@pytest.mark.parametrize(
    "serializer",
    ["plain.Pickles", "plain.Child", "plain.serializer", "aliases.Alias", "aliases.Dill", "aliases.Cloud"],
)
@pytest.mark.parametrize("engine", ["db", "cached_db", "file", "signed_cookies"])
def test_fires(serializer, engine):
    (finding,) = judge(serializer, engine).findings
    assert finding.message.startswith(
        f"SESSION_SERIALIZER is {serializer!r}, which stores sessions as pickles"
    )
    assert "imported" not in finding.message


def test_fires_for_what_django_had():
    (finding,) = judge("django.contrib.sessions.serializers.PickleSerializer").findings
    assert "It cannot be imported here, so every page with a session fails." in finding.message


@pytest.mark.parametrize(
    "serializer",
    [
        "django.contrib.sessions.serializers.JSONSerializer",
        "django.core.signing.JSONSerializer",
        "sound.Own",
        "sound.Child",
    ],
)
def test_is_silent(serializer):
    assert judge(serializer).outcome is Outcome.PASS


def test_is_not_applicable_when_the_engine_makes_no_use_of_it():
    assert judge("plain.Pickles", "cache").outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_without_sessions():
    assert judge("plain.Pickles", MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("serializer", ["absent_pkg.Serializer", "plain.Absent", None])
def test_is_not_run_when_it_cannot_be_imported(serializer):
    assert judge(serializer).outcome is Outcome.NOT_RUN


def test_says_where():
    files = {"conf.py": "SESSION_SERIALIZER = 'plain.Pickles'\n"}
    (finding,) = judge("plain.Pickles", settings_module="conf", files=files).findings
    assert str(finding.at) == "conf.py:1"
