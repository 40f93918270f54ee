import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.facts import Facts
from django_prodready.audit.testing import run_check

OURS = "django_prodready.middleware.CloudflareRealIPMiddleware"
XFF = "HTTP_X_FORWARDED_FOR"
THROTTLING = "rest_framework.throttling."
RATES = {"anon": "5/min", "user": "9/min"}
URLS = """
from django.urls import path
from rest_framework.decorators import action, api_view, throttle_classes
from rest_framework.throttling import (
    AnonRateThrottle, BaseThrottle, ScopedRateThrottle, SimpleRateThrottle, UserRateThrottle,
)
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

class Burst(UserRateThrottle):
    rate = "5/min"

class OwnRate(AnonRateThrottle):
    def get_rate(self):
        return "5/min"

class OwnRates(AnonRateThrottle):
    THROTTLE_RATES = {{"anon": "5/min"}}

class WithPrefix(Burst):
    def get_cache_key(self, request, view):
        return "v1" + super().get_cache_key(request, view)

class ByKey(Burst):
    def get_cache_key(self, request, view):
        return request.headers.get("X-Api-Key")

class OwnIdent(Burst):
    def get_ident(self, request):
        return request.META["REMOTE_ADDR"]

class ByHand(BaseThrottle):
    def allow_request(self, request, view):
        return self.get_ident(request) != "203.0.113.1"

class ByChance(BaseThrottle):
    def allow_request(self, request, view):
        return True

class View(APIView):
    throttle_classes = [{throttle}]
    throttle_scope = {scope}

class Set(ViewSet):
    @action(detail=False, throttle_classes=[{throttle}])
    def login(self, request):
        pass

    @action(detail=False)
    def logout(self, request):
        pass

@api_view()
@throttle_classes([{throttle}])
def function(request):
    pass

urlpatterns = [path("api/", {view}), path("plain/", lambda request: None)]
"""
MIDDLEWARE = """
from django.http import HttpResponse

def closed(get_response):
    return lambda request: HttpResponse(status=503)

def first_in_list(get_response):
    def middleware(request):
        request.META["REMOTE" + "_ADDR"] = request.headers.get("X-Real-IP", request.META["REMOTE" + "_ADDR"])
        return get_response(request)
    return middleware
"""
LIMITED = 'from django_ratelimit.decorators import ratelimit\n\n@ratelimit(key="{key}", rate="5/m")\n'
GUNICORN = {"Procfile": "web: gunicorn shop.wsgi\n"}
PACKAGES = {
    "axes": {"axes/__init__.py": ""},
    "defender": {"defender/__init__.py": ""},
    "allauth.account": {"allauth/__init__.py": "", "allauth/account/__init__.py": ""},
}


def judge(*, app=None, files=None, settings_module=None, middleware=None, **settings):
    if middleware is not None:
        settings["MIDDLEWARE"] = list(middleware)
    if app:
        settings["INSTALLED_APPS"] = [app]
        files = {**PACKAGES[app], **(files or {})}
    return run_check(
        "proxy.rate-limit-ip-source",
        settings=settings,
        files={"rate_middleware.py": MIDDLEWARE, **(files or {})},
        settings_module=settings_module,
    )


def rest(*, throttle=None, view="View.as_view()", scope=None, files=None, **settings):
    if throttle:
        files = {"rest_urls.py": URLS.format(throttle=throttle, view=view, scope=scope), **(files or {})}
        settings["ROOT_URLCONF"] = "rest_urls"
    return judge(files=files, **settings)


def ratelimit(key="ip", files=None, **settings):
    return judge(files={"shop/views.py": LIMITED.format(key=key), **(files or {})}, **settings)


def defaults(*names, **more):
    classes = [THROTTLING + name for name in names]
    return {"DEFAULT_THROTTLE_CLASSES": classes, "DEFAULT_THROTTLE_RATES": RATES, **more}


