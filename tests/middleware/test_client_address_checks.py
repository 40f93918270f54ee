"""What `manage.py check` says of whom PRODREADY trusts, and of where CloudflareRealIPMiddleware stands."""

import functools
import sys
import types

import pytest
from django.core import checks
from django.core.checks.registry import registry
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpRequest, HttpResponse
from django_ratelimit.middleware import RatelimitMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check
from django_prodready.health.system_checks import check_setting
from django_prodready.middleware import CloudflareRealIPMiddleware
from django_prodready.middleware.network_checks import check_networks
from django_prodready.middleware.system_checks import check_installation
from django_prodready.realip.cloudflare_ranges import BUNDLED

HEALTH = "django_prodready.middleware.HealthMiddleware"
REAL_IP = "django_prodready.middleware.CloudflareRealIPMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
AUTH = "django.contrib.auth.middleware.AuthenticationMiddleware"
MODULE = "middleware_of_this_test"
SECRET = "hunter2-hunter2"
PROTO = ("HTTP_X_FORWARDED_PROTO", "https")
RANGES = "\n".join(BUNDLED)
PLACE = f"Move '{REAL_IP}' to the first place in MIDDLEWARE, or to the second behind HealthMiddleware."


def says(code, message, hint):
    return (code, message, hint)


class Derived(CloudflareRealIPMiddleware):
    """A project's own subclass."""


class Holder:
    """A middleware that has ours do the work."""

    def __init__(self, get_response):
        self.inner = CloudflareRealIPMiddleware(get_response)


def factory(get_response):
    return CloudflareRealIPMiddleware(get_response)


@functools.wraps(factory)
def decorated(*arguments):
    return factory(*arguments)


class Measuring:
    """A middleware of the project's own, which measures. It needs CloudflareRealIPMiddleware behind it."""

    def __init__(self, get_response):
        self.get_response = get_response


def passing(get_response):
    """Not CloudflareRealIPMiddleware."""
    return get_response


@pytest.fixture(autouse=True)
def project(settings, monkeypatch):
    """A project whose checks are all silent, and the middleware of this file where a dotted path finds it."""
    module = types.ModuleType(MODULE)
    module.__dict__.update(
        {
            name: globals()[name]
            for name in ("Derived", "Holder", "factory", "decorated", "Measuring", "passing")
        }
    )
    monkeypatch.setitem(sys.modules, MODULE, module)
    settings.MIDDLEWARE = [HEALTH, REAL_IP, *settings.MIDDLEWARE]


@pytest.fixture
def told(settings):
    """Set PRODREADY and return what the checks say of it: (id, message, hint)."""

    def tell(**prodready):
        settings.PRODREADY = prodready
        messages = [*check_setting(), *check_installation(), *check_networks()]
        for message in messages:
            assert SECRET not in f"{message.msg}{message.hint}"
            assert message.level == (checks.ERROR if ".E" in message.id else checks.WARNING)
        return [(message.id.rpartition(".")[2], message.msg, message.hint) for message in messages]

    return tell


@pytest.fixture
def ids(told):
    return lambda **prodready: [code for code, *_ in told(**prodready)]


@pytest.fixture
def install(monkeypatch):
    """Put a package of other people's, with one middleware in it, where Python finds it."""

    def put(path, target):
        parents = path.split(".")[:-1]
        for depth in range(1, len(parents) + 1):
            name = ".".join(parents[:depth])
            if name not in sys.modules:
                monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
        monkeypatch.setattr(sys.modules[".".join(parents)], path.rpartition(".")[2], target, raising=False)

    return put


def foreign(path, **attributes):
    """Make the class that stands at ``path``."""
    module, _, name = path.rpartition(".")
    return type(name, (), {"__module__": module, **attributes})


