"""Deadlines, freshness, single flight: with real threads."""

import contextvars
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from prodready_runner import (
    PATIENT_S,
    Stuck,
    Told,
    elapsed_s,
    run_python,
    spec,
    specs,
    threads_of,
    wait_until,
)

from django_prodready.health import history, runner, transitions
from django_prodready.health.lane import BURST_S, Lane
from django_prodready.health.outcome import Status
from django_prodready.health.probe import Degraded, Probe, Skipped

WITHIN_S = 0.05  # promised of every answer after one that waited in vain


@pytest.fixture(autouse=True)
def nothing_is_known(settings):
    # A machine that halts for a second makes nothing stale, and no answer late.
    settings.PRODREADY = {"READY_TTL": 60, "READY_BUDGET": PATIENT_S}
    runner.forget()
    yield
    runner.forget()


@pytest.fixture
def no_ttl(settings):
    settings.PRODREADY = {"READY_TTL": 0, "READY_BUDGET": PATIENT_S}


@pytest.fixture
def stuck():
    probe = Stuck()
    yield probe
    probe.gate.set()
    wait_until(lambda: not any(thread.is_alive() for thread in probe.ran_in))


def raising(error):
    def task():
        raise error

    return task


def collect(probe, name="thing", **kwargs):
    """Ask one probe under a spec that is made once for it."""
    probe.spec = getattr(probe, "spec", None) or spec(probe, name, **kwargs)
    return runner.collect({name: probe.spec}).outcomes[name]


def known(probe, name="thing"):
    return runner.last_known({name: probe.spec}).outcomes.get(name)


class WordlessError(Exception):
    def __str__(self):
        raise KeyboardInterrupt


def test_a_run_that_is_async_behind_a_decorator_is_not_taken_for_well():
    class Later:
        def __await__(self):
            raise AssertionError("nobody awaits it")

    assert collect(Told(Later)).error == "TypeError"


@pytest.mark.parametrize(
    ("task", "status", "error", "detail"),
    [
        (lambda: None, Status.OK, None, None),
        pytest.param(lambda: False, Status.OK, None, None, id="what it returns says nothing"),
        (raising(Degraded("half full")), Status.DEGRADED, "Degraded", "half full"),
        (raising(Skipped("nothing there")), Status.SKIPPED, "Skipped", "nothing there"),
        (raising(ConnectionError("refused")), Status.DOWN, "ConnectionError", "refused"),
        (raising(ValueError()), Status.DOWN, "ValueError", None),
        (raising(SystemExit(3)), Status.DOWN, "SystemExit", "3"),
        (raising(KeyboardInterrupt()), Status.DOWN, "KeyboardInterrupt", None),
        (raising(WordlessError()), Status.DOWN, "WordlessError", None),
    ],
)
def test_what_a_run_does_is_its_outcome(task, status, error, detail):
    before_s = time.monotonic()
    outcome = collect(Told(task))
    assert (outcome.status, outcome.error, outcome.detail) == (status, error, detail)
    assert "detail" not in repr(outcome)  # error reporters take the repr of local variables
    assert before_s <= outcome.finished_s <= time.monotonic()
    assert 0 <= outcome.duration_s <= outcome.finished_s - before_s
    assert outcome.at.tzinfo is not None


def test_the_report_keeps_the_order_of_the_specs():
    asked = specs(slow=Told(lambda: time.sleep(0.1)), quick=Told(), bad=Told(raising(ValueError())))
    runner.collect({"quick": asked["quick"]})
    report = runner.collect(asked)
    assert list(report.outcomes) == ["slow", "quick", "bad"]
    assert report.checks == {"slow": True, "quick": True, "bad": False}
    assert report.specs is asked
    assert list(runner.collect(asked).outcomes) == ["slow", "quick", "bad"]


def test_no_probes_are_an_empty_report():
    assert runner.collect({}).outcomes == {}


def test_an_outcome_is_reused_and_its_thread_is_gone():
    probe = Told()
    assert collect(probe) is collect(probe)
    assert probe.runs == 1
    wait_until(lambda: not threads_of("thing"))
    assert probe.closed_in == probe.ran_in


