"""prodsettings --env-check: every problem of an environment, or of a file of one, at once."""

import json
import sys

import pytest

from django_prodready.management.prodsettings import env_check
from django_prodready.management.prodsettings.env_check import misspelled
from django_prodready.settings import SettingsMixin, env

SETTINGS = """
import os
from django_prodready.settings import Production, env
INSTALLED_APPS = []
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
class Settings(Production):
    STRIPE_KEY: str = env.secret("STRIPE_KEY")
    WORKERS: int = env.int("WEB_CONCURRENCY", default=3, maximum=64)
Settings.apply(globals())
"""
KEY = "kJ3nfb8d72hfn38dhf83hdn38dh38dhs82hs82hs82hshd83hd83hd8"
GOOD = f"""\
# The site
SECRET_KEY={KEY}
export ALLOWED_HOSTS=example.org,www.example.org
STRIPE_KEY="sk, of # ours"
"""


EVERY_PROBLEM = r"""
site.env:1: SECRET_KEYS: nothing reads it: is SECRET_KEY meant? (Security)
site.env:2: WEB_CONCURRENCY: expected a whole number of at most 64, in digits alone (WORKERS of Settings)
site.env:3: ALLOWED_HOSTS: expected the closing quote on the same line: in double quotes, \n is a line break
site.env:4: expected NAME=VALUE
site.env:5: DRAIN_SECONDS: expected a number of at least 0, such as 2 or 0.5 (Health)
site.env: SECRET_KEY: required, not set, for example the output of: {command} (Security)
site.env: STRIPE_KEY: required, not set (Settings)
7 problems with site.env. No value is shown.
""".format(command="python -m django_prodready settings --secret-key")
TWO_PROBLEMS = "2 problems with site.env. No value is shown."


class Fields(SettingsMixin):
    LIMIT: int = env.int("SITE_LIMIT", default=1)
    TOKEN: str = env.secret("SITE_TOKEN", default="x")


@pytest.fixture
def project(tmp_path):
    (tmp_path / "site_settings.py").write_text(SETTINGS)
    (tmp_path / "good.env").write_text(GOOD)
    return tmp_path


@pytest.fixture
def check(python, project):
    """Check a file's text; the exit code, and what was printed."""

    def run(text, *arguments, **environ):
        (project / "site.env").write_text(text)
        ended = python("--env-check", "site.env", *arguments, cwd=project, **environ)
        assert "Traceback" not in ended.stderr
        return ended.returncode, ended.stdout + ended.stderr

    return run


class TestFile:
    def test_a_good_one(self, check):
        assert check(GOOD, "--settings", "site_settings") == (
            0,
            "No problem: site.env is all that site_settings asks for.\n",
        )

    def test_every_problem_at_once(self, check):
        text = "SECRET_KEYS=pl4nted\nWEB_CONCURRENCY=pl4nted\nALLOWED_HOSTS='pl4\npl4nted\nDRAIN_SECONDS=-1\n"
        code, said = check(text, "--settings", "site_settings")
        assert code == 1
        assert f"\n{said}" == EVERY_PROBLEM

    def test_nothing_but_the_file_counts(self, check):
        environ = {"STRIPE_KEY": "x", "SECRET_KEY": KEY, "ALLOWED_HOSTS": "a.example"}
        code, text = check("", "--settings", "site_settings", **environ)
        assert code == 1
        assert text.endswith("3 problems with site.env. No value is shown.\n")

    def test_json(self, check):
        code, text = check(
            GOOD.replace("STRIPE_KEY=", "#"), "--settings", "site_settings", "--format", "json"
        )
        assert code == 1
        assert json.loads(text) == {
            "schema": 1,
            "settings_module": "site_settings",
            "file": "site.env",
            "problems": [
                {
                    "variable": "STRIPE_KEY",
                    "rule": "required, not set",
                    "setting": "",
                    "mixin": "Settings",
                    "example": "",
                    "line": None,
                }
            ],
        }

    def test_a_secret_s_file(self, check):
        text = GOOD.replace("STRIPE_KEY=", "STRIPE_KEY_FILE=")
        code, said = check(text, "--settings", "site_settings")
        assert code == 1
        assert said.startswith(
            "site.env:4: STRIPE_KEY_FILE: the file that it names cannot be read (FileNotFoundError)"
        )

    def test_the_file_may_name_the_module(self, check):
        assert check(f"{GOOD}DJANGO_SETTINGS_MODULE=site_settings\n")[0] == 0
        said = "Name the settings module: --settings MODULE, or DJANGO_SETTINGS_MODULE in site.env."
        assert check(GOOD) == (2, f"prodready settings: {said}\n")

    def test_the_settings_read_more(self, check, project):
        (project / "reading.py").write_text(f"import os\nX = os.environ['X_NAME']\n{SETTINGS}")
        assert check(GOOD, "--settings", "reading") == (
            1,
            "site.env: X_NAME: required, not set\n1 problem with site.env. No value is shown.\n",
        )
        assert check(f"{GOOD}X_NAME=1\n", "--settings", "reading")[0] == 0

    def test_settings_that_fail(self, check, project):
        (project / "failing.py").write_text("raise RuntimeError('pl4nted')\n")
        why = "RuntimeError (message withheld: it may hold a value)"
        said = f"With site.env: The settings cannot be loaded. {why}"
        assert check(GOOD, "--settings", "failing") == (2, f"prodready settings: {said}\n")
        assert check("A", "--settings", "failing") == (
            1,
            "\n".join(["site.env:1: expected NAME=VALUE", f"site.env: {said}", TWO_PROBLEMS, ""]),
        )

    def test_an_app_that_does_not_load_is_no_problem_of_the_environment(self, check, project):
        (project / "apps.py").write_text(SETTINGS.replace("APPS = []", "APPS = ['no_such_app']"))
        assert check(GOOD, "--settings", "apps")[0] == 0

    def test_variables_of_the_machine_are_not_taken_from_it(self, check):
        assert check(f"{GOOD}PYTHONPATH=/nowhere\nPATH=/nowhere\n", "--settings", "site_settings")[0] == 0

    def test_no_file(self, refused, tmp_path):
        code, said = refused("--env-check", tmp_path / "none")
        assert code == 2
        assert said.endswith("none cannot be read: No such file or directory.")

    def test_under_django_configurations(self, check, project):
        (project / "configured.py").write_text(
            "from configurations import Configuration\n"
            + SETTINGS.replace("(Production)", "(Production, Configuration)")
            .replace("Settings.apply(globals())", "")
            .replace("INSTALLED_APPS", "    INSTALLED_APPS")
            .replace("MIDDLEWARE", "    MIDDLEWARE")
            .replace("\n    INSTALLED", "\nclass Base:\n    INSTALLED")
            .replace("Production, Configuration", "Production, Base, Configuration")
        )
        environ = {"DJANGO_CONFIGURATION": "Settings", "PYTHONWARNINGS": "ignore"}
        assert check(GOOD, "--settings", "configured", **environ)[0] == 0
        code, said = check("", "--settings", "configured", **environ)
        assert (code, said.count("required, not set")) == (1, 3)


