import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

OURS = "django_prodready.middleware.CloudflareRealIPMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
OWN = """
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse

def strips(get_response):
    def middleware(request):
        request.META.pop("HTTP_X_FORWARDED_HOST", None)
        return get_response(request)
    return middleware

def fails(get_response):
    def middleware(request):
        raise RuntimeError("no database")
    return middleware

def closed(get_response):
    return lambda request: HttpResponse(status=503)

def rewrites(get_response):
    def middleware(request):
        request.path_info = "/en" + request.path_info
        return get_response(request)
    return middleware

class Validates:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "example.org" not in request.get_host():
            raise DisallowedHost("no such site")
        return self.get_response(request)

class Broken:
    def __init__(self, get_response):
        raise RuntimeError
"""
ASGI = """
from django.core.asgi import get_asgi_application
from django_prodready.asgi import with_client_address

application = with_client_address(get_asgi_application())
"""


def judge(*, files=None, settings_module=None, prodready=None, **settings):
    return run_check(
        "proxy.x-forwarded-host",
        settings={"USE_X_FORWARDED_HOST": True, "PRODREADY": prodready or {}, **settings},
        files={"forwarded_host_middleware.py": OWN, **(files or {})},
        settings_module=settings_module,
    )


def test_fires_where_nothing_removes_the_header():
    (finding,) = judge(ALLOWED_HOSTS=["*"]).findings
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        "USE_X_FORWARDED_HOST is on, and nothing is seen to overwrite X-Forwarded-Host or to remove it:"
        " a visitor chooses the host that Django builds links and redirects with"
        " (any: ALLOWED_HOSTS accepts every host)."
    )
    assert "PRODREADY['TRUSTED_PROXIES']" in finding.hint


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        ({"ALLOWED_HOSTS": ["*"]}, Severity.WARNING),
        ({"ALLOWED_HOSTS": ["www.example.org", "*"]}, Severity.WARNING),
        ({"ALLOWED_HOSTS": ["www.example.org"]}, Severity.INFO),
        ({"ALLOWED_HOSTS": [".example.org"]}, Severity.INFO),
        (
            {"ALLOWED_HOSTS": ["*"], "MIDDLEWARE": ["forwarded_host_middleware.Validates"]},
            Severity.INFO,
        ),
    ],
    ids=str,
)
def test_what_limits_the_host_makes_it_a_hint(settings, severity):
    (finding,) = judge(**settings).findings
    assert finding.severity is severity


@pytest.mark.parametrize(
    "prodready",
    [
        {"CLOUDFLARE": True},
        {"CLOUDFLARED": ["10.0.0.2"]},
        {"CLOUDFLARE": True, "CLOUDFLARE_ONLY": True, "CLOUDFLARE_SECRETS": ["s" * 40]},
        {"CLOUDFLARE": True, "TRUSTED_PROXIES": ["0.0.0.0/0"]},
    ],
    ids=str,
)
def test_cloudflare_alone_passes_on_what_a_visitor_sends(prodready):
    (finding,) = judge(MIDDLEWARE=[OURS, COMMON], prodready=prodready).findings
    assert "Cloudflare, all that PRODREADY trusts, hands X-Forwarded-Host on" in finding.message


@pytest.mark.parametrize(
    "prodready",
    [
        {},
        {"TRUSTED_PROXIES": ["10.0.0.2"]},
        {"TRUST_UNIX_SOCKET": True},
        {"CLOUDFLARE": True, "TRUSTED_PROXIES": ["10.0.0.2", "nonsense"]},
        {"CLOUDFLARED": ["10.0.0.3"], "TRUST_UNIX_SOCKET": True},
    ],
    ids=str,
)
def test_is_silent_where_only_proxies_of_ones_own_are_believed(prodready):
    assert judge(MIDDLEWARE=[OURS, COMMON], prodready=prodready, ALLOWED_HOSTS=["*"]).outcome is Outcome.PASS


def test_the_wrapper_of_the_asgi_application_does_the_same():
    files = {"shop_site/__init__.py": "", "shop_site/asgi.py": ASGI}
    settings = {"ASGI_APPLICATION": "shop_site.asgi.application"}
    assert judge(files=files, **settings).outcome is Outcome.PASS
    assert judge(files=files, prodready={"CLOUDFLARE": True}, **settings).outcome is Outcome.FAIL


@pytest.mark.parametrize("settings", [{"USE_X_FORWARDED_HOST": False}, {"USE_X_FORWARDED_HOST": None}])
def test_is_not_applicable_when_it_is_off(settings):
    assert judge(ALLOWED_HOSTS=["*"], **settings).outcome is Outcome.NOT_APPLICABLE


def test_is_silent_where_the_projects_own_middleware_removes_the_header():
    middleware = ["forwarded_host_middleware.strips", COMMON]
    assert judge(MIDDLEWARE=middleware, ALLOWED_HOSTS=["*"]).outcome is Outcome.PASS
    assert judge(MIDDLEWARE=middleware).outcome is Outcome.PASS