def test_an_outcome_ages_from_its_end():
    lane = Lane(spec(Told()))
    assert lane.fresh(0, 1) is None
    lane.ask(time.monotonic(), time.monotonic() + PATIENT_S)
    wait_until(lambda: lane.outcome)
    end_s = lane.outcome.finished_s
    assert lane.fresh(end_s + 0.99, 1) is lane.outcome
    assert lane.fresh(end_s + 1.01, 1) is None


def test_without_a_ttl_every_answer_asks(no_ttl):
    probe = Told()
    assert collect(probe) is not collect(probe)
    assert probe.runs == 2


def test_many_askers_share_one_run():
    probe = Told(lambda: time.sleep(0.2))
    asked = specs(thing=probe)
    with ThreadPoolExecutor(20) as pool:
        reports = list(pool.map(lambda _: runner.collect(asked), range(20)))
    assert probe.runs == 1
    assert {id(report.outcomes["thing"]) for report in reports} == {id(reports[0].outcomes["thing"])}


def test_a_run_that_ended_since_an_answer_began_is_as_good_as_joined():
    probe = Told()
    lane = Lane(spec(probe))
    asked_s = time.monotonic()
    lane.ask(asked_s, asked_s + PATIENT_S)
    wait_until(lambda: lane.outcome)
    run, until_s = lane.ask(asked_s, asked_s + PATIENT_S)
    assert (run.outcome, probe.runs) == (lane.outcome, 1)
    assert until_s <= time.monotonic()
    assert not lane.wake_at_end(run, pytest.fail)


def test_an_end_is_told_before_the_answer_that_waits_for_it(monkeypatch):
    lane = Lane(spec(Told(raising(ValueError()))))
    may_tell, answers = threading.Event(), []
    monkeypatch.setattr(
        transitions.Turn, "tell", lambda turn: may_tell.wait(PATIENT_S) and answers.append("told")
    )
    asked_s = time.monotonic()
    run, _ = lane.ask(asked_s, asked_s + PATIENT_S)
    wait_until(lambda: run.outcome)
    assert lane.wake_at_end(run, lambda: answers.append("answered"))
    may_tell.set()
    wait_until(lambda: len(answers) == 2)
    assert answers == ["told", "answered"]
    assert not lane.wake_at_end(run, pytest.fail)


def test_nobody_waits_beyond_the_deadline(stuck):
    took_s = elapsed_s(lambda: collect(stuck, deadline_s=0.3))
    assert 0.3 <= took_s < PATIENT_S / 2
    missed = known(stuck)
    assert (missed.status, missed.error, missed.detail) == (Status.DOWN, "DeadlineExceeded", None)
    assert missed.duration_s >= 0.3


def test_a_joiner_waits_until_the_deadline_of_the_run(stuck):
    deadline_s = 4.0
    begun_s = time.monotonic()
    first = threading.Thread(target=collect, args=(stuck,), kwargs={"deadline_s": deadline_s})
    first.start()
    wait_until(lambda: stuck.runs)
    time.sleep(deadline_s / 2)
    collect(stuck)
    assert deadline_s <= time.monotonic() - begun_s < 1.5 * deadline_s
    first.join()
    assert len(history.recent("thing")) == 1


def test_the_budget_is_the_limit_of_one_answer(settings, stuck):
    settings.PRODREADY = {"READY_BUDGET": 0.3}
    other = Stuck()
    asked = {name: spec(probe, name, deadline_s=5) for name, probe in {"a": stuck, "b": other}.items()}
    assert 0.3 <= elapsed_s(lambda: runner.collect(asked)) < 5
    other.gate.set()


def test_no_budget_is_too_long_to_be_waited_for(settings):
    settings.PRODREADY = {"READY_BUDGET": 10**400}
    assert collect(Told(lambda: time.sleep(0.05)), deadline_s=10**400).status is Status.OK


