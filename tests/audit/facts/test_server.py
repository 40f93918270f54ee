import pytest

from django_prodready.audit.facts.server import why_not_persistent
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project


def why(**case):
    with project(Case(**case)) as facts:
        return why_not_persistent(facts)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ({"files": {"Procfile": "web: daphne shop.asgi:application"}}, "Procfile names an ASGI server"),
        ({"files": {"run.sh": "gunicorn -k eventlet shop.wsgi"}}, "run.sh names workers"),
        ({"files": {"vercel.json": "{}"}}, "vercel.json deploys"),
        ({"environ": {"VERCEL": "1"}}, "VERCEL is set"),
    ],
)
def test_says_what_it_saw(case, reason):
    assert reason in why(**case)


def test_sees_nothing_in_a_bare_project():
    assert why() is None
