"""prodsettings --env-template and --secret-key: what is printed, and that other programs read it."""

import json
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from django_prodready.management.prodsettings import env_file
from django_prodready.settings import Production, Proxy, SettingsMixin, WhiteNoise, env
from django_prodready.settings.mixins.security import secret_key

SETTINGS = """
from django_prodready.settings import Production, Proxy, env
INSTALLED_APPS = []
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
class Settings(Proxy, Production):
    PROXY = "nginx"
    STRIPE_KEY: str = env.secret("STRIPE_KEY", help="From the dashboard")
Settings.apply(globals())
"""
REQUIRED = ["STRIPE_KEY", "TRUSTED_PROXIES", "SECRET_KEY", "ALLOWED_HOSTS"]


class Kinds(SettingsMixin):
    TITLE: str = env.str("TITLE", default='A "site" of $5', help="What it is called")
    COLOUR: str = env.choice("COLOUR", choices=["red", "blue"], default="red", help="Which one?")
    WORKERS: int = env.int("WORKERS", default=3, minimum=1, maximum=64)
    RATIO: float = env.float("RATIO", default=2.0)
    NAMES: list[str] = env.list("NAMES", default=["a", "b"])
    LIMITS: dict[str, str] = env.dict("LIMITS", default={"a": "1", "b": "2"})
    VERBOSE: bool = env.bool("VERBOSE", default=True)
    FOLDER: Path = env.path("FOLDER", default=Path("/srv"))
    TOKEN: str = env.secret("A_TOKEN", default="pl4nted", min_length=5)
    NOTHING: str | None = env.str("NOTHING", default=None)
    TEXT: str = env.str("TEXT", default="line\nother", example="two\nlines")
    # The same variable twice: required by one of them.
    NAME: str = env.str("NAME", default="x")
    SAME_NAME: str = env.str("NAME")
    SAME_AGAIN: str = env.str("NAME", default="y")


@pytest.fixture
def template(prodsettings, applied):
    """The template of a class."""

    def print_template(cls, *arguments, module=(), **environ):
        applied(cls, environ, module)
        code, text = prodsettings("--env-template", *arguments)
        assert code == 0
        return text

    return print_template


@pytest.fixture
def project(tmp_path):
    (tmp_path / "site_settings.py").write_text(SETTINGS)
    return tmp_path


class TestDotenv:
    def test_nothing_is_set(self, python, project):
        ended = python("--settings", "site_settings", "--env-template", cwd=project)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert ended.stdout.startswith("# The environment of site_settings, as Settings reads it.\n")
        found = env_file.parse(ended.stdout)
        assert (list(found.values), found.malformed) == (REQUIRED, [])
        assert set(found.values.values()) == {""}
        assert "# From the dashboard. Secret. For Settings.\nSTRIPE_KEY=\n" in ended.stdout
        assert "\n# --- Optional\n" in ended.stdout
        assert "Default: INFO.\n#LOG_LEVEL=INFO\n" in ended.stdout

    def test_something_is_set(self, python, project):
        ended = python(
            "--settings", "site_settings", "--env-template", cwd=project, ALLOWED_HOSTS="pl4nted.example"
        )
        assert list(env_file.parse(ended.stdout).values) == REQUIRED
        assert "pl4nted" not in ended.stdout

    def test_optional_lines_hold_the_defaults(self, template):
        text = template(Kinds, NAME="z")
        assert list(env_file.parse(text).values) == ["NAME"]
        found = env_file.parse(re.sub(r"^#(?=[A-Z]+=|A_)", "", text, flags=re.MULTILINE))
        assert found.malformed == []
        assert found.values == {
            "TITLE": 'A "site" of $5',
            "COLOUR": "red",
            "WORKERS": "3",
            "RATIO": "2",
            "NAMES": "a,b",
            "LIMITS": "a=1,b=2",
            "VERBOSE": "true",
            "FOLDER": "/srv",
            "A_TOKEN": "",
            "NOTHING": "",
            "TEXT": "line\nother",
            "NAME": "",
        }
        assert "# Which one? One of red, blue. For Kinds. Default: red." in text
        assert "# Whole number, at least 1, at most 64. For Kinds. Default: 3." in text
        assert "# Secret of at least 5 characters. For TOKEN of Kinds.\n#A_TOKEN=\n" in text
        assert "Example: two lines\n" in text
        assert "pl4nted" not in text

    def test_docker_takes_values_as_they_stand(self, template):
        text = template(Kinds, "--platform", "docker", NAME="z")
        assert "docker run --env-file" in text
        assert '\n#TITLE=A "site" of $5\n' in text

    @pytest.mark.parametrize("platform", ["coolify", "sevalla", "systemd"])
    def test_other_platforms(self, template, platform):
        text = template(Kinds, "--platform", platform, NAME="z")
        assert env_file.parse(text).values == {"NAME": ""}
        assert text.count("\n# ") > 3

    def test_transforms_that_fail_without_an_environment(self, template):
        class Settings(SettingsMixin):
            LIMIT: int = env.int("LIMIT", default=1)
            NEEDED: str | None = env.str("NEEDED", default=None)

            def transform(self, draft):
                self.NEEDED.upper()

        assert "#NEEDED=\n" in template(Settings, NEEDED="x")

    def test_transforms_that_refuse_by_themselves(self, template):
        class Settings(SettingsMixin):
            LIMIT: int = env.int("LIMIT", default=1)
            NEEDED: str | None = env.str("NEEDED", default=None)

            def transform(self, draft):
                if not self.NEEDED:
                    raise ImproperlyConfigured("NEEDED is needed")

        assert "#NEEDED=\n" in template(Settings, NEEDED="x")

    @pytest.mark.parametrize(
        ("module", "environ", "line"),
        [
            ({"STATIC_ROOT": "/srv"}, {}, "#STATIC_ROOT=\n"),
            ({}, {"STATIC_ROOT": "/srv"}, "\nSTATIC_ROOT="),
        ],
    )
    def test_a_folder_that_the_module_has_is_not_asked_for(self, template, module, environ, line):
        assert line in template(WhiteNoise, module=module, **environ)

    def test_the_ground_is_the_settings(self, template, settings):
        settings.MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]

        class Settings(Proxy, Production):
            PROXY = "traefik"

        environ = {
            "SECRET_KEY": "kJ3nfb8d72" * 6,
            "ALLOWED_HOSTS": "a.example",
            "TRUSTED_PROXIES": "10.0.0.1",
        }
        assert "\nTRUSTED_PROXIES=\n" in template(Settings, **environ)


