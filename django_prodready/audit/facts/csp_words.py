"""The words of a Content-Security-Policy: which directives there are, and what a source may look like.

https://www.w3.org/TR/CSP3/, with what browsers added and dropped since.
"""

from __future__ import annotations

import difflib
import re

__all__ = ["KNOWN_DIRECTIVES", "NONCE_DIRECTIVES", "nearest_directive", "problem_of"]

_SOURCES = frozenset(
    {
        "child-src", "connect-src", "default-src", "fenced-frame-src", "font-src", "frame-src", "img-src",
        "manifest-src", "media-src", "monetization-src", "object-src", "prefetch-src", "script-src",
        "script-src-attr", "script-src-elem", "style-src", "style-src-attr", "style-src-elem", "worker-src",
        "base-uri", "form-action", "frame-ancestors", "navigate-to",
    }
)  # fmt: skip
# Directives whose values are no sources; some are dropped by browsers and harm nobody.
_OTHERS = frozenset(
    {
        "block-all-mixed-content", "plugin-types", "referrer", "reflected-xss", "report-to", "report-uri",
        "require-sri-for", "require-trusted-types-for", "sandbox", "trusted-types",
        "upgrade-insecure-requests", "webrtc",
    }
)  # fmt: skip
KNOWN_DIRECTIVES = _SOURCES | _OTHERS
# Where a nonce counts: https://www.w3.org/TR/CSP3/#match-element-to-source-list
NONCE_DIRECTIVES = frozenset(
    {"default-src", "script-src", "script-src-elem", "style-src", "style-src-elem", "worker-src"}
)

_KEYWORDS = frozenset(
    {
        "inline-speculation-rules", "none", "report-sample", "report-sha256", "report-sha384",
        "report-sha512", "self", "strict-dynamic", "trusted-types-eval", "unsafe-allow-redirects",
        "unsafe-eval", "unsafe-hashes", "unsafe-inline", "wasm-unsafe-eval",
    }
)  # fmt: skip
_SCHEMES = frozenset({"blob", "data", "filesystem", "http", "https", "mediastream", "ws", "wss"})
_NONCE_OR_HASH = re.compile(r"(?:nonce|(?:url-|eval-)?sha(?:256|384|512))-", re.IGNORECASE)
_QUOTED = re.compile(r"'[^'\"]*'")
_LIKENESS = 0.85  # 'unsafe_inline' for 'unsafe-inline'


def nearest_directive(name: str) -> str | None:
    """Return the known directive that is spelled most like ``name``; None when none is."""
    folded = name.strip().lower().replace("_", "-")
    return next(iter(difflib.get_close_matches(folded, sorted(KNOWN_DIRECTIVES), n=1, cutoff=0.8)), None)


def problem_of(directive: str, word: str) -> str | None:
    """Say what browsers make of one word of a directive that is not what it was meant to be; else None.

    The answer completes "has WORD, ". Only directives that hold sources are judged.
    """
    if directive not in _SOURCES:
        return None
    if ";" in word or "," in word:
        return "and ';' or ',' ends the directive there"
    if "'" in word or '"' in word:
        return _problem_of_quoted(word)
    return _problem_of_bare(word)


def _problem_of_quoted(word: str) -> str | None:
    if not _QUOTED.fullmatch(word):
        return "whose quotes browsers do not understand: a keyword stands in a pair of single ones"
    inner = word[1:-1].lower()
    if inner in _KEYWORDS or _NONCE_OR_HASH.match(inner):
        return None
    if re.search(r"[.:/*]", inner):
        return "which browsers ignore: hosts and schemes stand without quotes"
    meant = difflib.get_close_matches(inner.replace("_", "-"), sorted(_KEYWORDS), n=1, cutoff=_LIKENESS)
    return f"which browsers ignore: the keyword is '{meant[0]}'" if meant else None


def _problem_of_bare(word: str) -> str | None:
    folded = word.lower()
    if folded in _KEYWORDS:
        return f"which browsers take for a host: the keyword is '{folded}', with its quotes"
    if _NONCE_OR_HASH.match(folded):
        return "which browsers take for a host: nonces and hashes stand in single quotes"
    if folded in _SCHEMES:
        return f"which browsers take for a host: the scheme is {folded}:"
    return None
