"""What is wrong with one entry of a directive, as the middleware that sends the policy treats it."""

from __future__ import annotations

from typing import Any

from django_prodready.audit.facts.csp import Policy, holds_django_nonce, is_django_nonce, is_package_nonce
from django_prodready.audit.facts.csp_words import NONCE_DIRECTIVES, problem_of

__all__ = ["wrong_entry"]

_SECRET_MARKS = frozenset("@?")  # an address may carry a password or a key
_LONGEST_SHOWN = 80


def wrong_entry(policy: Policy, directive: str, item: Any) -> str | None:
    """Say what is wrong with ``item`` of a directive that exists, as words after its name; else None."""
    if is_django_nonce(item) or is_package_nonce(item):
        return _wrong_nonce(policy, directive, item)
    if not isinstance(item, str):
        if not policy.is_djangos and (isinstance(item, bool) or directive == "report-uri"):
            return None  # django-csp knows [True], and makes text of reverse_lazy() for reports
        return f"has an entry of type {type(item).__name__}, on which every response fails"
    if "\n" in item or "\r" in item:
        return "has a line break, which Django refuses in a header: every response fails"
    if holds_django_nonce(item):
        return "has CSP.NONCE within a longer text, where nothing replaces it: it must be an entry of its own"
    return next((found for word in item.split() if (found := _wrong_word(directive, word))), None)


def _wrong_nonce(policy: Policy, directive: str, item: Any) -> str | None:
    if policy.is_djangos and not is_django_nonce(item):
        return (
            "has the NONCE of csp.constants, on which every response fails: take django.utils.csp.CSP.NONCE"
        )
    if not policy.is_djangos and is_django_nonce(item):
        return (
            "has the NONCE of django.utils.csp, which django-csp does not replace: take csp.constants.NONCE"
        )
    if directive not in NONCE_DIRECTIVES:
        return "has a NONCE, which browsers heed for scripts and styles alone"
    return None


def _wrong_word(directive: str, word: str) -> str | None:
    problem = problem_of(directive, word)
    if problem is None:
        return None
    is_hidden = bool(_SECRET_MARKS & set(word)) or len(word) > _LONGEST_SHOWN
    return f"has {'an entry' if is_hidden else word}, {problem}"
