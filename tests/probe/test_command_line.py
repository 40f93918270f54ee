"""``python -m django_prodready.probe`` in processes of its own: exit codes 0 and 1, and nothing else."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from prodready_peers.sockets import closed_port, serving, silent

import django_prodready
from django_prodready.probe import __main__ as command_line

SECRET = "s3cr3t-pl4nted"
PACKAGE_ROOT = Path(django_prodready.__file__).parent.parent
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
DOWN = b'HTTP/1.1 503 No\r\n\r\n{"status": "not_ready", "checks": {"database": false}}'
PATIENCE_S = 60


def command(*arguments, module="django_prodready.probe", flags=()):
    return [sys.executable, *flags, "-m", module, *arguments]


def environment(**more):
    paths = [str(PACKAGE_ROOT), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))} | more


def run(*arguments, module="django_prodready.probe", flags=(), **environ):
    return subprocess.run(
        command(*arguments, module=module, flags=flags),
        env=environment(**environ),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_fit(answering):
    with serving(answering(OK)) as port:
        ended = run("http", f"http://127.0.0.1:{port}/ready/")

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "fit: HTTP 200\n", "")


def test_not_fit(answering):
    with serving(answering(DOWN)) as port:
        ended = run("http", f"http://127.0.0.1:{port}/ready/?token={SECRET}")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"not fit: 127.0.0.1:{port}: HTTP 503, not_ready, down: database.\n"


def test_all_options(answering, tmp_path, capfd):
    (tmp_path / "token").write_text(SECRET)
    token = str(tmp_path / "token")
    with serving(answering(OK)) as port:
        url = f"http://127.0.0.1:{port}/"
        one = ["http", "--header", "X-A: 1", "--header=X-B: b=c", "--timeout=30", "--token-file", token, url]
        assert command_line.main(one) == 0

    assert "x-a: 1\r\nx-b: b=c\r\nauthorization: Bearer s3cr3t-pl4nted\r\n" in answering.requests[0]
    assert capfd.readouterr() == ("fit: HTTP 200\n", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["worker"], "the first argument names the probe: http. See --help."),
        (["HTTP", f"http://{SECRET}/"], "the first argument names the probe: http. See --help."),
        (["http"], "name one URL, not 0. See --help."),
        (["http", "http://a/", f"http://{SECRET}/"], "name one URL, not 2. See --help."),
        (["http", f"--token={SECRET}", "http://a/"], "there is no option --token. See --help."),
        (["http", "--insecure=yes", "https://a/"], "there is no option --insecure. See --help."),
        (["http", "http://a/", "--timeout"], "--timeout needs a value. See --help."),
        (["http", "http://a/", "--header"], "--header needs a value. See --help."),
        (
            ["http", "http://a/", "--timeout=soon"],
            "--timeout must be a number of seconds above 0, at most 3600.",
        ),
        (["http", "http://a/", f"--header={SECRET}"], "--header, number 1: write it as 'NAME: VALUE'."),
        (["http", "http://a/", "--insecure"], "--cacert and --insecure go with an https URL."),
        (["http", "http://a/", "--token-env", "NOT_SET"], None),
        (["http", "https://127.0.0.1:1/", "--cacert", "/nonexistent"], None),
        (["http", f"http://u:{SECRET}@a/"], None),
    ],
)
def test_usage_errors(arguments, words, capfd):
    assert command_line.main(arguments) == 1

    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith(("usage error: ", "not fit: 127.0.0.1:1: Connection refused"))
    assert words is None or err == f"usage error: {words}\n"
    assert err.count("\n") == 1
    assert SECRET not in err


def test_no_arguments(capfd, monkeypatch):
    monkeypatch.setattr("sys.argv", ["probe"])
    assert command_line.main() == 1
    assert capfd.readouterr() == ("", command_line.USAGE)


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["help"], ["http", "--help"], ["http", "x", "-h"]])
def test_help(arguments, capfd):
    assert command_line.main(arguments) == 0
    assert capfd.readouterr() == (command_line.USAGE, "")


def test_the_probe_fails_itself(capfd, monkeypatch):
    def broken(query):
        raise RuntimeError(SECRET)

    monkeypatch.setattr(command_line, "ask", broken)
    assert command_line.main(["http", "http://a/"]) == 1
    assert capfd.readouterr() == ("", "not fit: the probe itself failed with RuntimeError\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c():
    with serving(silent) as port:
        asking = subprocess.Popen(
            command("http", f"http://127.0.0.1:{port}/", "--timeout", "60"),
            env=environment(PYTHONUNBUFFERED="1"),
            stderr=subprocess.PIPE,
            text=True,
        )
        with asking:
            wait_for_thread(asking.pid)
            asking.send_signal(signal.SIGINT)
            said = asking.communicate(timeout=PATIENCE_S)[1]

    assert (asking.returncode, said) == (1, "not fit: interrupted\n")


def wait_for_thread(pid):
    """Wait until the process has its second thread, which is when it asks."""
    tasks = Path(f"/proc/{pid}/task")
    deadline = time.monotonic() + PATIENCE_S
    while tasks.exists() and len(list(tasks.iterdir())) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    if not tasks.exists():
        time.sleep(2)


def test_an_unasked_interrupt_in_this_process(capfd, monkeypatch):
    def interrupted(query):
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "ask", interrupted)
    assert command_line.main(["http", "http://a/"]) == 1
    assert capfd.readouterr() == ("", "not fit: interrupted\n")


@pytest.mark.parametrize("closing", ["<&- >&- 2>&-", ">&-", "2>&-", ">/dev/full 2>/dev/full"])
@pytest.mark.parametrize(("data", "code"), [(OK, 0), (DOWN, 1)])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_nobody_reads(closing, data, code, answering):
    with serving(answering(data)) as port:
        line = f'exec "$0" -m django_prodready.probe http http://127.0.0.1:{port}/ {closing}'
        ended = subprocess.run(
            ["/bin/sh", "-c", line, sys.executable], env=environment(), timeout=PATIENCE_S, check=False
        )

    assert ended.returncode == code


@pytest.mark.parametrize(("data", "code"), [(OK, 0), (DOWN, 1)])
def test_a_broken_pipe(data, code, answering):
    read, write = os.pipe()
    os.close(read)
    with serving(answering(data)) as port:
        ended = subprocess.run(
            command("http", f"http://127.0.0.1:{port}/"),
            env=environment(),
            stdout=write,
            stderr=write,
            timeout=PATIENCE_S,
            check=False,
        )
    os.close(write)

    assert ended.returncode == code


def test_streams_that_are_not_there(monkeypatch, capfd):
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    assert command_line.main(["--help"]) == 0
    assert command_line.main([]) == 1
    assert capfd.readouterr() == ("", "")


def test_what_is_not_ascii(capfd):
    assert command_line.main(["http", "--tökn", "http://a/"]) == 1
    assert capfd.readouterr().err == "usage error: there is no option --t\\xf6kn. See --help.\n"


def test_it_imports_the_standard_library_only_and_little_of_that(answering):
    with serving(answering(DOWN)) as port:
        ended = run("http", f"http://127.0.0.1:{port}/", flags=["-X", "importtime"])
    empty = [sys.executable, "-X", "importtime", "-c", "import runpy"]
    before = subprocess.run(
        empty, env=environment(), capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    ours = {name for name in imported(ended.stderr) if name.startswith("django_prodready")}
    others = imported(ended.stderr) - imported(before.stderr) - ours

    assert ended.returncode == 1
    assert ours == {
        "django_prodready",
        "django_prodready.probe",
        "django_prodready.probe.client",
        "django_prodready.probe.query",
    }
    tops = {name.partition(".")[0] for name in others}
    assert tops <= sys.stdlib_module_names
    dear = {"argparse", "asyncio", "dataclasses", "email", "http", "inspect", "logging", "ssl", "urllib"}
    assert tops & dear == set()


def imported(report):
    return {line.rpartition("|")[2].strip() for line in report.splitlines() if "|" in line}


def test_through_the_script(answering):
    with serving(answering(OK)) as port:
        ended = run("probe", "http", f"http://127.0.0.1:{port}/", module="django_prodready")
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "fit: HTTP 200\n", "")

    for arguments in (
        ["probe"],
        ["probe", "nothing"],
        ["probe", "http", f"http://127.0.0.1:{closed_port()}/"],
    ):
        assert run(*arguments, module="django_prodready").returncode == 1


def test_the_script_imports_no_django_for_it():
    ended = run("probe", "--help", module="django_prodready", flags=["-X", "importtime"])

    assert ended.returncode == 0
    assert "| django\n" not in ended.stderr
    assert io.StringIO(ended.stdout).readline().startswith("usage: ")
