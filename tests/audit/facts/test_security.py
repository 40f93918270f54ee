import re

import pytest

from django_prodready.audit.facts.security import exemptions, has_middleware, redirects, require_middleware
from django_prodready.audit.model import Case, NotApplicable, NotRun
from django_prodready.audit.testing import project

SECURITY = "django.middleware.security.SecurityMiddleware"
SUBCLASS = "from django.middleware.security import SecurityMiddleware\nclass Own(SecurityMiddleware): pass\n"


def ask(question, files=None, **settings):
    with project(Case(settings=settings, files=files or {})) as facts:
        return question(facts)


def test_middleware_is_found_by_class():
    assert ask(has_middleware)
    assert ask(has_middleware, files={"own_security.py": SUBCLASS}, MIDDLEWARE=["own_security.Own"])
    assert not ask(has_middleware, MIDDLEWARE=["django.middleware.common.CommonMiddleware"])


def test_middleware_is_unknown_where_one_cannot_be_imported():
    with pytest.raises(NotRun, match="missing_module"):
        ask(has_middleware, MIDDLEWARE=["missing_module.Middleware"])
    assert ask(has_middleware, MIDDLEWARE=["missing_module.Middleware", SECURITY])


def test_middleware_is_required():
    ask(require_middleware)
    with pytest.raises(NotApplicable, match="SecurityMiddleware"):
        ask(require_middleware, MIDDLEWARE=[])


def test_redirects():
    assert ask(redirects, SECURE_SSL_REDIRECT=True)
    assert not ask(redirects, SECURE_SSL_REDIRECT=False)
    assert not ask(redirects, SECURE_SSL_REDIRECT=True, MIDDLEWARE=[])


def test_exemptions():
    entries = [r"^a/$", re.compile("^b/$", re.IGNORECASE), "*c", 7, re.compile(b"^d/$")]
    found = ask(lambda facts: list(exemptions(facts)), SECURE_REDIRECT_EXEMPT=entries)
    assert [entry.text for entry in found] == ["^a/$", "^b/$", "*c", "7", "b'^d/$'"]
    assert [entry.pattern is None for entry in found] == [False, False, True, True, True]
    assert found[1].pattern.search("B/")
    assert "nothing to repeat" in found[2].problem
    assert found[3].problem == "it is int, not str"


def test_a_string_is_no_list_of_exemptions():
    assert ask(lambda facts: list(exemptions(facts)), SECURE_REDIRECT_EXEMPT="^health/$") == []
