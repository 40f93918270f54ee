"""What stands between the browser and Django: where TLS ends, and what is done there already.

A declaration in ``PRODREADY["FACTS"]`` decides. Without one, only files that leave no doubt count: they
name a proxy that holds the certificate. A Procfile does not, because it also starts development servers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = [
    "Evidence",
    "declared_platform",
    "hsts_proxy",
    "is_elsewhere",
    "redirecting_proxy",
    "tls_proxy",
    "without_comments",
]

# Platforms that take the browser's TLS connection themselves and speak HTTP to the application.
_TLS_PLATFORMS = frozenset(
    {
        "caprover", "cloudrun", "coolify", "digitalocean", "dokku", "dokploy", "fly", "heroku",
        "k8s", "kubernetes", "openshift", "railway", "render", "scalingo", "sevalla",
    }
)  # fmt: skip
# They answer http:// with a redirect of their own, always.
# https://docs.railway.com/networking/public-networking/specs-and-limits, https://render.com/docs/tls
# https://cloud.google.com/run/docs/triggering/https-request
_REDIRECTING_PLATFORMS = frozenset({"cloudrun", "railway", "render"})

# Where files lie, or what they are called, that describe something else than production.
_ELSEWHERE = re.compile(
    r"^\.github/|(?:^|[._/-])(?:ci|contrib|dev|development|docs?|examples?|local|samples?|staging|tests?|vendor)(?:[._/-]|$)",
    re.IGNORECASE,
)
_COMMENT_LINE = re.compile(r"^[ \t]*(?:#|//|;).*$", re.MULTILINE)

_COMPOSE = ("*compose*.yml", "*compose*.yaml")
_TRAEFIK = (*_COMPOSE, "*traefik*", "**/traefik/**")
_KUBERNETES = ("*.yml", "*.yaml")
_NGINX = ("*nginx*", "**/nginx/**", "*.conf", "*.conf.template")
_CADDY = ("Caddyfile*", "*.caddy", "*.Caddyfile")

_CADDY_SITE = r"^[ \t]*(?:https://)?[\w*-]+(?:\.[\w-]+)+[^{}\n]*\{[ \t]*$"  # HTTPS is automatic for a domain
_TRAEFIK_TLS = r"traefik\.http\.routers\..+\.tls(?:\.certresolver)?[\"']?[ \t]*[=:][ \t]*[\"']?(?!false)\w"
_TRAEFIK_REDIRECT = (
    r"redirectscheme\.scheme[\"']?[ \t]*[=:][ \t]*[\"']?https|redirectScheme:|redirections?[.:]"
)
# A template's lines may not apply.
_INGRESS_TLS = (r"^kind:[ \t]*Ingress\b", r"^[ \t]+tls:[ \t]*$", r"\A(?![\s\S]*\{\{)")
_HSTS_HEADER = r"^[ \t]*(?:add_header|more_set_headers|Header[ \t].*)[ \t]+[\"']?Strict-Transport-Security"
_LETSENCRYPT = r"^[ \t]*-?[ \t]*[\"']?LETSENCRYPT_HOST\b"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known, in words that complete "by …" or "at …", and how it is known."""

    words: str
    origin: str  # "declared" or "detected"
    at: Location | None = None
    key: str = ""  # the key of PRODREADY that declares it, where it is not FACTS
    is_certain: bool = True  # False: something stands in front, and speaks HTTPS for all that is known

    def __str__(self) -> str:
        if self.origin == "declared":
            by = f" by PRODREADY['{self.key}']" if self.key else ""
            return f"{self.words} (declared{by})"
        return f"{self.words} ({self.at})"


@dataclass(frozen=True, slots=True)
class _Sign:
    """A file that holds every one of ``patterns``, outside of comments."""

    words: str
    globs: tuple[str, ...]
    patterns: tuple[str, ...]

    def seek(self, facts: Facts) -> Evidence | None:
        """Return the first file that shows the sign, at the line of the first pattern."""
        for path in facts.files.matching(*self.globs):
            if is_elsewhere(path):
                continue
            text = without_comments(facts.files.read(path) or "")
            matches = [re.search(pattern, text, re.MULTILINE | re.IGNORECASE) for pattern in self.patterns]
            if matches[0] and all(matches):
                line = text.count("\n", 0, matches[0].end()) + 1
                return Evidence(self.words, "detected", Location(path, line))
        return None


