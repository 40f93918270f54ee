"""Slow requests take every connection of the psycopg pool: the database is well, its pool is not."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
from prodready_faults import kinds, promises
from prodready_faults.probing import watch
from prodready_faults.rows import Row
from prodready_faults.servers import serving

POOL = 2
LOCK = 7
WELL = {"database": True, "database_pool": True, "cache": True}


def test_an_exhausted_pool_is_not_taken_for_the_database(services, tmp_path, figures):
    row = Row(
        "psycopg pool exhausted, gthread",
        lambda services: kinds.stopped(services, "database"),
        environ={"FAULTS_POOL": str(POOL)},
    )
    with (
        serving("gthread", tmp_path, services, {}, row) as server,
        psycopg.connect(services.postgres_url, autocommit=True) as holder,
        ThreadPoolExecutor(POOL + 1) as users,
    ):
        server.begin()
        assert server.ask("/ready/").told == (200, {"status": "ready", "checks": WELL})
        holder.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        # One more than the pool has: it waits for a connection as a project's requests do.
        slow = [users.submit(server.page, f"/slow/?lock={LOCK}") for _ in range(POOL + 1)]
        try:
            server.wait_until(lambda: not server.ask("/ready/").told[1]["checks"]["database_pool"], 20)
            server.wait_until(_expired(), 10)
            seen = watch(server.port, promises.LIMITS.probes, lambda seen: None)
            noted = promises.keep(seen, {200})
        finally:
            holder.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        free_s = server.wait_until(lambda: server.ask("/ready/").told[1]["checks"]["database_pool"], 20)
        assert {future.result().status for future in slow} == {200}
        server.wait_until(lambda: len(server.health_log()) > 1, 5)
        said = server.health_log()
    figures(row.name, noted | {"ready after": f"{free_s:.1f} s"})
    degraded = {"status": "ready", "checks": WELL | {"database_pool": False}, "degraded": ["database_pool"]}
    assert {answer.body for answer in seen.ready} == {seen.ready[0].body}
    assert json.loads(seen.ready[0].body) == degraded
    assert free_s < promises.LIMITS.ready_again_s
    assert [line.partition(" ")[0] for line in said] == ["WARNING", "INFO"]


def _expired():
    """Return whether what is known now is fresh no longer."""
    known_s = time.monotonic()
    return lambda: time.monotonic() - known_s > 1.0
