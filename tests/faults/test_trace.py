"""A trace is killed, or its server: the next run leaves no scratch database, and no other run loses one."""

import contextlib
import time
from urllib.parse import urlsplit

import pytest
from prodready_faults import processes, trace_rows, traces

UNSAFE = "3 migrations judged: 1 unsafe, 2 safe - UNSAFE."


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return traces.project_that_waits(tmp_path_factory.mktemp("project"))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=row.name, marks=[] if row.is_brief else pytest.mark.matrix)
        for row in trace_rows.ROWS
    ],
)
def test_the_next_run_leaves_nothing_behind(row, project, own_postgres_url, tmp_path, figures):
    url = own_postgres_url
    with contextlib.ExitStack() as stack:
        beside = None
        if row.spares_others:
            beside = stack.enter_context(traces.running(project, url, tmp_path / "beside"))
        kept = traces.scratches(url)
        struck = stack.enter_context(row.moment(project, url, tmp_path / "struck"))
        ended_s = strike(row, struck)
        assert traces.eventually(lambda: traces.is_back(url))
        left = traces.scratches(url) - kept
        next_s = assert_next_run_is_well(project, url, tmp_path / "next")
        assert traces.scratches(url) == kept
        if beside is not None:
            beside.run_on()
            assert_is_well(beside)
    assert traces.scratches(url) == set()
    seen = (f"{ended_s:.1f} s", str(len(left)), f"{next_s:.1f} s")
    figures(row.name, zip(traces.HEADINGS, seen, strict=True))


@pytest.mark.parametrize("moment", [traces.running, traces.copying])
@pytest.mark.matrix
def test_a_server_that_is_stopped_is_not_waited_for(moment, project, own_postgres_url, tmp_path, figures):
    url = own_postgres_url
    with moment(project, url, tmp_path / "struck") as struck:
        began_s = time.monotonic()
        with processes.frozen(processes.listener(urlsplit(url).port)):
            code, out, err = struck.end(120)
            ended_s = time.monotonic() - began_s
        struck.release()
        assert_is_one_sentence(url, code, out, err)
        assert "the server has not answered for" in err
        assert "The next run with --trace tries again." in err
        assert_next_run_is_well(project, url, tmp_path / "next")
    assert traces.scratches(url) == set()
    figures(f"server stopped, {moment.__name__}", {traces.HEADINGS[0]: f"{ended_s:.1f} s"})


@pytest.mark.matrix
def test_a_server_that_is_stopped_before_is_told(project, own_postgres_url, tmp_path):
    url = own_postgres_url
    with (
        processes.frozen(processes.listener(urlsplit(url).port)),
        traces.tracing(project, url, tmp_path / "struck") as struck,
    ):
        code, out, err = struck.end()
    assert_is_one_sentence(url, code, out, err)
    assert "cannot be used: connection timeout expired" in err


def strike(row, struck):
    """Have the fault meet the run; return how long that took to end, in seconds."""
    began_s = time.monotonic()
    row.strike(struck)
    if row.code < 0:
        struck.process.wait(traces.PATIENCE_S)
    time.sleep(0.1)  # it tidies up while others still wait
    assert traces.eventually(lambda: traces.is_back(struck.url))
    struck.release()
    code, out, err = struck.end()
    ended_s = time.monotonic() - began_s
    assert code == row.code, (out, err)
    assert row.says in out + err
    if code == 2:
        assert_is_one_sentence(struck.url, code, out, err)
    assert "Traceback" not in err
    return ended_s


def assert_next_run_is_well(project, url, folder):
    """Run once more to the end; return how long that took, in seconds."""
    began_s = time.monotonic()
    with traces.tracing(project, url, folder) as trace:
        trace.run_on()
        assert_is_well(trace)
    return time.monotonic() - began_s


def assert_is_well(trace):
    code, out, err = trace.end()
    assert (code, err) == (1, ""), (out, err)
    assert UNSAFE in out


def assert_is_one_sentence(url, code, out, err):
    assert (code, out) == (2, "")
    assert err.startswith("CommandError: ")
    assert len(err.splitlines()) == 1
    assert urlsplit(url).password not in err
