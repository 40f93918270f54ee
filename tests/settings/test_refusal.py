"""What an operator sees when the environment is wrong: one message, every variable, no piece of a value."""

import re

import pytest
from prodready_fresh_site import start_project

PRODUCTION = """
from .base import *
from django_prodready.settings import Postgres, Production, WhiteNoise


class Settings(Postgres, WhiteNoise, Production):
    pass


Settings.apply(globals())
"""
PASSWORD = "p@ss#w/rd"
WRONG = {"SECURE_SSL_REDIRECT": "ture", "DATABASE_URL": f"postgres://u:{PASSWORD}@h:5432/db"}
STARTS = {
    "check": ["manage.py", "check"],
    "prodcheck": ["manage.py", "prodcheck"],
    "prodready check": ["-m", "django_prodready", "check"],
    "WSGI": ["-c", "import mysite.wsgi"],
    "ASGI": ["-c", "import mysite.asgi"],
    "WSGI, named as a build": ["-c", "import mysite.wsgi", "collectstatic"],
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return start_project(tmp_path_factory.mktemp("refused"), PRODUCTION)


def started(project, how, **environ):
    """Start the project one way under an environment of nothing else; return exit code and all output."""
    project.environment = {"DJANGO_SETTINGS_MODULE": "mysite.settings.production", **environ}
    done = project.run(*STARTS[how], check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("how", STARTS)
def test_every_variable_is_named_and_no_piece_of_the_password_shown(project, how):
    code, said = started(project, how, **WRONG)

    assert code == (2 if how == "prodready check" else 1)
    for variable in ("ALLOWED_HOSTS", "DATABASE_URL", "SECRET_KEY", "SECURE_SSL_REDIRECT", "STATIC_ROOT"):
        assert variable in said
    assert re.search(r"\bture\b", said) is None
    pieces = {PASSWORD[start : start + 3] for start in range(len(PASSWORD) - 2)}
    assert [piece for piece in sorted(pieces) if piece in said] == []


def test_the_message_comes_once(project):
    _, said = started(project, "check", **WRONG)

    assert said.count("5 problems with the settings") == 1


@pytest.mark.parametrize("how", STARTS)
def test_nothing_is_served_on_the_build_s_placeholders(project, how):
    code, said = started(project, how, PRODREADY_BUILD="1")

    assert code in {1, 2}
    unset = "Unset PRODREADY_BUILD where anything but collectstatic or compilemessages runs."
    refused = "PRODREADY_BUILD is for collectstatic and compilemessages alone"
    assert (unset if how == "prodready check" else refused) in " ".join(said.split())