_TLS = (
    _Sign("Fly's proxy", ("fly.toml",), (r"^[ \t]*\[http_service\]|^[ \t]*handlers[ \t]*=.*\btls\b",)),
    _Sign("Traefik", _COMPOSE, (_TRAEFIK_TLS,)),
    _Sign("nginx-proxy", _COMPOSE, (_LETSENCRYPT,)),
    _Sign("the Kubernetes Ingress", _KUBERNETES, _INGRESS_TLS),
    _Sign("nginx", _NGINX, (r"^[ \t]*listen[ \t][^;]*\b(?:443|ssl)\b", r"^[ \t]*proxy_pass[ \t]+http://")),
    _Sign("Caddy", _CADDY, (_CADDY_SITE, r"^[ \t]*reverse_proxy[ \t]")),
)  # fmt: skip
_REDIRECT = (
    _Sign("Fly's proxy", ("fly.toml",), (r"^[ \t]*force_https[ \t]*=[ \t]*true",)),
    _Sign("App Engine's front end", ("app.yaml",), (r"^[ \t-]*secure:[ \t]*[\"']?always",)),
    _Sign("Traefik", _TRAEFIK, (_TRAEFIK_REDIRECT,)),
    _Sign("nginx-proxy", _COMPOSE, (_LETSENCRYPT,)),
    _Sign("the Kubernetes Ingress", _KUBERNETES, (r"ssl-redirect[\"']?:[ \t]*[\"']?true",)),
    _Sign("nginx", _NGINX, (r"^[ \t]*(?:return[ \t]+30[1278]|rewrite[ \t].*|RewriteRule[ \t].*)[ \t]+https://",)),
    _Sign("Caddy", _CADDY, (_CADDY_SITE, r"^[ \t]*reverse_proxy[ \t]")),
)  # fmt: skip
_HSTS = (
    _Sign("Traefik", _TRAEFIK, (r"stsSeconds[\"']?[ \t]*[=:][ \t]*[\"']?[1-9]",)),
    _Sign("nginx-proxy", _COMPOSE, (_LETSENCRYPT,)),  # it sends one year unless told otherwise
    _Sign("nginx", _NGINX, (_HSTS_HEADER,)),
    _Sign("Caddy", _CADDY, (r"Strict-Transport-Security",)),
)  # fmt: skip


def tls_proxy(facts: Facts) -> Evidence | None:
    """Return what ends the browser's TLS connection in front of Django; None when nothing is known to.

    ``tls: app`` declares that nothing does.
    """
    tls = facts.declared.get("tls")
    if tls is not None:
        return Evidence("a proxy", "declared") if tls == "proxy" else None
    platform = declared_platform(facts)
    if platform in _TLS_PLATFORMS:
        return Evidence(f"the proxy of {facts.declared['platform']}", "declared")
    return _first(facts, _TLS)


def redirecting_proxy(facts: Facts) -> Evidence | None:
    """Return what redirects HTTP to HTTPS in front of Django; None when nothing is known to.

    ``tls: proxy`` declares it too, unless ``redirect: app`` says otherwise.
    """
    declared = facts.declared.get("redirect")
    if declared is not None:
        return Evidence("the proxy", "declared") if declared == "proxy" else None
    if facts.declared.get("tls") == "proxy":
        return Evidence("the proxy that ends TLS", "declared")
    if declared_platform(facts) in _REDIRECTING_PLATFORMS:
        return Evidence(f"the proxy of {facts.declared['platform']}", "declared")
    return _first(facts, _REDIRECT)


def hsts_proxy(facts: Facts) -> Evidence | None:
    """Return what adds Strict-Transport-Security in front of Django; None when nothing is known to."""
    declared = facts.declared.get("hsts")
    if declared is not None:
        return Evidence("the proxy", "declared") if declared == "proxy" else None
    return _first(facts, _HSTS)


def declared_platform(facts: Facts) -> str:
    """Return the declared platform as one lower-case word, such as ``fly`` for "Fly.io"; else empty."""
    name = str(facts.declared.get("platform", "")).lower().removesuffix(".io").removesuffix(".com")
    return re.sub(r"[^a-z0-9]", "", name)


def is_elsewhere(path: str) -> bool:
    """Whether ``path`` is called, or lies, as what describes something else than production."""
    return _ELSEWHERE.search(path) is not None


def without_comments(text: str) -> str:
    """Blank out the lines that are comments; the others keep their numbers."""
    return _COMMENT_LINE.sub("", text)


def _first(facts: Facts, signs: Iterable[_Sign]) -> Evidence | None:
    return next((found for sign in signs if (found := sign.seek(facts)) is not None), None)
