"""Mail goes to the console, a file, memory or nowhere instead of being sent.

What it checks
--------------
The class of the backend that mail is sent with: `MAILERS` where Django knows it (6.1) and the project
sets it, else `EMAIL_BACKEND`; behind django-post-office and django-celery-email, the backend that their
own setting names. Django's console, file, memory and dummy backends are for development.
A mailer in `MAILERS` other than `default` is reported as information only, and so is the dummy backend where
neither an app nor the project's own code shows that mail is sent: it was chosen for that, then.

Why it matters
--------------
Nothing fails. Password resets, invitations and the reports of errors to `ADMINS` are "sent" and
never arrive; with the console backend, the links that reset passwords stand in the log besides.

When it is wrong
----------------
The site must send no mail at all, and `dummy` keeps packages from it. Backends that build on one of these
classes, and others that hand mail to a queue, are taken for what they are: your own choice.

How to fix
----------
Name the backend of your provider, or SMTP: on Django 6.1
`MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {…}}}`,
before `EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"`.

Source
------
[Email backends](https://docs.djangoproject.com/en/stable/topics/email/#email-backends)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import django
from django.utils.module_loading import import_string

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.effective import all_values
from django_prodready.audit.facts.mail_use import sending_sign

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

SMTP = "django.core.mail.backends.smtp.EmailBackend"
BAD = (
    Case(settings={"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
    Case(settings={"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}),
)
GOOD = (
    Case(settings={}),
    Case(settings={"EMAIL_BACKEND": SMTP}),
    Case(
        settings={"EMAIL_BACKEND": "post.Backend"},
        files={
            "post.py": (
                "from django.core.mail.backends.console import EmailBackend\n"
                "class Backend(EmailBackend): pass\n"
            )
        },
    ),
)

_DEVELOPMENT = {
    "django.core.mail.backends.console.EmailBackend": "prints mail",
    "django.core.mail.backends.dummy.EmailBackend": "throws mail away",
    "django.core.mail.backends.filebased.EmailBackend": "writes mail to files",
    "django.core.mail.backends.locmem.EmailBackend": "keeps mail in memory",
}

# Backends that hand mail to a queue, and the setting of the one that sends it from there:
# https://github.com/ui/django-post_office, https://github.com/pmclanahan/django-celery-email
_QUEUES: Mapping[str, tuple[str, ...]] = {
    "post_office.EmailBackend": ("POST_OFFICE", "BACKENDS", "default"),
    "djcelery_email.backends.CeleryEmailBackend": ("CELERY_EMAIL_BACKEND",),
}


@check(
    severity=Severity.ERROR,
    needs=(Need.SETTINGS, Need.SOURCE, Need.FILES),
    django_ids=("mail.E001",),
)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each mailer that does not send."""
    # Read past the lazy settings, which on Django 6.1 refuse EMAIL_BACKEND beside MAILERS and warn without.
    values = all_values(facts.settings)
    for name, *path in _backends(values):
        setting = name + "".join(f"[{key!r}]" for key in path)
        what = _development_backend(_at(values.get(name), path))
        if what is not None:
            # Where there is MAILERS, SMTP without a host is refused; before, it is EMAIL_HOST.
            host = " with a host and a timeout in OPTIONS" if name == "MAILERS" else ""
            is_choice = what[0] == "dummy" and sending_sign(facts) is None
            is_default = name != "MAILERS" or path[0] == "default"
            yield Finding(
                message=f"{setting} is Django's {what[0]} backend, which {what[1]} instead of sending it.",
                hint=f"Set {setting} to {SMTP!r}{host}, or to the backend of your mail provider.",
                subject=setting,
                at=facts.chain.origin(name, *path, value=values[name]),
                severity=Severity.ERROR if is_default and not is_choice else Severity.INFO,
            )


def _backends(values: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The settings that name a backend, each with the keys that lead to it."""
    # https://docs.djangoproject.com/en/6.1/ref/settings/#mailers
    if django.VERSION >= (6, 1) and isinstance(values.get("MAILERS"), Mapping):
        return [("MAILERS", alias, "BACKEND") for alias in values["MAILERS"]]
    return [_QUEUES.get(str(values["EMAIL_BACKEND"]), ("EMAIL_BACKEND",))]


def _at(value: Any, path: list[str]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _development_backend(dotted: Any) -> tuple[str, str] | None:
    """The short name of the backend and what it does with mail; None for any other class."""
    try:
        backend = import_string(dotted)
    except Exception:  # noqa: BLE001 - any code may run while a user's module is imported
        return None
    path = f"{getattr(backend, '__module__', None)}.{getattr(backend, '__qualname__', None)}"
    return (path.split(".")[-2], _DEVELOPMENT[path]) if path in _DEVELOPMENT else None
