import pytest

from django_prodready.audit import Case
from django_prodready.audit.facts.own_middleware import host_validator, sets_cookie_alone
from django_prodready.audit.testing import project

SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
ARGUMENTS = (SESSION, "process_response", "SESSION_COOKIE_SECURE")
COMPILED = (
    "from django.contrib.sessions.middleware import SessionMiddleware\n"
    "exec('''class Compiled(SessionMiddleware):\n"
    "    def process_response(self, request, response):\n"
    '        response.set_cookie("sid", "x", secure=True)\n\'\'\')\n'
)


@pytest.mark.parametrize("middleware", [[], [SESSION], ["compiled.Compiled"]])
def test_without_own_source(middleware):
    case = Case(settings={"MIDDLEWARE": middleware}, files={"compiled.py": COMPILED})
    with project(case) as facts:
        assert host_validator(facts) is None
        assert sets_cookie_alone(facts, *ARGUMENTS) is None


def test_a_path_that_is_listed_and_does_not_import_as_a_class():
    files = {"made.py": "from functools import partial\n\nmiddleware = partial(print)\n"}
    with project(Case(settings={"MIDDLEWARE": ["made.middleware"]}, files=files)) as facts:
        assert sets_cookie_alone(facts, "made.middleware", *ARGUMENTS[1:]) is None
        assert host_validator(facts) is None
