"""override_probes says what /ready/ finds, for just as long as the test, and through the real runner."""

import asyncio
import inspect
import textwrap
import threading
import time
import traceback
import unittest

import pytest
from django.test import Client, override_settings

from django_prodready import testing
from django_prodready.health import Degraded, Probe, Skipped, history, runner
from django_prodready.health.outcome import Status
from django_prodready.health.probe_set import get_probe_set
from django_prodready.testing import override_probes


@pytest.fixture(autouse=True)
def _nothing_known():
    runner.forget()
    yield
    runner.forget()


def collected():
    return runner.collect(get_probe_set()).outcomes


def statuses():
    return {name: str(outcome.status) for name, outcome in collected().items()}


class Rare(Probe):
    """Not critical, quick to give up, and asked while `gate` is shut until it opens."""

    critical = False
    deadline_s = 0.1

    def __init__(self):
        self.gate = threading.Event()
        self.gate.set()
        self.closed = threading.Event()

    def run(self):
        self.gate.wait(30)

    def close(self):
        self.closed.set()


class Broken(Probe):
    def run(self):
        raise Degraded("slow")


class Returns:
    def __init__(self, value):
        self.value = value

    def __call__(self):
        return self.value


def raises(error):
    def run():
        raise error

    return run


class TestValues:
    @pytest.mark.parametrize(
        ("says", "status", "error"),
        [
            (True, "ok", None),
            (False, "down", "ProbeDown"),
            (Degraded("slow"), "degraded", "Degraded"),
            (Degraded, "degraded", "Degraded"),
            (Skipped(), "skipped", "Skipped"),
            (OSError("no route"), "down", "OSError"),
            (OSError, "down", "OSError"),
            (Rare(), "ok", None),
            (Rare, "ok", None),
            (Broken, "degraded", "Degraded"),
            (Returns(None), "ok", None),
            (Returns(True), "ok", None),
            (Returns(0), "ok", None),
            (Returns(False), "down", "ProbeDown"),
            (raises(TimeoutError()), "down", "TimeoutError"),
        ],
    )
    def test_each_kind_of_value_has_its_status(self, says, status, error):
        with override_probes(search=says):
            outcome = collected()["search"]

        assert (outcome.status, outcome.error) == (Status(status), error)

    @pytest.mark.parametrize("says", ["hunter2", None, 1, int, object()])
    def test_another_value_is_refused_without_showing_it(self, says):
        with pytest.raises(TypeError, match=r"The probe 'search' is overridden by an object of type (\w+)\."):
            override_probes(search=says)

    def test_the_value_itself_is_not_in_the_message(self):
        with pytest.raises(TypeError) as refused:
            override_probes(search="hunter2")

        assert "hunter2" not in str(refused.value)

    def test_names_that_are_no_identifiers_come_in_a_mapping(self):
        with override_probes({"search-eu": False, "probes": True}, search=True):
            assert statuses() == {"search-eu": "down", "probes": "ok", "search": "ok"}

    def test_a_probe_lets_go_when_its_run_is_over(self):
        probe = Rare()
        with override_probes(search=probe):
            collected()

        assert probe.closed.wait(30)

    def test_an_exception_that_is_raised_again_and_again_does_not_grow(self):
        error = OSError()
        lengths = []
        for _ in range(3):
            with override_probes(search=error):
                collected()
            lengths.append(len(traceback.extract_tb(error.__traceback__)))

        assert lengths[0] == lengths[1] == lengths[2]


class TestReplacement:
    def test_everything_else_is_gone(self):
        assert "database" in get_probe_set()
        with override_probes(search=True):
            assert list(get_probe_set()) == ["search"]
        with override_probes():
            assert collected() == {}
        assert "database" in get_probe_set()

    def test_no_outcome_outlives_the_block_or_reaches_into_it(self):
        for says, status in ((True, "ok"), (False, "down"), (True, "ok")):
            with override_probes(search=says):
                assert history.recent("search") == ()
                assert statuses() == {"search": status}
                assert len(history.recent("search")) == 1
            assert history.recent("search") == ()

    def test_an_outcome_is_reused_within_the_block(self):
        runs = []
        with override_probes(search=lambda: runs.append(1)):
            collected()
            collected()

        assert runs == [1]

    def test_it_ends_when_the_block_raises(self):
        with pytest.raises(RuntimeError), override_probes(search=True):
            raise RuntimeError

        assert "search" not in get_probe_set()

    def test_the_innermost_block_holds(self):
        with override_probes(search=True):
            with override_probes(search=False, disk=True):
                assert statuses() == {"search": "down", "disk": "ok"}
            assert statuses() == {"search": "ok"}

    def test_one_object_may_be_used_within_itself(self):
        override = override_probes(search=True)
        with override:
            with override:
                assert statuses() == {"search": "ok"}
            assert statuses() == {"search": "ok"}
        assert "search" not in get_probe_set()

    def test_it_holds_whatever_settings_change_within(self):
        redis = {
            "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://x"}
        }
        with override_probes(search=True), override_settings(PRODREADY={"READY_TTL": 0}, CACHES=redis):
            assert statuses() == {"search": "ok"}
        assert "search" not in get_probe_set()