# --- Silence -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "prodready",
    [
        {},
        {"CLOUDFLARE": True},
        {"CLOUDFLARE": True, "CLOUDFLARE_ONLY": True, "CLOUDFLARE_SECRETS": [SECRET]},
        {"CLOUDFLARE": True, "TRUSTED_PROXIES": ["172.18.0.0/16"]},
        {"CLOUDFLARE": True, "TRUSTED_PROXIES": ["127.0.0.1", "10.0.1.4", "fd12:3456:789a::/48", "::1"]},
        {"CLOUDFLARE": True, "TRUSTED_PROXIES": ["10.42.0.0/16", "100.64.3.0/24", "192.168.7.0/24"]},
        {"CLOUDFLARED": ["172.20.0.5"]},
        {"CLOUDFLARED": ["172.20.0.5"], "TRUSTED_PROXIES": ["172.20.0.0/16"], "CLOUDFLARE_ONLY": True},
        {"TRUSTED_PROXIES": ["10.0.0.0/8", "fc00::/7"]},
        {"TRUSTED_PROXIES": ["::ffff:10.0.0.0/104"]},
        {"TRUSTED_PROXIES": ["203.0.113.7"], "CLOUDFLARED": ["203.0.113.8"]},
        {"TRUST_UNIX_SOCKET": True},
        {"CLOUDFLARE_SECRETS": [SECRET], "CLOUDFLARE_SECRET_HEADER": "X-Ours"},
    ],
)
@pytest.mark.parametrize("header", [None, PROTO])
def test_what_is_right_has_no_message(told, settings, prodready, header):
    trusts = prodready.keys() - {"CLOUDFLARE_SECRETS", "CLOUDFLARE_SECRET_HEADER"}
    settings.SECURE_PROXY_SSL_HEADER = header if trusts else None
    assert told(**prodready) == []


@pytest.mark.parametrize("middleware", [[HEALTH, REAL_IP], [REAL_IP, HEALTH], [REAL_IP]])
def test_both_of_our_middleware_accept_each_other(told, settings, middleware):
    settings.MIDDLEWARE = [*middleware, SECURITY, COMMON]
    assert told(CLOUDFLARE=True) == []
    for check in ("health.middleware-first", "middleware.security-early"):
        outcome = run_check(check, settings={"MIDDLEWARE": settings.MIDDLEWARE}).outcome
        is_asked = check != "health.middleware-first" or HEALTH in middleware
        assert outcome is (Outcome.PASS if is_asked else Outcome.NOT_APPLICABLE)


@pytest.mark.parametrize(
    "before",
    [
        "django.contrib.admindocs.middleware.XViewMiddleware",
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.cache.UpdateCacheMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "django.middleware.common.BrokenLinkEmailsMiddleware",
        "django.middleware.gzip.GZipMiddleware",
        "django.middleware.http.ConditionalGetMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django_ratelimit.middleware.RatelimitMiddleware",
        "csp.middleware.CSPMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        f"{MODULE}.Measuring",
        f"{MODULE}.passing",
        HEALTH,
    ],
)
def test_what_reads_nothing_on_the_way_in_may_come_first(told, settings, before):
    settings.MIDDLEWARE = [before, REAL_IP, SECURITY]
    assert told(TRUSTED_PROXIES=["10.0.0.1"]) == []


@pytest.mark.parametrize(
    "path",
    [
        "axes.middleware.AxesMiddleware",
        "corsheaders.middleware.CorsMiddleware",
        "defender.middleware.FailedLoginMiddleware",
        "django_guid.middleware.GuidMiddleware",
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        "opentelemetry.instrumentation.django.middleware._DjangoMiddleware",
    ],
)
def test_nor_need_packages_that_measure_or_look_at_the_answer(told, settings, install, path):
    install(path, foreign(path))
    settings.MIDDLEWARE = [path, REAL_IP, SECURITY]
    assert told(CLOUDFLARE=True) == []