@pytest.fixture
def without_ipware(monkeypatch):
    known = Facts.is_installed
    monkeypatch.setattr(Facts, "is_installed", lambda self, name: name != "ipware" and known(self, name))


def behind_proxy(judged, **settings):
    """Judge where REMOTE_ADDR is the proxy's for everybody."""
    files = {**GUNICORN, **settings.pop("files", {})}
    return judged(files=files, PRODREADY={"FACTS": {"tls": "proxy"}}, **settings)


# Django REST framework


def test_an_extra_action_of_a_viewset_has_throttles_of_its_own():
    view = "Set.as_view({'post': 'login'})"
    assert rest(throttle="Burst", view=view).outcome is Outcome.FAIL
    assert rest(throttle="ByKey", view=view).outcome is Outcome.NOT_APPLICABLE


def test_the_default_throttles_of_an_api():
    (finding,) = judge(REST_FRAMEWORK=defaults("AnonRateThrottle")).findings
    assert finding.severity is Severity.WARNING
    assert finding.subject == "REST_FRAMEWORK['NUM_PROXIES']"
    assert finding.message == (
        "Django REST framework's throttling counts requests by the whole of X-Forwarded-For: nothing is"
        " seen to overwrite what a client writes there, so a new value is a new client."
    )
    assert finding.hint == (
        "Install django_prodready.middleware.CloudflareRealIPMiddleware and name your proxies in"
        " PRODREADY['TRUSTED_PROXIES'], or: set REST_FRAMEWORK['NUM_PROXIES'] to the number of your proxies."
    )


@pytest.mark.parametrize(
    ("view", "throttle"),
    [
        *(
            (view, throttle)
            for view in ("View.as_view()", "function")
            for throttle in ("Burst", "OwnRate", "OwnRates", "WithPrefix", "ByHand", "ByKey, Burst")
        ),
        ("View.as_view()", "ScopedRateThrottle"),
    ],
)
def test_the_throttles_of_a_view(view, throttle):
    result = rest(throttle=throttle, view=view, scope='"upload"')
    assert [finding.subject for finding in result.findings] == ["REST_FRAMEWORK['NUM_PROXIES']"]


def test_a_throttle_by_its_class():
    from rest_framework.throttling import UserRateThrottle

    settings = {**defaults(), "DEFAULT_THROTTLE_CLASSES": (UserRateThrottle,)}
    assert judge(REST_FRAMEWORK=settings).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "case",
    [
        {},
        {"REST_FRAMEWORK": {}},
        {"REST_FRAMEWORK": None},
        {"REST_FRAMEWORK": {"DEFAULT_THROTTLE_RATES": RATES}},
        {"REST_FRAMEWORK": {"DEFAULT_THROTTLE_CLASSES": [THROTTLING + "AnonRateThrottle"]}},
        {"REST_FRAMEWORK": {**defaults("AnonRateThrottle"), "DEFAULT_THROTTLE_RATES": {"anon": None}}},
        {"REST_FRAMEWORK": defaults("ScopedRateThrottle")},
        {"REST_FRAMEWORK": defaults("NoSuchThrottle")},
        {"REST_FRAMEWORK": defaults("AnonRateThrottle", NUM_PROXIES=1)},
        {"REST_FRAMEWORK": {**defaults(), "DEFAULT_THROTTLE_CLASSES": 5}},
        {"REST_FRAMEWORK": {**defaults(), "DEFAULT_THROTTLE_CLASSES": [5, None]}},
        {"REST_FRAMEWORK": {"DEFAULT_THROTTLE_CLASSES": THROTTLING + "AnonRateThrottle"}},
        {
            "REST_FRAMEWORK": {
                "DEFAULT_THROTTLE_CLASSES": THROTTLING + "AnonRateThrottle",
                "DEFAULT_THROTTLE_RATES": ["1/m"],
            }
        },
        {"REST_FRAMEWORK": {**defaults("AnonRateThrottle"), "DEFAULT_THROTTLE_RATES": ["1/m"]}},
        {"throttle": "AnonRateThrottle"},
        {"throttle": "ByKey"},
        {"throttle": "OwnIdent"},
        {"throttle": "ByChance"},
        {"throttle": "ScopedRateThrottle"},
        {"throttle": ""},
        {"throttle": "Burst", "REST_FRAMEWORK": {"NUM_PROXIES": 2}},
    ],
    ids=str,
)
def test_an_api_that_does_not_count_addresses_so(case):
    assert rest(**case).outcome is Outcome.NOT_APPLICABLE