class TestWeight:
    def spec(self, **probes):
        with override_probes(**probes):
            (spec,) = get_probe_set().values()
        return spec

    def test_a_name_of_the_project_keeps_what_the_project_says(self, settings):
        settings.PRODREADY = {
            "PROBES": {
                "search": {
                    "PROBE": f"{__name__}.Nowhere",
                    "CRITICAL": False,
                    "DEADLINE": 0.3,
                    "GROUPS": ["batch"],
                }
            }
        }
        spec = self.spec(search=True)

        assert (spec.critical, spec.deadline_s, spec.groups) == (False, 0.3, ("batch",))

    def test_a_built_in_name_is_as_critical_as_its_class(self):
        assert not self.spec(disk=False).critical
        assert self.spec(redis=False).critical

    @pytest.mark.parametrize("says", [Rare, Rare()])
    def test_a_probe_says_for_itself(self, says):
        spec = self.spec(search=says)

        assert (spec.critical, spec.deadline_s) == (False, 0.1)

    def test_any_other_name_is_critical(self):
        spec = self.spec(search=True)

        assert (spec.critical, spec.deadline_s, spec.groups) == (True, Probe.deadline_s, ("ready",))

    def test_the_deadline_holds(self):
        probe = Rare()
        probe.gate.clear()
        try:
            with override_probes(search=probe):
                began_s = time.monotonic()
                outcome = collected()["search"]

                assert (outcome.status, outcome.error) == (Status.DOWN, "DeadlineExceeded")
                assert time.monotonic() - began_s < 10
        finally:
            probe.gate.set()


class TestDecorating:
    def test_a_function(self):
        @override_probes(search=False)
        def decorated(value):
            return value, statuses()

        assert decorated(1) == (1, {"search": "down"})
        assert decorated(2) == (2, {"search": "down"})
        assert "search" not in get_probe_set()

    def test_a_coroutine_function(self):
        @override_probes(search=False)
        async def decorated():
            await asyncio.sleep(0)
            report = await runner.collect_async(get_probe_set())
            return report.checks

        assert inspect.iscoroutinefunction(decorated)
        assert asyncio.run(decorated()) == {"search": False}
        assert "search" not in get_probe_set()

    def test_a_test_case_and_its_methods(self):
        seen = []

        @override_probes(search=True)
        class Tests(unittest.TestCase):
            def setUp(self):
                self.addCleanup(lambda: seen.append(statuses()))
                seen.append(statuses())

            @override_probes(search=False)
            def test(self):
                seen.append(statuses())

        assert passes(Tests)
        assert seen == [{"search": "ok"}, {"search": "down"}, {"search": "ok"}]
        assert "search" not in get_probe_set()

    def test_another_class_is_refused(self):
        with pytest.raises(TypeError, match=r"unittest\.TestCase"):

            @override_probes(search=True)
            class Tests:
                pass


class TestOverHttp:
    @pytest.fixture(autouse=True)
    def _middleware(self, settings):
        settings.MIDDLEWARE = ["django_prodready.middleware.HealthMiddleware"]

    def test_ready_answers_what_the_test_says(self, settings):
        settings.PRODREADY = {"PROBES": {"search": {"PROBE": "nowhere", "CRITICAL": False}}}
        with override_probes(database=True, cache=Degraded("slow"), search=False):
            answer = Client().get("/ready/")

        assert answer.status_code == 200
        assert answer.json() == {
            "status": "ready",
            "checks": {"database": True, "cache": True, "search": False},
            "degraded": ["cache", "search"],
        }

    def test_liveness_tells_what_was_known_within_the_block_only(self):
        with override_probes(search=False):
            before = Client().get("/health/").json()
            assert Client().get("/ready/").status_code == 503
            after = Client().get("/health/").json()
        later = Client().get("/health/").json()

        assert "checks" not in before
        assert after["checks"] == {"search": False}
        assert "search" not in later.get("checks", {})

    def test_other_threads_see_it(self):
        codes = []
        with override_probes(search=False):
            thread = threading.Thread(target=lambda: codes.append(Client().get("/ready/").status_code))
            thread.start()
            thread.join()

        assert codes == [503]

    def test_the_example_of_the_documentation_passes(self):
        text = textwrap.dedent(testing.__doc__.partition("::\n")[2])
        space = {"__name__": "example"}
        exec(compile(text, "example", "exec"), space)

        assert passes(space["ReadinessTests"])


def passes(tests):
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(tests).run(result)
    assert result.testsRun > 0
    assert result.errors == []
    assert result.failures == []
    return True
