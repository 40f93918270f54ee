"""Other sites are told the addresses of your pages, or the policy against it is not understood.

What it checks
--------------
What browsers make of `SECURE_REFERRER_POLICY`: the last word that they know. It must be there, and not
be `unsafe-url` or `no-referrer-when-downgrade`. Where the setting is off, another middleware or a proxy's
file in the repository may send the header.

Why it matters
--------------
The address of a page can be a secret, as in a link to reset a password, or tell what a visitor reads.
With those two values each link and each image of another site carries it there. A misspelt value counts
for nothing.

When it is wrong
----------------
The proxy sends the header, and its configuration is not in the repository. A partner site may need whole
addresses; then send that policy from those pages alone.

How to fix
----------
Remove `SECURE_REFERRER_POLICY`: the default `same-origin` tells other sites nothing. Where they must know
your domain, as video players do, set `strict-origin-when-cross-origin`.

Source
------
[SECURE_REFERRER_POLICY](https://docs.djangoproject.com/en/stable/ref/settings/#secure-referrer-policy),
[Referrer-Policy](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Referrer-Policy)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.response_headers import REFERRER_POLICY, sent_by, set_in_code
from django_prodready.audit.facts.security import require_middleware

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_NAME = "SECURE_REFERRER_POLICY"
_WHOLE_ADDRESS = ("no-referrer-when-downgrade", "unsafe-url")
# https://www.w3.org/TR/referrer-policy/#referrer-policies
_KNOWN = frozenset(
    {
        *_WHOLE_ADDRESS, "no-referrer", "origin", "origin-when-cross-origin", "same-origin",
        "strict-origin", "strict-origin-when-cross-origin",
    }
)  # fmt: skip

BAD = (
    Case(settings={_NAME: None}),
    Case(settings={_NAME: "same_origin"}),
    Case(settings={_NAME: "unsafe-url"}),
)
GOOD = (
    Case(settings={}),
    Case(settings={_NAME: "strict-origin-when-cross-origin"}),
    Case(settings={_NAME: "no-referrer, strict-origin-when-cross-origin"}),
    Case(settings={_NAME: None, "MIDDLEWARE": []}),
    Case(settings={_NAME: None}, files={"nginx.conf": "add_header Referrer-Policy same-origin always;\n"}),
)


@check(
    severity=Severity.WARNING,
    needs=(Need.SETTINGS, Need.SOURCE, Need.FILES),
    django_ids=("security.W022", "security.E023"),
)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the policy is absent, unknown to browsers, or tells whole addresses."""
    require_middleware(facts)
    value = facts.settings.SECURE_REFERRER_POLICY
    problem = _problem_of(_words(value)) if value else None
    if value and problem is None:
        return
    if sent_by(facts, REFERRER_POLICY):
        return
    consequence, severity = problem or ("no Referrer-Policy header is sent", Severity.WARNING)
    if set_in_code(facts, REFERRER_POLICY):
        severity = Severity.INFO
    yield Finding(
        message=f"{_NAME} is {value!r}: {consequence}.",
        hint=f"Remove {_NAME}, which is 'same-origin' by default, or set 'strict-origin-when-cross-origin'.",
        subject=_NAME,
        at=facts.origin(_NAME),
        severity=severity,
    )


def _words(value: object) -> list[str]:
    """Return the policies in order, as SecurityMiddleware sends them; those that it cannot send stay out."""
    if isinstance(value, str):
        return [word.strip().lower() for word in value.split(",")]
    entries = value if isinstance(value, list | tuple | set | frozenset) else ()
    return [entry.strip().lower() for entry in entries if isinstance(entry, str)]


def _problem_of(words: list[str]) -> tuple[str, Severity] | None:
    known = [word for word in words if word in _KNOWN]
    if not known:
        return "browsers know no such policy, and use their own default", Severity.WARNING
    if known[-1] in _WHOLE_ADDRESS:
        return "other sites are told the whole address of the page a visitor came from", Severity.WARNING
    if len(known) < len(words):
        unknown = next(word for word in words if word not in _KNOWN)
        return f"browsers do not know {unknown!r} and use {known[-1]!r}", Severity.INFO
    return None
