"""Secrets by their shape that lines of a log hold and reports do not: headers, cookies, ``password: …``.

And a test, a tenth as dear as the search, of whether a text can hold any secret by shape at all.
"""

from __future__ import annotations

import re

from django_prodready.reporting.secret_names import Secrecy, holds_secret, secrecy
from django_prodready.reporting.secret_shapes import REDACTED, scrub_shapes

__all__ = ["may_hold_shape", "scrub_all_shapes"]

# How each token of reporting.secret_shapes begins.
_TOKEN_STARTS = (
    *("-----BEGIN ", "eyJ", "AKIA", "ASIA", "k_live_", "k_test_", "whsec_", "gho_", "ghp_", "ghr_", "ghs_"),
    *("ghu_", "github_pat_", "glpat-", "xox", "hooks.slack.com", "AIza", "SG.", "hf_", "npm_", "pypi-"),
    "sk-",
)
# One of them is in every name that reporting.secret_names takes for a secret's, and in each pattern below.
_NAME_PARTS = (
    *("pass", "pwd", "secret", "token", "auth", "key", "dsn", "credential", "private", "signing", "salt"),
    *("cookie", "session"),
)

# Such a name, and what may be between it and its value: `password=`, `environ["TOKEN"] +=`, `"key" :`.
_NAMED = re.compile(rf"(?<![\w-])(?=[\w-]*(?:{'|'.join(_NAME_PARTS)}))[\w-]++[\"'\]]{{0,2}}\s*[+|]?[:=]")

# Whatever the scheme: https://www.iana.org/assignments/http-authschemes/
_AUTHORIZATION = re.compile(
    r"(\bauthorization['\"]?\s*[:=]\s*['\"]?(?:(?:[a-z][\w-]*|\[redacted\])[ \t]+)?)[^\s'\",;]+", re.I
)
_BEARER = re.compile(r"(\b(?:bearer|basic)[ \t]+)(?=[^\s'\",;]*[\d=])[\w.~+/=-]{8,}", re.I)
_COOKIE = re.compile(r"(\b(?:set-)?cookie['\"]?\s*[:=]\s*['\"]?)[^\s'\"=]{1,128}=[^'\"\r\n]*", re.I)
_SESSION = re.compile(r"(?<![\w-])(session_?(?:id|key)['\"]?\s*[:=]\s*['\"]?)[\w.:-]{8,}", re.I)
_COLON_PAIR = re.compile(
    r"(?<![\w-])(?P<name>[A-Za-z_][\w-]*)(?P<between>['\"]?\s*:\s*)(?P<value>[^\s\"'&;,()\[\]{}<>$]+)"
)
_PASSWORD = re.compile(r"pass|pwd", re.I)
_MIN_TOKEN = 16  # without a digit, shorter ones are words: "token: expired"


def may_hold_shape(text: str) -> bool:
    """Tell whether ``text`` may hold what :func:`scrub_all_shapes` replaces. False is certain."""
    for start in _TOKEN_STARTS:
        if start in text:
            return True
    if "://" in text and "@" in text:
        return True
    folded = text.casefold()
    if "=" in text or ":" in text:
        for part in _NAME_PARTS:
            if part in folded:
                return _NAMED.search(folded) is not None or "bearer" in folded or "basic" in folded
    return "bearer" in folded or "basic" in folded


def scrub_all_shapes(text: str) -> str:
    """Replace what is a secret by its shape or by the name beside it."""
    text = scrub_shapes(text)
    for pattern in (_AUTHORIZATION, _BEARER, _COOKIE, _SESSION):
        text = pattern.sub(rf"\1{REDACTED}", text)
    return _COLON_PAIR.sub(_scrub_pair, text)


def _scrub_pair(match: re.Match[str]) -> str:
    name, value = match["name"], match["value"]
    is_random = len(value) >= _MIN_TOKEN or any(character.isdigit() for character in value)
    is_one = is_random or _PASSWORD.search(name)
    if not is_one or secrecy(name) is not Secrecy.SURE or not holds_secret(name, value):
        return match.group()
    return f"{name}{match['between']}{REDACTED}"
