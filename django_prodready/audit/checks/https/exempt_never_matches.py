r"""SECURE_REDIRECT_EXEMPT has a pattern that can never match.

What it checks
--------------
Django strips the leading slash from the path before it searches for the patterns of
`SECURE_REDIRECT_EXEMPT`. A pattern that is anchored to a slash, such as `^/health/$`, matches nothing. One
that merely begins with a slash, such as `/health/$`, is a finding when the project's URLconf has that
path at its top, where it is not matched. A pattern that is no regular expression is a finding too.

Why it matters
--------------
The path that you meant to exempt is redirected to HTTPS all the same: health checks by plain HTTP fail,
or take the redirect for success. Nothing reports it. A pattern that is no regular expression keeps the
site from starting.

When it is wrong
----------------
A pattern without an anchor may be meant for nested paths, such as `api/health/`, which `/health/` does
match. Only where a route of the same path stands in the root URLconf is it reported. A pattern that stands
there rightly as well is a piece of information only.

How to fix
----------
Leave the leading slash out: `SECURE_REDIRECT_EXEMPT = [r"^health/$"]`.

Source
------
[SECURE_REDIRECT_EXEMPT](https://docs.djangoproject.com/en/stable/ref/settings/#secure-redirect-exempt)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.security import Exemption, exemptions, redirects, require_middleware

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

# Anchored at the start, then a slash that is not optional.
_ANCHORED_SLASH = re.compile(r"(?:\(\?[a-z]+\))?(?:\^|\\A)+\\?/(?![?*]|\{0|\{,)")
_SLASH = re.compile(r"\\?/")
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)
_ROUTE = re.compile(r"""\b(?:re_path|path|url)\(\s*r?["']\^?([\w./-]+)""")

BAD = (
    Case(
        settings={"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [r"^/health/$", r"^/(a|b)$"]},
        expect=2,
    ),
    Case(settings={"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": ["*health"]}),
    Case(
        settings={
            "SECURE_SSL_REDIRECT": True,
            "SECURE_REDIRECT_EXEMPT": ["/health/"],
            "ROOT_URLCONF": "shop.urls",
        },
        files={"shop/urls.py": 'urlpatterns = [path("health/", health)]\n'},
    ),
)
GOOD = (
    Case(settings={"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [r"^health/$", "ready"]}),
    Case(settings={"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [r"^/?health/$", r"/health/$"]}),
    Case(settings={"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [r"^/health/$|^health/$"]}),
    Case(settings={"SECURE_SSL_REDIRECT": False, "SECURE_REDIRECT_EXEMPT": [r"^/health/$"]}),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each pattern that is broken, or that no path can match as it was meant."""
    require_middleware(facts)
    found = tuple(exemptions(facts))
    if not found:
        raise NotApplicable("SECURE_REDIRECT_EXEMPT is empty")
    top = tuple(_top_routes(facts)) if redirects(facts) else None
    for exemption in found:
        problem = _broken(exemption) or (None if top is None else _unmatched(exemption, top))
        if problem:
            message, hint = problem
            yield Finding(
                message=message,
                hint=hint,
                subject=f"SECURE_REDIRECT_EXEMPT[{exemption.position}]",
                identity=exemption.text,
                at=facts.origin("SECURE_REDIRECT_EXEMPT", exemption.position),
                severity=Severity.INFO if _is_repeated(exemption, found) else Severity.ERROR,
            )


def _is_repeated(exemption: Exemption, found: tuple[Exemption, ...]) -> bool:
    """Whether another entry has the pattern as it should be, so that this one is merely idle."""
    return any(other.text == _anchored_rightly(exemption.text) for other in found if other is not exemption)


def _anchored_rightly(text: str) -> str:
    return re.sub(r"(\^|\\A)\\?/", r"\1", text)


def _broken(exemption: Exemption) -> tuple[str, str] | None:
    if exemption.problem is None:
        return None
    message = (
        f"SECURE_REDIRECT_EXEMPT entry {exemption.text!r} is not a regular expression ({exemption.problem}), "
        "so SecurityMiddleware raises when the site starts."
    )
    return message, "Correct the pattern, or remove it."


def _unmatched(exemption: Exemption, top: tuple[str, ...]) -> tuple[str, str] | None:
    """Why ``exemption`` does not do what it was meant for, and what to write; None when it may."""
    text = exemption.text
    if all(_ANCHORED_SLASH.match(branch) for branch in _branches(text)):
        reason = "can never match"
        better = _anchored_rightly(text)
    else:
        missed = _missed(exemption, top)
        if missed is None:
            return None
        reason = f"does not match {missed!r}"
        better = f"^{_SLASH.sub('', text, count=1)}"
    message = f"SECURE_REDIRECT_EXEMPT entry {text!r} {reason}: Django strips the path's leading slash first."
    return message, f'Write r"{better}".'


def _missed(exemption: Exemption, top: tuple[str, ...]) -> str | None:
    """The first route that matches with a leading slash only."""
    pattern = exemption.pattern
    if pattern is None or not _SLASH.match(exemption.text):
        return None
    return next((route for route in top if pattern.search(f"/{route}") and not pattern.search(route)), None)


def _branches(text: str) -> Iterator[str]:
    """Split a pattern at the ``|`` that stand outside of groups."""
    depth = start = 0
    for token in _TOKEN.finditer(text):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if token[0] == "|" and depth == 0:
            yield text[start : token.start()]
            start = token.end()
    yield text[start:]


def _top_routes(facts: Facts) -> Iterator[str]:
    """The beginnings of the root URLconf's routes, as paths are seen by SecurityMiddleware."""
    place = str(facts.settings.ROOT_URLCONF).replace(".", "/")
    prefix = (facts.settings.FORCE_SCRIPT_NAME or "").strip("/")
    for path in facts.files.matching(f"**/{place}.py", f"**/{place}/__init__.py"):
        for route in _ROUTE.findall(facts.files.read(path) or ""):
            yield f"{prefix}/{route}".lstrip("/")
