"""manage.py prodsettings: values, origins, what differs, as text and JSON; equal however they are written."""

import json
import re

import django
import pytest
from django.conf import global_settings

from django_prodready.settings import SettingsMixin, computed, env
from django_prodready.settings.environment.field import Field

BASE = """
from pathlib import Path
from django.utils.translation import gettext_lazy as _
BASE_DIR = Path("/srv/site")
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
LANGUAGES = [("en", _("English")), ("de", _("German"))]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
TAGS = {"b", "a", "c"}
X_LIMIT = sum([1, 2])
"""
CLASS = """
    HSTS_STAGE = "day"
    STRIPE_KEY: str = env.secret("STRIPE_KEY")
"""
PLAIN = f"""
from base import *
from django_prodready.settings import Production, env
class Settings(Production):{CLASS}
Settings.apply(globals())
"""
CONFIGURED = f"""
from configurations import Configuration
from django_prodready.settings import Production, env
class Base(Configuration):
{re.sub("^", "    ", BASE, flags=re.MULTILINE)}
    _ = None
class Settings(Production, Base):{CLASS}
"""
ENVIRON = {
    "SECRET_KEY": "kJ3nfb8d72hfn38dhf83hdn38dh38dhs82hs82hs82hshd83hd83hd8",
    "ALLOWED_HOSTS": "example.org",
    "STRIPE_KEY": "pl4nted-stripe-key",
}


@pytest.fixture
def project(tmp_path):
    for name, text in (("base", BASE), ("plain", PLAIN), ("configured", CONFIGURED)):
        (tmp_path / f"{name}.py").write_text(text)
    return tmp_path


def listed(ended):
    assert (ended.returncode, ended.stderr) == (0, "")
    return json.loads(ended.stdout)


@pytest.fixture
def told(prodsettings):
    """What is told as JSON of the settings that are named."""
    return lambda *names: json.loads(prodsettings(*names, "--format", "json")[1])["settings"]


class TestProjects:
    def test_a_plain_module(self, python, project):
        report = listed(python("--settings", "plain", "--format", "json", cwd=project, **ENVIRON))
        settings = report.pop("settings")
        assert report == {"schema": 1, "settings_module": "plain", "django": django.get_version()}
        assert list(settings) == sorted(settings)
        assert settings["ALLOWED_HOSTS"] == {
            "value": ["example.org"],
            "is_default": False,
            "is_secret": False,
            "origin": {"mixins": ["Security"], "variables": ["ALLOWED_HOSTS"], "file": None, "line": None},
        }
        assert settings["STRIPE_KEY"]["value"] == "set"
        assert settings["STRIPE_KEY"]["origin"]["mixins"] == ["Settings"]
        nowhere = {"mixins": [], "variables": []}
        assert settings["BASE_DIR"]["origin"] == {**nowhere, "file": "base.py", "line": 4}
        assert settings["BASE_DIR"]["value"] == "/srv/site"
        assert settings["TAGS"]["value"] == ["a", "b", "c"]
        assert settings["LANGUAGES"]["value"] == [["en", "English"], ["de", "German"]]
        assert settings["APPEND_SLASH"]["origin"] == {**nowhere, "file": None, "line": None}
        assert settings["APPEND_SLASH"]["is_default"] is True

    def test_equal_values_under_django_configurations(self, python, project):
        plain = listed(python("--settings", "plain", "--format", "json", cwd=project, **ENVIRON))
        configured = python(
            *("--settings", "configured", "--format", "json"),
            cwd=project,
            DJANGO_CONFIGURATION="Settings",
            PYTHONWARNINGS="ignore",
            **ENVIRON,
        )
        ours, theirs = (
            {name: (setting["value"], setting["is_default"]) for name, setting in report["settings"].items()}
            for report in (plain, listed(configured))
        )
        assert ours == theirs

    def test_text(self, python, project):
        ended = python("--settings", "plain", "--diff", cwd=project, **ENVIRON)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert "ALLOWED_HOSTS = ['example.org']  # Security, from ALLOWED_HOSTS\n" in ended.stdout
        assert "\nSTRIPE_KEY = set  # Settings, from STRIPE_KEY\n" in ended.stdout
        assert "\nBASE_DIR = '/srv/site'  # base.py:4\n" in ended.stdout
        assert "\nMIDDLEWARE = [  # Health + StdoutLogging + PermissionsPolicy\n    'django" in ended.stdout
        assert "APPEND_SLASH" not in ended.stdout
        assert re.search(
            r"\n\n\d+ of \d+ settings of plain differ from Django [\d.]+'s defaults\.\n$", ended.stdout
        )

    def test_settings_that_refuse_to_load(self, python, project):
        ended = python("--settings", "plain", cwd=project)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr.startswith(
            "prodready settings: The settings cannot be loaded. SettingsError: 3 problems"
        )
        assert "Traceback" not in ended.stderr


