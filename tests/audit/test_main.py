"""``python -m django_prodready``: the audit without a manage.py, and when the project cannot be loaded."""

import json
import re

import pytest

import django_prodready.__main__ as entry
from django_prodready import __version__

SECRETS = ["hunter2#Zq9@xw", "pl4nt3d-broken-value-77"]


@pytest.fixture
def check(python):
    """Run ``python -m django_prodready check`` and give the ended process."""

    def run(*arguments, cwd, **environ):
        return python("-m", "django_prodready", "check", *arguments, cwd=cwd, **environ)

    return run


def test_judges_a_project(check, new_project):
    ended = check("--settings", "mysite.settings", "--format", "json", cwd=new_project)
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr == ""
    report = json.loads(ended.stdout)
    assert report["target"]["settings"] == "mysite.settings"
    failed = {result["check"] for result in report["results"] if result["outcome"] == "fail"}
    assert "settings.debug" in failed


def test_finds_the_project_elsewhere(check, new_project, tmp_path):
    (tmp_path / "other").mkdir()
    arguments = ["--only", "settings.debug", "--format", "concise", "--pythonpath", str(new_project)]
    ended = check(*arguments, cwd=tmp_path / "other", DJANGO_SETTINGS_MODULE="mysite.settings")
    assert ended.returncode == 1
    assert "critical settings.debug" in ended.stdout


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("json", "raise RuntimeError('hunter2#Zq9@xw')"),
        ("text", "int('pl4nt3d-broken-value-77')"),
        ("concise", "import os; os.environ['NOT_SET_ANYWHERE']"),
        ("json", "import module_that_is_not_there"),
        ("text", "raise SystemExit(0)"),
        ("concise", "def (:"),
        (
            "json",
            "from django.core.exceptions import ImproperlyConfigured; raise ImproperlyConfigured('set it')",
        ),
        ("text", "INSTALLED_APPS = ['app_that_is_not_there']"),
        (
            "concise",
            "import urllib.parse; urllib.parse.urlsplit('postgres://u:hunter2#Zq9@xw@h:port/db').port",
        ),
    ],
)
def test_settings_that_do_not_load_are_findings(check, new_project, form, line):
    settings = new_project / "mysite" / "settings.py"
    settings.write_text(f"{settings.read_text()}\n{line}\n")
    ended = check(
        *("--settings", "mysite.settings", "--format", form, "-v", "2"),
        cwd=new_project,
        DATABASE_URL=f"postgres://u:{SECRETS[0]}@h/db",
    )
    assert ended.returncode == 2, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    assert "settings.load-failed" in ended.stdout
    for secret in SECRETS:
        assert secret not in ended.stdout + ended.stderr


def test_a_missing_settings_module(check, new_project):
    ended = check("--settings", "mysite.nothing", cwd=new_project)
    assert ended.returncode == 2
    assert "mysite.nothing" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr


def test_no_settings_module_named(check, tmp_path):
    ended = check(cwd=tmp_path)
    assert ended.returncode == 2
    assert "--settings MODULE" in ended.stderr


def test_works_while_the_database_is_down(check, new_project):
    settings = new_project / "mysite" / "settings.py"
    database = "{'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': '127.0.0.1', 'PORT': '1'}}"
    settings.write_text(f"{settings.read_text()}\nDATABASES = {database}\n")
    ended = check("--settings", "mysite.settings", "--format", "json", cwd=new_project)
    assert ended.returncode == 1, ended.stderr
    assert json.loads(ended.stdout)["summary"]["checks"]["crashed"] == 0


def test_works_while_a_third_party_system_check_raises(check, new_project):
    app = new_project / "acme"
    app.mkdir()
    (app / "__init__.py").write_text("")
    (app / "apps.py").write_text(
        "from django.apps import AppConfig\n"
        "from django.core.checks import register\n"
        "def broken(app_configs, **kwargs):\n    raise RuntimeError('acme is broken')\n"
        "class AcmeConfig(AppConfig):\n    name = 'acme'\n    def ready(self):\n        register(broken)\n"
    )
    settings = new_project / "mysite" / "settings.py"
    settings.write_text(f"{settings.read_text()}\nINSTALLED_APPS += ['acme']\n")
    assert check("--settings", "mysite.settings", cwd=new_project).returncode == 1


