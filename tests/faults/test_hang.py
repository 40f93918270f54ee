"""A component hangs, rather than fails: readiness says so in time, and liveness does not notice."""

import re
import time

import prodready_namespaces
import pytest
from prodready_faults import kinds, processes, promises
from prodready_faults.probing import repeating, watch
from prodready_faults.rows import ROWS
from prodready_faults.servers import GRACE_S, serving
from prodready_services.missing import do_without

TTL_S = 1.0
WELL = {"database": True, "cache": True}


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=row.name, marks=[] if row.is_brief else pytest.mark.matrix) for row in ROWS],
)
def test_what_hangs_is_not_waited_for(row, services, tmp_path, figures):
    if row.fault is kinds.swallowed and (reason := prodready_namespaces.why_not()):
        do_without(reason)
    with row.fault(services) as fault, serving(row.server, tmp_path, services, fault.environ, row) as server:
        pid = server.begin()
        server.wait_until(lambda: server.ask("/ready/").status == 200, 20)
        assert server.ask("/ready/").told == (200, {"status": "ready", "checks": WELL})
        if row.has_page:
            assert server.page().status == 200
        before = _settled(server, pid, fault, row)
        _meet(server, fault)
        lines = len(server.health_log())  # where the machine was too busy for the first answers

        with fault.strike():
            seen = watch(server.port, promises.LIMITS.probes, before.sampler)
            noted = promises.keep(seen, {503})
        recovered_s = server.wait_until(lambda: server.ask("/ready/").status == 200, 20)
        noted |= before.compare(seen) | {"ready after": f"{recovered_s:.1f} s"}
        figures(row.name, noted)

        expected = {"status": "not_ready", "checks": WELL | dict.fromkeys(fault.down, False)}
        assert {answer.body for answer in seen.ready} == {seen.ready[0].body}
        assert seen.ready[0].told == (503, expected)
        assert recovered_s < promises.LIMITS.ready_again_s
        assert not row.has_page or server.page().status == 200
        _log_is_quiet(server, fault.down, lines)

        with fault.strike():
            server.wait_until(lambda: server.ask("/ready/").status == 503, 10)
            ended_s = server.terminate()
        figures(row.name, noted | {"ended after": f"{ended_s:.1f} s"})
        assert ended_s < GRACE_S
        told = b"".join(answer.raw for answer in seen.ready + seen.health) + server.said().encode()
        assert not [secret for secret in services.secrets if secret in told]


def test_what_hangs_is_not_waited_for_while_draining(services, tmp_path, figures):
    drain_s = 3.0
    row = ROWS[0]
    with (
        row.fault(services) as fault,
        serving(row.server, tmp_path, services, {"FAULTS_DRAIN": str(drain_s)}, row) as server,
    ):
        server.begin()
        with fault.strike():
            server.wait_until(lambda: server.ask("/ready/").status == 503, 10)
            server.process.terminate()
            began_s = time.monotonic()
            server.wait_until(lambda: b"draining" in server.ask("/ready/").body, 2)
            seen = watch(server.port, 15, lambda seen: None)
            ended_s = server.terminated_after(began_s)
    assert {answer.status for answer in seen.health} == {200}
    assert {answer.body for answer in seen.ready} == {seen.ready[0].body}
    assert seen.ready[0].told == (503, {"status": "not_ready", "reason": "draining", "checks": {}})
    figures(
        "PostgreSQL stopped, sync, draining for 3 s",
        promises.quick(seen.ready, seen.health) | {"ended after": f"{ended_s:.1f} s"},
    )
    assert drain_s <= ended_s < drain_s + GRACE_S


def test_startup_does_not_wait_for_what_hangs(migrated, tmp_path, figures):
    row = ROWS[0]
    with row.fault(migrated) as fault, serving(row.server, tmp_path, migrated, {}, row) as server:
        pid = server.begin()
        before = _settled(server, pid, fault, row)
        with fault.strike():
            seen = watch(server.port, promises.LIMITS.probes, before.sampler, "/startup/")
            noted = promises.keep(seen, {503})
        started_s = server.wait_until(lambda: server.ask("/startup/").status == 200, 20)
        server.wait_until(
            lambda: _levels(server.health_log(), "startup migrations") == ["WARNING", "INFO"], 5
        )
    figures(
        "PostgreSQL stopped, sync, /startup/",
        noted | before.compare(seen) | {"ready after": f"{started_s:.1f} s"},
    )
    assert {answer.told[1]["status"] for answer in seen.ready} == {"starting"}
    assert {answer.told[1]["reason"] for answer in seen.ready} <= {
        "It is not known yet whether all migrations are applied.",
        "The database cannot be asked yet.",
    }
    assert started_s < promises.LIMITS.ready_again_s


class _Before:
    """The process before the fault."""

    def __init__(self, server, pid, fault, row):
        self.server, self.pid, self.ports = server, pid, fault.ports
        # Under ASGI Django itself starts a thread for each request.
        self.counts_all = row.server in ("sync", "gthread")
        self.threads, self.connections = processes.threads(pid), self._connections()

    def _connections(self):
        return sum(processes.connections(self.pid, port) for port in self.ports)

    def sampler(self, seen):
        """Note the most that there was."""
        names = self.server.probe_threads()
        seen.doubled |= {name for name in names if names.count(name) > 1}
        more = processes.threads(self.pid) - self.threads if self.counts_all else len(names)
        seen.threads = max(seen.threads, more)
        seen.connections = max(seen.connections, self._connections() - self.connections)

    def compare(self, seen):
        """Assert that each probe had one thread and one connection more, at most; return the figures."""
        told = {"threads": f"+{seen.threads}", "connections": f"+{seen.connections}"}
        assert not seen.doubled
        assert 1 <= seen.threads <= len(WELL), told  # those of what does not hang come and go
        assert 1 <= seen.connections <= len(self.ports), told
        return told


def _settled(server, pid, fault, row):
    """Look at the process once its probes have ended and their connections are closed."""
    asked_s = time.monotonic()
    kept = 0
    if row.has_page and "database" in fault.down:
        kept = 1
    server.wait_until(lambda: sum(processes.connections(pid, port) for port in fault.ports) <= kept, 10)
    server.wait_until(lambda: time.monotonic() - asked_s > TTL_S, 10)  # what is known is fresh no longer
    return _Before(server, pid, fault, row)


def _meet(server, fault):
    """Where the fault is to meet an established connection of the probe, have it opened and kept."""
    if fault.is_burst:
        with repeating(lambda: server.ask("/ready/"), 0.02):
            time.sleep(0.5)  # some runs


def _log_is_quiet(server, down, before):
    def said_since():
        return server.health_log()[before:]

    server.wait_until(lambda: all(_levels(said_since(), name)[-1:] == ["INFO"] for name in down), 10)
    said = said_since()
    assert len(said) == 2 * len(down), said
    for name in down:
        assert _levels(said, name) == ["WARNING", "INFO"], said


def _levels(lines, name):
    pattern = re.compile(rf"(\w+) django_prodready\.health Probe {name} (is down \(\w+\)|has recovered)\.")
    return [found[1] for line in lines if (found := pattern.fullmatch(line))]
