"""The classes behind MIDDLEWARE."""

from django.middleware.security import SecurityMiddleware

from django_prodready.audit.facts.middleware import Middleware

SECURITY = "django.middleware.security.SecurityMiddleware"


class Subclass(SecurityMiddleware):
    pass


def factory(get_response):
    return get_response


def test_entries_in_order():
    first, second = Middleware((SECURITY, "nowhere.Middleware")).entries
    assert (first.position, first.target, first.error) == (0, SecurityMiddleware, None)
    assert (second.position, second.target) == (1, None)
    assert isinstance(second.error, ModuleNotFoundError)


def test_finds_by_name():
    assert Middleware((SECURITY,)).find(SECURITY).position == 0


def test_finds_a_name_that_cannot_be_imported():
    assert Middleware(("nowhere.Middleware",)).find("nowhere.Middleware").position == 0
    assert Middleware((SECURITY,)).find("nowhere.Middleware") is None


def test_finds_a_subclass(monkeypatch):
    import types

    module = types.ModuleType("acme_middleware")
    module.Subclass, module.factory = Subclass, factory
    monkeypatch.setitem(__import__("sys").modules, "acme_middleware", module)
    stack = Middleware(("acme_middleware.factory", "acme_middleware.Subclass"))
    assert stack.find(SECURITY).position == 1


def test_finds_nothing():
    assert Middleware(()).find(SECURITY) is None
    assert Middleware(("django.middleware.common.CommonMiddleware",)).find(SECURITY) is None
