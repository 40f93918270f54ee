"""CSP_… settings of django-csp 3 are set, and the installed version 4 ignores them.

What it checks
--------------
The middleware of django-csp 4 is installed, and the project sets names that only version 3 read, such as
`CSP_SCRIPT_SRC` or `CSP_REPORT_ONLY`. Names that code of yours makes use of are left out.

Why it matters
--------------
Without `CONTENT_SECURITY_POLICY` version 4 sends no header at all: the upgrade switched the policy off, and
no page looks different.

When it is wrong
----------------
Another package reads such a name. Where the new dictionary is there as well, the old names are only left
over, and the finding is a warning.

How to fix
----------
Move the values into `CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": […]}}`, where `csp.constants`
has the words; `CSP_REPORT_ONLY = True` becomes `CONTENT_SECURITY_POLICY_REPORT_ONLY`.

Source
------
[django-csp: migration guide](https://django-csp.readthedocs.io/en/latest/migration-guide.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.csp import DJANGO_CSP, PACKAGE_SETTINGS, is_version_3
from django_prodready.audit.facts.effective import value_of

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

# https://django-csp.readthedocs.io/en/3.8/configuration.html
_OLD = re.compile(
    r"CSP_(?:(?:CHILD|CONNECT|DEFAULT|OBJECT|FONT|FRAME|IMG|MANIFEST|MEDIA|PREFETCH|WORKER)_SRC"
    r"|(?:SCRIPT|STYLE)_SRC(?:_ATTR|_ELEM)?|BASE_URI|PLUGIN_TYPES|SANDBOX|FORM_ACTION|FRAME_ANCESTORS"
    r"|NAVIGATE_TO|REQUIRE_SRI_FOR|REQUIRE_TRUSTED_TYPES_FOR|TRUSTED_TYPES|UPGRADE_INSECURE_REQUESTS"
    r"|BLOCK_ALL_MIXED_CONTENT|REPORT_URI|REPORT_TO|REPORT_ONLY|EXCLUDE_URL_PREFIXES|REPORT_PERCENTAGE"
    r"|INCLUDE_NONCE_IN)"
)
_NEW = {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"script-src": ["'self'"]}}}

BAD = (
    Case(settings={"MIDDLEWARE": [DJANGO_CSP], "CSP_SCRIPT_SRC": ("'self'",), "CSP_REPORT_ONLY": True}),
    Case(settings={"MIDDLEWARE": [DJANGO_CSP], "CSP_DEFAULT_SRC": ("'self'",), **_NEW}),
)
GOOD = (
    Case(settings={"MIDDLEWARE": [DJANGO_CSP], **_NEW}),
    Case(settings={"CSP_SCRIPT_SRC": ("'self'",)}),
    Case(settings={"MIDDLEWARE": [DJANGO_CSP], "CSP_REPORT_BUCKET": "x"}),
    Case(
        settings={"MIDDLEWARE": [DJANGO_CSP], "CSP_SCRIPT_SRC": ("'self'",), **_NEW},
        files={"conf.py": 'CSP_SCRIPT_SRC = ("\'self\'",)\n'
               'CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": CSP_SCRIPT_SRC}}\n'},
        settings_module="conf",
    ),
)  # fmt: skip


@check(
    severity=Severity.ERROR,
    needs=(Need.SETTINGS, Need.SOURCE, Need.FILES),
    django_ids=("csp.E001",),
)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield one finding for all names that the installed django-csp ignores."""
    if facts.middleware.find(DJANGO_CSP) is None or not facts.is_installed("csp") or is_version_3(facts):
        raise NotApplicable("the middleware of django-csp 4 is not installed")
    names = [name for name in sorted(facts.explicit) if _OLD.fullmatch(name) and not _is_read(facts, name)]
    if not names:
        return
    has_new = any(value_of(facts.settings, name) for name in PACKAGE_SETTINGS)
    consequence = "" if has_new else ", and no Content-Security-Policy is sent"
    places = [f"{facts.origin(name)}  {name}" for name in names if facts.origin(name)]
    verb = "is" if len(names) == 1 else "are"
    yield Finding(
        message=f"{', '.join(names)} {verb} ignored by django-csp 4{consequence}.",
        hint=(
            f"Delete {', '.join(names)}: CONTENT_SECURITY_POLICY is what counts."
            if has_new
            else "Move the values into CONTENT_SECURITY_POLICY = {'DIRECTIVES': {…}}."
        ),
        subject=names[0],
        identity="django-csp",
        at=facts.origin(names[0]),
        evidence=tuple(places) if len(names) > 1 else (),
        severity=Severity.WARNING if has_new else Severity.ERROR,
    )


def _is_read(facts: Facts, name: str) -> bool:
    """Whether the settings' own expressions, or the project's code, make use of the name."""
    if name in facts.chain.loads:
        return True
    reading = re.compile(rf"\bsettings\.{name}\b(?!\s*=[^=])|getattr\(\s*settings\s*,\s*[\"']{name}[\"']")
    return any(reading.search(facts.files.read(path) or "") for path in facts.files.served)
