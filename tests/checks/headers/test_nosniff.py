import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

SECURITY = "django.middleware.security.SecurityMiddleware"
NAME = "X-Content-Type-Options"
MIDDLEWARE = """
class Headers:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        {line}
        return response
"""


def judge(value, *, files=None, settings_module=None, **settings):
    settings = {"SECURE_CONTENT_TYPE_NOSNIFF": value, **settings}
    return run_check("headers.nosniff", settings=settings, files=files, settings_module=settings_module)


def judge_with_middleware(line):
    files = {"shop/headers.py": MIDDLEWARE.format(line=line)}
    return judge(False, files=files, MIDDLEWARE=[SECURITY, "shop.headers.Headers"])


@pytest.mark.parametrize("value", [False, None, 0, ""])
def test_fires(value):
    (finding,) = judge(value).findings
    assert finding.severity is Severity.WARNING
    assert finding.message.startswith(f"SECURE_CONTENT_TYPE_NOSNIFF is {value!r}: without ")
    assert finding.subject == "SECURE_CONTENT_TYPE_NOSNIFF"


@pytest.mark.parametrize("value", [True, 1])
def test_is_silent(value):
    assert judge(value).outcome is Outcome.PASS


def test_absent_middleware_is_another_checks_business():
    assert judge(False, MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


def test_a_subclass_of_the_middleware_reads_the_setting():
    text = f"from {SECURITY.rpartition('.')[0]} import *\n\nclass Own(SecurityMiddleware): pass\n"
    settings = {"MIDDLEWARE": ["own_security.Own"]}
    assert len(judge(False, files={"own_security.py": text}, **settings).findings) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nginx.conf", "add_header X-Content-Type-Options nosniff always;\n"),
        ("deploy/nginx/site.conf.template", "  add_header x-content-type-options nosniff;\n"),
        ("Caddyfile", 'header {\n  X-Content-Type-Options "nosniff"\n}\n'),
        ("compose.yml", "- traefik.http.middlewares.h.headers.contenttypenosniff=true\n"),
        ("traefik/dynamic.toml", "contentTypeNosniff = true\n"),
        ("k8s/ingress.yaml", 'more_set_headers "X-Content-Type-Options: nosniff";\n'),
        ("infra/cdn.tf", "    content_type_options {\n"),
        ("vercel.json", '{"key": "X-Content-Type-Options",\n "value": "nosniff"}\n'),
    ],
)
def test_is_silent_when_a_proxys_file_sends_it(path, text):
    assert judge(False, files={path: text}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nginx.conf", "# add_header X-Content-Type-Options nosniff;\n"),
        ("nginx.conf", "proxy_hide_header X-Content-Type-Options;\n"),
        ("Caddyfile", "header {\n  -X-Content-Type-Options\n}\n"),
        (
            "compose.yml",
            "- traefik.http.middlewares.h.headers.customresponseheaders.X-Content-Type-Options=\n",
        ),
        ("compose.yml", "- traefik.http.middlewares.h.headers.contenttypenosniff=false\n"),
        ("docs/nginx.conf", "add_header X-Content-Type-Options nosniff;\n"),
        ("README.txt", "add_header X-Content-Type-Options nosniff;\n"),
    ],
)
def test_fires_when_the_file_does_not_send_it(path, text):
    assert len(judge(False, files={path: text}).findings) == 1


@pytest.mark.parametrize(
    "line",
    [
        f'response["{NAME}"] = "nosniff"',
        f"response.headers['{NAME.lower()}'] = 'nosniff'",
        f'response.headers.setdefault("{NAME}", "nosniff")',
        f'response.headers.update({{"{NAME}": "nosniff"}})',
    ],
)
def test_is_silent_when_a_middleware_sends_it(line):
    assert judge_with_middleware(line).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "line",
    [
        f'del response["{NAME}"]',
        f'response.headers.pop("{NAME}", None)',
        f'seen = response.get("{NAME}")',
        f'seen = response["{NAME}"] == "nosniff"',
        f'seen = "{NAME}" not in response',
        f'pass  # response["{NAME}"] = "nosniff"',
    ],
)
def test_fires_when_a_middleware_only_reads_or_removes_it(line):
    (finding,) = judge_with_middleware(line).findings
    assert finding.severity is Severity.WARNING


def test_is_silent_where_the_package_secure_sets_all_headers():
    files = {"shop/headers.py": f"if False:\n    import secure\n{MIDDLEWARE.format(line='pass')}"}
    settings = {"MIDDLEWARE": [SECURITY, "shop.headers.Headers"]}
    assert judge(False, files=files, **settings).outcome is Outcome.PASS


def test_a_view_that_sets_it_makes_it_information():
    files = {"shop/views.py": f'def download(request):\n    response["{NAME}"] = "nosniff"\n'}
    (finding,) = judge(False, files=files).findings
    assert finding.severity is Severity.INFO


def test_says_where():
    files = {"conf.py": "DEBUG = False\nSECURE_CONTENT_TYPE_NOSNIFF = False\n"}
    (finding,) = judge(False, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
