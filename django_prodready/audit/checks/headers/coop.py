"""Windows of other sites keep a hold on this site's windows.

What it checks
--------------
`SECURE_CROSS_ORIGIN_OPENER_POLICY` has a value that browsers know, as it has by default, or another
middleware or a proxy's file in the repository sends `Cross-Origin-Opener-Policy`. `unsafe-none` is such
a value: it says that the decision was made.

Why it matters
--------------
A site that opens yours in a window, or is opened by it, shares a group of windows with it. It can send that
window elsewhere, count its frames, and be in the same process, where attacks such as Spectre can read.

When it is wrong
----------------
The header does nothing over plain HTTP, and pages that talk to a popup of another site (payment, single
sign-on) do not work under `same-origin`. It is information only.

How to fix
----------
Remove `SECURE_CROSS_ORIGIN_OPENER_POLICY`, whose default is `same-origin`; set
`"same-origin-allow-popups"` where your pages open popups of other sites that answer them.

Source
------
[SECURE_CROSS_ORIGIN_OPENER_POLICY](https://docs.djangoproject.com/en/stable/ref/settings/#secure-cross-origin-opener-policy),
[Cross-Origin-Opener-Policy](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Cross-Origin-Opener-Policy)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.response_headers import OPENER_POLICY, sent_by, set_in_code
from django_prodready.audit.facts.security import require_middleware

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_NAME = "SECURE_CROSS_ORIGIN_OPENER_POLICY"
# https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies
_KNOWN = frozenset({"same-origin", "same-origin-allow-popups", "noopener-allow-popups", "unsafe-none"})

BAD = (Case(settings={_NAME: None}), Case(settings={_NAME: "same_origin"}))
GOOD = (
    Case(settings={}),
    Case(settings={_NAME: "same-origin-allow-popups"}),
    Case(settings={_NAME: "unsafe-none"}),
    Case(settings={_NAME: None, "MIDDLEWARE": []}),
)


@check(
    severity=Severity.INFO,
    needs=(Need.SETTINGS, Need.SOURCE, Need.FILES),
    django_ids=("security.E024",),
)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the header is not sent, or holds a word that browsers do not know."""
    require_middleware(facts)
    value: object = facts.settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
    # Parameters such as report-to follow the word.
    if isinstance(value, str) and value.partition(";")[0].strip() in _KNOWN:
        return
    if sent_by(facts, OPENER_POLICY) or set_in_code(facts, OPENER_POLICY):
        return
    consequence = (
        "browsers know no such policy and ignore it"
        if value
        else "no Cross-Origin-Opener-Policy header is sent, and windows of other sites keep a hold on yours"
    )
    yield Finding(
        message=f"{_NAME} is {value!r}: {consequence}.",
        hint=f"Remove {_NAME}, which is 'same-origin' by default, or set 'same-origin-allow-popups'.",
        subject=_NAME,
        at=facts.origin(_NAME),
    )
