"""What is asked: the detected probes, and PRODREADY["PROBES"] over them."""

import importlib.util
import os
import subprocess
import sys
import time
import types
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.signals import setting_changed
from prodready_runner import ROOT, Told, specs

from django_prodready.health import history, probe_set, runner
from django_prodready.health.outcome import Status
from django_prodready.health.probe import Probe
from django_prodready.health.probe_set import BUILT_IN, MisconfiguredProbe, get_probe_set

MODULE = "probes_of_this_test"


class Search(Probe):
    critical = False
    deadline_s = 0.3

    def __init__(self, index="books"):
        self.index = index

    def run(self):
        pass


class Odd(Probe):
    deadline_s = 0

    def run(self):
        pass


class Awaited(Probe):
    async def run(self):
        pass


class Strict(Probe):
    critical = False

    def __init__(self, index):
        raise ValueError(index)

    def run(self):
        pass


@pytest.fixture(autouse=True)
def probes(settings, monkeypatch):
    """Put the probes of this file where a dotted path finds them, and give PROBES."""
    module = types.ModuleType(MODULE)
    for probe in (Search, Odd, Awaited, Strict):
        setattr(module, probe.__name__, probe)
    monkeypatch.setitem(sys.modules, MODULE, module)

    def use(**entries):
        settings.PRODREADY = {"PROBES": entries}
        return get_probe_set()

    return use


def test_the_detected_come_first_then_the_projects_own_in_their_order(probes):
    found = probes(zoo={"PROBE": f"{MODULE}.Search"}, database={"CRITICAL": False}, disk={})
    assert list(found) == ["database", "zoo", "disk"]


def test_what_an_entry_leaves_out_its_class_says(probes):
    spec = probes(search={"PROBE": f"{MODULE}.Search"})["search"]
    assert (spec.name, spec.critical, spec.deadline_s, spec.groups) == ("search", False, 0.3, ("ready",))
    assert spec.probe.index == "books"


def test_what_an_entry_says_holds(probes):
    spec = probes(
        search={
            "PROBE": f"{MODULE}.Search",
            "OPTIONS": {"index": "authors"},
            "CRITICAL": True,
            "DEADLINE": 0.5,
            "GROUPS": ["slow", "nightly"],
        }
    )["search"]
    assert (spec.critical, spec.deadline_s, spec.groups) == (True, 0.5, ("slow", "nightly"))
    assert spec.probe.index == "authors"


def test_none_removes(probes):
    assert list(probes(database=None, never=None)) == []


def test_a_built_in_name_may_have_a_probe_of_the_projects_own(probes):
    assert isinstance(probes(database={"PROBE": f"{MODULE}.Search"})["database"].probe, Search)


@pytest.mark.parametrize(
    "entry",
    [
        {"PROBE": "no_such_module.Search"},
        {"PROBE": f"{MODULE}.Missing"},
        {"PROBE": "os.path.join"},
        {"PROBE": "collections.OrderedDict"},
        {"PROBE": "django_prodready.health.probe.Probe"},
        {"PROBE": f"{MODULE}.Awaited"},
        {"PROBE": f"{MODULE}.Search", "OPTIONS": {"indx": "books"}},
        {"PROBE": f"{MODULE}.Search", "OPTIONS": ["books"]},
        {"PROBE": f"{MODULE}.Strict", "OPTIONS": {"index": "hunter2"}},
        {"PROBE": 3},
        {},
        "no.dict",
    ],
    ids=str,
)
def test_what_makes_no_probe_is_down(probes, entry):
    found = {"search": probes(search=entry)["search"]}
    assert isinstance(found["search"].probe, MisconfiguredProbe)
    outcome = runner.collect(found).outcomes["search"]
    assert (outcome.status, outcome.error) == (Status.DOWN, "ImproperlyConfigured")
    assert "hunter2" not in outcome.detail


def test_what_cannot_be_built_is_as_critical_as_its_class_says(probes):
    assert not probes(search={"PROBE": f"{MODULE}.Strict", "OPTIONS": {"index": 1}})["search"].critical
    assert probes(search={"PROBE": "no_such_module.Search"})["search"].critical


@pytest.mark.parametrize("declared", [0, -1, float("inf"), float("nan"), "1", None])
def test_a_class_without_a_usable_deadline_has_the_common_one(probes, monkeypatch, declared):
    monkeypatch.setattr(Odd, "deadline_s", declared)
    assert probes(odd={"PROBE": f"{MODULE}.Odd"})["odd"].deadline_s == Probe.deadline_s


def test_every_built_in_class_exists():
    missing = [path for path in BUILT_IN.values() if not importlib.util.find_spec(path.rpartition(".")[0])]
    assert missing == []


@pytest.mark.parametrize(
    ("name", "is_critical"),
    [("database", True), ("database_pool", False), ("cache", True), ("storage", False)],
)
def test_what_is_detected_is_as_critical_as_promised(probes, name, is_critical):
    assert probes(**{name: {}})[name].critical is is_critical


def test_it_is_built_once():
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: get_probe_set(), range(40)))
    assert {id(each) for each in found} == {id(get_probe_set())}


def test_it_is_built_once_by_those_who_come_at_once():
    setting_changed.send(sender=None, setting="PRODREADY", value=None, enter=True)
    with ThreadPoolExecutor(8) as pool:
        with probe_set._lock:
            coming = [pool.submit(get_probe_set) for _ in range(8)]
            time.sleep(0.1)
        found = [each.result() for each in coming]
    assert {id(each) for each in found} == {id(get_probe_set())}


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
@pytest.mark.parametrize("setting", ["PRODREADY", "DATABASES", "CACHES", "STORAGES", "EMAIL_HOST"])
def test_it_is_built_anew_after_a_test_changed_what_it_is_made_of(probes, setting):
    before = probes(search={"PROBE": f"{MODULE}.Search"})
    runner.collect(before)
    setting_changed.send(sender=None, setting=setting, value=None, enter=True)
    assert get_probe_set() is not before
    assert runner.last_known(before).outcomes == {}
    assert history.recent("search") == ()
    setting_changed.send(sender=None, setting=setting, value=None, enter=False)


def test_another_setting_changes_nothing(settings):
    before = get_probe_set()
    settings.DEBUG = True
    assert get_probe_set() is before


def test_the_outcomes_of_others_survive_a_change(probes):
    probes()
    others = specs(other=Told())
    runner.collect(others)
    probes(search={"PROBE": f"{MODULE}.Search"})
    assert list(runner.last_known(others).outcomes) == ["other"]


def test_importing_it_imports_no_probe():
    program = (
        "import sys, django; django.setup(); import django_prodready.health.probe_set; "
        "print([name for name in sys.modules if name.startswith('django_prodready.health.probes.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests"))),
            "DJANGO_SETTINGS_MODULE": "testproject.settings",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr
