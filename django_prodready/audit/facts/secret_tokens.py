"""Tokens of well-known services, found by their shape in the files of the repository.

Only shapes that nothing else has: what a service has its customers publish, or what may as well be a hash,
is not among them. https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django_prodready.reporting.finding import Severity

__all__ = ["Shape", "Token", "tokens_in", "will_be_searched"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What the tokens of one kind look like."""

    what: str  # completes "holds …"
    needle: bytes  # in every one of them, and quickly looked for
    pattern: re.Pattern[bytes]
    shown: str  # as much of it as anybody may see
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Token:
    """One token in a file; the token itself is not kept."""

    shape: Shape
    line: int


def _shape(what: str, needle: str, pattern: str, shown: str, severity: Severity = Severity.ERROR) -> Shape:
    return Shape(what, needle.encode(), re.compile(pattern.encode()), shown, severity)


_END = r"(?![\w-])"
_SHAPES = (
    _shape("the id of an AWS access key", "AKIA", rf"(?<!\w)AKIA[A-Z2-7]{{16}}{_END}", "AKIA…"),
    _shape("a Stripe secret key", "sk_live_", rf"(?<!\w)sk_live_[A-Za-z0-9]{{16,}}{_END}", "sk_live_…"),
    _shape("a Stripe restricted key", "rk_live_", rf"(?<!\w)rk_live_[A-Za-z0-9]{{16,}}{_END}", "rk_live_…"),
    _shape("a GitHub token", "ghp_", rf"(?<!\w)ghp_[A-Za-z0-9]{{36}}{_END}", "ghp_…"),
    _shape("a GitHub token", "github_pat_", rf"(?<!\w)github_pat_\w{{40,}}{_END}", "github_pat_…"),
    _shape("a GitLab token", "glpat-", rf"(?<!\w)glpat-[\w-]{{20,}}{_END}", "glpat-…"),
    _shape("a Slack token", "xoxb-", rf"(?<!\w)xoxb-\d{{6,}}-[A-Za-z0-9-]{{16,}}{_END}", "xoxb-…"),
    _shape("a Slack token", "xoxp-", rf"(?<!\w)xoxp-\d{{6,}}-[A-Za-z0-9-]{{16,}}{_END}", "xoxp-…"),
    _shape(
        "a Slack webhook",
        "hooks.slack.com/services/T",
        rf"hooks\.slack\.com/services/T[A-Z0-9]{{6,}}/B[A-Z0-9]{{6,}}/[A-Za-z0-9]{{20,}}{_END}",
        "hooks.slack.com/…",
    ),
    _shape("a SendGrid key", "SG.", rf"(?<![\w.])SG\.[\w-]{{22}}\.[\w-]{{43}}{_END}", "SG.…"),
    # Those of maps and of Firebase are in every page that uses them: restricted by site, and public.
    _shape("a Google API key", "AIza", rf"(?<!\w)AIza[\w-]{{35}}{_END}", "AIza…", Severity.WARNING),
    _shape(
        "a private key",
        "PRIVATE KEY",
        # Its body follows: code that only looks for such keys has none.
        r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----(?:\\n|\\r|[\s\"'+,])+"
        r"(?:[A-Za-z-]+: [^\n]*\n|\s)*[A-Za-z0-9+/=]{40,}",
        "-----BEGIN … PRIVATE KEY-----",
    ),
)

# What documentation shows in place of one: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
_EXAMPLE = re.compile(rb"[Xx]{4}|0{6}|123456|abcdef|ABCDEF|(?i:example|your|dummy|fake|sample|redacted)")
_MIN_CHARACTERS = 8  # different ones, of a token's twenty and more
_MAX_PER_FILE = 20
_KEY = b"PRIVATE KEY"

# Not the project's own, or there to show or to try something.
_EXEMPT = re.compile(
    r"(?:^|/)(?:__fixtures__|__mocks__|__tests__|cassettes|cypress|docs?|documentation|e2e|examples?|fixtures?|mocks?"
    r"|node_modules|samples?|snapshots|spec|testdata|testing|testproject|tests?|testsuite|third_party|tutorials?"
    r"|vendor|vendored|vcr_cassettes)/"
    r"|(?:^|/)(?:test_|tests?\.|conftest|README|CHANGELOG|HISTORY|CHANGES|CONTRIBUTING)[^/]*$"
    r"|[._-](?:test|tests|spec|example|sample|template|dist|fixture|mock)(?:[._-][^/]*)?$"
    r"|\.(?:md|mdx|rst|adoc|ipynb|map|lock|svg|po|pot|min\.js|min\.css)$"
    r"|-lock\.(?:json|yaml)$|\.sum$",
    re.IGNORECASE,
)
# Keys of certificates that nobody but one's own machine trusts.
_OWN_MACHINE = re.compile(r"(?:^|[/._-])(?:dev|devel|development|dummy|local|localhost|snakeoil)(?:[/._-]|$)")
# Formats that are no text.
_BINARY = re.compile(
    r"\.(?:7z|avi|bmp|bz2|db|dll|doc|docx|eot|exe|gif|gz|icns|ico|jar|jpe?g|mmdb|mo|mov|mp3|mp4|ogg|otf|parquet|pdf"
    r"|png|psd|pyc|rar|so|sqlite3?|tar|tgz|tiff?|ttf|wasm|wav|webm|webp|whl|woff2?|xlsx?|xz|zip|zst)$",
    re.IGNORECASE,
)


def will_be_searched(path: str) -> bool:
    """Whether a file of this name is text of the project's own: no test, documentation, example, or build."""
    return not _EXEMPT.search(path) and not _BINARY.search(path)


def tokens_in(content: bytes, path: str = "") -> Iterator[Token]:
    """Yield the tokens of a file, each with the line that it begins in; no more than twenty."""
    count = 0
    for shape in _SHAPES:
        if shape.needle not in content or (shape.needle == _KEY and _OWN_MACHINE.search(path)):
            continue
        for match in shape.pattern.finditer(content):
            if _is_example(match.group(), shape) or count == _MAX_PER_FILE:
                continue
            count += 1
            yield Token(shape, content.count(b"\n", 0, match.start()) + 1)


def _is_example(token: bytes, shape: Shape) -> bool:
    body = token.rpartition(b"-----")[2] if shape.needle == _KEY else token.partition(shape.needle)[2]
    return len(set(body)) < _MIN_CHARACTERS or bool(_EXAMPLE.search(body))