def test_while_a_run_is_stuck_answers_are_quick_and_one_thread_is_all(no_ttl, stuck):
    deadline_s = 2.0
    collect(stuck, deadline_s=deadline_s)
    took_s = sorted(elapsed_s(lambda: collect(stuck)) for _ in range(50))
    assert took_s[25] < WITHIN_S  # the slower half may belong to the machine
    assert took_s[-1] < deadline_s
    assert (stuck.runs, len(threads_of("thing"))) == (1, 1)
    assert collect(stuck).error == "DeadlineExceeded"


def test_one_stuck_probe_holds_up_no_other(no_ttl, stuck):
    other = Told()
    asked = specs(stuck=stuck, other=other)
    assert runner.collect(asked).checks == {"stuck": False, "other": True}
    assert runner.collect(asked).checks == {"stuck": False, "other": True}
    assert other.runs == 2


def test_a_component_that_ended_well_though_late_is_waited_for_again(no_ttl):
    ends = [threading.Event(), threading.Event()]
    probe = Told(lambda: ends[probe.runs - 1].wait(PATIENT_S))
    assert collect(probe, deadline_s=0.2).status is Status.DOWN
    ends[0].set()
    wait_until(lambda: known(probe).status is Status.OK)
    threading.Timer(0.1, ends[1].set).start()
    assert collect(probe, deadline_s=10).status is Status.OK
    assert probe.runs == 2


def test_after_a_late_failure_the_next_run_is_not_waited_for_either(no_ttl):
    ends = [threading.Event(), threading.Event(), threading.Event()]

    def fail():
        ends[probe.runs - 1].wait(PATIENT_S)
        if probe.runs < 3:
            raise TimeoutError

    probe = Told(fail)
    collect(probe, deadline_s=2.0)
    ends[0].set()
    wait_until(lambda: known(probe).error == "TimeoutError")
    assert elapsed_s(lambda: collect(probe)) < 2.0
    assert (probe.runs, collect(probe).status) == (2, Status.DOWN)
    ends[1].set()
    wait_until(lambda: not any(thread.is_alive() for thread in probe.ran_in))
    ends[2].set()
    collect(probe)
    wait_until(lambda: known(probe).status is Status.OK)
    ends.append(threading.Event())
    threading.Timer(0.1, ends[3].set).start()
    assert collect(probe).status is Status.OK


def test_a_component_that_fails_slowly_keeps_one_answer_waiting(no_ttl):
    def fail():
        time.sleep(2.0)
        raise TimeoutError

    probe = Told(fail)
    first = collect(probe, deadline_s=10)
    assert first.error == "TimeoutError"
    assert elapsed_s(lambda: collect(probe)) < 2.0
    assert known(probe) is first
    assert collect(probe) is first
    wait_until(lambda: known(probe) is not first)
    assert probe.runs == 2


def test_a_component_that_fails_at_once_is_waited_for(no_ttl):
    failures = [ValueError(), None]

    def task():
        if failures.pop(0):
            raise ValueError
        time.sleep(0.2)

    probe = Told(task)
    assert collect(probe).status is Status.DOWN
    assert collect(probe).status is Status.OK


def test_a_probe_that_asks_nothing_is_down():
    assert collect(Told(Probe().run)).error == "NotImplementedError"


def test_what_ends_late_tells_the_truth_and_it_is_logged_when_an_answer_shows_it(stuck, caplog):
    caplog.set_level(logging.INFO, "django_prodready.health")
    collect(stuck, deadline_s=0.1)
    collect(stuck)
    stuck.gate.set()
    wait_until(lambda: known(stuck).status is Status.OK)
    assert [record.message for record in caplog.records] == ["Probe thing is down (DeadlineExceeded)."]
    for _ in range(3):
        assert collect(stuck).status is Status.OK
    assert [record.message for record in caplog.records[1:]] == ["Probe thing has recovered."]
    assert [outcome.status for outcome in history.recent("thing")] == [Status.DOWN, Status.OK]


