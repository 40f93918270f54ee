"""The runner: every check ends in exactly one outcome, whatever it does."""

import threading
import time

import pytest

from django_prodready.audit import Check, Finding, Need, NotApplicable, NotRun, Outcome, Severity
from django_prodready.audit import runner as runner_module
from django_prodready.audit.audit import OFFLINE_NEEDS
from django_prodready.audit.facts import Facts
from django_prodready.audit.runner import run

FINDING = Finding(message="It is wrong.", hint="Mend it.")


def make(name, judge, needs=(), requires=()):
    return Check(
        name=name, severity=Severity.ERROR, judge=judge, needs=frozenset(needs), requires=tuple(requires)
    )


def passing(facts):
    return []


def failing(facts):
    return [FINDING]


@pytest.fixture
def facts(tmp_path):
    return Facts(root=tmp_path, settings_module=None)


def judged(facts, *checks, allowed=OFFLINE_NEEDS, deadline_s=None):
    return run(checks, facts, allowed=allowed, deadline_s=deadline_s)


def test_passes_and_fails(facts):
    results = judged(facts, make("a.good", passing), make("a.bad", failing))
    assert results["a.good"].outcome is Outcome.PASS
    assert results["a.bad"].outcome is Outcome.FAIL
    assert results["a.bad"].findings == [FINDING]


def test_skips_carry_their_reasons(facts):
    def beside(facts):
        raise NotApplicable("no such thing here")

    def blocked(facts):
        raise NotRun("the database was needed")

    results = judged(facts, make("a.beside", beside), make("a.blocked", blocked))
    assert (results["a.beside"].outcome, results["a.beside"].reason) == (
        Outcome.NOT_APPLICABLE,
        "no such thing here",
    )
    assert (results["a.blocked"].outcome, results["a.blocked"].reason) == (
        Outcome.NOT_RUN,
        "the database was needed",
    )


def test_findings_before_a_stop_count(facts):
    def half(facts):
        yield FINDING
        raise NotRun("the rest needs a database")

    result = judged(facts, make("a.half", half))["a.half"]
    assert result.outcome is Outcome.FAIL
    assert result.reason == "the rest needs a database"


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(0), KeyboardInterrupt()])
def test_whatever_is_raised_is_a_crash(facts, error):
    def crash(facts):
        yield FINDING
        raise error

    result = judged(facts, make("a.crash", crash), make("b.good", passing))
    assert result["a.crash"].outcome is Outcome.CRASHED
    assert result["a.crash"].error is error
    assert result["a.crash"].findings == [FINDING]
    assert result["b.good"].outcome is Outcome.PASS


def test_a_stuck_check_is_left_behind(facts):
    release = threading.Event()

    def stuck(facts):
        release.wait()
        return []

    result = judged(facts, make("a.stuck", stuck), make("b.good", passing), deadline_s=lambda check: 0.05)
    release.set()
    assert result["a.stuck"].outcome is Outcome.CRASHED
    assert result["a.stuck"].reason == "passed its deadline of 0.05 s"
    assert "in stuck" in result["a.stuck"].stuck_at
    assert result["b.good"].outcome is Outcome.PASS


def test_where_a_thread_is_that_has_ended():
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    assert isinstance(runner_module._where(thread), str)


def test_requirements_come_first_and_must_pass(facts):
    checks = [
        make("c.base", failing),
        make("b.middle", passing, requires=["c.base"]),
        make("a.top", passing, requires=["b.middle"]),
        make("d.free", passing, requires=["d.beside"]),
        make("d.beside", passing),
    ]
    results = judged(facts, *checks)
    assert results["b.middle"].outcome is Outcome.NOT_RUN
    assert results["b.middle"].reason == "c.base did not pass"
    assert results["a.top"].reason == "b.middle did not pass"
    assert results["d.free"].outcome is Outcome.PASS


def test_needs_that_the_run_lacks(facts):
    check = make("a.live", passing, needs=[Need.LIVE, Need.URL])
    result = judged(facts, check)["a.live"]
    assert result.outcome is Outcome.NOT_RUN
    assert result.reason == "needs live and url, which this run does not have"


def test_without_settings(facts, monkeypatch):
    monkeypatch.setattr(Facts, "has_settings", False)
    result = judged(facts, make("a.one", passing, needs=[Need.SETTINGS]), make("b.two", passing))
    assert result["a.one"].reason == "the settings could not be loaded"
    assert result["b.two"].outcome is Outcome.PASS


def test_without_a_set_up_project(facts):
    facts.load_failure = RuntimeError("an app")
    checks = [make("a.one", passing, needs=[Need.SETTINGS]), make("b.two", passing, needs=[Need.REQUESTS])]
    result = judged(facts, *checks)
    assert result["a.one"].outcome is Outcome.PASS
    assert result["b.two"].reason == "the project could not be set up"


def test_shared_facts_that_fail_crash_their_checks(facts, settings):
    settings.MIDDLEWARE = 5
    result = judged(facts, make("a.one", passing, needs=[Need.SETTINGS]), make("b.two", passing))
    assert result["a.one"].outcome is Outcome.CRASHED
    assert isinstance(result["a.one"].error, Exception)
    assert result["b.two"].outcome is Outcome.PASS


def test_requests_run_alone_and_last(facts):
    seen = []

    def note(name):
        def judge(facts):
            seen.append(name)
            time.sleep(0.01)
            return []

        return judge

    checks = [
        make("a.request", note("request 1"), needs=[Need.REQUESTS]),
        make("b.request", note("request 2"), needs=[Need.REQUESTS]),
        make("c.static", note("static")),
    ]
    assert {result.outcome for result in judged(facts, *checks).values()} == {Outcome.PASS}
    assert seen == ["static", "request 1", "request 2"]


def test_slow_ones_start_first_and_many_run_at_once(facts):
    order = []

    def note(name):
        def judge(facts):
            order.append(name)
            time.sleep(0.02)
            return []

        return judge

    many = [make(f"a.n{number}", note(number)) for number in range(runner_module.WIDTH * 2)]
    results = judged(facts, *many, make("z.process", note("process"), needs=[Need.PROCESS]))
    assert len(results) == len(many) + 1
    assert order[0] == "process"


def test_deadlines_follow_needs():
    assert runner_module.deadline_of(make("a.a", passing)) == runner_module.STATIC_DEADLINE_S
    assert runner_module.deadline_of(make("a.a", passing, needs=[Need.SETTINGS])) == 2.0
    assert runner_module.deadline_of(make("a.a", passing, needs=[Need.SETTINGS, Need.LIVE])) == 5.0
