"""The cookie of the chosen language is also sent over plain HTTP.

What it checks
--------------
`LANGUAGE_COOKIE_SECURE` is on, in a project that has `LocaleMiddleware` and sets the cookie: its code
includes Django's view `set_language` or uses `LANGUAGE_COOKIE_NAME`, or its settings have another
`LANGUAGE_COOKIE_…`.

Why it matters
--------------
The cookie holds no secret. But each `http://` request that carries it tells the network which language its
owner chose, and somebody on the way can set another; scanners list it among the cookies without `Secure`.

When it is wrong
----------------
The site is served over plain HTTP on purpose.

How to fix
----------
Set `LANGUAGE_COOKIE_SECURE = True`.

Source
------
[LANGUAGE_COOKIE_SECURE](https://docs.djangoproject.com/en/stable/ref/settings/#language-cookie-secure)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_MIDDLEWARE = "django.middleware.locale.LocaleMiddleware"
_USES = {"MIDDLEWARE": [_MIDDLEWARE]}
_URLS = {"urls.py": 'urlpatterns = [path("i18n/", include("django.conf.urls.i18n"))]\n'}

BAD = (Case(settings=_USES, files=_URLS),)
GOOD = (
    Case(settings={**_USES, "LANGUAGE_COOKIE_SECURE": True}, files=_URLS),
    Case(settings=_USES),
    Case(files=_URLS),
)

# i18n_patterns comes from the same module, and sets no cookie.
_SETS = re.compile(r"""["']django\.conf\.urls\.i18n["']|\bset_language\b|\bLANGUAGE_COOKIE_NAME\b""")


@check(severity=Severity.INFO, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the language cookie is set without the Secure attribute."""
    if facts.middleware.find(_MIDDLEWARE) is None:
        raise NotApplicable("LocaleMiddleware is not in MIDDLEWARE, so nothing reads the cookie")
    if not _is_set(facts):
        raise NotApplicable("nothing in the project is seen to set the cookie")
    if not facts.settings.LANGUAGE_COOKIE_SECURE:
        yield Finding(
            message=f"LANGUAGE_COOKIE_SECURE is {facts.settings.LANGUAGE_COOKIE_SECURE!r}: browsers send the"
            " cookie of the chosen language over plain HTTP, too.",
            hint="Set LANGUAGE_COOKIE_SECURE = True.",
            subject="LANGUAGE_COOKIE_SECURE",
            at=facts.origin("LANGUAGE_COOKIE_SECURE"),
        )


def _is_set(facts: Facts) -> bool:
    if any(name.startswith("LANGUAGE_COOKIE_") for name in facts.explicit):
        return True
    settings_files = set(facts.chain.files)
    code = (path for path in facts.files.served if path not in settings_files)
    return any(_SETS.search(facts.files.read(path) or "") for path in code)
