"""What `manage.py check` says of PRODREADY["PROBES"]."""

import sys
import types

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from django_prodready.health.probe import Probe
from django_prodready.health.probe_checks import check_probes

MODULE = "probes_of_this_test"
SECRET = "hunter2-hunter2"
NO_OPTION = "is not an option of this probe."
HINT_CLASS = "Set PROBE to the dotted path of a subclass of django_prodready.health.Probe."


class Search(Probe):
    def __init__(self, *, url, index="books"):
        if index == "missing":
            raise ValueError(f"no index at {url}")

    def run(self):
        pass


class Ours(Probe):
    """Stands for a probe of this package, whose sentences may be shown."""

    def __init__(self, *paths, max_used=0.9):
        if max_used == "odd":
            raise RuntimeError("odd")
        if max_used == "unset":
            raise ImproperlyConfigured("The setting MEDIA_ROOT is empty.")
        if not isinstance(max_used, float):
            raise ValueError(f"'max_used' must be a share, not {max_used}.")

    def run(self):
        pass


class Anything(Probe):
    def __init__(self, **options):
        pass

    def run(self):
        pass


class Plain(Probe):
    def run(self):
        pass


class Later(Probe):
    async def run(self):
        pass


@pytest.fixture(autouse=True)
def module(monkeypatch):
    module = types.ModuleType(MODULE)
    for probe in (Search, Ours, Anything, Plain, Later):
        setattr(module, probe.__name__, probe)
    monkeypatch.setattr(Ours, "__module__", "django_prodready.health.probes.ours")
    monkeypatch.setitem(sys.modules, MODULE, module)


@pytest.fixture
def told(settings):
    def tell(probes, **more):
        settings.PRODREADY = {"PROBES": probes, **more}
        messages = check_probes()
        assert SECRET not in "".join(f"{message.msg}{message.hint}" for message in messages)
        return [
            (message.id.removeprefix("django_prodready."), message.msg, message.hint) for message in messages
        ]

    return tell


def probe(name, **options):
    return {"PROBE": f"{MODULE}.{name}", "OPTIONS": options}


def test_a_sound_configuration_has_no_message(told):
    assert told({}) == []
    assert told({"search": probe("Search", url=SECRET), "any": probe("Anything", a=1, b=2)}) == []


def test_it_is_a_system_check(settings):
    settings.PRODREADY = {"PROBES": {"databse": {}}}
    assert "django_prodready.E003" in [message.id for message in checks.run_checks()]


def test_an_unknown_name_without_a_probe(told):
    assert told({"databse": {"CRITICAL": False}}) == [
        (
            "E003",
            "PRODREADY['PROBES']['databse'] has no PROBE, and no built-in probe has this name.",
            f"Rename it to 'database', or s{HINT_CLASS[1:]}",
        )
    ]


def test_an_unknown_name_like_no_other(told):
    ((code, _, hint),) = told({"warehouse": {}})
    assert code == "E003"
    assert hint.startswith("Use one of: database, database_pool, ")


def test_a_removal_of_what_does_not_exist(told):
    assert told({"Chache": None}) == [
        (
            "E003",
            "PRODREADY['PROBES']['Chache'] removes a probe that does not exist.",
            "Rename it to 'cache'.",
        )
    ]


def test_a_removal_of_what_was_not_detected_is_fine(told):
    assert told({"storage": None, "redis": None}) == []


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("no_such_module.Search", "cannot be imported (ModuleNotFoundError)"),
        (f"{MODULE}.Missing", "cannot be imported (ImportError)"),
        (SECRET, "cannot be imported (ImportError)"),
        ("os.path.join", "is no subclass of django_prodready.health.Probe"),
        ("collections.OrderedDict", "is no subclass of django_prodready.health.Probe"),
        ("django_prodready.health.probe.Probe", "is a Probe without a method run() of its own"),
        (f"{MODULE}.Later", "is a Probe whose run() is async, which nobody would await"),
    ],
)
def test_a_path_that_leads_to_no_probe(told, path, what):
    message = f"PRODREADY['PROBES']['search']['PROBE'] {what}. The probe search is down until it is."
    assert told({"search": {"PROBE": path}}) == [("E004", message, HINT_CLASS)]


