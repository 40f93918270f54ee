"""manage.py prodhealth in this process and in others: options, formats, exit codes, what it never shows."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.core.management import CommandError, call_command
from prodready_commands import run_command
from prodready_peers.sockets import closed_port, serving
from surface_probes import Absent, Broken, Fine, Hanging, Switched, Weak, entry

import django_prodready
from django_prodready.health import runner
from django_prodready.management.commands.prodhealth import Command
from django_prodready.management.prodhealth import command, drain_file, here

PACKAGE_ROOT = Path(django_prodready.__file__).parent.parent
PATIENCE_S = 60
PLANTED = "pl4nted#Zq9@xw"
SITE = "sett1ngs-known-value"


def prodhealth(*arguments, **options):
    """Run the command; its exit code and what it printed."""
    return run_command("prodhealth", *arguments, **options)


def refused(*arguments, **options):
    """Run the command and return why it cannot be carried out."""
    with pytest.raises(CommandError) as raised:
        prodhealth(*arguments, **options)
    assert raised.value.returncode == 1
    return str(raised.value)


def answer(status, body, *fields):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields, "", ""]
    return "\r\n".join(lines).encode() + body


def answering(data):
    def handle(connection, ended):
        connection.recv(4096)
        connection.sendall(data)

    return handle


class TestHere:
    def test_fit(self, probes):
        probes(search=Fine, other=Fine)

        code, out = prodhealth()
        assert code == 0
        assert out.startswith("prodhealth ")
        assert "testproject.settings" in out
        assert re.search(r"^\+ ok        search  critical +\d+ ms$", out, re.MULTILINE)
        assert out.endswith("\n\nREADY.\n")

    def test_not_fit(self, probes):
        probes(search=Broken, other=Fine, weak=Weak, none=Absent, beside=entry(Broken, CRITICAL=False))

        code, out = prodhealth()
        assert code == 1
        assert re.search(
            r"^x down      search  critical +\d+ ms\n +ConnectionRefusedError: ", out, re.MULTILINE
        )
        assert re.search(r"^! degraded  weak    critical", out, re.MULTILINE)
        assert re.search(r"^- skipped   none    critical", out, re.MULTILINE)
        assert re.search(r"^x down      beside  not critical", out, re.MULTILINE)
        assert out.endswith("NOT READY: down: search; degraded: weak, beside.\n")
        assert max(map(len, out.splitlines())) <= 80

    def test_degraded_is_fit(self, probes):
        probes(weak=Weak)

        assert prodhealth(verbosity=0) == (0, "READY: degraded: weak.\n")

    def test_nothing_to_ask_is_fit(self, probes):
        probes()

        code, out = prodhealth()
        assert code == 0
        assert out.endswith("testproject.settings\n\nREADY.\n")

    def test_a_probe_that_hangs_is_waited_for_as_on_the_endpoint(self, probes):
        probes(slow=entry(Hanging, DEADLINE=0.2))

        started_s = time.monotonic()
        code, out = prodhealth("--format", "json")
        assert time.monotonic() - started_s < 5
        assert code == 1
        assert json.loads(out)["checks"] == {"slow": False}

    def test_json_is_the_verbose_answer_of_the_endpoint_with_the_detail(self, probes):
        probes(search=Broken, weak=Weak, other=Fine)

        code, out = prodhealth("--format", "json")
        told = json.loads(out)
        assert code == 1
        assert list(told) == ["status", "checks", "degraded", "probes"]
        assert told["status"] == "not_ready"
        assert told["checks"] == {"search": False, "weak": True, "other": True}
        assert told["degraded"] == ["weak"]
        assert list(told["probes"]["search"]) == [
            "status",
            "critical",
            "duration_ms",
            "age_ms",
            "error",
            "detail",
        ]
        assert told["probes"]["search"]["error"] == "ConnectionRefusedError"
        assert "db.internal" in told["probes"]["search"]["detail"]
        assert told["probes"]["other"]["detail"] is None

    def test_colour_only_when_asked(self, probes):
        probes(search=Broken, other=Fine, weak=Weak, none=Absent, beside=entry(Broken, CRITICAL=False))

        assert "\x1b[" not in prodhealth()[1]
        assert "\x1b[" not in prodhealth(no_color=True)[1]
        coloured = prodhealth(force_color=True)[1]
        assert "\x1b[31mx down    \x1b[0m" in coloured
        assert "\x1b[32m+ ok      \x1b[0m" in coloured
        assert "can't be used together" in refused("--no-color", "--force-color")

    def test_both_colours_where_django_does_not_ask(self):
        options = {"force_color": True, "no_color": True}
        with pytest.raises(CommandError, match="exclude each other"):
            Command().handle(**options)

    @pytest.mark.parametrize(
        ("arguments", "names"),
        [
            ([], ["one", "two"]),
            (["--probe", "three"], ["three"]),
            (["--probe", "three", "--probe", "one"], ["one", "three"]),
            (["--group", "night"], ["two", "three"]),
            (["--group", "ready", "--exclude", "one"], ["two"]),
            (["--exclude", "one"], ["two"]),
            (["--group", "night", "--probe", "one"], ["one", "two", "three"]),
        ],
        ids=lambda value: " ".join(value) or "all",
    )
    def test_some_of_them(self, probes, arguments, names):
        probes(one=Fine, two=entry(Fine, GROUPS=["ready", "night"]), three=entry(Fine, GROUPS=["night"]))

        assert list(json.loads(prodhealth("--format", "json", *arguments)[1])["checks"]) == names

    def test_names_that_there_are_not(self, probes):
        probes(search=Fine, other=entry(Fine, GROUPS=["night"]))

        assert refused("--probe", "serch") == "--probe serch: there is no such probe. Did you mean search?"
        assert refused("--exclude", "x") == "--exclude x: there is no such probe. There are: search, other."
        assert refused("--group", "nihgt") == "--group nihgt: there is no such group. Did you mean night?"
        assert refused("--exclude", "search") == (
            "No probe is left to ask: --probe, --group and --exclude leave none."
        )
        probes()
        assert refused("--probe", "x") == "--probe x: there is no such probe. There are: none."

    def test_what_probes_print_is_no_part_of_the_report(self, probes, capsys, monkeypatch):
        probes(chatty=Fine)
        monkeypatch.setattr(Fine, "run", lambda self: sys.stdout.write("chat\n"))

        assert json.loads(prodhealth("--format", "json")[1])["status"] == "ready"
        assert capsys.readouterr().err == "chat\n"


class TestDrain:
    @pytest.fixture
    def path(self, tmp_path, probes):
        path = tmp_path / "drain"
        probes(search=Fine, also={"DRAIN_FILE": str(path)})
        return path

    def test_there_and_back(self, path):
        assert prodhealth("--drain") == (0, f"Draining: created {path}.\n")
        assert path.read_bytes() == b""
        assert prodhealth("--drain") == (0, f"Draining: there already was {path}.\n")

        runs = Fine.runs
        code, out = prodhealth()
        assert code == 1
        assert " ".join(out.split()).endswith(f"NOT READY: draining, because {path} is there.")
        assert prodhealth("--format", "json") == (
            1,
            json.dumps({"status": "not_ready", "reason": "draining", "checks": {}, "probes": {}}, indent=2)
            + "\n",
        )
        assert Fine.runs == runs

        assert prodhealth("--undrain") == (0, f"Not draining: removed {path}.\n")
        assert not path.exists()
        assert prodhealth("--undrain") == (0, f"Not draining: there was no {path}.\n")
        assert prodhealth()[0] == 0

    def test_json(self, path):
        told = json.loads(prodhealth("--drain", "--format", "json")[1])
        assert told == {"draining": True, "changed": True, "drain_file": str(path)}
        told = json.loads(prodhealth("--undrain", "--format", "json")[1])
        assert told == {"draining": False, "changed": True, "drain_file": str(path)}

    def test_a_relative_path_is_shown_whole(self, probes, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        probes(also={"DRAIN_FILE": "drain"})

        assert prodhealth("--drain")[1] == f"Draining: created {tmp_path / 'drain'}.\n"

    @pytest.mark.parametrize("option", ["--drain", "--undrain"])
    def test_no_file_is_named(self, probes, option):
        probes()
        assert refused(option).startswith("PRODREADY['DRAIN_FILE'] is not set.")

    def test_no_folder(self, probes, tmp_path):
        path = tmp_path / "no" / "drain"
        probes(also={"DRAIN_FILE": path})

        assert refused("--drain") == (
            f"Cannot create {path} (PRODREADY['DRAIN_FILE']): its folder does not exist."
        )
        assert prodhealth("--undrain")[0] == 0

    def test_a_folder_stands_there(self, path):
        path.mkdir()

        assert refused("--drain") == f"{path} (PRODREADY['DRAIN_FILE']) is there, but is no file. Remove it."
        assert refused("--undrain").startswith(f"Cannot remove {path} (PRODREADY['DRAIN_FILE']): ")

    def test_a_link_to_nowhere_is_no_draining(self, path):
        path.symlink_to(path.with_name("nothing"))

        assert "is there, but is no file" in refused("--drain")

    def test_an_error_without_words(self, path):
        said = str(drain_file._failure("create", path, OSError()))
        assert said.endswith("): OSError.")


class TestUsageErrors:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--drain", "--watch"], "--drain goes with --format alone, not with --watch."),
            (["--undrain", "--probe", "x"], "--undrain goes with --format alone, not with --probe."),
            (["--drain", "--url", "http://a"], "--drain goes with --format alone, not with --url."),
            (["--drain", "--url", ""], "--drain goes with --format alone, not with --url."),
            (["--header", "A: b"], "--header goes with --url."),
            (["--token-env", "A"], "--token-env goes with --url."),
            (["--timeout", "0"], "--timeout goes with --url."),
            (["--insecure"], "--insecure goes with --url."),
            (
                ["--url", "http://a", "--group", "x"],
                "--group asks probes of this process; with --url write ?group=NAME into it.",
            ),
            (["--url", ""], "--url: the URL must begin with http:// or https://."),
            (["--url", "http://u:pl4nted@a/"], None),
            (
                ["--url", "http://a/", "--timeout", "0"],
                "--url: --timeout must be a number of seconds above 0, at most 3600.",
            ),
            (["--drain", "--undrain"], "Error: argument --undrain: not allowed with argument --drain"),
            (["--watch", "0"], None),
            (["--watch", "soon"], None),
            (["--watch", "nan"], None),
            (["--format", "xml"], None),
            (["--form", "json"], None),
            (["--tokn=pl4nted"], "Error: unrecognized arguments: --tokn"),
            (["--token", "pl4nted"], "Error: unrecognized arguments: --token"),
            (["pl4nted"], "Error: unrecognized arguments: prodhealth takes options only"),
        ],
        ids=lambda value: None if isinstance(value, str | None) else " ".join(value),
    )
    def test_in_this_process(self, probes, arguments, words):
        probes(search=Fine)
        said = refused(*arguments)
        assert words is None or said == words
        assert "pl4nted" not in said

    @pytest.mark.parametrize("arguments", [["--frobnicate"], ["--format", "xml"], ["--watch", "x"]])
    def test_on_the_command_line(self, arguments, capsys):
        with pytest.raises(SystemExit) as ended:
            Command().run_from_argv(["manage.py", "prodhealth", *arguments])

        assert ended.value.code == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("usage: manage.py prodhealth ")
        assert "manage.py prodhealth: error: " in err

    def test_known_secrets_are_not_echoed(self, settings, capsys):
        settings.PRODREADY = {"HEALTH_TOKENS": [SITE]}
        with pytest.raises(SystemExit):
            Command().run_from_argv(["manage.py", "prodhealth", "--format", SITE])

        assert "invalid choice: '[redacted]'" in capsys.readouterr().err

    def test_help_and_version(self, capsys):
        for option, words in (("--help", "--unix-socket"), ("--version", django_prodready.__version__)):
            with pytest.raises(SystemExit) as ended:
                Command().run_from_argv(["manage.py", "prodhealth", option])
            assert not ended.value.code
            assert words in capsys.readouterr().out

    def test_an_interrupt(self, probes, monkeypatch):
        def interrupted(*_):
            raise KeyboardInterrupt

        probes(search=Fine)
        monkeypatch.setattr(here, "look", interrupted)
        assert refused() == "interrupted."
        assert refused("--watch") == "interrupted."

    def test_a_failure_of_its_own(self, probes, monkeypatch):
        def broken(*_):
            raise RuntimeError(PLANTED)

        probes(search=Fine)
        monkeypatch.setattr(here, "look", broken)
        assert refused().startswith("prodhealth itself failed: RuntimeError (message withheld")
        assert re.search(r"test_prodhealth\.py:\d+ in broken", refused(verbosity=2))
        assert PLANTED not in refused(verbosity=2)

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
    def test_a_full_disk(self, probes):
        probes(search=Fine)
        with Path("/dev/full").open("w") as full, pytest.raises(CommandError) as raised:
            call_command("prodhealth", stdout=full)

        assert str(raised.value) == "Standard output cannot be written: No space left on device."
        assert raised.value.returncode == 1


class TestAtAUrl:
    def test_fit(self):
        body = b'{"status": "ready", "checks": {"database": true, "search": false}, "degraded": ["search"]}'
        with serving(answering(answer("200 OK", body))) as port:
            code, out = prodhealth("--url", f"http://127.0.0.1:{port}/ready/?x={PLANTED}", "--timeout", "20")

        assert code == 0
        assert out.splitlines() == [
            f"prodhealth {django_prodready.__version__} · 127.0.0.1:{port}",
            "",
            "+ ok        database",
            "x down      search    not critical",
            "",
            "READY: degraded: search.",
        ]

    def test_not_fit_with_all_details(self):
        probe = {"status": "down", "critical": True, "duration_ms": 801.2, "age_ms": 1, "error": "SlowError"}
        body = {"status": "not_ready", "checks": {"cache": True, "db": False}, "degraded": ["cache"]}
        body["probes"] = {"db": probe, "cache": "none"}
        with serving(answering(answer("503 No", json.dumps(body).encode()))) as port:
            url = f"http://127.0.0.1:{port}/ready/"
            code, out = prodhealth("--url", url)
            as_json = prodhealth("--url", url, "--format", "json")

        assert code == 1
        assert "! degraded  cache\n" in out
        assert "x down      db     critical        801 ms\n            SlowError\n" in out
        assert out.endswith("NOT READY: down: db; degraded: cache.\n")
        assert as_json == (1, json.dumps(body, indent=2) + "\n")

    @pytest.mark.parametrize(
        ("data", "code", "payload"),
        [
            (answer("200 OK", b"OK"), 0, {"status": "fit", "checks": {}}),
            (answer("200 OK", b"[]"), 0, {"status": "fit", "checks": {}}),
            (
                answer("200 OK", b'{"status": 1, "reason": 2, "checks": [], "n": [1]}'),
                0,
                {"status": "fit", "checks": [], "reason": 2, "n": [1]},
            ),
            (
                answer(
                    "200 OK", b'{"status": "ready", "checks": {"a": true}, "probes": {"a": {"error": 3}}}'
                ),
                0,
                {"status": "ready", "checks": {"a": True}, "probes": {"a": {"error": 3}}},
            ),
            (
                answer("200 OK", b'{"status": "healthy", "version": "1"}'),
                0,
                {"status": "healthy", "checks": {}, "version": "1"},
            ),
            (
                answer("503 No", b'{"status": "not_ready", "reason": "draining", "checks": {}}'),
                1,
                {"status": "not_ready", "reason": "draining", "checks": {}},
            ),
            (
                answer("401 No", b'{"status": "unauthorized"}'),
                1,
                {
                    "status": "unauthorized",
                    "reason": "HTTP 401: send a token with --token-env or --token-file.",
                    "checks": {},
                },
            ),
            (
                answer("301 Moved", b"", "Location: https://www.example.org/"),
                1,
                {
                    "status": "not_fit",
                    "reason": "HTTP 301, a redirect to https://www.example.org: "
                    "put HealthMiddleware first, or probe what stands at its end.",
                    "checks": {},
                },
            ),
        ],
        ids=["text", "list", "other shapes", "odd details", "liveness", "draining", "token", "redirect"],
    )
    def test_whatever_is_there(self, data, code, payload):
        with serving(answering(data)) as port:
            ended, out = prodhealth("--url", f"http://127.0.0.1:{port}/", "--format", "json")
            assert prodhealth("--url", f"http://127.0.0.1:{port}/")[0] == code
        told = json.loads(out)
        if isinstance(told.get("reason"), str):
            told["reason"] = told["reason"].removeprefix(f"127.0.0.1:{port}: ")

        assert (ended, told) == (code, payload)

    def test_nobody_there(self):
        port = closed_port()
        code, out = prodhealth("--url", f"http://127.0.0.1:{port}/ready/", verbosity=0)

        assert (code, out) == (1, f"NOT FIT: 127.0.0.1:{port}: Connection refused.\n")

    def test_a_file_that_holds_no_certificate(self):
        with serving(answering(b"")) as port:
            said = refused("--url", f"https://127.0.0.1:{port}/", "--cacert", "/nonexistent")

        assert said == "--url: --cacert '/nonexistent' holds no certificate that can be read."

    def test_what_was_sent_in_confidence_is_not_shown(self, monkeypatch, settings):
        settings.STRIPE_SECRET_KEY = SITE
        monkeypatch.setenv("PROBE_TOKEN", "t0ken-of-the-probe")
        echo = {
            "status": "t0ken-of-the-probe",
            "checks": {f"x {SITE}": False},
            "seen": ["k3y-in-a-header", {"a": SITE}],
        }
        data = answer("503 No", json.dumps(echo).encode(), f"Location: {SITE}")
        with serving(answering(data)) as port:
            url = ["--url", f"http://127.0.0.1:{port}/", "--header", "X-Key: k3y-in-a-header"]
            said = [
                prodhealth(*url, "--token-env", "PROBE_TOKEN", "--format", form)[1]
                for form in ("json", "text")
            ]

        assert json.loads(said[0])["seen"] == ["[redacted]", {"a": "[redacted]"}]
        for secret in ("t0ken-of-the-probe", "k3y-in-a-header", SITE):
            assert secret not in "".join(said)


class TestWatch:
    @pytest.fixture
    def looks(self, monkeypatch):
        """Do these things, one before each look but the first, and press Ctrl-C behind the last."""

        def plan(*steps):
            rest = iter(steps)
            slept = []

            def sleep(seconds):
                slept.append(seconds)
                step = next(rest, None)
                if step is None:
                    raise KeyboardInterrupt
                step()
                runner.forget()

            monkeypatch.setattr(command.time, "sleep", sleep)
            return slept

        return plan

    def test_what_changes(self, probes, looks):
        probes(search=Switched, other=Fine)
        slept = looks(lambda: None, Switched.is_down.set, lambda: None, Switched.is_down.clear)

        code, out = prodhealth("--watch", "0.5")
        first, _, changes = out.partition("READY.\n")
        lines = changes.splitlines()
        assert code == 0
        assert first.startswith("prodhealth ")
        assert len(slept) == 5
        assert all(0 <= seconds <= 0.5 for seconds in slept)
        assert [re.sub(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  ", "", line) for line in lines] == [
            "x down      search ConnectionRefusedError: hunter2 at postgres://reader@db.internal:5432/shop",
            "NOT READY: down: search.",
            "+ ok        search",
            "READY.",
        ]

    def test_another_text_of_the_same_error_is_no_change(self, probes, looks, monkeypatch):
        numbers = iter(range(10))

        def run(self):
            raise LookupError(next(numbers))

        monkeypatch.setattr(Fine, "run", run)
        probes(search=Fine)
        looks(lambda: None, lambda: None)

        code, out = prodhealth("--watch")
        assert (code, out.count("LookupError"), next(numbers)) == (1, 1, 3)

    def test_the_last_state_says_the_exit_code(self, probes, looks):
        probes(search=Switched)
        looks(Switched.is_down.set)

        assert prodhealth("--watch")[0] == 1

    def test_json_lines(self, probes, looks):
        probes(search=Switched)
        looks(Switched.is_down.set)

        code, out = prodhealth("--watch", "--format", "json")
        first, second = map(json.loads, out.splitlines())
        assert code == 1
        assert [first["status"], second["status"]] == ["ready", "not_ready"]
        assert first["at"].endswith("Z")

    def test_a_url(self, looks):
        looks(lambda: None)
        with serving(answering(answer("200 OK", b'{"status": "ready"}'))) as port:
            code, out = prodhealth("--watch", "--url", f"http://127.0.0.1:{port}/", verbosity=0)

        assert (code, out) == (0, "READY.\n")


class TestLoadFailure:
    def handle(self, **options):
        out = io.StringIO()
        defaults = {
            "force_color": False,
            "no_color": True,
            "verbosity": 1,
            "format": "text",
            "watch": None,
            "drain": False,
            "undrain": False,
            "url": None,
            **{name: [] for name in ("probe", "group", "exclude", "header")},
            **dict.fromkeys(("timeout", "token_env", "token_file", "cacert", "unix_socket")),
            "insecure": False,
        }
        with pytest.raises(SystemExit) as ended:
            Command(stdout=out).handle(load_failure=ValueError(PLANTED), **defaults | options)
        return ended.value.code, out.getvalue()

    def test_text(self):
        code, out = self.handle()
        assert code == 1
        assert "NOT READY: the project cannot be loaded. ValueError (message withheld" in out
        assert PLANTED not in out

    def test_json(self):
        code, out = self.handle(format="json")
        told = json.loads(out)
        assert code == 1
        assert (told["status"], told["reason"], told["checks"]) == ("not_ready", "not_loaded", {})
        assert PLANTED not in out

    def test_a_url_needs_no_project(self):
        port = closed_port()
        code, out = self.handle(url=f"http://127.0.0.1:{port}/")
        assert code == 1
        assert "Connection refused" in out

    def test_the_place_without_any_settings(self, monkeypatch):
        monkeypatch.setattr(here, "settings", type("Unconfigured", (), {"configured": False})())
        monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
        assert here._settings_module() == "settings of this process"


def manage(folder, *arguments, **environ):
    """Start manage.py prodhealth of the project in `folder`; keywords are variables of its environment."""
    paths = [str(folder), str(PACKAGE_ROOT), os.environ.get("PYTHONPATH", "")]
    environ = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "DJANGO_SETTINGS_MODULE": "site_settings",
        **environ,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "django", "prodhealth", *arguments],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def project(tmp_path):
    """Write the settings of a project, and the module of its own probes."""

    def write(settings, probes=""):
        (tmp_path / "site_settings.py").write_text(
            f"SECRET_KEY = 'k' * 60\nINSTALLED_APPS = ['django_prodready']\nUSE_TZ = True\n{settings}"
        )
        (tmp_path / "site_probes.py").write_text(f"from django_prodready.health import Probe\n{probes}")
        return tmp_path

    return write


OWN_PROBES = f"""
import os
from django.conf import settings