class TestProcess:
    def test_a_bad_one(self, python, project):
        ended = python("--env-check", "--settings", "site_settings", cwd=project, SECRET_KEY="pl4nted")
        assert (ended.returncode, ended.stderr) == (1, "")
        lines = ended.stdout.splitlines()
        assert sorted(line.partition(":")[0] for line in lines[:-1]) == [
            "ALLOWED_HOSTS",
            "SECRET_KEY",
            "STRIPE_KEY",
        ]
        assert lines[-1] == "3 problems with the environment. No value is shown."
        assert "pl4nted" not in ended.stdout

    def test_a_good_one(self, prodsettings, applied):
        applied(Fields, {})
        assert prodsettings("--env-check") == (
            0,
            "No problem: the environment is all that testproject.settings asks for.\n",
        )

    def test_a_misspelled_one(self, prodsettings, applied):
        applied(Fields, {"SITE_LIMITS": "pl4nted"})
        code, text = prodsettings("--env-check", force_color=True)
        assert code == 1
        assert text.startswith(
            "\x1b[1mSITE_LIMITS\x1b[0m: nothing reads it: is SITE_LIMIT meant? (LIMIT of Fields)\n"
        )


class TestMisspelled:
    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("SITE_LIMITS", "SITE_LIMIT"),
            ("SITE_LMIT", "SITE_LIMIT"),
            ("SITE_LINIT", "SITE_LIMIT"),
            ("SITE_ILMIT", "SITE_LIMIT"),
            ("site_limit", "SITE_LIMIT"),
            ("SITE_TOKEN_FIL", "SITE_TOKEN_FILE"),
            ("SITE_LIMIT", None),
            ("SITE_TOKEN_FILE", None),
            ("SITE_LIMIT_2", None),
            ("SITE_LNMIT_", None),
            ("SITE_MILIT", None),
            ("SITE_TIMIL", None),
            ("SIT", None),
            ("PYTHONPATH", None),
        ],
    )
    def test_one_letter(self, name, meant):
        found = [wrong.rule for wrong in misspelled([name], [Fields.LIMIT, Fields.TOKEN])]
        assert found == ([f"nothing reads it: is {meant} meant?"] if meant else [])


class TestOtherProcess:
    @pytest.fixture
    def interpreter(self, monkeypatch, tmp_path):
        """Let another program run in place of this interpreter."""

        def replace(script):
            program = tmp_path / "program"
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)
            monkeypatch.setattr(sys, "executable", str(program))

        (tmp_path / ".env").write_text("A=1\n")
        return replace

    def test_it_ends_without_a_word(self, refused, interpreter, tmp_path):
        interpreter("exit 7")
        assert refused("--env-check", tmp_path / ".env") == (
            2,
            f"With {tmp_path / '.env'}: the process ended with 7.",
        )

    def test_it_takes_too_long(self, refused, interpreter, tmp_path, monkeypatch):
        interpreter("exec sleep 30")
        monkeypatch.setattr(env_check, "TIMEOUT_S", 0.2)
        assert refused("--env-check", tmp_path / ".env") == (
            2,
            f"The settings could not be loaded with {tmp_path / '.env'}: TimeoutExpired.",
        )