def test_an_api_is_no_matter_where_its_package_is_missing(monkeypatch):
    monkeypatch.setattr(Facts, "is_installed", lambda self, name: False)
    assert judge(REST_FRAMEWORK=defaults("AnonRateThrottle")).outcome is Outcome.NOT_APPLICABLE


def test_is_not_run_when_the_urlconf_cannot_be_imported():
    settings = {"ROOT_URLCONF": "no_such_urls", "REST_FRAMEWORK": {"PAGE_SIZE": 9}}
    result = judge(**settings)
    assert result.outcome is Outcome.NOT_RUN
    assert "URLconf" in result.reason
    assert ratelimit(RATELIMIT_IP_META_KEY=XFF, **settings).outcome is Outcome.FAIL


# The others


@pytest.mark.parametrize(
    ("code", "settings", "outcome"),
    [
        ("from ninja.throttling import AnonRateThrottle", {}, Outcome.FAIL),
        ("from ninja import throttling", {}, Outcome.FAIL),
        ("from ninja.throttling import AnonRateThrottle", {"NINJA_NUM_PROXIES": 0}, Outcome.PASS),
        (
            "from ninja.throttling import AnonRateThrottle",
            {"NINJA_NUM_PROXIES": 1},
            Outcome.NOT_APPLICABLE,
        ),
        ("from ninja import NinjaAPI", {}, Outcome.NOT_APPLICABLE),
        ("# from ninja.throttling import AnonRateThrottle", {}, Outcome.NOT_APPLICABLE),
    ],
)
def test_ninja(code, settings, outcome):
    result = judge(files={"shop/api.py": f"{code}\n"}, **settings)
    assert result.outcome is outcome
    assert {finding.subject for finding in result.findings} <= {"NINJA_NUM_PROXIES"}


BY_FIRST = {"AXES_IPWARE_META_PRECEDENCE_ORDER": [XFF]}