@pytest.mark.parametrize(
    ("name", "options", "message", "hint"),
    [
        ("Search", {"url": SECRET, "indx": SECRET}, f"['indx'] {NO_OPTION}", "Rename it to 'index'."),
        ("Search", {"url": SECRET, "zz": 1}, f"['zz'] {NO_OPTION}", "Known are: url, index."),
        ("Search", {"url": SECRET, 3: 1}, f"[3] {NO_OPTION}", "Known are: url, index."),
        ("Plain", {"zz": 1}, f"['zz'] {NO_OPTION}", "Known are: none."),
        ("Search", {}, " lacks 'url', which this probe needs.", "Add 'url' to OPTIONS."),
        (
            "Search",
            {"url": SECRET, "index": "missing"},
            " make no probe. The constructor raised ValueError.",
            "Correct the option that is wrong.",
        ),
        (
            "Ours",
            {"max_used": 9},
            " make no probe. 'max_used' must be a share, not 9.",
            "Correct the option that is wrong.",
        ),
        (
            "Ours",
            {"max_used": SECRET},
            " make no probe. The constructor raised ValueError.",
            "Correct the option that is wrong.",
        ),
        (
            "Ours",
            {"max_used": "unset"},
            " make no probe. The setting MEDIA_ROOT is empty.",
            "Correct the option that is wrong.",
        ),
        (
            "Ours",
            {"max_used": "odd"},
            " make no probe. The constructor raised RuntimeError.",
            "Correct the option that is wrong.",
        ),
    ],
)
def test_options_that_make_no_probe(told, name, options, message, hint):
    place = "PRODREADY['PROBES']['search']['OPTIONS']"
    assert told({"search": probe(name) | {"OPTIONS": options}}) == [("E005", place + message, hint)]


@pytest.mark.parametrize("entry", [{"PROBE": 3}, {"PROBE": f"{MODULE}.Plain", "OPTIONS": []}, "a.b"])
def test_a_wrong_type_is_told_by_another_check(told, entry):
    assert told({"search": entry}) == []
    ids = [message.id or "" for message in checks.run_checks()]
    ours = [id_ for id_ in ids if id_.startswith("django_prodready.")]  # other tests import other packages
    assert ours == ["django_prodready.E002"]


def test_names_that_differ_in_case_alone(told):
    assert told({"Database": probe("Plain")}) == [
        ("E006", "The probes 'database' and 'Database' differ in nothing but case.", "Rename one.")
    ]


def test_one_question_asked_twice(told):
    twice = {"a": probe("Search", url=SECRET), "b": probe("Search", url=SECRET)}
    assert told(twice) == [
        (
            "E006",
            "The probes 'a' and 'b' have the same PROBE and the same OPTIONS.",
            "Give one other OPTIONS, or remove 'b'.",
        )
    ]
    twice["b"] = probe("Search", url=SECRET, index="other")
    assert told(twice) == []


def test_what_names_no_class_twice_is_no_duplicate(told):
    assert [code for code, *_ in told({"x1": {}, "x2": {}})] == ["E003", "E003"]


def test_a_group_twice(told):
    groups = ["ready", "b", "ready", "b", "ready"]
    assert told({"x": probe("Plain") | {"GROUPS": groups}}) == [
        ("E006", "PRODREADY['PROBES']['x']['GROUPS'] has 'b' twice.", "Remove one."),
        ("E006", "PRODREADY['PROBES']['x']['GROUPS'] has 'ready' twice.", "Remove one."),
    ]


@pytest.mark.parametrize("name", ["a b", "a&b", 'a"b', "a\nb", "", "é", "a,b"])
def test_a_name_that_would_not_survive(told, name):
    ((code, message, hint),) = told({name: probe("Plain")})
    assert code == "E007"
    assert message == (
        f"PRODREADY['PROBES'][{name!r}] is a name that does not fit into a query string and a metric's label."
    )
    assert hint == "Use letters, digits, and any of _ - . only."


def test_a_group_that_would_not_survive(told):
    ((code, message, _),) = told({"search-eu.1_b": probe("Plain") | {"GROUPS": ["ready", "a b"]}})
    assert code == "E007"
    assert message.startswith("PRODREADY['PROBES']['search-eu.1_b']['GROUPS'] has 'a b' that does not fit")


@pytest.mark.parametrize("probes", [{"database": None}, {"database": {"GROUPS": ["slow"]}}])
def test_a_readiness_that_asks_nothing(told, probes):
    assert told(probes, READY_PATH="up") == [
        (
            "W002",
            "No probe is asked for /up/, which therefore answers 200 whatever happens.",
            "Add a probe to PRODREADY['PROBES'], or set PRODREADY['READY_PATH'] to None.",
        )
    ]
    assert told(probes, READY_PATH=None) == []
