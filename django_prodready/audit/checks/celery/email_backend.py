"""CELERY_EMAIL_BACKEND is set, and mail does not go through Celery.

What it checks
--------------
Whether, where `CELERY_EMAIL_BACKEND` is set, a backend of django-celery-email (or a subclass) is in use: in
`EMAIL_BACKEND`, `MAILERS`, or behind django-post-office.

Why it matters
--------------
`CELERY_EMAIL_BACKEND` only says what django-celery-email sends with. While `EMAIL_BACKEND` is another class,
nothing reads it, and mail is mostly sent inside the request: an SMTP server that does not answer holds the
visitor and a worker of the site until its timeout.

When it is wrong
----------------
Code of your own reads the setting in a way that does not show in its source.

How to fix
----------
Install django-celery-email and set `EMAIL_BACKEND = "djcelery_email.backends.CeleryEmailBackend"`, or
delete the setting.

Source
------
[django-celery-email](https://github.com/pmclanahan/django-celery-email#using-django-celery-email)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import django
from django.utils.module_loading import import_string

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.effective import all_values

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_QUEUED = "djcelery_email.backends.CeleryEmailBackend"
BAD = (
    Case(settings={"CELERY_EMAIL_BACKEND": _SMTP}),
    Case(settings={"CELERY_EMAIL_BACKEND": _SMTP, "EMAIL_BACKEND": "anymail.backends.ses.EmailBackend"}),
)
GOOD = (
    Case(settings={}),
    Case(settings={"CELERY_EMAIL_BACKEND": _SMTP, "EMAIL_BACKEND": _QUEUED}),
    Case(
        settings={"CELERY_EMAIL_BACKEND": _SMTP},
        files={"shop/mail.py": "from django.conf import settings\nbackend = settings.CELERY_EMAIL_BACKEND\n"},
    ),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the setting is not used."""
    values = all_values(facts.settings)
    if not values.get("CELERY_EMAIL_BACKEND"):
        raise NotApplicable("CELERY_EMAIL_BACKEND is not set")
    if any(_is_queued(backend) for backend in _backends(values)) or _is_read(facts):
        return
    setting, backend = _default_backend(values)
    yield Finding(
        message=f"CELERY_EMAIL_BACKEND is set and {setting} is {backend!r}: nothing reads it, and mail does"
        " not go through Celery.",
        hint=f"Set {setting} to {_QUEUED!r}, or delete CELERY_EMAIL_BACKEND.",
        subject="CELERY_EMAIL_BACKEND",
        at=facts.origin("CELERY_EMAIL_BACKEND"),
    )


def _default_backend(values: Mapping[str, Any]) -> tuple[str, object]:
    """The setting that names the backend of most mail, and its value."""
    mailers = values.get("MAILERS")
    if django.VERSION < (6, 1) or not isinstance(mailers, Mapping):  # after, the two exclude each other
        return "EMAIL_BACKEND", values.get("EMAIL_BACKEND")
    default = mailers.get("default")
    backend = default.get("BACKEND") if isinstance(default, Mapping) else None
    return "MAILERS['default']['BACKEND']", backend


def _backends(values: Mapping[str, Any]) -> Iterator[object]:
    """Yield what mail may be sent with."""
    yield values.get("EMAIL_BACKEND")
    mailers = values.get("MAILERS")
    for mailer in mailers.values() if isinstance(mailers, Mapping) else ():
        yield mailer.get("BACKEND") if isinstance(mailer, Mapping) else None
    post_office = values.get("POST_OFFICE")
    backends = post_office.get("BACKENDS") if isinstance(post_office, Mapping) else None
    yield from backends.values() if isinstance(backends, Mapping) else ()


def _is_queued(dotted: object) -> bool:
    if not isinstance(dotted, str):
        return False
    if dotted.startswith("djcelery_email."):
        return True
    try:
        backend = import_string(dotted)
    except Exception:  # noqa: BLE001 - any code may run while a user's module is imported
        return False
    return any(base.__module__.startswith("djcelery_email.") for base in getattr(backend, "__mro__", ()))


def _is_read(facts: Facts) -> bool:
    """Whether code of the project's own uses the setting, or the package."""
    texts = (facts.files.read(path) or "" for path in facts.files.served if path not in facts.chain.files)
    return "CELERY_EMAIL_BACKEND" in facts.chain.loads or any(
        "CELERY_EMAIL_BACKEND" in text or "djcelery_email" in text for text in texts
    )