@pytest.mark.parametrize(
    ("settings", "outcome"),
    [
        (BY_FIRST, Outcome.FAIL),
        ({"AXES_META_PRECEDENCE_ORDER": ("REMOTE_ADDR", XFF)}, Outcome.FAIL),
        ({"IPWARE_META_PRECEDENCE_ORDER": (XFF,)}, Outcome.FAIL),
        ({**BY_FIRST, "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]]}, Outcome.FAIL),
        ({**BY_FIRST, "AXES_LOCKOUT_PARAMETERS": ["username", "ip_address"]}, Outcome.FAIL),
        ({**BY_FIRST, "AXES_LOCKOUT_PARAMETERS": ["username"]}, Outcome.NOT_APPLICABLE),
        ({**BY_FIRST, "AXES_LOCKOUT_PARAMETERS": "shop.axes.parameters"}, Outcome.NOT_APPLICABLE),
        ({**BY_FIRST, "AXES_ONLY_USER_FAILURES": True}, Outcome.NOT_APPLICABLE),
        ({**BY_FIRST, "AXES_CLIENT_IP_CALLABLE": "shop.axes.client"}, Outcome.NOT_APPLICABLE),
        ({**BY_FIRST, "AXES_ENABLED": False}, Outcome.NOT_APPLICABLE),
        ({**BY_FIRST, "AXES_IPWARE_PROXY_COUNT": 1}, Outcome.NOT_APPLICABLE),
        ({**BY_FIRST, "IPWARE_META_PROXY_COUNT": 1}, Outcome.NOT_APPLICABLE),
        ({**BY_FIRST, "AXES_PROXY_TRUSTED_IPS": ["10.0."]}, Outcome.NOT_APPLICABLE),
        ({**BY_FIRST, "AXES_IPWARE_PROXY_ORDER": "right-most"}, Outcome.NOT_APPLICABLE),
        ({"AXES_IPWARE_META_PRECEDENCE_ORDER": ["HTTP_X_REAL_IP"]}, Outcome.NOT_APPLICABLE),
        ({}, Outcome.PASS),
    ],
    ids=str,
)
def test_axes(settings, outcome):
    result = judge(app="axes", **settings)
    assert result.outcome is outcome
    assert {finding.subject for finding in result.findings} <= {"AXES_IPWARE_META_PRECEDENCE_ORDER"}


def test_axes_without_ipware_takes_the_peers_address(without_ipware):
    assert judge(app="axes", **BY_FIRST).outcome is Outcome.PASS
    (finding,) = behind_proxy(judge, app="axes", **BY_FIRST).findings
    assert "django-axes counts requests by REMOTE_ADDR" in finding.message


ADAPTERS = """
class Own:
    def get_client_ip(self, request):
        return request.client_address.client_ip

class Plain:
    def get_client_ip(self, request):
        pass

Plain.get_client_ip.__module__ = "allauth.account.adapter"
"""


@pytest.mark.parametrize(
    ("settings", "outcome"),
    [
        ({"ALLAUTH_TRUSTED_CLIENT_IP_HEADER": "X-Forwarded-For"}, Outcome.FAIL),
        ({"ALLAUTH_TRUSTED_CLIENT_IP_HEADER": "X-Real-IP"}, Outcome.NOT_APPLICABLE),
        ({"ALLAUTH_TRUSTED_CLIENT_IP_HEADER": "CF-Connecting-IP"}, Outcome.NOT_APPLICABLE),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 1}, Outcome.NOT_APPLICABLE),
        ({"ACCOUNT_RATE_LIMITS": False}, Outcome.NOT_APPLICABLE),
        ({"ACCOUNT_ADAPTER": "account_adapters.Own"}, Outcome.NOT_APPLICABLE),
        ({"ACCOUNT_ADAPTER": "account_adapters.NoSuch"}, Outcome.NOT_APPLICABLE),
        ({"ACCOUNT_ADAPTER": "account_adapters.Plain"}, Outcome.PASS),
        ({}, Outcome.PASS),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "files", [{}, {"allauth/app_settings.py": 'self._setting("TRUSTED_PROXY_COUNT", 0)'}]
)
def test_allauth(settings, outcome, files):
    files = {**files, "account_adapters.py": ADAPTERS}
    assert judge(app="allauth.account", files=files, **settings).outcome is outcome


def test_allauth_of_old_takes_the_first_address():
    files = {"allauth/app_settings.py": "class AppSettings:\n    pass\n"}
    (finding,) = judge(app="allauth.account", files=files, ALLAUTH_TRUSTED_PROXY_COUNT=1).findings
    assert "the first address in X-Forwarded-For, as its versions before" in finding.message
    assert "or: upgrade it" in finding.hint


@pytest.mark.parametrize(
    ("key", "settings", "outcome"),
    [
        ("ip", {"RATELIMIT_IP_META_KEY": XFF}, Outcome.FAIL),
        ("user", {"RATELIMIT_IP_META_KEY": XFF}, Outcome.NOT_APPLICABLE),
        ("header:X-Forwarded-For", {}, Outcome.FAIL),
        ("header:X-Real-IP", {}, Outcome.NOT_APPLICABLE),
        ("ip", {"RATELIMIT_IP_META_KEY": "HTTP_X_REAL_IP"}, Outcome.NOT_APPLICABLE),
        ("ip", {"RATELIMIT_IP_META_KEY": "shop.clients.address"}, Outcome.NOT_APPLICABLE),
        ("ip", {"RATELIMIT_IP_META_KEY": XFF, "RATELIMIT_ENABLE": False}, Outcome.NOT_APPLICABLE),
        ("user", {}, Outcome.NOT_APPLICABLE),
        ("user_or_ip", {}, Outcome.PASS),
    ],
)
def test_ratelimit(key, settings, outcome):
    assert ratelimit(key, **settings).outcome is outcome


def test_a_setting_of_a_package_that_is_not_used():
    assert judge(RATELIMIT_IP_META_KEY=XFF, **BY_FIRST).outcome is Outcome.NOT_APPLICABLE


BEHIND = {"DEFENDER_BEHIND_REVERSE_PROXY": True}


@pytest.mark.parametrize(
    ("settings", "outcome"),
    [
        (BEHIND, Outcome.FAIL),
        ({**BEHIND, "DEFENDER_REVERSE_PROXY_HEADER": "HTTP_X_REAL_IP"}, Outcome.NOT_APPLICABLE),
        ({**BEHIND, "DEFENDER_DISABLE_IP_LOCKOUT": True}, Outcome.NOT_APPLICABLE),
        ({"DEFENDER_REVERSE_PROXY_HEADER": "HTTP_X_REAL_IP"}, Outcome.PASS),
        ({}, Outcome.PASS),
    ],
    ids=str,
)
def test_defender(settings, outcome):
    assert judge(app="defender", **settings).outcome is outcome


# What reaches the views


@pytest.mark.parametrize(
    "prodready",
    [{}, {"CLOUDFLARE": True}, {"TRUSTED_PROXIES": ["10.0.0.2"]}, {"CLOUDFLARED": ["10.0.0.3"]}],
    ids=str,
)
def test_is_silent_with_our_middleware(prodready):
    settings = {"middleware": [OURS], "REST_FRAMEWORK": defaults("AnonRateThrottle"), "PRODREADY": prodready}
    assert ratelimit(RATELIMIT_IP_META_KEY=XFF, **settings).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("settings", "outcome"),
    [
        ({"XFF_TRUSTED_PROXY_DEPTH": 1}, Outcome.PASS),
        ({"XFF_TRUSTED_PROXY_DEPTH": 3}, Outcome.PASS),
        ({"XFF_TRUSTED_PROXY_DEPTH": 1, "XFF_CLEAN": False}, Outcome.FAIL),
        ({"XFF_LOOSE_UNSAFE": True}, Outcome.FAIL),
        ({"XFF_TRUSTED_PROXY_DEPTH": 1, "XFF_STRICT": True}, Outcome.NOT_RUN),
    ],
    ids=str,
)
def test_what_another_middleware_leaves_of_the_header(settings, outcome):
    settings = {**settings, "REST_FRAMEWORK": defaults("AnonRateThrottle")}
    assert judge(middleware=["xff.middleware.XForwardedForMiddleware"], **settings).outcome is outcome


