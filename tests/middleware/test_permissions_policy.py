"""The header Permissions-Policy, and what `manage.py check` says of the setting behind it."""

import asyncio
import logging

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpResponse
from django.test import AsyncClient, Client, RequestFactory
from django.urls import path

from django_prodready.middleware import PermissionsPolicyMiddleware
from django_prodready.middleware.permissions_policy import header_value
from django_prodready.middleware.system_checks import check_permissions_policy

OURS = "django_prodready.middleware.PermissionsPolicyMiddleware"
HEADER = "Permissions-Policy"


def page(request):
    return HttpResponse("a page")


async def own(request):
    return HttpResponse("a page", headers={HEADER: "camera=(self)"})


urlpatterns = [path("", page), path("own/", own)]


class Derived(PermissionsPolicyMiddleware):
    """A project's own subclass."""


@pytest.fixture(autouse=True)
def site(settings):
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["*"]
    settings.MIDDLEWARE = [OURS]
    settings.PERMISSIONS_POLICY = {"camera": []}
    return settings


def get(url):
    return Client().get(url)


def get_async(url):
    return asyncio.run(AsyncClient().get(url))


both = pytest.mark.parametrize("ask", [get, get_async])


@both
def test_each_response_has_the_header(ask):
    assert ask("/").headers[HEADER] == "camera=()"
    assert ask("/nowhere/").headers[HEADER] == "camera=()"


@both
def test_a_views_own_header_stays(ask):
    assert ask("/own/").headers[HEADER] == "camera=(self)"


@both
@pytest.mark.parametrize("policy", [{}, None])
def test_without_a_policy_there_is_no_header(ask, settings, policy):
    settings.PERMISSIONS_POLICY = policy
    assert HEADER not in ask("/").headers


def test_without_the_setting_there_is_no_header(settings):
    del settings.PERMISSIONS_POLICY
    assert HEADER not in get("/").headers


@pytest.mark.parametrize(
    ("policy", "value"),
    [
        ({"camera": ()}, "camera=()"),
        ({"camera": "none"}, "camera=()"),
        ({"camera": ["none"]}, "camera=()"),
        ({"camera": "self"}, "camera=(self)"),
        ({"camera": "*"}, "camera=(*)"),
        ({"usb": [], "camera": ("self", "https://a.example")}, 'camera=(self "https://a.example"), usb=()'),
        ({"a": "https://*.example.org:8443"}, 'a=("https://*.example.org:8443")'),
        ({"a": "http://[::1]:8000"}, 'a=("http://[::1]:8000")'),
        ({"screen-wake-lock": "self"}, "screen-wake-lock=(self)"),
    ],
)
def test_the_value_is_spelled_as_the_standard_has_it(settings, policy, value):
    settings.PERMISSIONS_POLICY = policy
    assert get("/").headers[HEADER] == value
    assert check_permissions_policy() == []


def test_the_value_is_built_once_and_again_when_the_setting_changes(settings):
    assert header_value() is header_value()
    before = header_value()
    settings.USE_TZ = False
    assert header_value() is before
    settings.PERMISSIONS_POLICY = {"usb": []}
    assert header_value() == "usb=()"


TYPES = "Set {} to [] for nobody, or to 'self', '*' or origins."
ORIGIN = "Write an origin in {} as 'https://www.example.org': with a scheme, without a path."
WRONG = [
    (
        ["camera"],
        "",
        (
            "must be a dict, not list.",
            "Set PERMISSIONS_POLICY to a dict such as {'camera': []}, or remove it.",
        ),
    ),
    (
        {"Camera": [], "usb": []},
        "usb=()",
        (
            " has the key 'Camera', which can be no feature's name.",
            "Write the key of PERMISSIONS_POLICY as browsers do, in small letters: 'screen-wake-lock'.",
        ),
    ),
    (
        {5: []},
        "",
        (
            " has the key 5, which can be no feature's name.",
            "Write the key of PERMISSIONS_POLICY as browsers do, in small letters: 'screen-wake-lock'.",
        ),
    ),
    ({"usb": None}, "usb=()", ("['usb'] must be a string, or a list or tuple of them, not NoneType.", TYPES)),
    ({"usb": {"self"}}, "usb=()", ("['usb'] must be a string, or a list or tuple of them, not set.", TYPES)),
    *(
        (
            {"usb": ["self", item]},
            "usb=(self)",
            (f"['usb'] holds {item!r}, which is neither 'self', '*', 'none' nor an origin.", ORIGIN),
        )
        for item in (
            *(
                "'self'",
                "www.example.org",
                "https://a.example/path",
                'https://a.example"',
                "https://a\r\nX: y",
            ),
            *("Self", "", 5, None, "https://a.example b", "https://a.example\n", "https://ä.example"),
        )
    ),
]


@pytest.mark.parametrize(("policy", "value", "said"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_shape_is_an_error_and_does_no_harm(settings, caplog, policy, value, said):
    settings.PERMISSIONS_POLICY = policy
    (error,) = check_permissions_policy()
    message, hint = said
    assert error.msg == f"PERMISSIONS_POLICY{'' if message[0] in ' [' else ' '}{message}"
    assert error.hint == hint.format("PERMISSIONS_POLICY['usb']") if "{}" in hint else hint
    assert (error.id, error.level) == ("django_prodready.E016", logging.ERROR)
    caplog.clear()
    for _ in range(2):
        assert get("/").headers.get(HEADER, "") == value
    assert [record.getMessage() for record in caplog.records] == [f"{error.msg} It is ignored. {error.hint}"]


@pytest.mark.parametrize(
    ("middleware", "is_said"),
    [
        ([OURS], True),
        ([f"{__name__}.Derived"], True),
        (["nowhere.Middleware", OURS], True),
        (["nowhere.Middleware", "django.middleware.common.CommonMiddleware", f"{__name__}.page"], False),
        ([], False),
        (None, False),
    ],
)
def test_it_is_said_where_ours_reads_the_setting(settings, monkeypatch, middleware, is_said):
    import sys
    import types

    module = types.ModuleType(__name__)
    module.Derived, module.page = Derived, page
    monkeypatch.setitem(sys.modules, __name__, module)
    settings.MIDDLEWARE = middleware
    settings.PERMISSIONS_POLICY = {"Camera": []}
    assert bool(check_permissions_policy()) is is_said


def test_manage_py_check_says_it(settings):
    settings.PERMISSIONS_POLICY = {"usb": "'self'"}
    with pytest.raises(SystemCheckError, match=r"django_prodready\.E016"):
        call_command("check")


def test_it_is_logged_when_it_is_loaded(settings, caplog):
    settings.PERMISSIONS_POLICY = {"usb": 5}
    PermissionsPolicyMiddleware(page)(RequestFactory().get("/"))
    assert len(caplog.records) == 1
