"""Nothing tells browsers which of their features the site does without.

What it checks
--------------
A middleware sends `Permissions-Policy`: the one of this package or of django-permissions-policy with the
setting `PERMISSIONS_POLICY`, or one whose source names the header. A view of yours or a proxy's file in the
repository counts as well.

Why it matters
--------------
A script that gets onto a page, by a hole or by an advertisement, may ask for camera, microphone or
position in the name of your site, and visitors trust the name.

When it is wrong
----------------
The proxy sends the header, and its configuration is not in the repository. It is information only, and does
not apply to an API without any engine in `TEMPLATES`.

How to fix
----------
Put `"django_prodready.middleware.PermissionsPolicyMiddleware"` in `MIDDLEWARE` and name what is switched
off: `PERMISSIONS_POLICY = {"camera": [], "microphone": [], "geolocation": []}`.

Source
------
[Permissions-Policy](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Permissions-Policy),
[django-permissions-policy](https://pypi.org/project/django-permissions-policy/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.effective import value_of
from django_prodready.audit.facts.response_headers import PERMISSIONS_POLICY, sent_by, set_in_code
from django_prodready.audit.facts.response_headers_pages import require_pages

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_NAME = "PERMISSIONS_POLICY"
_OURS = "django_prodready.middleware.PermissionsPolicyMiddleware"
_THEIRS = "django_permissions_policy.PermissionsPolicyMiddleware"
_POLICY = {"camera": "none", "geolocation": "self"}

BAD = (
    Case(settings={}),
    Case(settings={_NAME: _POLICY}),
    Case(settings={"MIDDLEWARE": [_THEIRS]}),
)
GOOD = (
    Case(settings={"MIDDLEWARE": [_OURS], _NAME: _POLICY}),
    Case(settings={"MIDDLEWARE": [_THEIRS], _NAME: _POLICY}),
    Case(files={"nginx.conf": 'add_header Permissions-Policy "camera=()" always;\n'}),
    Case(files={"shop/views.py": 'def view(request):\n    response["Permissions-Policy"] = "camera=()"\n'}),
)


@check(severity=Severity.INFO, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when nothing is known to send the header."""
    policy = value_of(facts.settings, _NAME)
    entry = next((found for path in (_OURS, _THEIRS) if (found := facts.middleware.find(path))), None)
    if entry is not None and policy:
        return
    if sent_by(facts, PERMISSIONS_POLICY) or set_in_code(facts, PERMISSIONS_POLICY):
        return
    require_pages(facts)
    if entry is not None:
        fact, hint = f"{entry.path} sends nothing: {_NAME} is empty", f"Name features in {_NAME}"
    elif policy:
        fact, hint = f"{_NAME} is set, and nothing sends it", f"Put '{_OURS}' in MIDDLEWARE"
    else:
        fact = "No Permissions-Policy header is sent: any script on a page may ask for camera and position"
        hint = f"Put '{_OURS}' in MIDDLEWARE and name features in {_NAME}"
    yield Finding(
        message=f"{fact}.",
        hint=f"{hint}.",
        subject="MIDDLEWARE" if entry is None else _NAME,
        at=facts.origin("MIDDLEWARE" if entry is None else _NAME),
    )