def test_is_not_run_when_a_middleware_answers_everything():
    result = judge(middleware=["rate_middleware.closed"], REST_FRAMEWORK=defaults("AnonRateThrottle"))
    assert result.outcome is Outcome.NOT_RUN
    assert "no request comes as far as a view" in result.reason


NGINX = "location / {{\n  proxy_set_header X-Forwarded-For {value};\n}}\n"


@pytest.mark.parametrize(
    ("files", "outcome"),
    [
        ({"nginx.conf": NGINX.format(value="$remote_addr")}, Outcome.PASS),
        ({"nginx.conf": NGINX.format(value="$proxy_add_x_forwarded_for")}, Outcome.FAIL),
        ({"nginx.conf": NGINX.format(value='"$http_x_forwarded_for, $remote_addr"')}, Outcome.FAIL),
        ({"compose.yml": "labels:\n  - traefik.http.routers.web.rule=Host(`x`)\n"}, Outcome.PASS),
    ],
)
def test_what_files_say_of_the_proxy(files, outcome):
    assert judge(files=files, REST_FRAMEWORK=defaults("UserRateThrottle")).outcome is outcome


# All visitors as one


def test_all_visitors_are_one_behind_a_proxy():
    (finding,) = behind_proxy(ratelimit).findings
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        "django-ratelimit counts requests by REMOTE_ADDR: that is the address of a proxy (declared) for"
        " everybody, so all visitors count as one."
    )
    assert "RATELIMIT_IP_META_KEY" in finding.hint