class TestCompose:
    def test_all_of_it(self, template):
        text = template(Kinds, "--platform", "compose", NAME="z")
        assert "\nservices:\n  web:\n    environment:\n      # --- Required\n" in text
        assert '\n      NAME: "${NAME:?NAME is required}"\n' in text
        # Alone, so that the container has it only where it is set.
        assert "\n      COLOUR:\n" in text
        assert template(Kinds, "--style", "compose", NAME="z") == text

    def test_every_line_is_yaml(self, template):
        for line in template(Kinds, "--style", "compose", NAME="z").splitlines():
            assert re.fullmatch(
                r'| *#.*|services:|  web:|    environment:|      \w+:( "\$\{\w+:\?[\w ]*\}")?', line
            )


class TestKubernetes:
    def test_all_of_it(self, python, project):
        ended = python(
            "--settings", "site_settings", "--env-template", "--platform", "kubernetes", cwd=project
        )
        assert (ended.returncode, ended.stderr) == (0, "")
        _, secret, config = ended.stdout.split("\n---\n")
        assert secret.startswith(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: django-secrets\ntype: Opaque\n"
        )
        assert config.startswith("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: django-config\ndata:\n")
        assert re.findall(r'^  (\w+): ""$', secret, re.MULTILINE) == ["STRIPE_KEY", "SECRET_KEY"]
        assert re.findall(r'^  (\w+): ""$', config, re.MULTILINE) == ["TRUSTED_PROXIES", "ALLOWED_HOSTS"]
        assert '\n  #LOG_LEVEL: "INFO"\n' in config

    def test_strings_are_those_of_json(self, template):
        text = template(Kinds, "--style", "kubernetes", NAME="z")
        values = dict(re.findall(r"^  #?([A-Z_]+): (.*)$", text, re.MULTILINE))
        assert json.loads(values["TITLE"]) == 'A "site" of $5'
        assert json.loads(values["TEXT"]) == "line\nother"

    def test_of_one_kind_alone(self, template):
        class Public(SettingsMixin):
            LIMIT: int = env.int("LIMIT", default=1)

        class Secret(SettingsMixin):
            TOKEN: str = env.secret("TOKEN_OF_OURS", default="x")

        text = template(Public, "--style", "kubernetes")
        assert re.findall(r"kind: (\w+)", text) == ["ConfigMap"]
        text = template(Secret, "--style", "kubernetes")
        assert re.findall(r"kind: (\w+)", text) == ["Secret"]


class TestNoClass:
    def test_the_settings_apply_none(self, python, tmp_path):
        (tmp_path / "bare.py").write_text("DEBUG = False\n")
        for arguments in (["--env-template"], ["--env-check"]):
            ended = python("--settings", "bare", *arguments, cwd=tmp_path)
            assert (ended.returncode, ended.stdout) == (2, "")
            assert ended.stderr == (
                "prodready settings: bare applies no class of django_prodready.settings, which would say what"
                " it reads: end it with Settings.apply(globals()).\n"
            )

    def test_the_settings_fail_before_it(self, python, tmp_path):
        (tmp_path / "early.py").write_text("import no_such_module\n")
        for arguments in (["--env-template"], ["--env-check"]):
            ended = python("--settings", "early", *arguments, cwd=tmp_path)
            assert (ended.returncode, ended.stdout) == (2, "")
            assert ended.stderr == (
                "prodready settings: The settings cannot be loaded. ModuleNotFoundError: No module named"
                " 'no_such_module'\n"
            )


class TestSecretKey:
    def test_it_is_fresh_and_good(self, prodsettings):
        keys = [prodsettings("--secret-key")[1].removesuffix("\n") for _ in range(20)]
        assert len(set(keys)) == 20
        for key in keys:
            assert re.fullmatch(r"[A-Za-z0-9]{64}", key)
            assert secret_key(key) == key
            assert env_file.parse(f"SECRET_KEY={key}").values == {"SECRET_KEY": key}

    def test_it_needs_no_settings(self, python, tmp_path):
        ended = python("--secret-key", cwd=tmp_path)
        assert (ended.returncode, ended.stderr, len(ended.stdout)) == (0, "", 65)
        (tmp_path / "broken.py").write_text("raise RuntimeError\n")
        assert python("--secret-key", "--settings", "broken", cwd=tmp_path).returncode == 0
