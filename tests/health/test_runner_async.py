"""The same promises to those who await."""

import asyncio
import threading
import time

import pytest
from prodready_runner import PATIENT_S, Stuck, Told, spec, specs, threads_of, wait_until

from django_prodready.health import runner
from django_prodready.health.outcome import Status


@pytest.fixture(autouse=True)
def nothing_is_known():
    runner.forget()
    yield
    runner.forget()


@pytest.fixture
def stuck():
    probe = Stuck()
    yield probe
    probe.gate.set()
    wait_until(lambda: not any(thread.is_alive() for thread in probe.ran_in))


def test_it_answers_as_the_other_does():
    asked = specs(slow=Told(lambda: time.sleep(0.1)), quick=Told())
    report = asyncio.run(runner.collect_async(asked))
    assert report.checks == {"slow": True, "quick": True}
    assert asyncio.run(runner.collect_async(asked)).outcomes == report.outcomes
    assert runner.collect(asked).outcomes == report.outcomes


def test_a_deadline_holds_while_the_loop_goes_on(stuck):
    ticks = []

    async def tick():
        while True:
            ticks.append(time.monotonic())
            await asyncio.sleep(0.01)

    async def main():
        ticking = asyncio.create_task(tick())
        begun_s = time.monotonic()
        report = await runner.collect_async({"thing": spec(stuck, deadline_s=0.4)})
        took_s = time.monotonic() - begun_s
        ticking.cancel()
        return report, took_s

    report, took_s = asyncio.run(main())
    assert report.outcomes["thing"].error == "DeadlineExceeded"
    assert 0.4 <= took_s < PATIENT_S / 2
    assert len(ticks) > 10


def test_the_loop_ends_at_once_beside_a_stuck_run(stuck, settings):
    settings.PRODREADY = {"READY_TTL": 0}
    asked = {"thing": spec(stuck, deadline_s=0.1)}
    begun_s = time.monotonic()
    for _ in range(5):
        asyncio.run(runner.collect_async(asked))
    assert time.monotonic() - begun_s < PATIENT_S / 2
    assert (stuck.runs, len(threads_of("thing"))) == (1, 1)


def test_many_tasks_share_one_run():
    probe = Told(lambda: time.sleep(0.2))
    asked = specs(thing=probe)

    async def main():
        return await asyncio.gather(*(runner.collect_async(asked) for _ in range(50)))

    reports = asyncio.run(main())
    assert probe.runs == 1
    assert len({id(report.outcomes["thing"]) for report in reports}) == 1


def test_a_cancelled_request_leaves_the_run_to_the_others(stuck, settings):
    settings.PRODREADY = {"READY_BUDGET": PATIENT_S}
    asked = {"thing": spec(stuck, deadline_s=PATIENT_S)}

    async def main():
        gone = asyncio.create_task(runner.collect_async(asked))
        stays = asyncio.create_task(runner.collect_async(asked))
        await asyncio.sleep(0.05)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        await asyncio.sleep(0.02)
        assert not stays.done()
        stuck.gate.set()
        return await stays

    assert asyncio.run(main()).checks == {"thing": True}


def test_a_run_outlives_a_cancelled_request_and_a_closed_loop(stuck):
    asked = {"thing": spec(stuck)}

    async def main():
        await asyncio.wait_for(runner.collect_async(asked), 0.1)

    with pytest.raises(TimeoutError):
        asyncio.run(main())
    stuck.gate.set()
    wait_until(lambda: runner.last_known(asked).outcomes)
    assert runner.last_known(asked).outcomes["thing"].status is Status.OK


def test_a_loop_that_was_closed_while_it_waited_harms_nobody(stuck):
    asked = {"thing": spec(stuck)}
    loop = asyncio.new_event_loop()
    waiting = loop.create_task(runner.collect_async(asked))
    loop.call_later(0.05, loop.stop)
    loop.run_forever()
    loop.close()
    waiting._log_destroy_pending = False
    stuck.gate.set()
    wait_until(lambda: runner.last_known(asked).outcomes)
    assert runner.collect(asked).checks == {"thing": True}
    waiting.get_coro().close()


def test_sync_and_async_askers_share_one_run(stuck):
    asked = {"thing": spec(stuck)}
    answers = []
    asker = threading.Thread(target=lambda: answers.append(runner.collect(asked)))
    asker.start()
    wait_until(lambda: stuck.runs)
    threading.Timer(0.1, stuck.gate.set).start()
    answers.append(asyncio.run(runner.collect_async(asked)))
    asker.join(PATIENT_S)
    assert [answer.checks for answer in answers] == [{"thing": True}] * 2
    assert stuck.runs == 1


def test_an_answer_that_comes_with_the_deadline_is_set_once():
    async def main():
        ended = asyncio.get_running_loop().create_future()
        runner._resolve(ended)
        runner._resolve(ended)
        await ended

    asyncio.run(main())
