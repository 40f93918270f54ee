"""Secrets that are known by their shape or by the name beside them, in any text.

The last line of defence: these need no knowledge of the project. What is known is hidden first
(:mod:`django_prodready.reporting.redaction`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django_prodready.reporting.secret_names import Secrecy, holds_secret, secrecy

REDACTED = "[redacted]"

_SCHEME = r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*://"
# A port, not a password: `http://localhost:8000/users/@me`.
_PORT = r"\d{1,5}(?:[/?#,;)\s]|$)"

_URL_PASSWORD = re.compile(rf"({_SCHEME}[^\s:@/\"'<>]*:)(?!{_PORT})[^\s\"'<>]{{0,512}}(?=@)")
_URL_TOKEN = re.compile(rf"({_SCHEME})[\w.~-]{{16,}}(?=@)")

# GitHub, Stripe, AWS, Slack, Google, SendGrid, GitLab, Hugging Face, npm, PyPI, OpenAI-like, JSON Web Token.
# https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
_TOKEN = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?"
    r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)"
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\b[rsp]k_(?:live|test)_\w{8,}|\bwhsec_[\w+/=]{8,}"
    r"|\bgh[oprsu]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}"
    r"|\bxox[abeoprs]-[\w-]{10,}|\bhooks\.slack\.com/services/[\w/]+"
    r"|\bAIza[\w-]{30,}|\bSG\.[\w-]{16,}\.[\w-]{16,}"
    r"|\bhf_[A-Za-z0-9]{20,}|\bnpm_[A-Za-z0-9]{20,}|\bpypi-[\w-]{40,}|\bsk-[\w-]{20,}"
)
_AUTHORIZATION = re.compile(
    r"(\bAuthorization['\"]?\s*[:=]\s*['\"]?(?:(?:Basic|Bearer|Token)\s+)?)[^\s'\",]+", re.I
)

_PAIR = re.compile(
    r"""(?<![\w-])(?P<name>[A-Za-z_][\w-]*)
        (?: (?P<between>["']?\]?\s*[:=]\s*) (?P<quote>["'])
            (?P<quoted>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote)
          | =(?P<bare>[^\s"'&;,()\[\]{}<>$]+)(?!\() )""",
    re.VERBOSE,
)

_STATEMENT = re.compile(
    r"""^(?P<head>[ \t]*(?:[\w./\\-]+:\d+:?[ \t]+)?            # perhaps the place, as in a report
          (?P<name>[A-Za-z_][\w.]*)(?:\[["']?(?P<item>[\w-]+)["']?\])*
          [ \t]*(?::[^=\n]{0,80})?[+|]?=[ \t]*)(?P<rest>(?!\$)[^\n]*)$""",
    re.VERBOSE | re.MULTILINE,
)
_LITERAL = re.compile(
    r"""(?P<quote>\"\"\"|'''|["'])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P<end>(?P=quote)|$)"""
)
_VARIABLE_NAME = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


def scrub_shapes(text: str) -> str:
    """Replace what is a secret by its shape or by the name that it is assigned to."""
    text = _TOKEN.sub(REDACTED, text)
    if "://" in text:
        text = _URL_PASSWORD.sub(rf"\1{REDACTED}", text)
        text = _URL_TOKEN.sub(rf"\1{REDACTED}", text)
    if "uthorization" in text or "UTHORIZATION" in text:
        text = _AUTHORIZATION.sub(rf"\1{REDACTED}", text)
    if "=" in text or ":" in text:
        text = _STATEMENT.sub(_scrub_statement, text)
        text = _PAIR.sub(_scrub_pair, text)
    return text


def tokens_in(text: str) -> Iterator[str]:
    """Yield the substrings that are secrets by their shape alone: key blocks, tokens of known services."""
    for match in _TOKEN.finditer(text):
        yield match.group()


def named_values_in(text: str) -> Iterator[str]:
    """Yield the values that stand beside a secret's name: ``password=…`` in a DSN or in a URL's query."""
    for match in _PAIR.finditer(text):
        value = match["quoted"] if match["bare"] is None else match["bare"]
        if holds_secret(match["name"], value):
            yield value


def _scrub_pair(match: re.Match[str]) -> str:
    value = match["quoted"] if match["bare"] is None else match["bare"]
    if not holds_secret(match["name"], value):
        return match.group()
    if match["bare"] is not None:
        return f"{match['name']}={REDACTED}"
    return f"{match['name']}{match['between']}{match['quote']}{REDACTED}{match['quote']}"


def _scrub_statement(match: re.Match[str]) -> str:
    """Empty the string literals of an assignment to a secret's name, such as a traceback shows it."""
    name = match["item"] or match["name"].rpartition(".")[2]
    if secrecy(name) is not Secrecy.SURE:
        return match.group()
    return match["head"] + _LITERAL.sub(_scrub_literal, match["rest"])


def _scrub_literal(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1 : match.start()]
    names_a_variable = before in {"(", "["} and _VARIABLE_NAME.fullmatch(match["text"])
    if not match["text"] or names_a_variable:
        return match.group()
    return f"{match['quote']}{REDACTED}{match['end']}"
