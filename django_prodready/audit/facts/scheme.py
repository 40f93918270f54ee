"""Who, besides SECURE_PROXY_SSL_HEADER, may tell Django that the browser's request came by HTTPS.

Application servers can take the scheme from the proxy's headers and put it into ``wsgi.url_scheme``.
The answer leans towards "somebody does": a site that works must not be called broken.

gunicorn: https://docs.gunicorn.org/en/stable/settings.html#forwarded-allow-ips
uvicorn: https://uvicorn.dev/settings/#http
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django_prodready.audit.facts.proxy import Evidence, declared_platform, tls_proxy, without_comments
from django_prodready.audit.facts.proxy_declared import declared_proxy, is_deaf, local_proxy
from django_prodready.audit.model import NotApplicable

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["scheme_setter", "unheard_proxy"]

# Their buildpacks export FORWARDED_ALLOW_IPS, which gunicorn and uvicorn read. For Render it is not certain.
# https://github.com/heroku/heroku-buildpack-python/blob/main/vendor/python.gunicorn.sh
_PLATFORMS = frozenset({"digitalocean", "dokku", "heroku", "render", "scalingo"})
_VARIABLES = ("FORWARDED_ALLOW_IPS", "UVICORN_FORWARDED_ALLOW_IPS", "GUNICORN_FORWARDED_ALLOW_IPS")

_DEPLOYMENT = (
    "Procfile*", "Dockerfile*", "*.dockerfile", "Containerfile*", "Caddyfile*", "Makefile", "justfile",
    "*.sh", "entrypoint*", "start", "run", "*.service", "*.socket", "*.conf", "*.ini", "*.toml",
    "*.yml", "*.yaml", "*.env", ".env*", "*.j2", "*.tmpl", "*.template", "*.tf", "*nginx*",
)  # fmt: skip
_PROXY_HEADERS = r"(?<!no[-_])proxy[-_]headers\b(?![\"']?\s*[=:]\s*False)"
_SCHEME_HEADERS = r"secure_scheme_headers(?!\s*=\s*\{\s*\})"
_LOCAL = r"(?:unix:|unix/|127\.|localhost|\[::1\])"
_IN_DEPLOYMENT = re.compile(
    "|".join(
        (
            # gunicorn, uvicorn, daphne, hypercorn, waitress, mod_wsgi
            rf"forwarded[-_]allow[-_]ips|{_PROXY_HEADERS}|{_SCHEME_HEADERS}|trusted[-_]proxy|trust-proxy",
            # uWSGI takes the scheme from nginx's parameters and from X-Forwarded-Proto
            r"\buwsgi|fastcgi_pass|\bHTTPS[=:][ \t]*[\"']?(?:on|1)\b",
        )
    ),
    re.MULTILINE | re.IGNORECASE,
)
# gunicorn trusts a proxy on the same machine, by its default; uvicorn one at a loopback address.
_ON_SAME_MACHINE = re.compile(
    "|".join(
        (
            rf"(?:proxy_pass|reverse_proxy|ProxyPass)[ \t](?:[^\n]*[ \t/\"'])?{_LOCAL}",
            rf"^[ \t]*server[ \t]+{_LOCAL}",
            rf"(?:--bind|-b)[\"', =]+{_LOCAL}",
            r"--uds\b|^ListenStream[ \t]*=[ \t]*/",
        )
    ),
    re.MULTILINE | re.IGNORECASE,
)
_IN_PYTHON = re.compile(
    "|".join(
        (
            # Not as the key of a dict: that is a header which somebody sends.
            r"x[-_]forwarded[-_](?:proto|ssl)(?![\"']\s*:)|wsgi\.url_scheme|ProxyFix|ProxyHeaders",
            rf"{_PROXY_HEADERS}|forwarded_allow_ips|{_SCHEME_HEADERS}",
            r"is_secure[ \t]*=[^=]|[\"']HTTPS[\"']\][ \t]*=",
        )
    ),
    re.MULTILINE | re.IGNORECASE,
)
_BOUND_LOCALLY = re.compile(rf"^[ \t]*bind[ \t]*=[ \t]*f?[\"']{_LOCAL}", re.MULTILINE | re.IGNORECASE)
# Another settings module of the project, such as one for another platform, is not in force.
_SETTING = re.compile(r"^.*SECURE_PROXY_SSL_HEADER\b(?:[^\n=]*=\s*[(\[][^()\[\]]*[)\]]|.*$)", re.MULTILINE)
# Documentation, tests, pipelines and machines of developers. Not contrib and staging: others run from there.
_NOT_DEPLOYED = re.compile(
    r"^\.github/|(?:^|[._/-])(?:ci|dev|development|docs?|examples?|local|samples?|tests?)(?:[._/-]|$)",
    re.IGNORECASE,
)


def unheard_proxy(facts: Facts) -> Evidence | None:
    """Find the proxy that ends TLS while nothing tells Django so; None when something does.

    Raises :class:`NotApplicable` when no proxy is known to end TLS.
    """
    if facts.settings.SECURE_PROXY_SSL_HEADER:
        return None
    proxy = tls_proxy(facts) or declared_proxy(facts)
    if proxy is None:
        raise NotApplicable("no proxy is known to end TLS")
    return None if scheme_setter(facts) is not None else proxy


def scheme_setter(facts: Facts) -> str | None:
    """Name what may set the request's scheme from a proxy's word; None when nothing is seen to."""
    for name in _VARIABLES:
        if facts.environ.get(name):
            return f"the server, by {name}"
    arguments = facts.environ.get("GUNICORN_CMD_ARGS", "")
    if _IN_DEPLOYMENT.search(arguments) or _ON_SAME_MACHINE.search(arguments):
        return "the server, by GUNICORN_CMD_ARGS"
    if declared_platform(facts) in _PLATFORMS:
        return f"the server, by variables of {facts.declared['platform']}"
    is_local_heard = not is_deaf(facts)
    return (
        _in_deployment_files(facts, is_local_heard=is_local_heard)
        or _in_code(facts, is_local_heard=is_local_heard)
        or (local_proxy(facts) if is_local_heard else None)
    )


def _in_deployment_files(facts: Facts, *, is_local_heard: bool) -> str | None:
    for path in facts.files.matching(*_DEPLOYMENT):
        if _NOT_DEPLOYED.search(path):
            continue
        text = without_comments(facts.files.read(path) or "")
        if _IN_DEPLOYMENT.search(text) or (is_local_heard and _ON_SAME_MACHINE.search(text)):
            return f"the server, by {path}"
    return None


def _in_code(facts: Facts, *, is_local_heard: bool) -> str | None:
    settings_files = set(facts.chain.files)
    for path in facts.files.served:
        if path in settings_files:
            continue
        text = _SETTING.sub("", without_comments(facts.files.read(path) or ""))
        if _IN_PYTHON.search(text) or (is_local_heard and _BOUND_LOCALLY.search(text)):
            return path
    return None
