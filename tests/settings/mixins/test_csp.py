"""Csp: Django's own where it has one, django-csp elsewhere; reported first, enforced when told."""

import importlib.util

import pytest
from configurations import importer
from configurations.utils import uppercase_attributes
from csp.constants import NONCE
from django.conf import global_settings

from django_prodready.settings.middleware_order import CSP, DJANGO_CSP, SECURITY
from django_prodready.settings.mixins.csp import Csp

TEMPLATES = "django.template.backends.django.DjangoTemplates"
ENGINE = {"BACKEND": TEMPLATES, "OPTIONS": {"context_processors": ["shop.context.basket"]}}
JINJA = {"BACKEND": "django.template.backends.jinja2.Jinja2"}
MODULE = {"MIDDLEWARE": [SECURITY], "TEMPLATES": [ENGINE, JINJA]}
SENTINEL = "<CSP_NONCE_SENTINEL>"
DIRECTIVES = {
    "default-src": ["'self'"],
    "script-src": ["'self'", NONCE],
    "style-src": ["'self'", NONCE],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}


@pytest.fixture
def _older(monkeypatch):
    """A Django without a policy of its own."""
    monkeypatch.delattr(global_settings, "SECURE_CSP", raising=False)


@pytest.mark.skipif(not hasattr(global_settings, "SECURE_CSP"), reason="Django 6.0 and newer have it")
class TestDjangoSOwn:
    @pytest.mark.parametrize(
        ("is_enforced", "name"), [(False, "SECURE_CSP_REPORT_ONLY"), (True, "SECURE_CSP")]
    )
    def test_it_is_reported_until_it_is_enforced(self, applied, is_enforced, name):
        found = applied(Csp, module=MODULE, CSP_ENFORCE=is_enforced)

        assert [setting for setting in found if "CSP" in setting] == [name]
        assert found[name]["script-src"] == ["'self'", SENTINEL]
        assert found[name].keys() == DIRECTIVES.keys()
        assert found["MIDDLEWARE"] == [SECURITY, CSP]
        assert found["TEMPLATES"][0]["OPTIONS"]["context_processors"] == [
            "shop.context.basket",
            "django.template.context_processors.csp",
        ]

    def test_two_policies_are_refused(self, problems):
        [(name, rule)] = problems(Csp, module={**MODULE, "MIDDLEWARE": [SECURITY, DJANGO_CSP]})

        assert name == "MIDDLEWARE"
        assert DJANGO_CSP in rule


@pytest.mark.usefixtures("_older")
class TestDjangoCsp:
    @pytest.mark.parametrize(
        ("is_enforced", "name"),
        [(False, "CONTENT_SECURITY_POLICY_REPORT_ONLY"), (True, "CONTENT_SECURITY_POLICY")],
    )
    def test_it_is_reported_until_it_is_enforced(self, applied, is_enforced, name):
        found = applied(Csp, module=MODULE, CSP_ENFORCE=is_enforced)

        assert found[name] == {"DIRECTIVES": DIRECTIVES}
        assert found["MIDDLEWARE"] == [SECURITY, DJANGO_CSP]
        assert "csp" in found["INSTALLED_APPS"]
        assert found["TEMPLATES"][0]["OPTIONS"]["context_processors"] == [
            "shop.context.basket",
            "csp.context_processors.nonce",
        ]

    def test_what_the_project_excludes_stays(self, applied):
        own = {"EXCLUDE_URL_PREFIXES": ["/admin/"], "DIRECTIVES": {"default-src": ["*"]}}

        found = applied(Csp, module={**MODULE, "CONTENT_SECURITY_POLICY": own}, CSP_ENFORCE=True)

        assert found["CONTENT_SECURITY_POLICY"] == {
            "EXCLUDE_URL_PREFIXES": ["/admin/"],
            "DIRECTIVES": DIRECTIVES,
        }

    def test_without_the_package_the_extra_is_named(self, problems, monkeypatch):
        find = importlib.util.find_spec
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "csp" else find(name))

        assert problems(Csp, module=MODULE) == [
            ("Csp", "needs the package csp: pip install 'django-prodready[csp]'")
        ]


