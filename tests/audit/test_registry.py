"""Which checks there are, and which of them a selector means."""

import sys
import types
from importlib.metadata import EntryPoint

import pytest

from django_prodready.audit import Check, Severity, check, registry
from django_prodready.audit.testing import run_check


def make(name, requires=()):
    return Check(
        name=name,
        severity=Severity.ERROR,
        judge=lambda facts: [],
        needs=frozenset(),
        requires=tuple(requires),
    )


CHECKS = {name: make(name) for name in ("hosts.empty", "hosts.wildcard", "https.redirect")}


@pytest.fixture
def entry_points(monkeypatch):
    """Let other packages' entry points be these; give the fresh list of checks."""

    def install(*points):
        registry.all_checks.cache_clear()
        monkeypatch.setattr(registry, "entry_points", lambda group: points)
        return registry.all_checks()

    yield install
    registry.all_checks.cache_clear()


def point(name, value):
    return EntryPoint(name=name, value=value, group=registry.ENTRY_POINT_GROUP)


def test_finds_the_files():
    assert "hosts.unmatchable" in registry.all_checks()
    assert list(registry.all_checks()) == sorted(registry.all_checks())


def test_takes_the_checks_of_other_packages(entry_points):
    module = "django_prodready.audit.checks.hosts.unmatchable"
    checks = entry_points(point("acme.module", module), point("acme.object", f"{module}:judge"))
    assert checks["acme.module"].judge is checks["hosts.unmatchable"].judge
    assert checks["acme.object"].name == "acme.object"


@pytest.mark.parametrize(
    ("name", "value", "shown", "says"),
    [
        ("acme.broken", "acme_that_is_not_there", "plugin.acme-broken", "ModuleNotFoundError"),
        ("hosts.unmatchable", "django_prodready.audit.model", "plugin.hosts-unmatchable", "is taken"),
        ("Not A Name", "django_prodready.audit.model", "plugin.not-a-name", "must be named"),
        ("acme.nothing", "django_prodready.audit.model", "plugin.acme-nothing", "declares 0 checks"),
        ("!", "django_prodready.audit.model", "plugin.unnamed", "must be named"),
    ],
)
def test_a_broken_one_is_a_crashed_result(entry_points, name, value, shown, says):
    checks = entry_points(point(name, value))
    result = run_check(checks[shown])
    assert result.outcome.value == "crashed"
    assert says in result.reason
    assert run_check("hosts.unmatchable").outcome.value == "pass"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("raise SystemExit(0)", "SystemExit"),
        ("judge = check(severity=Severity.INFO, needs=['settings'])(lambda facts: [])", "must be a Severity"),
        ("judge = check(severity='error')(lambda facts: [])", "must be a Severity"),
        ("judge = check(severity=Severity.INFO, requires=['no.such'])(lambda facts: [])", "do not resolve"),
        ("judge = check(severity=Severity.INFO, requires=['acme.odd'])(lambda facts: [])", "do not resolve"),
    ],
)
def test_one_that_is_declared_wrongly_is_a_crashed_result(entry_points, tmp_path, monkeypatch, source, says):
    (tmp_path / "acme_odd.py").write_text(f"from django_prodready.audit import Severity, check\n{source}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "acme_odd", raising=False)
    checks = entry_points(point("acme.odd", "acme_odd"))
    assert "acme.odd" not in checks
    result = run_check(checks["plugin.acme-odd"])
    assert result.outcome.value == "crashed"
    assert says in result.reason


def test_a_file_declares_one_check():
    module = types.ModuleType("acme_checks")
    with pytest.raises(registry.BrokenCheckError, match="acme_checks declares 0 checks"):
        registry.check_in(module)
    module.one = module.two = make("a.b")
    with pytest.raises(registry.BrokenCheckError, match="declares 2 checks"):
        registry.check_in(module)


def test_a_name_is_its_path():
    def judge(facts):
        return []

    judge.__module__ = "acme.checks.queue_things.too_deep"
    assert check(severity=Severity.INFO)(judge).name == "queue-things.too-deep"
    judge.__module__ = "acme_queue"
    assert check(severity=Severity.INFO)(judge).name == "plugin.acme-queue"


def test_selects_checks_and_families():
    assert list(registry.select(CHECKS)) == list(CHECKS)
    assert list(registry.select(CHECKS, only=["hosts"])) == ["hosts.empty", "hosts.wildcard"]
    assert list(registry.select(CHECKS, only=["hosts", "https.redirect"], skip=["hosts.empty"])) == [
        "hosts.wildcard",
        "https.redirect",
    ]
    assert not registry.select(CHECKS, only=["hosts.empty"], skip=["hosts"])


@pytest.mark.parametrize(
    ("selector", "says"), [("hosts.emtpy", "Did you mean hosts.empty"), ("zzz", "--list")]
)
def test_refuses_what_it_does_not_know(selector, says):
    with pytest.raises(registry.UnknownSelectorError, match=says):
        registry.select(CHECKS, only=[selector])


def test_requirements_are_pulled_in_first():
    checks = {
        "a.a": make("a.a", ["b.b"]),
        "b.b": make("b.b", ["c.c"]),
        "c.c": make("c.c"),
        "d.d": make("d.d", ["c.c"]),
    }
    assert [found.name for found in registry.with_requirements(checks, ["a.a", "d.d"])] == [
        "c.c",
        "b.b",
        "a.a",
        "d.d",
    ]


@pytest.mark.parametrize("requires", ["a.a", "not.there"])
def test_requirements_must_resolve(requires):
    with pytest.raises(registry.BrokenCheckError, match=r"do not resolve: a\.a ->"):
        registry.with_requirements({"a.a": make("a.a", [requires])}, ["a.a"])