@pytest.mark.parametrize("known", [WhiteNoiseMiddleware, RatelimitMiddleware])
def test_they_read_nothing_indeed(known, settings, tmp_path):
    """Hold two of those to it that are installed: they hand on a request without META."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.WHITENOISE_AUTOREFRESH = False
    request = HttpRequest()
    del request.META
    request.path = request.path_info = "/books/"
    assert known(lambda _: HttpResponse("handed on"))(request).content == b"handed on"


@pytest.mark.parametrize("name", ["Derived", "Holder", "factory", "decorated"])
def test_ours_in_other_clothes_counts_as_ours(ids, settings, name):
    settings.MIDDLEWARE = [f"{MODULE}.{name}", SECURITY]
    assert ids(CLOUDFLARE=True) == []
    settings.MIDDLEWARE = [SECURITY, f"{MODULE}.{name}"]
    assert ids(CLOUDFLARE=True) == ["E011"]


@pytest.mark.parametrize(
    "broken", ["no.such.Middleware", f"{MODULE}.Missing", "nodots", None, f"{MODULE}_exits.A"]
)
def test_an_entry_that_cannot_be_imported_is_left_to_django(told, settings, broken, tmp_path, monkeypatch):
    (tmp_path / f"{MODULE}_exits.py").write_text("raise SystemExit(3)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for middleware in ([broken], [broken, REAL_IP], [REAL_IP, broken]):
        settings.MIDDLEWARE = middleware
        assert told(CLOUDFLARE=True) == []


@pytest.mark.parametrize("middleware", [None, [], [SECURITY]])
def test_without_trust_nothing_is_missing(told, settings, middleware):
    settings.MIDDLEWARE = middleware
    settings.SECURE_PROXY_SSL_HEADER = PROTO  # Django's own, as it always was
    assert told() == []
    assert told(CLOUDFLARE_SECRETS=[SECRET], CLOUDFLARE_RANGES_FILE="no-such-file") == []


def test_what_acts_behind_ours_is_silent_wherever_it_stands(told, settings):
    settings.MIDDLEWARE = [REAL_IP, "xff.middleware.XForwardedForMiddleware", SECURITY, HEALTH, REAL_IP]
    assert told(CLOUDFLARE=True) == []


def test_sessions_users_and_tokens_may_stand_before_ours(told, settings):
    settings.MIDDLEWARE = [SESSION, AUTH, CSRF, REAL_IP, SECURITY]
    assert told(CLOUDFLARE=True) == []


def test_a_wrong_type_or_key_is_told_by_another_check_alone(ids, settings):
    settings.SECURE_PROXY_SSL_HEADER = PROTO
    assert ids(TRUSTED_PROXIES="10.0.0.1") == ["E002"]
    assert ids(TRUSTED_PROXY=["10.0.0.1"]) == ["E001"]
    assert ids(CLOUDFLARE="yes", CLOUDFLARE_ONLY=True) == ["E002"]


# --- E009 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["TRUSTED_PROXIES", "CLOUDFLARED"])
@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ("*", "it is everybody: whoever reaches the server could name any client"),
        ("0.0.0.0/0", "it is everybody: whoever reaches the server could name any client"),
        ("::/0", "it is everybody: whoever reaches the server could name any client"),
        ("10.0.0.1/8", "it has host bits set; write 10.0.0.0/8 for the network"),
        ("8.0.0.0/7", "it is larger than any one network: nothing shorter than /8 is trusted"),
        (SECRET, "it is neither an address nor a network such as 10.0.0.0/24"),
    ],
)
def test_an_entry_that_cannot_be_meant(told, settings, key, entry, wrong):
    settings.SECURE_PROXY_SSL_HEADER = PROTO
    expected = says(
        "E009",
        f"PRODREADY['{key}'][1] is not trusted: {wrong}.",
        f"Correct the entry of PRODREADY['{key}'], or remove it.",
    )
    assert told(**{key: ["10.9.9.9", entry]}) == [expected]


@pytest.mark.parametrize("key", ["TRUSTED_PROXIES", "CLOUDFLARED"])
def test_entries_that_are_all_wrong_have_no_second_message(ids, settings, key):
    settings.SECURE_PROXY_SSL_HEADER = PROTO
    assert ids(**{key: ["*"]}) == ["E009"]


@pytest.fixture
def alone(monkeypatch):
    """Leave out the checks of packages that other tests have imported into this process."""
    ours = {
        check
        for check in registry.registered_checks
        if check.__module__.startswith(("django.", "django_prodready."))
    }
    monkeypatch.setattr(registry, "registered_checks", ours)


@pytest.mark.usefixtures("alone")
def test_a_sound_project_passes_check(settings):
    settings.PRODREADY = {"CLOUDFLARE": True, "TRUSTED_PROXIES": ["10.0.1.0/24"]}
    call_command("check", fail_level="WARNING")


@pytest.mark.usefixtures("alone")
def test_check_fails_on_it(settings):
    settings.PRODREADY = {"TRUSTED_PROXIES": ["*"]}
    with pytest.raises(
        SystemCheckError, match=r"\(django_prodready\.E009\) PRODREADY\['TRUSTED_PROXIES'\]\[0\]"
    ):
        call_command("check")


# --- E010 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prodready", "keys"),
    [
        ({"CLOUDFLARE": True}, "CLOUDFLARE"),
        ({"TRUST_UNIX_SOCKET": True}, "TRUST_UNIX_SOCKET"),
        ({"CLOUDFLARED": ["10.0.0.1"]}, "CLOUDFLARED"),
        ({"CLOUDFLARE": True, "TRUSTED_PROXIES": ["10.0.0.1"]}, "CLOUDFLARE and TRUSTED_PROXIES"),
        (
            {
                "CLOUDFLARE_ONLY": True,
                "TRUST_UNIX_SOCKET": True,
                "CLOUDFLARED": ["10.0.0.1"],
                "CLOUDFLARE": True,
                "TRUSTED_PROXIES": ["10.0.0.2"],
            },
            "CLOUDFLARE, CLOUDFLARED, TRUSTED_PROXIES, TRUST_UNIX_SOCKET and CLOUDFLARE_ONLY",
        ),
    ],
)
@pytest.mark.parametrize("middleware", [None, [HEALTH, SECURITY, f"{MODULE}.Measuring", f"{MODULE}.passing"]])
def test_trust_without_the_middleware(told, settings, prodready, keys, middleware):
    settings.MIDDLEWARE = middleware
    assert told(**prodready) == [
        says(
            "E010",
            f"PRODREADY sets {keys}, but CloudflareRealIPMiddleware is not in MIDDLEWARE, so the client's"
            " address is not found out.",
            f"Add '{REAL_IP}' to MIDDLEWARE: first, or second behind HealthMiddleware.",
        )
    ]


@pytest.fixture
def asgi(settings, tmp_path, monkeypatch):
    """Write the file of the ASGI application into a package beside the URLconf of a project without ours."""
    package = tmp_path / "site_of_this_test"
    (package / "deploy").mkdir(parents=True)
    for folder in (package, package / "deploy"):
        (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, package.name, raising=False)
    settings.MIDDLEWARE = [SECURITY]

    def write(text, path="asgi.py", **named):
        (package / path).write_text(text)
        for setting, value in named.items():
            setattr(settings, setting, value)

    yield write
    for name in [name for name in sys.modules if name.partition(".")[0] == package.name]:
        del sys.modules[name]


WRAPPED = """
raise RuntimeError("it is read and not imported")
from django_prodready.asgi import with_client_address
application = with_client_address(get_asgi_application())
"""


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("asgi.py", {"WSGI_APPLICATION": "site_of_this_test.wsgi.application"}),
        ("deploy/asgi.py", {"ASGI_APPLICATION": "site_of_this_test.deploy.asgi.application"}),
        ("deploy/serve.py", {"ASGI_APPLICATION": "site_of_this_test.deploy.serve.application"}),
        ("asgi.py", {"WSGI_APPLICATION": "site_of_this_test.deploy.wsgi.application"}),
    ],
)
def test_a_wrapped_application_needs_no_middleware_and_no_order(ids, settings, asgi, path, named):
    asgi(WRAPPED, path, **named)
    wsgi = settings.WSGI_APPLICATION
    assert ids(CLOUDFLARE=True) == (["W006"] if wsgi else [])
    assert ids() == []
    settings.MIDDLEWARE = [SECURITY, REAL_IP]
    assert ids(CLOUDFLARE=True) == []
    settings.SECURE_PROXY_SSL_HEADER = PROTO
    settings.MIDDLEWARE = [SECURITY]
    assert ids() == ["E012"]


def test_a_wrapper_by_its_module_is_one_too(ids, asgi):
    text = "from django_prodready import asgi\napplication = asgi.with_client_address(app)\n"
    asgi(text, ASGI_APPLICATION="site_of_this_test.asgi.application")
    assert ids(CLOUDFLARE=True) == []


def test_a_wrapped_application_is_not_the_one_of_wsgi(told, asgi):
    asgi(WRAPPED, WSGI_APPLICATION="site_of_this_test.wsgi.application")
    for keys in ({"CLOUDFLARE_ONLY": True, "CLOUDFLARE": True}, {"TRUSTED_PROXIES": ["10.0.0.1"]}):
        assert told(**keys) == [
            says(
                "W006",
                "with_client_address goes around the ASGI application alone: without"
                " CloudflareRealIPMiddleware in MIDDLEWARE, nobody finds out the client's address under WSGI,"
                " and no request has client_address.",
                f"Add '{REAL_IP}' to MIDDLEWARE, second behind HealthMiddleware; or remove WSGI_APPLICATION"
                " from the settings, if the site is never served by WSGI.",
            )
        ]


@pytest.mark.parametrize(
    "text",
    [
        "application = get_asgi_application()\n",
        "# application = with_client_address(application)\n",
        '"""with_client_address"""\n',
        "with_client_address = (\n",
    ],
)
def test_an_application_that_is_not_wrapped(ids, asgi, text):
    asgi(text, WSGI_APPLICATION="site_of_this_test.wsgi.application", ROOT_URLCONF="site_of_this_test.urls")
    sys.modules["site_of_this_test.urls"] = types.ModuleType("site_of_this_test.urls")
    sys.modules["site_of_this_test.urls"].urlpatterns = []
    assert ids(CLOUDFLARE=True) == ["E010"]


@pytest.mark.parametrize("named", [None, 3, "application", "no.such.module.application"])
def test_an_application_that_cannot_be_found(ids, settings, named):
    settings.MIDDLEWARE = []
    settings.ASGI_APPLICATION = named
    settings.WSGI_APPLICATION = None
    assert ids(CLOUDFLARE=True) == ["E010"]


# --- E011 and W005 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before",
    [
        SECURITY,
        COMMON,
        "django.middleware.cache.CacheMiddleware",
        "django.middleware.cache.FetchFromCacheMiddleware",
    ],
)
@pytest.mark.parametrize("prodready", [{}, {"CLOUDFLARE": True}])
def test_ours_behind_one_of_djangos(told, settings, before, prodready):
    settings.MIDDLEWARE = [HEALTH, before, REAL_IP]
    assert told(**prodready) == [
        says(
            "E011",
            f"{before.rpartition('.')[2]} stands before CloudflareRealIPMiddleware in MIDDLEWARE, where"
            " anybody may have forged the address, scheme and host of a request.",
            PLACE,
        )
    ]


def test_ours_at_the_end_of_what_startproject_makes(told, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[2:], REAL_IP]
    ((code, message, _),) = told(CLOUDFLARE=True)
    assert code == "E011"
    assert message.startswith("SecurityMiddleware and CommonMiddleware stand before Cloudflare")


def test_a_subclass_of_djangos_is_djangos(ids, settings, install):
    from django.middleware.common import CommonMiddleware

    install("site_of_this_test.Common", type("Common", (CommonMiddleware,), {}))
    settings.MIDDLEWARE = ["site_of_this_test.Common", REAL_IP]
    assert ids(CLOUDFLARE=True) == ["E011"]


@pytest.mark.parametrize(
    ("by_host", "site_id", "expected"),
    [(True, None, ["E011"]), (True, 1, []), (False, None, []), (False, 1, [])],
)
def test_a_site_by_the_forwarded_host(ids, settings, install, by_host, site_id, expected):
    path = "django.contrib.sites.middleware.CurrentSiteMiddleware"
    settings.MIDDLEWARE = [path, REAL_IP]
    settings.USE_X_FORWARDED_HOST, settings.SITE_ID = by_host, site_id
    assert ids(CLOUDFLARE=True) == expected


OTHERS = [
    "auditlog.middleware.AuditlogMiddleware",
    "django_structlog.middlewares.request.RequestMiddleware",
    "iprestrict.middleware.IPRestrictMiddleware",
    "qsessions.middleware.SessionMiddleware",
    "user_sessions.middleware.SessionMiddleware",
    "x_forwarded_for.middleware.XForwardedForMiddleware",
    "xff.middleware.XForwardedForMiddleware",
]
TENANTS = [
    "django_hosts.middleware.HostsRequestMiddleware",
    "django_tenants.middleware.main.TenantMainMiddleware",
]


@pytest.mark.parametrize("path", OTHERS)
def test_ours_behind_one_that_reads_the_address(told, settings, install, path):
    if path != "xff.middleware.XForwardedForMiddleware":  # which is installed
        install(path, foreign(path))
    settings.MIDDLEWARE = [path, REAL_IP, SECURITY]
    assert told(CLOUDFLARE=True) == [
        says(
            "W005",
            f"{path.rpartition('.')[2]} stands before CloudflareRealIPMiddleware in MIDDLEWARE, where"
            " anybody may have forged the address, scheme and host of a request.",
            PLACE,
        )
    ]


@pytest.mark.parametrize("path", OTHERS[:1] + OTHERS[2:5])
def test_one_that_is_not_installed_is_left_to_django(told, settings, path):
    settings.MIDDLEWARE = [path, REAL_IP]
    assert told(CLOUDFLARE=True) == []


def test_a_class_is_known_by_what_it_is_and_not_by_its_spelling(ids, settings, install):
    defined = "django_structlog.middlewares.request.RequestMiddleware"
    install("django_structlog.middlewares.RequestMiddleware", foreign(defined))
    settings.MIDDLEWARE = ["django_structlog.middlewares.RequestMiddleware", REAL_IP]
    assert ids(CLOUDFLARE=True) == ["W005"]


@pytest.mark.parametrize(
    ("path", "setting", "value"),
    [
        (OTHERS[0], "AUDITLOG_DISABLE_REMOTE_ADDR", True),
        (OTHERS[1], "DJANGO_STRUCTLOG_IP_LOGGING_ENABLED", False),
        (TENANTS[0], "USE_X_FORWARDED_HOST", False),
        (TENANTS[1], "USE_X_FORWARDED_HOST", False),
    ],
)
def test_one_whose_setting_has_it_read_nothing_of_that(ids, settings, install, path, setting, value):
    install(path, foreign(path))
    settings.MIDDLEWARE = [path, REAL_IP]
    setattr(settings, setting, value)
    assert ids(CLOUDFLARE=True) == []
    setattr(settings, setting, not value)
    assert ids(CLOUDFLARE=True) == ["W005"]


def test_both_kinds_before_ours_are_two_messages(ids, settings):
    settings.MIDDLEWARE = ["xff.middleware.XForwardedForMiddleware", SECURITY, REAL_IP]
    assert ids(CLOUDFLARE=True) == ["E011", "W005"]


# --- E012 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("redirects", "end"), [(True, ", and SECURE_SSL_REDIRECT redirects each without end."), (False, ".")]
)
@pytest.mark.parametrize("header", [PROTO, list(PROTO)])
def test_a_scheme_that_nobody_may_tell(told, settings, redirects, end, header):
    settings.SECURE_PROXY_SSL_HEADER = header
    settings.SECURE_SSL_REDIRECT = redirects
    assert told(CLOUDFLARE_SECRETS=[SECRET]) == [
        says(
            "E012",
            "SECURE_PROXY_SSL_HEADER names X-Forwarded-Proto, but PRODREADY trusts nobody to send it, so it"
            f" is removed: no request through a proxy is secure{end}",
            "Name your proxies in PRODREADY['TRUSTED_PROXIES'], or set CLOUDFLARE, CLOUDFLARED or"
            " TRUST_UNIX_SOCKET; without any proxy, remove SECURE_PROXY_SSL_HEADER.",
        )
    ]


@pytest.mark.parametrize(
    "header", [None, (), "HTTP_X", ("HTTP_X",), ("wsgi.scheme", "https"), ("HTTP_HOST", "a"), (1, "https")]
)
def test_a_header_that_is_not_removed_is_nobodys_business(told, settings, header):
    settings.SECURE_PROXY_SSL_HEADER = header
    assert told() == []


# --- E013 --------------------------------------------------------------------------------------------------


def test_only_cloudflare_and_no_way_through_it(told, settings):
    settings.SECURE_PROXY_SSL_HEADER = PROTO
    assert told(CLOUDFLARE_ONLY=True, TRUSTED_PROXIES=["10.0.0.1"], TRUST_UNIX_SOCKET=True) == [
        says(
            "E013",
            "PRODREADY['CLOUDFLARE_ONLY'] is True, but neither CLOUDFLARE nor CLOUDFLARED is set, so every"
            " request is refused with 403.",
            "Set PRODREADY['CLOUDFLARE'] to True, name your tunnels in PRODREADY['CLOUDFLARED'], or remove"
            " CLOUDFLARE_ONLY.",
        )
    ]


# --- E014 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "named"),
    [
        (["10.0.0.1", "104.16.0.0/13"], "104.16.0.0/13"),
        (["104.16.3.4"], "104.16.3.4"),
        (["104.0.0.0/8", "::ffff:173.245.48.1"], "104.0.0.0/8 and 173.245.48.1"),
        (["2606:4700::/32"], "2606:4700::/32"),
        (BUNDLED[:3], "103.21.244.0/22, 103.22.200.0/22 and 103.31.4.0/22"),
        (BUNDLED, "103.21.244.0/22, 103.22.200.0/22 and 20 more"),
    ],
)
@pytest.mark.parametrize(
    ("cloudflare", "known"), [(True, "is True and knows them"), (False, "= True knows them")]
)
def test_cloudflare_among_the_proxies(told, proxies, named, cloudflare, known):
    assert told(TRUSTED_PROXIES=list(proxies), CLOUDFLARE=cloudflare) == [
        says(
            "E014",
            f"PRODREADY['TRUSTED_PROXIES'] holds addresses of Cloudflare ({named}), which are no proxies"
            " of yours: every customer of Cloudflare can send from there.",
            f"Remove them from PRODREADY['TRUSTED_PROXIES']; PRODREADY['CLOUDFLARE'] {known}.",
        )
    ]


def test_cloudflare_by_the_file_of_ranges_when_it_is_used(ids, tmp_path):
    file = tmp_path / "ranges"
    file.write_text(RANGES.replace("104.24.0.0/14\n", "8.8.8.0/24\n"))
    proxies = {"TRUSTED_PROXIES": ["8.8.8.8"], "CLOUDFLARE_RANGES_FILE": file}
    assert ids(CLOUDFLARE=True, **proxies) == ["E014"]
    assert ids(**proxies) == []
    assert ids(CLOUDFLARE=True, **{**proxies, "TRUSTED_PROXIES": ["104.24.0.1"]}) == []
    file.write_text("")
    assert ids(CLOUDFLARE=True, **{**proxies, "TRUSTED_PROXIES": ["104.24.0.1"]}) == ["E015", "E014"]


# --- E015 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (None, "it cannot be read (FileNotFoundError)"),
        ("", "it has 0 IPv4 networks, and Cloudflare has at least 10: it is cut off, or another list"),
        (
            f"{RANGES}\n0.0.0.0/0\n",
            "line 23: it is everybody: whoever reaches the server could name any client",
        ),
    ],
)
def test_a_file_of_ranges_that_is_not_used(told, tmp_path, content, wrong):
    file = tmp_path / SECRET
    if content is not None:
        file.write_text(content)
    assert told(CLOUDFLARE=True, CLOUDFLARE_RANGES_FILE=str(file)) == [
        says(
            "E015",
            f"The file of PRODREADY['CLOUDFLARE_RANGES_FILE'] is not used, but the bundled list: {wrong}.",
            "Write it anew by `manage.py prodsettings --cloudflare-ranges --write FILE`, or remove"
            " PRODREADY['CLOUDFLARE_RANGES_FILE'].",
        )
    ]


def test_a_sound_file_or_one_that_nobody_reads_is_silent(told, tmp_path):
    file = tmp_path / "ranges"
    assert told(CLOUDFLARED=["10.0.0.1"], CLOUDFLARE_RANGES_FILE=file) == []
    file.write_text(RANGES)
    assert told(CLOUDFLARE=True, CLOUDFLARE_RANGES_FILE=file) == []


# --- W003 and W004 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "named"),
    [
        (["10.0.0.0/8"], "10.0.0.0/8"),
        (["10.1.2.3", "172.16.0.0/12", "192.168.0.0/16"], "172.16.0.0/12 and 192.168.0.0/16"),
        (["192.0.0.0/8"], "192.0.0.0/8"),
        (["fc00::/7", "fd00::/8"], "fc00::/7 and fd00::/8"),
        (["100.64.0.0/10"], "100.64.0.0/10"),
    ],
)
def test_all_of_a_private_network_beside_cloudflare(told, proxies, named):
    assert told(CLOUDFLARE=True, TRUSTED_PROXIES=proxies) == [
        says(
            "W003",
            f"PRODREADY['TRUSTED_PROXIES'] holds all of a private network ({named}), so whatever runs"
            " in it may name any client, past Cloudflare.",
            "Name in PRODREADY['TRUSTED_PROXIES'] the addresses of your proxies, or the one subnet that they"
            " are in.",
        )
    ]
    assert told(TRUSTED_PROXIES=proxies) == []


def test_all_of_a_private_network_as_tunnels(told):
    assert told(CLOUDFLARED=["10.1.2.3", "10.0.0.0/8"]) == [
        says(
            "W003",
            "PRODREADY['CLOUDFLARED'] holds all of a private network (10.0.0.0/8), so whatever runs in it may"
            " name any client.",
            "Name in PRODREADY['CLOUDFLARED'] the addresses that cloudflared connects from, or the one subnet"
            " that it is in; or have the tunnel prove itself by PRODREADY['CLOUDFLARE_SECRETS'].",
        )
    ]
    assert told(CLOUDFLARED=["10.0.0.0/8"], CLOUDFLARE_SECRETS=[SECRET]) == []
    assert told(CLOUDFLARED=["10.1.0.0/16", "172.18.0.0/16"]) == []


@pytest.mark.parametrize(
    ("proxies", "tunnels", "named"),
    [
        (["172.20.0.5"], ["10.0.0.1", "::ffff:172.20.0.5"], "172.20.0.5"),
        (["172.20.0.0/16", "172.20.0.0/16"], ["172.20.0.0/16"], "172.20.0.0/16"),
    ],
)
def test_one_network_that_is_proxy_and_tunnel(told, proxies, tunnels, named):
    assert told(TRUSTED_PROXIES=proxies, CLOUDFLARED=tunnels) == [
        says(
            "W004",
            f"PRODREADY['TRUSTED_PROXIES'] and PRODREADY['CLOUDFLARED'] both hold {named}. It is taken for"
            " a proxy, so what the tunnel says of its clients is not believed.",
            "Remove it from PRODREADY['TRUSTED_PROXIES'] if cloudflared connects from there, and else from"
            " PRODREADY['CLOUDFLARED'].",
        )
    ]
