"""Response headers that are sent without a setting of Django's: by a proxy's file, or by other middleware.

The answers lean towards silence: a header that is written anywhere in such a place counts as sent.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.code_text import source_of
from django_prodready.audit.facts.proxy import Evidence, is_elsewhere, without_comments
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = [
    "CSP",
    "CSP_REPORT_ONLY",
    "FRAME_ANCESTORS",
    "NOSNIFF",
    "OPENER_POLICY",
    "PERMISSIONS_POLICY",
    "REFERRER_POLICY",
    "X_FRAME_OPTIONS",
    "Header",
    "sent_by",
    "set_in_code",
]


@dataclass(frozen=True, slots=True)
class Header:
    """A response header, and how it shows."""

    name: str
    in_files: re.Pattern[str]  # of proxies and platforms
    in_code: re.Pattern[str]


def _header(name: str, *keys: str) -> Header:
    """Describe a header; ``keys`` are what Traefik and Terraform call it."""
    whole = "|".join((rf"(?<![\w-]){name}(?![\w-])", *keys))
    return Header(name, re.compile(whole, re.IGNORECASE), re.compile(rf"""["']{name}["']""", re.IGNORECASE))


_YES = r"""["']?[ \t]*[=:][ \t]*["']?true"""
NOSNIFF = _header("X-Content-Type-Options", rf"contentTypeNosniff{_YES}", r"content_type_options\s*\{")
X_FRAME_OPTIONS = _header(
    "X-Frame-Options", rf"frameDeny{_YES}", "customFrameOptionsValue", r"\bframe_options\s*\{"
)
REFERRER_POLICY = _header("Referrer-Policy", r"\breferrerPolicy\b", r"referrer_policy\s*\{")
OPENER_POLICY = _header("Cross-Origin-Opener-Policy")
CSP = _header(
    "Content-Security-Policy", r"contentSecurityPolicy(?!ReportOnly)", r"content_security_policy\s*\{"
)
CSP_REPORT_ONLY = _header("Content-Security-Policy-Report-Only", "contentSecurityPolicyReportOnly")
PERMISSIONS_POLICY = _header("Permissions-Policy", r"\bpermissionsPolicy\b")
_ANCESTORS = re.compile(r"(?<![\w-])frame-ancestors(?![\w-])", re.IGNORECASE)
FRAME_ANCESTORS = Header("frame-ancestors", _ANCESTORS, _ANCESTORS)

_FILES = (
    "*nginx*", "**/nginx/**", "*.conf", "*.conf.template", "Caddyfile*", "*.caddy", "*.Caddyfile",
    "*.yml", "*.yaml", "*traefik*", "**/traefik/**", "*.tf", ".htaccess", "*haproxy*.cfg",
    "vercel.json", "netlify.toml", "_headers", "firebase.json", "staticwebapp.config.json",
)  # fmt: skip
# A line that takes the header away; Traefik does so with an empty value.
_TAKES_AWAY = re.compile(
    r"""hide_header|more_clear_headers|\bunset\b|\bdel-header\b|["']?[ \t]*[=:][ \t]*(?:["']{2})?[ \t]*$""",
    re.IGNORECASE,
)
# What SecurityMiddleware and its like send is decided by settings, which checks judge.
_BY_SETTINGS = ("django", "builtins", "csp", "django_permissions_policy", "django_prodready")
_COMMENT = re.compile(r"(?:^|[ \t])#.*$", re.MULTILINE)
# It sets every header by itself: https://pypi.org/project/secure/
_SECURE_PACKAGE = re.compile(r"^[ \t]*(?:import|from)[ \t]+secure\b", re.MULTILINE)
_READS_BEFORE = re.compile(r"\.(?:get|pop|has_header|remove|discard)\(\s*$")
_READS_AFTER = re.compile(r"""["']?(?:\s*\](?!\s*=(?!=))|\s+(?:not\s+)?in\b)""")


def sent_by(facts: Facts, *headers: Header) -> str | None:
    """Return what sends one of ``headers`` with every response; None when nothing is known to.

    That is a file of a proxy or platform, as ``file:line``, or the dotted path of a middleware that is
    neither Django's nor decided by settings that are known.
    """
    for header in headers:
        evidence = _in_files(facts, header)
        if evidence is not None:
            return str(evidence.at)
        for entry in facts.middleware.entries:
            if any(_sends(text, header) for text in _sources(entry.target)):
                return entry.path
    return None


def set_in_code(facts: Facts, header: Header) -> Location | None:
    """Return where the project's own code sets ``header``, in a view or elsewhere; None when nowhere."""
    for path in facts.files.served:
        whole = facts.files.read(path) or ""
        text = _COMMENT.sub("", whole) if header.in_code.search(whole) else ""
        for match in _written(text, header):
            return Location(path, text.count("\n", 0, match.start()) + 1)
    return None


def _in_files(facts: Facts, header: Header) -> Evidence | None:
    for path in facts.files.matching(*_FILES):
        if is_elsewhere(path):
            continue
        text = without_comments(facts.files.read(path) or "")
        for number, line in enumerate(text.splitlines(), start=1):
            if header.in_files.search(line) and not _TAKES_AWAY.search(line):
                return Evidence("a proxy", "detected", Location(path, number))
    return None


def _sources(target: Any) -> Iterator[str]:
    """Yield the source of the modules that made a middleware, those aside whose settings are judged."""
    for made in getattr(target, "__mro__", (target,)):
        module = getattr(made, "__module__", None) or "builtins"
        if module.partition(".")[0] not in _BY_SETTINGS:
            yield _COMMENT.sub("", source_of(sys.modules.get(module)))


def _sends(text: str, header: Header) -> bool:
    return _SECURE_PACKAGE.search(text) is not None or any(_written(text, header))


def _written(text: str, header: Header) -> Iterator[re.Match[str]]:
    """Yield where ``text`` names the header other than to read or remove it."""
    for match in header.in_code.finditer(text):
        before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 40]
        if not _READS_BEFORE.search(before) and not _READS_AFTER.match(after):
            yield match
