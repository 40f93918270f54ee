import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

# As django-allow-cidr keeps the project's hosts when it puts "*" in their place.
ALLOW_CIDR = """
ORIG_ALLOWED_HOSTS = {hosts!r}


class AllowCIDRMiddleware:
    pass
"""

# As sites do that have their domains in the database, and as django-tenants is made.
OWN = """
from django.core.exceptions import DisallowedHost


class Domains:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.headers["Host"] not in ():
            raise DisallowedHost("unknown")
        return self.get_response(request)


class Inherits(Domains):
    pass


class Catches:
    def __call__(self, request):
        try:
            return request.get_host()
        except DisallowedHost:
            return None


def factory(get_response):
    def middleware(request):
        if request.path == "/":
            raise DisallowedHost("unknown")
        return get_response(request)

    return middleware


def plain(get_response):
    return get_response


Made = type("Made", (), {"__module__": "builtins"})
"""
TENANTS = "class TenantMainMiddleware:\n    pass\n"
TENANT_MIDDLEWARE = "django_tenants.middleware.main.TenantMainMiddleware"
FILES = {
    "own.py": OWN,
    "django_tenants/__init__.py": "",
    "django_tenants/middleware/__init__.py": "",
    "django_tenants/middleware/main.py": TENANTS,
}


def judge(*hosts, **kwargs):
    settings = {"ALLOWED_HOSTS": list(hosts), **kwargs.pop("settings", {})}
    return run_check("hosts.wildcard", settings=settings, **kwargs)


def judge_with_cidr(kept, networks=("10.0.0.0/8",), middleware="allow_cidr.middleware.AllowCIDRMiddleware"):
    files = {"allow_cidr/__init__.py": "", "allow_cidr/middleware.py": ALLOW_CIDR.format(hosts=kept)}
    return judge("*", files=files, settings={"MIDDLEWARE": [middleware], "ALLOWED_CIDR_NETS": networks})


@pytest.mark.parametrize("hosts", [["*"], ["*", "example.org"], ["example.org", "*"]])
def test_fires(hosts):
    (finding,) = judge(*hosts).findings
    assert finding.severity is Severity.ERROR
    assert finding.subject == "ALLOWED_HOSTS"
    assert "password reset" in finding.message


@pytest.mark.parametrize(
    "hosts", [[], ["example.org"], [".example.org"], ["*.example.org"], [" *"], ["localhost"], [None]]
)
def test_is_silent(hosts):
    assert judge(*hosts).outcome is Outcome.PASS


def test_is_silent_without_a_list():
    assert run_check("hosts.wildcard", settings={"ALLOWED_HOSTS": None}).outcome is Outcome.PASS


def test_is_information_when_the_proxy_pins_the_host():
    (finding,) = judge("*", settings={"PRODREADY": {"FACTS": {"host_pinned": True}}}).findings
    assert finding.severity is Severity.INFO
    assert "leaves it to the proxy (declared)" in finding.message
    (finding,) = judge("*", settings={"PRODREADY": {"FACTS": {"host_pinned": False}}}).findings
    assert finding.severity is Severity.ERROR


def test_is_information_when_django_allow_cidr_wrote_it():
    (finding,) = judge_with_cidr(["example.org"]).findings
    assert finding.severity is Severity.INFO
    assert "leaves it to django-allow-cidr" in finding.message


@pytest.mark.parametrize(
    "arguments",
    [
        {"kept": []},  # it steps aside: the project wrote "*" itself
        {"kept": ["*", "example.org"]},
        {"kept": ["example.org"], "networks": []},
        {"kept": ["example.org"], "middleware": "django.middleware.common.CommonMiddleware"},
    ],
    ids=["not replaced", "kept wildcard", "no networks", "not installed"],
)
def test_fires_when_django_allow_cidr_does_not_validate(arguments):
    (finding,) = judge_with_cidr(**arguments).findings
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize("middleware", ["own.Domains", "own.Inherits", "own.factory", TENANT_MIDDLEWARE])
def test_is_information_when_the_project_validates(middleware):
    (finding,) = judge("*", files=FILES, settings={"MIDDLEWARE": [middleware]}).findings
    assert finding.severity is Severity.INFO
    assert f"leaves it to {middleware}" in finding.message


@pytest.mark.parametrize("middleware", ["own.Catches", "own.plain", "own.Made", "absent_pkg.Domains"])
def test_fires_when_the_middleware_validates_nothing(middleware):
    (finding,) = judge("*", files=FILES, settings={"MIDDLEWARE": [middleware]}).findings
    assert finding.severity is Severity.ERROR


def test_fires_when_unknown_hosts_get_the_public_tenant():
    settings = {"MIDDLEWARE": [TENANT_MIDDLEWARE], "SHOW_PUBLIC_IF_NO_TENANT_FOUND": True}
    (finding,) = judge("*", files=FILES, settings=settings).findings
    assert finding.severity is Severity.ERROR


def test_says_where():
    files = {"conf.py": 'ALLOWED_HOSTS = [\n    "example.org",\n    "*",\n]\n'}
    (finding,) = judge("example.org", "*", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"


def test_says_what_probes_need_instead():
    health = "django_prodready.middleware.HealthMiddleware"
    (without,) = run_check("hosts.wildcard", settings={"ALLOWED_HOSTS": ["*"]}).findings
    (having,) = run_check(
        "hosts.wildcard", settings={"ALLOWED_HOSTS": ["*"], "MIDDLEWARE": [health]}
    ).findings
    assert health in without.hint
    assert having.hint == "Name the site's hosts in ALLOWED_HOSTS."