class Search(Probe):
    def run(self):
        raise ConnectionError(
            f"cannot reach {{settings.SEARCH_DSN!r}} (options: {{settings.DATABASES['default']}})"
        )


class Number(Probe):
    def run(self):
        int(settings.SEARCH_DSN.partition("//")[2].partition("/")[0])


class Other(Probe):
    def run(self):
        raise LookupError("amqp://guest:{quote(PLANTED)}@mq.internal:5672/ refuses " + os.environ["API_KEY"])
"""


def test_real_failing_services_show_no_secret(project, postgres_url, redis_url, monkeypatch):
    """Wrong passwords, and probes that say their DSN: hosts and users are shown, passwords are not."""
    database, cache = urlsplit(postgres_url), urlsplit(redis_url)
    monkeypatch.setenv("API_KEY", "k3y-of-the-environment")
    folder = project(
        f"""
SEARCH_DSN = "https://reader:{PLANTED}@search.internal:9200/index"
DATABASES = {{"default": {{
    "ENGINE": "django.db.backends.postgresql", "NAME": "postgres", "USER": {database.username!r},
    "PASSWORD": {PLANTED!r}, "HOST": {database.hostname!r}, "PORT": {database.port!r},
}}}}
CACHES = {{"default": {{
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": "redis://default:{quote(PLANTED, safe="")}@{cache.hostname}:{cache.port}/0",
}}}}
PRODREADY = {{"READY_BUDGET": 30, "PROBES": {{
    "database": {{"DEADLINE": 30}},
    "cache": {{"DEADLINE": 30}},
    "search": {{"PROBE": "site_probes.Search"}},
    "number": {{"PROBE": "site_probes.Number"}},
    "other": {{"PROBE": "site_probes.Other"}},
}}}}
""",
        OWN_PROBES,
    )
    for arguments in (["--format", "json"], ["-v", "3", "--traceback"], ["--watch", "--format", "json"]):
        with manage(folder, *arguments) as ended:
            if "--watch" in arguments:
                out = ended.stdout.readline()
                ended.send_signal(signal.SIGINT)
            more, err = ended.communicate(timeout=PATIENCE_S)
            out = more if "--watch" not in arguments else out + more
        assert ended.returncode == 1, err
        for secret in (PLANTED, quote(PLANTED), quote(PLANTED, safe=""), "Zq9@xw", "k3y-of-the-environment"):
            assert secret not in out + err
        assert "search.internal:9200" in out
        assert "mq.internal" in out
        if arguments == ["--format", "json"]:
            told = json.loads(out)
            assert told["checks"] == dict.fromkeys(["database", "cache", "search", "number", "other"], False)
            assert "password authentication failed" in told["probes"]["database"]["detail"]


def test_a_reader_that_goes_away(project):
    """`prodhealth --watch | head -1` ends, as soon as there is something to say."""
    folder = project("DATABASES = {}\nPRODREADY = {'READY_TTL': 0}\n")
    with manage(folder, "--watch", "0.05", "--format", "json") as watching:
        assert json.loads(watching.stdout.readline())["status"] == "ready"
        watching.stdout.close()
        assert watching.wait(PATIENCE_S) == 0
        assert watching.stderr.read() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c(project):
    folder = project("DATABASES = {}\n")
    with manage(folder, "--watch", "60", "-v", "0") as watching:
        assert watching.stdout.readline() == "READY.\n"
        watching.send_signal(signal.SIGINT)
        assert watching.communicate(timeout=PATIENCE_S) == ("", "")

    assert watching.returncode == 0


def test_exit_codes_of_processes(project):
    folder = project("DATABASES = {}\nPRODREADY = {'PROBES': {'x': {'PROBE': 'site_probes.Nothing'}}}\n")
    for arguments in ([], ["--frobnicate"], ["--probe", "nothing"], ["--drain"]):
        with manage(folder, *arguments) as ended:
            out, err = ended.communicate(timeout=PATIENCE_S)
        assert ended.returncode == 1
        assert "Traceback" not in out + err


def test_a_terminal_of_another_alphabet(project):
    with manage(project("DATABASES = {}\n"), PYTHONIOENCODING="ascii") as ended:
        out, _ = ended.communicate(timeout=PATIENCE_S)

    assert ended.returncode == 0
    assert out.startswith(f"prodhealth {django_prodready.__version__} - site_settings\n")