@pytest.mark.parametrize(
    "case",
    [
        {"app": "axes"},
        {"app": "defender"},
        {"app": "allauth.account"},
        {"REST_FRAMEWORK": defaults("AnonRateThrottle", NUM_PROXIES=0)},
        {"app": "axes", "middleware": [OURS]},
    ],
    ids=str,
)
def test_whoever_counts_the_peers(case):
    assert behind_proxy(judge, **case).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": "web: uvicorn shop.asgi:application\n"},
        {"Procfile": "web: gunicorn -k uvicorn_worker.UvicornWorker shop.wsgi\n"},
        {"Procfile": "web: uwsgi --ini uwsgi.ini\n"},
        {"Procfile": "web: python serve.py\n"},
        {"gunicorn.conf.py": "proxy_protocol = True\n"},
        {"shop/wsgi.py": "application = ProxyFix(application)\n"},
        {"shop/middleware.py": 'request.META["REMOTE_ADDR"] = request.META["HTTP_X_REAL_IP"]\n'},
    ],
    ids=str,
)
def test_is_silent_where_the_server_may_set_the_address(files):
    assert behind_proxy(ratelimit, files=files).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "middleware",
    [
        ["rate_middleware.first_in_list"],
        ["xff.middleware.XForwardedForMiddleware"],
        ["rate_middleware.closed"],
    ],
)
def test_is_silent_where_a_middleware_sets_the_address_or_nothing_is_seen(middleware):
    assert behind_proxy(ratelimit, middleware=middleware).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "prodready",
    [
        {"FACTS": {"tls": "app"}},
        {},
        {"FACTS": {"tls": "proxy"}, "TRUSTED_PROXIES": ["10.0.0.2"]},
        {"FACTS": {"tls": "proxy"}, "CLOUDFLARED": ["10.0.0.2"]},
    ],
    ids=str,
)
def test_is_silent_without_a_proxy_and_with_a_client_that_is_settled(prodready):
    assert ratelimit(files=GUNICORN, middleware=[OURS], PRODREADY=prodready).outcome is Outcome.PASS


def test_trust_without_the_middleware_settles_nothing():
    prodready = {"FACTS": {"tls": "proxy"}, "TRUSTED_PROXIES": ["10.0.0.2"]}
    assert ratelimit(files=GUNICORN, PRODREADY=prodready).outcome is Outcome.FAIL


def test_says_where():
    text = 'REST_FRAMEWORK = {\n    "PAGE_SIZE": 9,\n    "NUM_PROXIES": None,\n}\n'
    settings = defaults("AnonRateThrottle", PAGE_SIZE=9, NUM_PROXIES=None)
    (finding,) = judge(files={"conf.py": text}, settings_module="conf", REST_FRAMEWORK=settings).findings
    assert str(finding.at) == "conf.py:3"


def test_each_package_has_its_own_finding():
    files = {"shop/views.py": LIMITED.format(key="ip")}
    settings = {"RATELIMIT_IP_META_KEY": XFF, "REST_FRAMEWORK": defaults("AnonRateThrottle"), **BY_FIRST}
    findings = judge(app="axes", files=files, **settings).findings
    assert len({finding.fingerprint for finding in findings}) == 3