def test_two_answers_show_a_late_end_and_one_tells_of_it(caplog):
    lane = Lane(spec(Told(raising(ValueError()))))
    lane.ask(0, 0)
    wait_until(lambda: lane.outcome)
    assert caplog.records == []
    lane._tell_late()
    lane._tell_late()
    assert [record.message for record in caplog.records] == ["Probe thing is down (ValueError)."]


def test_answers_that_wait_in_vain_together_count_once(stuck):
    asked = {"thing": spec(stuck, deadline_s=0.3)}
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: runner.collect(asked), range(10)))
    assert len(history.recent("thing")) == 1


def test_last_known_runs_nothing_and_leaves_out_what_is_old(stuck):
    probe = Told()
    asked = specs(thing=probe, never=Told())
    assert runner.last_known(asked).outcomes == {}
    runner.collect({"thing": asked["thing"]})
    assert list(runner.last_known(asked).outcomes) == ["thing"]
    assert list(runner.last_known(asked, max_age_s=60).outcomes) == ["thing"]
    assert runner.last_known(asked, max_age_s=0).outcomes == {}
    assert probe.runs == 1


def test_another_spec_of_the_name_knows_nothing_of_the_first(stuck):
    collect(stuck, deadline_s=0.1)
    probe = Told()
    assert collect(probe).status is Status.OK
    assert known(stuck).status is Status.DOWN


def test_what_is_forgotten_ends_unheard(stuck, caplog):
    collect(stuck, deadline_s=0.1)
    other = Told()
    collect(other, "other")
    runner.forget([stuck.spec, spec(Told(), "never asked")])
    assert known(stuck) is None
    assert history.recent("thing") == ()
    assert known(other, "other") is not None
    caplog.clear()
    stuck.gate.set()
    stuck.ran_in[0].join(PATIENT_S)
    assert history.recent("thing") == ()
    assert caplog.records == []
    runner.forget()
    assert known(other, "other") is None


def test_a_burst_keeps_its_thread_and_closes_after_it(no_ttl):
    probe = Told()
    for _ in range(20):
        collect(probe)
    assert len(set(probe.ran_in)) == 1
    assert probe.closed_in == []
    begun_s = time.monotonic()
    wait_until(lambda: not threads_of("thing"))
    assert time.monotonic() - begun_s < BURST_S + PATIENT_S / 2
    assert probe.closed_in == [probe.ran_in[0]]


def test_forgetting_ends_a_burst(no_ttl):
    probe = Told()
    took_s = []
    for _ in range(3):
        collect(probe)
        runner.forget()
        took_s.append(elapsed_s(lambda: probe.ran_in[-1].join(PATIENT_S)))
    assert min(took_s) < BURST_S
    assert probe.closed_in == probe.ran_in


def test_in_a_burst_what_is_down_closes_and_begins_afresh(no_ttl):
    probe = Told(raising(ConnectionError()))
    for _ in range(5):
        collect(probe)
    wait_until(lambda: not threads_of("thing"))
    assert len(probe.closed_in) == 5


def test_a_close_that_hangs_adds_no_thread(no_ttl):
    let_go = threading.Event()

    class Closing(Told):
        def close(self):
            super().close()
            let_go.wait(PATIENT_S)
            raise SystemExit

    probe = Closing(raising(ValueError()))
    assert collect(probe, deadline_s=0.2).error == "ValueError"
    wait_until(lambda: probe.closed_in)
    collect(probe)
    collect(probe)
    assert (probe.runs, len(threads_of("thing"))) == (1, 1)
    let_go.set()
    wait_until(lambda: probe.runs == 2)
    wait_until(lambda: not threads_of("thing"))
    assert len(set(probe.ran_in)) == 1


def test_what_a_probe_opens_through_django_is_closed(tmp_path, django_db_blocker):
    opened = []

    class Cache:
        def close(self):
            opened.remove(self)

    def task():
        wrapper = DatabaseWrapper({**connections["default"].settings_dict, "NAME": str(tmp_path / "db")})
        wrapper.connect()
        connections["default"] = wrapper
        caches["default"] = Cache()
        opened.extend([wrapper, caches["default"]])

    with django_db_blocker.unblock():
        assert collect(Told(task)).detail is None
        wait_until(lambda: not threads_of("thing"))
    (wrapper,) = opened
    assert wrapper.connection is None


