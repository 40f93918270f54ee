"""What `startproject` makes, with the mixins: nothing to find; headers and cookies as promised over TLS."""

import json
import re
import secrets
from http.cookies import SimpleCookie

import pytest
from prodready_fresh_site import HOST, serving, start_project
from prodready_services.errors import MissingServiceError
from prodready_services.missing import do_without

PRODUCTION = """
from .base import *
from django_prodready.settings import Csp, Email, Postgres, Production, Proxy, RedisCache, WhiteNoise


class Settings(Postgres, RedisCache, WhiteNoise, Email, Csp, Proxy, Production):
    PROXY = "nginx"
    {options}


Settings.apply(globals())
"""
PASSWORD = "correct-horse-battery-staple"


@pytest.fixture
def project(tmp_path):
    """A project under an environment that is sound, with servers at addresses where nobody listens."""

    def made(options="pass", **environ):
        project = start_project(tmp_path, PRODUCTION.format(options=options))
        project.environment |= {
            "SECRET_KEY": secrets.token_urlsafe(60),
            "ALLOWED_HOSTS": HOST,
            "TRUSTED_PROXIES": "127.0.0.1",
            "DATABASE_URL": f"postgresql://site:{secrets.token_urlsafe(24)}@127.0.0.1:1/site",
            "REDIS_URL": "redis://127.0.0.1:1/1",
            "STATIC_ROOT": str(tmp_path / "collected"),
            "EMAIL_HOST": f"smtp.{HOST}",
            "DEFAULT_FROM_EMAIL": f"desk@{HOST}",
            **environ,
        }
        return project

    return made


def findings(report, *severities):
    return [
        (result["check"], finding["severity"], finding["message"])
        for result in report["results"]
        for finding in result["findings"]
        if finding["severity"] in severities
    ]


def test_prodcheck_finds_nothing_at_warning_or_above(project):
    done = project().manage("prodcheck", "--format", "json", check=False)

    report = json.loads(done.stdout)
    assert findings(report, "critical", "error", "warning") == []
    assert done.returncode == 0, done.stderr
    assert report["summary"]["checks"]["crashed"] == 0


def cookies(answer):
    """The cookies of an answer by name."""
    return {
        name: morsel
        for line in answer.headers.get_all("Set-Cookie", [])
        for name, morsel in SimpleCookie(line).items()
    }


def test_what_visitors_get_over_tls(project, postgres_database, redis_url):
    site = project(
        'HSTS_STAGE = "year"\n    CSP_ENFORCE = True',
        DATABASE_URL=postgres_database,
        REDIS_URL=redis_url,
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
    )
    site.manage("migrate", "--verbosity=0")
    site.manage("collectstatic", "--noinput", "--verbosity=0")
    site.manage("createsuperuser", "--noinput", "--username=ada", f"--email=ada@{HOST}")
    try:
        with serving(site) as served:
            plain, _ = served.ask("GET", "/admin/login/?next=/admin/", scheme="http")
            page, html = served.ask("GET", "/admin/login/")
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
            style = re.search(r'href="(/static/admin/css/base\.[0-9a-f]+\.css)"', html)
            assert token, html
            assert style, html
            static, _ = served.ask("GET", style[1], {"Accept-Encoding": "br"})
            entered, said = served.ask(
                "POST",
                "/admin/login/",
                {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Origin": f"https://{HOST}",
                    "Cookie": f"csrftoken={cookies(page)['csrftoken'].value}",
                },
                f"csrfmiddlewaretoken={token[1]}&username=ada&password={PASSWORD}&next=/admin/",
            )
    except MissingServiceError as missing:
        do_without(str(missing))

    assert (plain.status, plain.headers["Location"]) == (301, f"https://{HOST}/admin/login/?next=/admin/")
    assert page.status == 200
    assert {
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }.items() <= dict(page.headers).items()
    # django-csp, which serves Django 5.2, has an order of its own.
    policy = {directive.strip() for directive in page.headers["Content-Security-Policy"].split(";")}
    assert {"default-src 'self'", "object-src 'none'", "frame-ancestors 'none'"} <= policy
    assert any(directive.startswith("script-src 'self'") for directive in policy)
    assert "camera=()" in page.headers["Permissions-Policy"]
    assert page.headers["X-Request-ID"]
    assert (static.headers["Content-Encoding"], static.headers["Cache-Control"]) == (
        "br",
        "max-age=315360000, public, immutable",
    )
    assert entered.status == 302, said
    session = cookies(entered)["sessionid"]
    assert (session["secure"], session["httponly"], session["samesite"]) == (True, True, "Lax")
    assert (cookies(page)["csrftoken"]["secure"], cookies(page)["csrftoken"]["samesite"]) == (True, "Lax")
