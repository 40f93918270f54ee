"""A setting was removed from Django, so it does nothing.

What it checks
--------------
Names that the project's own settings set and that the running Django no longer reads. A name that
the project or a package in use still reads is left alone.

Why it matters
--------------
Django does not complain about names that it does not know. `STATICFILES_STORAGE` looks as if static
files had hashes in their names; since Django 5.1 it is ignored, and browsers keep old files after a
release. Names whose successor is not set have lost what they did: that is an error. The others only
mislead the reader: a warning.

When it is wrong
----------------
A name that code reads in a way that does not show in its source, such as a computed attribute of a
package that neither the settings nor the project's code names.

How to fix
----------
Set the successor that the message names, then delete the old setting.

Source
------
[Django Deprecation Timeline](https://docs.djangoproject.com/en/stable/internals/deprecation/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import django

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.django_settings import DEFAULTS, REMOVED, is_dead
from django_prodready.audit.facts.effective import all_values

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"

BAD = (
    Case(settings={"STATICFILES_STORAGE": _MANIFEST}),
    Case(settings={"TEMPLATE_DEBUG": False, "SECURE_BROWSER_XSS_FILTER": True, "USE_L10N": True}, expect=3),
    Case(
        settings={"MIDDLEWARE_CLASSES": ["app.middleware.First"], "PASSWORD_RESET_TIMEOUT_DAYS": 1}, expect=2
    ),
)
GOOD = (
    Case(settings={"STORAGES": {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}}),
    Case(settings={"EMAIL_HOST": "mail.example.org", "USE_TZ": True}),
    Case(
        settings={"TEMPLATE_DIRS": ["templates"]},
        files={"conf.py": 'TEMPLATE_DIRS = ["templates"]\nTEMPLATES = [{"DIRS": TEMPLATE_DIRS}]\n'},
        settings_module="conf",
    ),
    Case(
        settings={"FILE_CHARSET": "latin-1"},
        files={"shop/report.py": "from django.conf import settings\n\nENCODING = settings.FILE_CHARSET\n"},
    ),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each name that the project sets and nothing reads any more."""
    for name in sorted(facts.explicit & REMOVED.keys()):
        if is_dead(name) and not facts.source.reads(name):
            yield _finding(facts, name)


def _finding(facts: Facts, name: str) -> Finding:
    removed = REMOVED[name]
    running, since = (".".join(map(str, version[:2])) for version in (django.VERSION, removed.version))
    message = f"{name} does nothing: Django {running} ignores it, as does every one since {since}."
    loses = _loses(facts, name)
    if loses:
        message = f"{message} {removed.successor} decides now, and has its default."
    return Finding(
        message=message,
        hint=removed.hint.replace("delete it", f"delete {name}").replace("Delete it", f"Delete {name}"),
        subject=name,
        at=facts.origin(name),
        severity=Severity.ERROR if loses else Severity.WARNING,
    )


def _loses(facts: Facts, name: str) -> bool:
    """Whether what the setting says is in force nowhere: its successor is untouched."""
    removed = REMOVED[name]
    if removed.successor is None or removed.is_default(getattr(facts.settings, name)):
        return False
    # By value, not by name: django-configurations sets every setting of Django's, to its default.
    return bool(all_values(facts.settings)[removed.successor] == DEFAULTS[removed.successor])
