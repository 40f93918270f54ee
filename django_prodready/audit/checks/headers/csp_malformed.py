"""Browsers, or Django, cannot make of the Content-Security-Policy what was meant.

What it checks
--------------
`SECURE_CSP` and `SECURE_CSP_REPORT_ONLY`, or the dictionaries of django-csp: whether they are dictionaries of
the right shape, their directives exist, and each source is one. Reported are `self` without its quotes, hosts
within quotes, schemes without a colon, `;` and `,` and line breaks in a source, entries that are no strings,
a nonce where browsers know none, and a nonce of the other package.

Why it matters
--------------
Browsers skip what they do not understand, and say so only in their console: `"self"` allows a host of that
name and forbids your own, an unknown directive protects nothing. An entry that is no string makes every
response fail.

When it is wrong
----------------
A directive or keyword newer than this check. Directives that browsers have dropped are not reported.

How to fix
----------
Use the constants: `CSP.SELF`, `CSP.NONCE` of `django.utils.csp`, or `SELF`, `NONCE` of `csp.constants`. One
source is one entry of a list.

Source
------
[SECURE_CSP](https://docs.djangoproject.com/en/stable/ref/settings/#secure-csp),
[django-csp: configuration](https://django-csp.readthedocs.io/en/latest/configuration.html),
[CSP Level 3](https://www.w3.org/TR/CSP3/)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.csp import (
    DJANGO,
    DJANGO_CSP,
    DJANGO_SETTINGS,
    PACKAGE_SETTINGS,
    Policy,
    django_has_policies,
    policies,
    values_of,
)
from django_prodready.audit.facts.csp_entries import wrong_entry
from django_prodready.audit.facts.csp_words import KNOWN_DIRECTIVES, nearest_directive
from django_prodready.audit.facts.effective import value_of

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_PACKAGE_KEYS = frozenset({"DIRECTIVES", "EXCLUDE_URL_PREFIXES", "REPORT_PERCENTAGE"})
# django-csp 4 drops what is not in its own table.
_UNKNOWN_TO_PACKAGE = frozenset({"fenced-frame-src", "monetization-src", "referrer", "reflected-xss"})


def _case(policy: Any, **more: Any) -> Case:
    return Case(settings={"MIDDLEWARE": [DJANGO], "SECURE_CSP": policy}, **more)


def _package_case(policy: Any, **more: Any) -> Case:
    return Case(settings={"MIDDLEWARE": [DJANGO_CSP], "CONTENT_SECURITY_POLICY": policy}, **more)


BAD = (
    _case({"default-src": ["self"]}),
    _case({"defaultsrc": ["'self'"]}),
    _case("default-src 'self'"),
    _package_case({"default-src": ["'self'"]}),
)
GOOD = (
    _case({"default-src": ["'self'"], "img-src": ["'self'", "data:", "https://*.example.org"]}),
    _case({"script-src": ["'self'", "<CSP_NONCE_SENTINEL>", "'sha256-2f1c1tXM4lrX9aNz7cYyJ1xQ4kz0w5yq='"]}),
    _case({"default-src": "'self' https://js.example.org", "upgrade-insecure-requests": True}),
    _case({"sandbox": ["allow-scripts", "allow-forms"], "report-to": "default", "img-src": None}),
    _case({}),
    _package_case({"DIRECTIVES": {"default-src": ["'self'"]}, "EXCLUDE_URL_PREFIXES": ("/admin/",)}),
)


@check(severity=Severity.ERROR, django_ids=("security.E026",))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each directive, entry or shape that does not do what was meant."""
    if django_has_policies() or facts.middleware.find(DJANGO):
        yield from _django_shapes(facts)
    if facts.middleware.find(DJANGO_CSP):
        yield from _package_shapes(facts)
    for policy in policies(facts):
        for directive, value in policy.directives.items():
            if value is not None and value is not False:
                yield from _problems(facts, policy, directive, value)


def _django_shapes(facts: Facts) -> Iterator[Finding]:
    for name in DJANGO_SETTINGS:
        value = value_of(facts.settings, name)
        # Django's own check demands a dict as well, even where the value is empty.
        if value is not None and not isinstance(value, Mapping):
            yield _no_dictionary(facts, name, value)


def _package_shapes(facts: Facts) -> Iterator[Finding]:
    for name in PACKAGE_SETTINGS:
        value = value_of(facts.settings, name)
        if not isinstance(value, Mapping):
            if value:
                yield _no_dictionary(facts, name, value)
            continue
        strange = [str(key) for key in value if key not in _PACKAGE_KEYS]
        if strange:
            words = f"has {', '.join(map(repr, strange))}, which django-csp ignores"
            yield _finding(facts, name, words, f"Put directives into {name}['DIRECTIVES']")
        if not isinstance(value.get("DIRECTIVES", {}), Mapping):
            yield _no_dictionary(facts, name, value["DIRECTIVES"], "DIRECTIVES")
        if isinstance(value.get("EXCLUDE_URL_PREFIXES"), str):
            yield _finding(
                facts,
                f"{name}['EXCLUDE_URL_PREFIXES']",
                "is a string: each of its characters is a prefix, and '/' excludes every page",
                "Write it as a list",
            )


def _problems(facts: Facts, policy: Policy, directive: Any, value: Any) -> Iterator[Finding]:
    subject = policy.subject(directive)
    # django-csp looks names up as they are written; browsers do not mind capitals.
    folded = str(directive).lower() if policy.is_djangos else str(directive)
    known = KNOWN_DIRECTIVES if policy.is_djangos else KNOWN_DIRECTIVES - _UNKNOWN_TO_PACKAGE
    if folded not in known:
        nearest = nearest_directive(folded)
        meant = (
            f"Rename it to {nearest!r}" if nearest not in (None, folded) else "Correct its name, or remove it"
        )
        whose = "browsers know" if policy.is_djangos else "django-csp sends"
        words = f"is no directive that {whose}, so it protects nothing"
        yield _finding(facts, subject, words, meant, policy, directive)
        return
    for item in values_of(value):
        wrong = wrong_entry(policy, folded, item)
        if wrong is not None:
            yield _finding(facts, subject, wrong, f"Correct that entry of {subject}", policy, directive)


def _no_dictionary(facts: Facts, name: str, value: object, key: str = "") -> Finding:
    subject = f"{name}[{key!r}]" if key else name
    words = f"is of type {type(value).__name__}, and must be a dictionary"
    return _finding(facts, subject, words, f"Write {subject} as a dictionary of directives")


def _finding(
    facts: Facts, subject: str, words: str, hint: str, policy: Policy | None = None, directive: Any = ""
) -> Finding:
    return Finding(
        message=f"{subject} {words}.",
        hint=f"{hint}.",
        subject=subject,
        at=policy.at(facts, str(directive)) if policy else facts.origin(subject.partition("[")[0]),
    )