@pytest.fixture
def policy(applied, _older):
    """The directives that a class and an environment make."""

    def make(environ=None, **attributes):
        found = applied(Csp, module=MODULE, environ=environ, **attributes)
        return found["CONTENT_SECURITY_POLICY_REPORT_ONLY"]["DIRECTIVES"]

    return make


class TestPolicies:
    @pytest.mark.parametrize(
        ("directive", "sources"),
        [
            ("img-src", ["'self'", "data:", "https://cdn.example"]),
            ("object-src", ["https://cdn.example"]),
            ("frame-ancestors", ["https://cdn.example"]),
            ("font-src", ["'self'", "https://cdn.example"]),
            ("script-src-elem", ["'self'", NONCE, "https://cdn.example"]),
            ("worker-src", ["'self'", NONCE, "https://cdn.example"]),
            ("frame-src", ["'self'", "https://cdn.example"]),
            ("connect-src", ["'self'", "https://cdn.example"]),
        ],
    )
    def test_sources_are_added_to_what_holds(self, policy, directive, sources):
        assert policy(CSP_SOURCES={directive: ["https://cdn.example"]})[directive] == sources

    def test_what_falls_back_to_nothing_gets_its_sources_alone(self, policy):
        found = policy(
            CSP_POLICY={"default-src": ["'self'"]}, CSP_SOURCES={"form-action": ["https://pay.example"]}
        )

        assert found == {"default-src": ["'self'"], "form-action": ["https://pay.example"]}

    def test_a_source_is_there_once(self, policy):
        assert policy(CSP_SOURCES={"img-src": ["data:"]}) == DIRECTIVES

    def test_none_stays_where_nothing_is_added(self, policy):
        assert policy(CSP_SOURCES={"object-src": ["'none'"]}) == DIRECTIVES

    @pytest.mark.parametrize("uri", ["https://reports.example/csp?key=1", "/csp-reports/"])
    def test_reports(self, policy, uri):
        assert policy(environ={"CSP_REPORT_URI": uri})["report-uri"] == [uri]

    @pytest.mark.parametrize(
        "uri", ["//reports.example", "reports", "https://a.example/;script-src *", "/a,b", "ftp://a.example"]
    )
    def test_what_is_no_place_for_reports_is_refused(self, problems, uri):
        assert [name for name, _ in problems(Csp, module=MODULE, environ={"CSP_REPORT_URI": uri})] == [
            "CSP_REPORT_URI"
        ]

    @pytest.mark.parametrize("name", ["CSP_POLICY", "CSP_SOURCES"])
    def test_a_string_of_sources_is_refused(self, problems, name):
        found = problems(Csp, module=MODULE, **{name: {"img-src": "https://cdn.example"}})

        assert found == [(name, "expected a list of sources for img-src")]


def test_the_address_of_reports_hides_no_policy(applied):
    from django_prodready.settings import records

    applied(Csp, module=MODULE, environ={"CSP_REPORT_URI": "/csp/"})

    origins = records.latest().origins
    assert not any(
        origin.is_secret for name, origin in origins.items() if "SECURITY_POLICY" in name or "CSP" in name
    )


def test_engines_that_know_no_processors_are_left_alone(applied):
    found = applied(Csp, module={**MODULE, "TEMPLATES": [JINJA]})

    assert found["TEMPLATES"] == [JINJA]


def test_again_is_once(applied):
    once = applied(Csp, module=MODULE)

    assert applied(Csp, module=once) == once


def test_django_configurations_has_the_same(applied, monkeypatch):
    monkeypatch.setattr(importer, "installed", True)
    from configurations import Configuration

    cls = type("Prod", (Csp, type("Base", (Configuration,), dict(MODULE))), {"CSP_ENFORCE": True})
    cls.setup()

    found = uppercase_attributes(cls())
    plain = applied(Csp, module=MODULE, CSP_ENFORCE=True)
    assert {name: found.get(name, getattr(global_settings, name, None)) for name in plain} == plain
    assert "CSP_POLICY" not in found