def test_a_redirect_to_https_is_not_in_the_way():
    settings = {"SECURE_SSL_REDIRECT": True, "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}
    assert judge(**settings).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("before", "outcome"),
    [([COMMON], Outcome.FAIL), (["forwarded_host_middleware.strips", COMMON], Outcome.PASS)],
    ids=["heard", "removed"],
)
def test_a_middleware_that_fails_without_its_database_hides_nothing(before, outcome):
    assert judge(MIDDLEWARE=[*before, "forwarded_host_middleware.fails"]).outcome is outcome


@pytest.mark.parametrize(
    ("middleware", "reason"),
    [
        ("fails", "fails without its database"),
        ("closed", "a middleware answers it"),
        ("rewrites", "a middleware answers it"),
        ("Broken", "could not be built"),
        ("no_such", "could not be built"),
    ],
)
def test_is_not_run_when_it_cannot_be_seen(middleware, reason):
    result = judge(MIDDLEWARE=[f"forwarded_host_middleware.{middleware}"])
    assert result.outcome is Outcome.NOT_RUN
    assert reason in result.reason


def test_is_not_run_where_every_host_is_refused():
    assert judge(ALLOWED_HOSTS=[]).outcome is Outcome.NOT_RUN
    assert judge(ALLOWED_HOSTS=[], MIDDLEWARE=[]).outcome is Outcome.FAIL


NGINX = "location / {{\n  {line};\n  proxy_pass http://app;\n}}\n"
LABELS = "services:\n  web:\n    labels:\n      - traefik.http.routers.web.rule=Host(`example.org`)\n"
INGRESS = "kind: Ingress\nspec:\n  ingressClassName: nginx\n  rules: []\n"


@pytest.mark.parametrize(
    ("case", "count"),
    [
        ({"deploy/nginx.conf": NGINX.format(line="proxy_set_header X-Forwarded-Host $host")}, 0),
        ({"nginx/site.conf": NGINX.format(line='proxy_set_header X-Forwarded-Host "www.example.org"')}, 0),
        ({"nginx.conf": NGINX.format(line="proxy_set_header x-forwarded-host $http_host")}, 0),
        ({"httpd.conf": 'RequestHeader set X-Forwarded-Host "www.example.org"\n'}, 0),
        ({"haproxy.cfg": "  http-request set-header X-Forwarded-Host %[req.hdr(Host)]\n"}, 0),
        ({"Caddyfile": "www.example.org {\n  reverse_proxy web:8000\n}\n"}, 0),
        ({"compose.yml": LABELS}, 0),
        ({"k8s/ingress.yaml": INGRESS}, 0),
        ({"nginx.conf": NGINX.format(line="proxy_set_header Host $host")}, 1),
        ({"nginx.conf": NGINX.format(line="# proxy_set_header X-Forwarded-Host $host")}, 1),
        ({"nginx.conf": NGINX.format(line="proxy_set_header X-Forwarded-Host $http_x_forwarded_host")}, 1),
        ({"nginx.conf": NGINX.format(line="proxy_set_header X-Forwarded-Host-Name $host")}, 1),
        ({"docs/nginx.conf": NGINX.format(line="proxy_set_header X-Forwarded-Host $host")}, 1),
        ({"haproxy.cfg": "  http-request set-header X-Forwarded-Host %[req.hdr(X-Forwarded-Host)]\n"}, 1),
        ({"Caddyfile": "example.org {\n reverse_proxy web:8000 {\n trusted_proxies 10.0.0.0/8\n}\n}\n"}, 1),
        ({"Caddyfile": "www.example.org {\n  root * /srv\n}\n"}, 1),
        ({"compose.yml": LABELS, "traefik.yml": "forwardedHeaders:\n  insecure: true\n"}, 1),
        ({"compose.yml": LABELS + "      - --entrypoints.web.forwardedHeaders.trustedIPs=10.0.0.0/8\n"}, 1),
        ({"ingress.yaml": INGRESS, "config.yaml": 'data:\n  use-forwarded-headers: "true"\n'}, 1),
        ({"ingress.yaml": "kind: Ingress\nspec:\n  ingressClassName: gce\n"}, 1),
    ],
)  # fmt: skip
def test_what_files_say_of_the_proxy(case, count):
    assert len(judge(files=case).findings) == count


@pytest.mark.parametrize(
    ("platform", "count"), [("Coolify", 0), ("dokploy", 0), ("heroku", 1), ("fly.io", 1)]
)
def test_what_the_declared_platform_says(platform, count):
    assert len(judge(prodready={"FACTS": {"platform": platform}}).findings) == count


def test_says_where():
    files = {"conf.py": "\nUSE_X_FORWARDED_HOST = True\n"}
    (finding,) = judge(files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