class TestOfThisProcess:
    def test_all_of_a_bare_project_is_readable(self, prodsettings, settings):
        settings.SECRET_KEY = "x" * 50
        text = prodsettings()[1]
        hidden = re.findall(r"^(\w+) = (?:not )?set\b", text, re.MULTILINE)
        assert set(hidden) <= {"EMAIL_HOST_PASSWORD", "SECRET_KEY"}
        assert "CSRF_COOKIE_NAME = 'csrftoken'  # Django default\n" in text
        assert re.search(r"\n\n\d+ settings of testproject\.settings; \d+ differ from Django", text)

    def test_names(self, prodsettings, settings):
        settings.TIME_ZONE = "Europe/Vienna"
        total = len(json.loads(prodsettings("--format", "json")[1])["settings"])
        assert prodsettings("USE_I18N", "TIME_ZONE", "USE_I18N")[1] == (
            "TIME_ZONE = 'Europe/Vienna'  # computed by the settings\n"
            "USE_I18N = True  # Django default\n\n"
            f"2 of {total} settings of testproject.settings.\n"
        )

    def test_names_between_options(self, prodsettings):
        code, text = prodsettings("USE_I18N", "--diff", "APPEND_SLASH")
        assert (code, text.startswith("0 of 2 named settings of testproject.settings differ")) == (0, True)

    def test_values_for_people(self, prodsettings, settings):
        settings.NESTED = {"list": [{"name": "x" * 60}, {"name": "y" * 60}], "none": None, 5: "\x1b[31mred"}
        settings.EMPTY = [{}, []]
        assert prodsettings("EMPTY", "NESTED")[1].startswith(
            "EMPTY = [{}, []]  # computed by the settings\n"
            "NESTED = {  # computed by the settings\n"
            "    'list': [\n"
            f"        {{'name': '{'x' * 60}'}},\n"
            f"        {{'name': '{'y' * 60}'}},\n"
            "    ],\n"
            "    'none': None,\n"
            "    '5': '\\x1b[31mred',\n"
            "}\n"
        )

    def test_colour(self, prodsettings):
        text = prodsettings("USE_I18N", force_color=True)[1]
        assert text.startswith("\x1b[1mUSE_I18N\x1b[0m = True\x1b[2m  # Django default\x1b[0m\n")

    def test_a_default_is_one_by_its_value(self, told, settings):
        settings.APPEND_SLASH = True
        settings.USE_I18N = 1
        settings.DATE_INPUT_FORMATS = tuple(global_settings.DATE_INPUT_FORMATS)
        found = told("APPEND_SLASH", "USE_I18N", "DATE_INPUT_FORMATS")
        assert {name: setting["is_default"] for name, setting in found.items()} == {
            "APPEND_SLASH": True,
            "USE_I18N": False,
            "DATE_INPUT_FORMATS": True,
        }

    def test_a_malformed_setting_is_shown_as_it_is(self, python, tmp_path):
        (tmp_path / "malformed.py").write_text("DATABASES = {'default': ['sqlite3']}")
        found = listed(python("--settings", "malformed", "--format", "json", cwd=tmp_path))["settings"]
        assert found["DATABASES"]["value"] == {"default": ["sqlite3"]}

    @pytest.mark.skipif(
        not hasattr(django.conf, "DEPRECATED_EMAIL_SETTINGS"), reason="Django 6.1 has MAILERS"
    )
    def test_mailers_hide_what_django_would_refuse(self, python, tmp_path):
        (tmp_path / "mailing.py").write_text(
            "MAILERS = {'default': {'BACKEND': 'x', 'OPTIONS': {'password': 'pl4n'}}}"
        )
        found = listed(
            python("--settings", "mailing", "--format", "json", cwd=tmp_path, PYTHONWARNINGS="error")
        )["settings"]
        assert found["MAILERS"]["value"]["default"]["OPTIONS"] == {"password": "set"}
        assert "EMAIL_HOST" not in found

    def test_without_a_module(self, prodsettings, settings, monkeypatch):
        monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
        monkeypatch.setattr(django.conf.settings, "SETTINGS_MODULE", None, raising=False)
        assert " settings of no module.\n" in prodsettings("USE_TZ")[1]