def test_a_connection_that_cannot_be_closed_ends_nothing():
    class Broken:
        def close(self):
            raise OSError

    def task():
        connections["default"] = Broken()

    assert collect(Told(task)).status is Status.OK
    wait_until(lambda: not threads_of("thing"))


def test_a_probe_sees_nothing_of_the_request():
    variable = contextvars.ContextVar("variable", default="nothing")
    variable.set("a request's own")
    seen = []
    collect(Told(lambda: seen.append(variable.get())))
    assert seen == ["nothing"]


class Handler(logging.Handler):
    """Does ``task`` for each record, and lets its errors out, as some handlers do."""

    def __init__(self, task):
        super().__init__()
        self.task = task

    def handle(self, record):
        self.task()


@pytest.fixture
def log_handler():
    logger = logging.getLogger("django_prodready.health")
    handlers = []

    def add(task):
        handlers.append(Handler(task))
        logger.addHandler(handlers[-1])

    yield add
    for handler in handlers:
        logger.removeHandler(handler)


def test_a_log_that_raises_changes_no_answer(log_handler):
    log_handler(raising(OSError()))
    assert collect(Told(raising(ValueError()))).error == "ValueError"


def test_a_thread_that_dies_is_replaced(monkeypatch, no_ttl):
    failures = [ValueError()]
    probe = Told(lambda: raising(failures.pop())() if failures else None)
    with monkeypatch.context() as patch:
        patch.setattr(Lane, "_close", lambda _: raising(SystemExit())())  # a greenlet may be killed anywhere
        assert collect(probe).error == "ValueError"
        wait_until(lambda: not threads_of("thing"))
    assert collect(probe).status is Status.OK


def test_a_thread_that_dies_leaves_nobody_waiting(monkeypatch, no_ttl):
    is_closing, may_die = threading.Event(), threading.Event()

    def die(_):
        is_closing.set()
        may_die.wait(PATIENT_S)
        raise SystemExit

    monkeypatch.setattr(Lane, "_close", die)
    probe = Told(raising(ValueError()))
    collect(probe, deadline_s=0.8)
    assert is_closing.wait(PATIENT_S)
    answers = []
    asker = threading.Thread(target=lambda: answers.append(collect(probe)))
    asker.start()
    time.sleep(0.1)
    may_die.set()
    asker.join(PATIENT_S)
    assert (answers[0].error, probe.runs) == ("SystemExit", 1)


def test_without_a_thread_to_be_had_it_is_down():
    done = run_python("""
threading.stack_size(1 << 46)
print(runner.collect(specs(thing=Told())).outcomes["thing"].error)
threading.stack_size(0)
runner.forget()
print(runner.collect(specs(thing=Told())).outcomes["thing"].error)
""")
    assert done.stdout.split() == ["RuntimeError", "None"], done.stderr


def test_at_exit_it_answers_all_the_same():
    done = run_python("""
import atexit
atexit.register(lambda: print(runner.collect(specs(thing=Told())).outcomes["thing"].error))
""")
    assert (done.returncode, len(done.stdout.split())) == (0, 1), done.stderr


def test_a_stuck_probe_delays_no_exit():
    begun_s = time.monotonic()
    done = run_python("""
runner.collect({"thing": spec(Stuck(), deadline_s=0.1)})
print(len(threads_of("thing")), time.monotonic() * 1000 // 1)
""")
    ended_s = time.monotonic()
    assert done.returncode == 0, done.stderr
    threads, exit_ms = done.stdout.split()
    assert threads == "1"
    assert ended_s - float(exit_ms) / 1000 < 5 < PATIENT_S, ended_s - begun_s


def test_importing_it_starts_no_thread():
    done = run_python("print(threading.active_count())")
    assert done.stdout.strip() == "1"
