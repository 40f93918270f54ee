"""The policy asks for a nonce that no template can know.

What it checks
--------------
`SECURE_CSP` or `SECURE_CSP_REPORT_ONLY` holds `CSP.NONCE`, Django's `ContentSecurityPolicyMiddleware` or a
subclass is installed, and no entry of `TEMPLATES` has the context processor
`django.template.context_processors.csp`. Django itself reports it from 6.1 on.

Why it matters
--------------
`{{ csp_nonce }}` is empty in every template, so no script element carries the nonce, and the browser
refuses each inline script that you wrote.

When it is wrong
----------------
Templates get the nonce another way: code of yours that calls `django.middleware.csp.get_nonce`, names
`csp_nonce`, or hands Django's context processor on is found, and nothing is reported.

How to fix
----------
Add `"django.template.context_processors.csp"` to `context_processors` in the `OPTIONS` of `TEMPLATES`.

Source
------
[Nonce usage](https://docs.djangoproject.com/en/stable/howto/csp/#using-nonces),
[the context processor](https://docs.djangoproject.com/en/stable/ref/templates/api/#django-template-context-processors-csp)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.csp import DJANGO, NONCE, sent_policies

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_PROCESSOR = "django.template.context_processors.csp"
_BY_ITSELF = re.compile(
    r"\bget_nonce\b|\b_?csp_nonce\b|\bcontext_processors\.csp\b|\bcontext_processors[ \t]+import\b.*\bcsp\b"
)
_SENTINEL = "<CSP_NONCE_SENTINEL>"  # CSP.NONCE; that name exists from Django 6.0 on
_ENGINE = "django.template.backends.django.DjangoTemplates"

_WITHOUT = {"MIDDLEWARE": [DJANGO], "SECURE_CSP": {"script-src": ["'self'", _SENTINEL]}}
_WITH = [{"BACKEND": _ENGINE, "OPTIONS": {"context_processors": [_PROCESSOR]}}]

BAD = (Case(settings=_WITHOUT),)
GOOD = (
    Case(settings={**_WITHOUT, "TEMPLATES": _WITH}),
    Case(settings={**_WITHOUT, "SECURE_CSP": {"script-src": ["'self'"]}}),
    Case(settings={**_WITHOUT, "MIDDLEWARE": []}),
    Case(settings=_WITHOUT, files={"shop/context.py": "from django.middleware.csp import get_nonce\n"}),
)


@check(
    severity=Severity.ERROR,
    needs=(Need.SETTINGS, Need.SOURCE, Need.FILES),
    django_ids=("security.W027",),
)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when Django puts a nonce into the header and not into templates."""
    holders = [
        policy
        for policy in sent_policies(facts)
        if policy.is_djangos and any(NONCE in words for words in policy.sources.values())
    ]
    if not holders:
        raise NotApplicable("no policy that Django's middleware sends asks for a nonce")
    if any(_has_processor(engine) for engine in facts.settings.TEMPLATES or ()) or _hands_on(facts):
        return
    policy = holders[0]
    directive = next(name for name, words in policy.sources.items() if NONCE in words)
    yield Finding(
        message=(
            f"{policy.subject(directive)} has CSP.NONCE, and no engine of TEMPLATES has the context "
            "processor csp: script elements never carry the nonce, and browsers refuse them."
        ),
        hint=f"Add '{_PROCESSOR}' to context_processors in the OPTIONS of TEMPLATES.",
        subject="TEMPLATES",
        at=facts.origin("TEMPLATES"),
    )


def _has_processor(engine: object) -> bool:
    options = engine.get("OPTIONS") if isinstance(engine, dict) else None
    processors = options.get("context_processors") if isinstance(options, dict) else None
    return _PROCESSOR in (processors or ())


def _hands_on(facts: Facts) -> bool:
    """Whether the project's own code, its settings aside, deals with the nonce."""
    settings_files = set(facts.chain.files)
    paths = (path for path in facts.files.served if path not in settings_files)
    return any(_BY_ITSELF.search(facts.files.read(path) or "") for path in paths)
