import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(*hosts, **kwargs):
    settings = {"ALLOWED_HOSTS": list(hosts), **kwargs.pop("settings", {})}
    return run_check("hosts.local-only", settings=settings, **kwargs)


@pytest.mark.parametrize(
    "hosts",
    [
        ["localhost"],
        ["LOCALHOST", "127.0.0.1"],
        ["127.0.0.1", "[::1]"],
        [".localhost"],
        ["app.localhost"],
        ["0.0.0.0", "[::]"],
        ["127.0.1.1"],
        ["localhost", ""],
        [" localhost", "testserver"],
    ],
)
def test_fires(hosts):
    (finding,) = judge(*hosts).findings
    assert finding.severity is Severity.WARNING
    assert "400" in finding.message


def test_names_the_hosts():
    (finding,) = judge("localhost", "127.0.0.1").findings
    assert finding.message == (
        "ALLOWED_HOSTS names this machine only (localhost, 127.0.0.1): "
        "a request for the site's own domain gets 400."
    )


@pytest.mark.parametrize(
    "hosts",
    [
        ["localhost", "example.org"],
        ["*"],
        ["localhost", "*"],
        [".example.org"],
        ["web"],
        ["django", "localhost"],
        ["10.0.0.7"],
        ["192.168.1.10"],
        ["[fd00::7]"],
        ["host.docker.internal"],
        ["localhost.example.org"],
        ["notlocalhost"],
        ["localhost", " example.org"],
    ],
)
def test_is_silent(hosts):
    assert judge(*hosts).outcome is Outcome.PASS


@pytest.mark.parametrize("hosts", [[], [""], [None]])
def test_is_not_applicable_without_hosts(hosts):
    assert judge(*hosts).outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_when_the_proxy_pins_the_host():
    result = judge("localhost", settings={"PRODREADY": {"FACTS": {"host_pinned": True}}})
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_when_networks_are_allowed():
    files = {
        "allow_cidr/__init__.py": "",
        "allow_cidr/middleware.py": "class AllowCIDRMiddleware:\n    pass\n",
    }
    settings = {
        "MIDDLEWARE": ["allow_cidr.middleware.AllowCIDRMiddleware"],
        "ALLOWED_CIDR_NETS": ["10.0.0.0/8"],
    }
    assert judge("localhost", files=files, settings=settings).outcome is Outcome.NOT_APPLICABLE
    settings["ALLOWED_CIDR_NETS"] = None
    assert judge("localhost", files=files, settings=settings).outcome is Outcome.FAIL


def test_says_where():
    files = {"conf.py": 'DEBUG = False\nALLOWED_HOSTS = ["localhost"]\n'}
    (finding,) = judge("localhost", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
