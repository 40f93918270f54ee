"""Hiding secrets: every text that leaves the process passes a :class:`Redactor`.

Known secrets come from the project's settings and environment, in all spellings that a message may
hold; secrets by shape are hidden even where nothing is known.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping

from django_prodready.reporting.finding import Finding
from django_prodready.reporting.safe_errors import safe_exception_text, safe_traceback
from django_prodready.reporting.secret_names import WELL_KNOWN
from django_prodready.reporting.secret_shapes import REDACTED, scrub_shapes
from django_prodready.reporting.secret_values import secrets_in
from django_prodready.reporting.secret_variants import variants

__all__ = ["REDACTED", "Redactor", "safe_exception_text", "safe_traceback"]

_WORD = re.compile(r"\w{1,15}")

# A word may also begin behind an escape that ends in a letter or a digit: `%3Asecret`, `\nsecret`.
_WORD_START = (
    r"(?:(?<!\w)|(?<=%[0-9A-Fa-f]{2})|(?<=\\[abfnrtv])|(?<=\\x[0-9A-Fa-f]{2})|(?<=\\u[0-9A-Fa-f]{4})"
    r"|(?<=\\U[0-9A-Fa-f]{8}))"
)


class Redactor:
    """Replaces the secrets it was built from, and whatever looks like one, by ``[redacted]``."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {spelling for secret in secrets for spelling in variants(secret)}
        self._known = _pattern(spellings) if spellings else None

    @classmethod
    def from_settings(cls, settings: Mapping[str, object], environ: Mapping[str, str]) -> Redactor:
        """Know every secret that the settings' values and the environment hold."""
        return cls(secrets_in(settings, environ))

    def __repr__(self) -> str:
        return "<Redactor>"

    def scrub(self, text: str) -> str:
        """Replace every secret in ``text``."""
        if self._known is not None:
            text = self._known.sub(REDACTED, text)
        return scrub_shapes(text)

    def scrub_finding(self, finding: Finding) -> Finding:
        """Replace every secret in the texts of ``finding``; the place in the project's files stays."""
        return dataclasses.replace(
            finding,
            message=self.scrub(finding.message),
            hint=self.scrub(finding.hint),
            subject=self._scrub_optional(finding.subject),
            identity=self._scrub_optional(finding.identity),
            evidence=tuple(self.scrub(line) for line in finding.evidence),
        )

    def _scrub_optional(self, text: str | None) -> str | None:
        return None if text is None else self.scrub(text)


def _pattern(spellings: Collection[str]) -> re.Pattern[str]:
    """Compile one expression for all spellings, longest first.

    Short words match as whole words only. They stand last: another spelling that begins like one of
    them is longer, or it would be a word itself.
    """
    anywhere = [spelling for spelling in spellings if not _WORD.fullmatch(spelling)]
    short = [spelling for spelling in spellings if _WORD.fullmatch(spelling)]
    words = [word for word in short if word.casefold() not in WELL_KNOWN]
    well_known = [word for word in short if word.casefold() in WELL_KNOWN]
    parts = []
    if anywhere:
        parts.append(_alternatives(anywhere))
    if words:
        parts.append(rf"(?=\w){_WORD_START}(?:{_alternatives(words)})(?!\w)")
    if well_known:
        parts.append(rf"(?=\w)(?<!\.){_WORD_START}(?:{_alternatives(well_known)})(?!\w|\.\w|://)")
    return re.compile("|".join(parts))


def _alternatives(spellings: Iterable[str]) -> str:
    """Group by the first character, so that a position in a text is compared with few of them."""
    by_first: dict[str, list[str]] = {}
    for spelling in sorted(spellings, key=lambda spelling: (-len(spelling), spelling)):
        by_first.setdefault(spelling[0], []).append(re.escape(spelling[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items())