class TestRecords:
    def test_what_is_secret_by_its_field(self, told, applied, settings):
        class Settings(SettingsMixin):
            HARMLESS: str = env.secret("HARMLESS_VARIABLE")
            LIMIT: int = env.int("LIMIT", default=3)
            REVERSED: str = computed(lambda s: s.HARMLESS[::-1])
            TABLE: dict[str, object] = computed(lambda s: {"key": s.HARMLESS, "limit": s.LIMIT})
            SEARCH: str = env.url("SEARCH_URL")
            MANY: list[str] = Field(
                "MANY",
                kind="list of secrets",
                parse=list,
                default=["l1st-one"],
                is_secret=True,
                is_setting=False,
            )

            def transform(self, draft):
                draft.set("SEARCH_HOST", self.SEARCH.rpartition("@")[2])

        environ = {"HARMLESS_VARIABLE": "pl4nted", "SEARCH_URL": "https://u:pl4n%40ted@search.example"}
        module = {"ALONE": env.secret("ALONE_VARIABLE", default="al0ne")}
        module["ALONE"].name = "ALONE"
        for name, value in applied(Settings, environ, module).items():
            setattr(settings, name, value)
        settings.COPY = ["about pl4nted things", "al0ne", "pl4n@ted", "l1st-one"]
        settings.PLACE = "https://search.example/"

        found = told(
            "HARMLESS", "LIMIT", "REVERSED", "TABLE", "SEARCH", "SEARCH_HOST", "ALONE", "COPY", "PLACE"
        )
        assert {name: setting["value"] for name, setting in found.items()} == {
            "HARMLESS": "set",
            "LIMIT": 3,
            "REVERSED": "set",
            "TABLE": {"key": "set", "limit": 3},
            "SEARCH": "set",
            "SEARCH_HOST": "search.example",
            "ALONE": "set",
            "COPY": ["about [set] things", "set", "set", "set"],
            "PLACE": "https://search.example/",
        }
        assert found["TABLE"]["origin"]["variables"] == ["HARMLESS_VARIABLE"]

    def test_what_is_assigned_behind_the_class_is_not_the_class_s(self, told, applied, settings):
        class Settings(SettingsMixin):
            LIMIT: int = env.int("LIMIT", default=3)

        for name, value in applied(Settings, {}).items():
            setattr(settings, name, value)
        assert told("LIMIT")["LIMIT"]["origin"]["mixins"] == ["Settings"]
        settings.LIMIT = 4

        assert told("LIMIT")["LIMIT"]["origin"]["mixins"] == []

    def test_a_refused_class_says_nothing_of_origins(self, told, applied, settings):
        class Settings(SettingsMixin):
            LIMIT: int = env.int("LIMIT")
            TOKEN_OF_OURS: str = env.secret("TOKEN_OF_OURS", min_length=50)

        with pytest.raises(django.core.exceptions.ImproperlyConfigured):
            applied(Settings, {"TOKEN_OF_OURS": "pl4nted"})
        settings.LIMIT = 4
        settings.TEXT = "about pl4nted things"
        assert told("LIMIT")["LIMIT"]["origin"]["mixins"] == []
        assert told("TEXT")["TEXT"]["value"] == "about [set] things"


class TestFingerprints:
    KEY = "0123456789abcdefghij"

    def test_two_environments(self, prodsettings, settings, monkeypatch, tmp_path):
        monkeypatch.setenv("PRODREADY_FINGERPRINT_KEY", self.KEY)
        settings.DB_PASSWORD = "one"
        code, text = prodsettings("DB_PASSWORD", "--fingerprint")
        assert code == 0
        fingerprint = re.match(r"DB_PASSWORD = set \(([0-9a-f]{16})\)  # ", text)[1]

        monkeypatch.delenv("PRODREADY_FINGERPRINT_KEY")
        (tmp_path / "key").write_text(f"{self.KEY}\n")
        arguments = [
            "DB_PASSWORD",
            "--fingerprint",
            "--fingerprint-key-file",
            tmp_path / "key",
            "--format",
            "json",
        ]
        found = json.loads(prodsettings(*arguments)[1])["settings"]["DB_PASSWORD"]
        assert found["fingerprints"] == {"DB_PASSWORD": fingerprint}
        settings.DB_PASSWORD = "other"
        found = json.loads(prodsettings(*arguments)[1])["settings"]["DB_PASSWORD"]
        assert found["fingerprints"] != {"DB_PASSWORD": fingerprint}

    def test_part_of_a_text(self, prodsettings, settings, monkeypatch):
        monkeypatch.setenv("PRODREADY_FINGERPRINT_KEY", self.KEY)
        settings.CACHE_URL = "redis://:pl4nted@cache:6379/0"
        settings.NOTE_TO_ALL = f"the key is {self.KEY}"
        text = prodsettings("CACHE_URL", "NOTE_TO_ALL", "--fingerprint")[1]
        assert re.match(r"CACHE_URL = 'redis://:\[set\]@cache:6379/0' \([0-9a-f]{16}\)  # ", text)
        assert "'the key is [set]'" in text

    def test_no_key(self, refused, tmp_path, monkeypatch):
        monkeypatch.delenv("PRODREADY_FINGERPRINT_KEY", raising=False)
        code, said = refused("--fingerprint")
        assert code == 2
        assert said.startswith(
            "--fingerprint needs a key of yours: in the variable PRODREADY_FINGERPRINT_KEY, or"
        )

    def test_a_weak_key(self, refused, monkeypatch):
        monkeypatch.setenv("PRODREADY_FINGERPRINT_KEY", "pl4nted")
        code, said = refused("--fingerprint")
        assert code == 2
        assert said.startswith("PRODREADY_FINGERPRINT_KEY holds a key of fewer than 16 bytes")
        assert "pl4nted" not in said

    def test_files_that_hold_none(self, refused, tmp_path):
        for path, words in (
            (tmp_path, "is no regular file"),
            (tmp_path / "none", "cannot be read: No such file"),
        ):
            code, said = refused("--fingerprint", "--fingerprint-key-file", path)
            assert code == 2
            assert said.startswith(f"--fingerprint-key-file: {path} {words}")
