"""Proxy: who is believed, for each kind of proxy, and what must be named for it."""

import pytest

from django_prodready.settings import Proxy
from django_prodready.settings.middleware_order import REAL_IP

HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
NAMED = {"TRUSTED_PROXIES": "10.0.1.5, 10.0.2.0/24"}
OWN = ["nginx", "traefik", "cloudflare+traefik"]


def test_without_a_proxy_nothing_is_believed(applied):
    module = {"SECURE_PROXY_SSL_HEADER": HEADER}

    found = applied(Proxy, environ=NAMED, module=module)

    assert found == {
        "INSTALLED_APPS": ["django_prodready"],
        "SECURE_PROXY_SSL_HEADER": None,
        "USE_X_FORWARDED_HOST": False,
        "USE_X_FORWARDED_PORT": False,
    }


@pytest.mark.parametrize("kind", OWN)
def test_proxies_of_our_own_are_named(applied, kind):
    found = applied(Proxy, environ=NAMED, PROXY=kind)

    assert found["SECURE_PROXY_SSL_HEADER"] == HEADER
    assert found["MIDDLEWARE"] == [REAL_IP]
    assert found["PRODREADY"] == {
        "CLOUDFLARE": "cloudflare" in kind,
        "TRUSTED_PROXIES": ["10.0.1.5", "10.0.2.0/24"],
        "FACTS": {"tls": "proxy"},
    }


@pytest.mark.parametrize("kind", OWN)
def test_without_a_name_they_are_missing(problems, kind):
    assert problems(Proxy, PROXY=kind) == [("TRUSTED_PROXIES", "required, not set")]


def test_the_project_s_own_list_serves(applied):
    found = applied(Proxy, PROXY="nginx", module={"PRODREADY": {"TRUSTED_PROXIES": ["10.9.0.1"]}})

    assert found["PRODREADY"]["TRUSTED_PROXIES"] == ["10.9.0.1"]


def test_a_unix_socket_needs_no_address(applied):
    found = applied(Proxy, PROXY="nginx", environ={"TRUST_UNIX_SOCKET": "1"})

    assert found["PRODREADY"] == {
        "CLOUDFLARE": False,
        "TRUST_UNIX_SOCKET": True,
        "FACTS": {"tls": "proxy"},
    }


def test_cloudflare_s_own_edges_need_no_name(applied):
    found = applied(Proxy, PROXY="cloudflare", environ={"CLOUDFLARE_SECRETS": "abc1234,def5678"})

    assert found["PRODREADY"] == {
        "CLOUDFLARE": True,
        "CLOUDFLARE_SECRETS": ["abc1234", "def5678"],
        "FACTS": {"tls": "proxy"},
    }


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0", "10.0.0.1/8", "proxy.example", "10.0.0", "*"])
def test_networks_that_are_everybody_or_none(problems, text):
    [(variable, rule), *_] = problems(Proxy, PROXY="nginx", environ={"TRUSTED_PROXIES": text})

    assert variable == "TRUSTED_PROXIES"
    assert "expected" in rule


def test_the_facts_of_the_project_stay(applied):
    facts = {"tls": "app", "replicas": 2}

    found = applied(Proxy, PROXY="nginx", environ=NAMED, module={"PRODREADY": {"FACTS": facts}})

    assert found["PRODREADY"]["FACTS"] == facts