def test_django_configurations(check, new_project):
    (new_project / "mysite" / "settings.py").write_text(
        "from configurations import Configuration\n"
        "class Prod(Configuration):\n"
        "    SECRET_KEY = 'k' * 60\n"
        "    ROOT_URLCONF = 'mysite.urls'\n"
        "    INSTALLED_APPS = ['django_prodready']\n"
        "    ALLOWED_HOSTS = ['*.example.org']\n"
    )
    ended = check(
        "--settings",
        "mysite.settings",
        "--format",
        "json",
        "--only",
        "hosts.unmatchable",
        cwd=new_project,
        DJANGO_CONFIGURATION="Prod",
    )
    assert ended.returncode == 1, ended.stdout + ended.stderr
    (finding,) = json.loads(ended.stdout)["results"][0]["findings"]
    assert (finding["file"], finding["line"]) == ("mysite/settings.py", 6)


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["chekc"]])
def test_unknown_commands(arguments, capsys):
    assert entry.main(arguments) == 2
    assert "usage: prodready COMMAND" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["help"]])
def test_help(arguments, capsys):
    assert entry.main(arguments) == 0
    assert "check" in capsys.readouterr().out


def test_help_of_the_command(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["prodready", "check", "--help"])
    assert entry.main() == 0
    assert "--fail-level" in capsys.readouterr().out


def test_usage_errors(capsys):
    assert entry.main(["check", "--frobnicate"]) == 2
    assert re.search("prodready check: error: unrecognized arguments", capsys.readouterr().err)


def test_exit_codes_that_are_no_numbers(monkeypatch, capsys):
    monkeypatch.setattr(entry, "_load", lambda options, required: (_ for _ in ()).throw(SystemExit("words")))
    assert entry.main(["check", "--settings", "x"]) == 2


