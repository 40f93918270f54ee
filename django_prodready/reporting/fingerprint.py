"""Names for findings that stay the same while the lines around them move.

A baseline and the code-scanning services know a finding by its fingerprint, so it is made of the
check and of what is wrong, and never of a message, a line number or an order among other findings.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from django_prodready.reporting.finding import Finding

# 64 bits: two of a million findings collide with a chance of 1 in 37 million.
FINGERPRINT_LENGTH = 16

_LINE_OF_FILE = re.compile(
    r"(\b[\w./-]*\.(?:py|toml|ya?ml|json|cfg|ini|env|conf|txt|html|sh)):\d+(?::\d+)?\b"
)


def fingerprint(check: str, identity: str | None, occurrence: int = 0) -> str:
    """Name a finding by its check and by what is wrong: 16 hexadecimal digits.

    ``occurrence`` counts, from 0, the findings of one run that share check and identity.
    """
    parts = (check, _normalized(identity), str(occurrence))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:FINGERPRINT_LENGTH]


def with_fingerprints(check: str, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Fill in the fingerprints of all findings of one check, in their order.

    The identity of a finding is its ``identity``, else its ``subject``, else nothing.
    """
    seen: Counter[str] = Counter()
    named = []
    for finding in findings:
        identity = _normalized(finding.identity or finding.subject)
        named.append(dataclasses.replace(finding, fingerprint=fingerprint(check, identity, seen[identity])))
        seen[identity] += 1
    return tuple(named)


def _normalized(identity: str | None) -> str:
    """One spelling for what is the same: spaces, slashes and line numbers do not count."""
    words = " ".join((identity or "").replace("\\", "/").split())
    return _LINE_OF_FILE.sub(r"\1", words)
