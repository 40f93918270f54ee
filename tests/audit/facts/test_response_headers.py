import pytest

from django_prodready.audit import Case
from django_prodready.audit.facts.response_headers import (
    CSP,
    CSP_REPORT_ONLY,
    FRAME_ANCESTORS,
    NOSNIFF,
    X_FRAME_OPTIONS,
    sent_by,
    set_in_code,
)
from django_prodready.audit.facts.response_headers_pages import own_page, page_with_policy
from django_prodready.audit.testing import project

BASE = "class Base:\n    def __call__(self, request):\n        self.response['X-Frame-Options'] = 'DENY'\n"
OWN = "from shop.base import Base\n\nclass Own(Base):\n    pass\n"
COMPILED = "exec('class Compiled:\\n    pass')\n"
PARTIAL = "from functools import partial\n\nmiddleware = partial(print, 'X-Frame-Options')\n"


def ask(question, *arguments, middleware=(), **files):
    with project(Case(settings={"MIDDLEWARE": list(middleware)}, files=files)) as facts:
        return question(facts, *arguments)


def test_nothing_is_known_of_a_bare_project():
    for header in (CSP, CSP_REPORT_ONLY, FRAME_ANCESTORS, NOSNIFF, X_FRAME_OPTIONS):
        assert ask(sent_by, header) is None
        assert ask(set_in_code, header) is None
    assert ask(own_page) is None
    assert ask(page_with_policy) is None


def test_a_file_is_told_with_its_line():
    text = "server {\n  # add_header X-Frame-Options DENY;\n  add_header X-Frame-Options DENY;\n}\n"
    assert ask(sent_by, X_FRAME_OPTIONS, **{"nginx.conf": text}) == "nginx.conf:3"
    assert ask(sent_by, NOSNIFF, X_FRAME_OPTIONS, **{"nginx.conf": text}) == "nginx.conf:3"
    assert ask(sent_by, NOSNIFF, **{"nginx.conf": text}) is None


def test_one_header_is_not_the_other_that_begins_alike():
    text = "add_header Content-Security-Policy-Report-Only x;\n"
    assert ask(sent_by, CSP, **{"nginx.conf": text}) is None
    assert ask(sent_by, CSP_REPORT_ONLY, **{"nginx.conf": text}) == "nginx.conf:1"
    text = "- traefik.http.middlewares.h.headers.contentSecurityPolicyReportOnly=x\n"
    assert ask(sent_by, CSP, **{"compose.yml": text}) is None
    assert ask(sent_by, CSP_REPORT_ONLY, **{"compose.yml": text}) == "compose.yml:1"


def test_a_middleware_is_told_by_its_path():
    files = {"shop/base.py": BASE, "shop/own.py": OWN}
    assert ask(sent_by, X_FRAME_OPTIONS, middleware=["shop.own.Own"], **files) == "shop.own.Own"
    assert ask(sent_by, X_FRAME_OPTIONS, middleware=["not.there", "shop.own.Own"], **files) == "shop.own.Own"
    assert ask(sent_by, NOSNIFF, middleware=["shop.own.Own"], **files) is None


@pytest.mark.parametrize(
    "path", ["django.middleware.clickjacking.XFrameOptionsMiddleware", "csp.middleware.CSPMiddleware"]
)
def test_what_settings_decide_is_left_to_checks(path):
    assert ask(sent_by, X_FRAME_OPTIONS, CSP, middleware=[path]) is None


def test_what_has_no_module_of_its_own_is_no_evidence():
    files = {"made.py": PARTIAL}
    assert ask(sent_by, X_FRAME_OPTIONS, middleware=["made.middleware"], **files) is None


def test_the_whole_module_of_a_middleware_is_read():
    assert ask(sent_by, X_FRAME_OPTIONS, middleware=["made.Compiled"], **{"made.py": COMPILED}) is None
    files = {"made.py": f"FRAMES = 'X-Frame-Options'\n{COMPILED}"}
    assert ask(sent_by, X_FRAME_OPTIONS, middleware=["made.Compiled"], **files) == "made.Compiled"


def test_code_is_told_with_its_line():
    text = "# 'X-Frame-Options'\ndel response['X-Frame-Options']\nresponse['X-Frame-Options'] = 'DENY'\n"
    assert str(ask(set_in_code, X_FRAME_OPTIONS, **{"shop/views.py": text})) == "shop/views.py:3"
    assert ask(set_in_code, X_FRAME_OPTIONS, **{"tests/test_views.py": text}) is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("templates/home.html", ""),
        ("shop/templates/registration/login.html", ""),
        ("shop/jinja2/home.jinja", ""),
        ("shop/views.py", "    return render(request, 'home.html')\n"),
        ("shop/views.py", "    return render(self.request, 'home.html')\n"),
        ("shop/views.py", "    return TemplateResponse(request, 'home.html')\n"),
        ("shop/urls.py", "path('', TemplateView.as_view(template_name='index.html'))\n"),
        ("shop/views.py", "class Books(ListView):\n"),
    ],
)
def test_a_page_of_its_own(path, text):
    assert ask(own_page, **{path: text}) == path


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("templates/admin/base_site.html", ""),
        ("templates/emails/welcome.html", ""),
        ("templates/registration/password_reset_email.html", ""),
        ("templates/500.html", ""),
        ("shop/templates/rest_framework/api.html", ""),
        ("README.html", ""),
        ("shop/admin.py", "    return render(request, 'admin/stats.html')\n"),
        ("shop/admin/stats.py", "    return TemplateResponse(request, 'admin/stats.html')\n"),
        ("shop/api.py", "class Books(ListAPIView):\n    renderer_classes = [JSONRenderer]\n"),
        ("tests/test_views.py", "    return render(request, 'home.html')\n"),
    ],
)
def test_no_page_of_its_own(path, text):
    assert ask(own_page, **{path: text}) is None


def test_a_policy_in_a_page():
    meta = '<meta http-equiv="Content-Security-Policy" content="x">\n'
    assert ask(page_with_policy, **{"templates/base.html": meta}) == "templates/base.html"
    assert ask(page_with_policy, **{"templates/emails/base.html": meta}) is None
    meta = '<meta http-equiv="Content-Security-Policy-Report-Only" content="x">\n'
    assert ask(page_with_policy, **{"templates/base.html": meta}) is None