def test_runs_in_this_process(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", list(__import__("sys").path))
    arguments = ["check", "--settings", "testproject.settings", "--only", "hosts.unmatchable"]
    assert entry.main(arguments) == 0
    assert "READY" in capsys.readouterr().out


def test_django_configurations_through_manage_py(python, new_project):
    (new_project / "mysite" / "settings.py").write_text(
        "from configurations import Configuration\n"
        "class Prod(Configuration):\n"
        "    SECRET_KEY = 'k' * 60\n"
        "    INSTALLED_APPS = ['django_prodready']\n"
        "    ALLOWED_HOSTS = ['*.example.org']\n"
    )
    manage = new_project / "manage.py"
    manage.write_text(manage.read_text().replace("django.core.management", "configurations.management"))
    only = ["prodcheck", "--only", "hosts.unmatchable", "--format", "concise"]
    ended = python("manage.py", *only, cwd=new_project, DJANGO_CONFIGURATION="Prod")
    assert ended.returncode == 1, ended.stderr
    assert ended.stdout.startswith("mysite/settings.py:5: error hosts.unmatchable: ")


def test_the_list_and_the_pages_need_no_settings(check, tmp_path):
    listed = check("--list", "--only", "hosts", cwd=tmp_path)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "hosts.unmatchable" in listed.stdout
    assert check("--explain", "hosts.unmatchable", cwd=tmp_path).returncode == 0


def test_what_settings_print_is_no_part_of_the_report(check, new_project):
    settings = new_project / "mysite" / "settings.py"
    settings.write_text(f"print('loading')\n{settings.read_text()}")
    ended = check("--settings", "mysite.settings", "--format", "json", cwd=new_project)
    assert json.loads(ended.stdout)["schema"] == 1
    assert ended.stderr == "loading\n"


def test_an_interrupt_is_no_finding(check, new_project):
    (new_project / "mysite" / "settings.py").write_text("raise KeyboardInterrupt\n")
    ended = check("--settings", "mysite.settings", cwd=new_project)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "prodready check: interrupted.\n"


def test_malformed_silenced_checks_are_judged(check, new_project):
    settings = new_project / "mysite" / "settings.py"
    settings.write_text(f"{settings.read_text()}\nSILENCED_SYSTEM_CHECKS = None\n")
    ended = check("--settings", "mysite.settings", "--format", "json", cwd=new_project)
    assert ended.returncode == 1, ended.stderr


def test_version(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["prodready"])
    assert entry.main(["--version"]) == 0
    assert entry.main(["check", "--version"]) == 0
    assert capsys.readouterr().out == f"{__version__}\n" * 2


def test_colours_on_and_off(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", list(__import__("sys").path))
    arguments = ["check", "--settings", "testproject.settings", "--no-color", "--force-color"]
    assert entry.main(arguments) == 2
    assert "exclude each other" in capsys.readouterr().err


class TestHealth:
    """``python -m django_prodready health``: exit codes 0 and 1, whatever happens."""

    @pytest.fixture
    def health(self, python):
        def run(*arguments, cwd, **environ):
            return python("-m", "django_prodready", "health", *arguments, cwd=cwd, **environ)

        return run

    @pytest.fixture
    def project(self, new_project):
        settings = new_project / "mysite" / "settings.py"
        settings.write_text(f"{settings.read_text()}\nDATABASES = {{}}\n")
        return new_project

    def test_fit(self, health, project):
        ended = health("--settings", "mysite.settings", "--format", "json", cwd=project)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert json.loads(ended.stdout) == {"status": "ready", "checks": {}, "probes": {}}

    @pytest.mark.parametrize(
        "line",
        [
            "raise RuntimeError('hunter2#Zq9@xw')",
            "int('pl4nt3d-broken-value-77')",
            "raise SystemExit(0)",
            "raise SystemExit(7)",
            "def (:",
            "INSTALLED_APPS = ['app_that_is_not_there']",
        ],
    )
    def test_settings_that_do_not_load(self, health, project, line):
        settings = project / "mysite" / "settings.py"
        settings.write_text(f"{settings.read_text()}\n{line}\n")
        for form in ("json", "text"):
            ended = health("--settings", "mysite.settings", "--format", form, "-v", "2", cwd=project)
            assert ended.returncode == 1
            assert "Traceback" not in ended.stdout + ended.stderr
            for secret in SECRETS:
                assert secret not in ended.stdout + ended.stderr
            assert form == "text" or json.loads(ended.stdout)["reason"] == "not_loaded"

    def test_an_interrupt(self, health, project):
        (project / "mysite" / "settings.py").write_text("raise KeyboardInterrupt\n")
        ended = health("--settings", "mysite.settings", cwd=project)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr == "prodready health: interrupted.\n"

    def test_no_settings_module_named(self, health, tmp_path):
        ended = health(cwd=tmp_path)
        assert ended.returncode == 1
        assert "--settings MODULE" in ended.stderr

    def test_a_url_needs_no_settings(self, health, tmp_path):
        ended = health("--url", "http://127.0.0.1:1/ready/", "--format", "json", cwd=tmp_path)
        assert (ended.returncode, ended.stderr) == (1, "")
        assert json.loads(ended.stdout)["reason"] == "127.0.0.1:1: Connection refused."

    @pytest.mark.parametrize("arguments", [["--frobnicate"], ["--format", "xml"], ["--drain", "--watch"]])
    def test_usage_errors(self, arguments, capsys, monkeypatch, tmp_path):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.path", list(__import__("sys").path))
        assert entry.main(["health", "--settings", "testproject.settings", *arguments]) == 1
        assert "prodready health: " in capsys.readouterr().err

    def test_help(self, capsys):
        assert entry.main(["health", "--help"]) == 0
        assert "--undrain" in capsys.readouterr().out


class TestMigrate:
    """``python -m django_prodready migrate``: a verdict or one clear sentence, whatever happens."""

    @pytest.fixture
    def migrate(self, python):
        def run(*arguments, cwd, **environ):
            return python("-m", "django_prodready", "migrate", *arguments, cwd=cwd, **environ)

        return run

    @pytest.fixture
    def project(self, new_project):
        folder = new_project / "shop" / "migrations"
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / "0001_initial.py").write_text(
            "from django.db import migrations, models\n\n\n"
            "class Migration(migrations.Migration):\n"
            "    operations = [\n"
            "        migrations.CreateModel('Book', [('id', models.BigAutoField(primary_key=True))]),\n"
            "    ]\n"
        )
        self.add(new_project, "INSTALLED_APPS += ['shop']")
        return new_project

    def add(self, project, line):
        settings = project / "mysite" / "settings.py"
        settings.write_text(f"{settings.read_text()}\n{line}\n")

    def test_judges_what_is_pending(self, migrate, project):
        ended = migrate("--lint", "--settings", "mysite.settings", "--format", "json", cwd=project)
        assert (ended.returncode, ended.stderr) == (0, "")
        (told,) = json.loads(ended.stdout)["migrations"]
        assert (told["app"], told["name"], told["verdict"]) == ("shop", "0001_initial", "safe")

    @pytest.mark.parametrize(
        "line",
        [
            "raise RuntimeError('hunter2#Zq9@xw')",
            "raise SystemExit(0)",
            "INSTALLED_APPS = ['app_that_is_not_there']",
        ],
    )
    def test_settings_that_do_not_load(self, migrate, project, line):
        self.add(project, line)
        ended = migrate("--lint", "--settings", "mysite.settings", "-v", "2", "--traceback", cwd=project)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr.startswith("prodready migrate: The settings cannot be loaded: ")
        assert "Traceback" not in ended.stderr
        for secret in SECRETS:
            assert secret not in ended.stderr

    def test_the_database_is_down(self, migrate, project):
        entry = {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": "1"}
        self.add(project, f"DATABASES = {{'default': {entry}}}")
        ended = migrate("--lint", "--settings", "mysite.settings", cwd=project)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr.startswith("prodready migrate: The database 'default' cannot be asked")
        assert "Traceback" not in ended.stderr
        ended = migrate("--lint", "--all", "--settings", "mysite.settings", cwd=project)
        assert (ended.returncode, ended.stderr) == (0, "")

    def test_no_settings_module_named(self, migrate, tmp_path):
        ended = migrate("--lint", cwd=tmp_path)
        assert ended.returncode == 2
        assert "--settings MODULE" in ended.stderr

    def test_an_interrupt(self, migrate, project):
        (project / "mysite" / "settings.py").write_text("raise KeyboardInterrupt\n")
        ended = migrate("--lint", "--settings", "mysite.settings", cwd=project)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr == "prodready migrate: interrupted.\n"

    @pytest.mark.parametrize("arguments", [[], ["--lint", "--frobnicate"], ["--stats", "x.json"]])
    def test_usage_errors(self, arguments, capsys, monkeypatch, tmp_path):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.path", list(__import__("sys").path))
        assert entry.main(["migrate", "--settings", "testproject.settings", *arguments]) == 2
        assert "prodready migrate: " in capsys.readouterr().err

    def test_help(self, capsys):
        assert entry.main(["migrate", "--help"]) == 0
        assert "--scratch-url" in capsys.readouterr().out


def test_the_exec_probe(capfd):
    assert entry.main(["probe", "--help"]) == 0
    assert entry.main(["probe", "http", "http://127.0.0.1:1/"]) == 1
    out, err = capfd.readouterr()
    assert out.startswith("usage: ")
    assert err == "not fit: 127.0.0.1:1: Connection refused.\n"
