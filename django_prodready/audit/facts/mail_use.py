"""Whether anything shows that the project sends mail. What nobody uses is not worth a warning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.mailers import Mailer, Transport, find_mailers, is_loopback
from django_prodready.audit.facts.proxy import without_comments

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["has_no_real_domain", "is_only_development", "sending_sign", "server_chosen"]

# Apps whose business includes mail: confirmations, resets of passwords, newsletters, queues, providers.
_APPS = (
    "allauth.account", "anymail", "dj_rest_auth.registration", "django_mailer", "django_registration",
    "django_ses", "djcelery_email", "djoser", "invitations", "mailer", "newsletter", "oscar",
    "post_office", "registration", "wagtail.admin",
)  # fmt: skip
_DJANGO_MAIL = "django.core.mail"
_CALLS = re.compile(
    r"\b(?:send_mail|send_mass_mail|mail_admins|mail_managers|get_connection|"
    r"Email(?:Message|MultiAlternatives))\("
)
# What sends mail without naming Django's module for it.
_INDIRECT = re.compile(
    r"\.email_user\(|\bPasswordReset(?:View|Form)\b|[\"']django\.contrib\.auth\.urls[\"']|"
    r"[\"']dj_rest_auth\.(?:registration\.)?urls[\"']"
)

# Not by email.utils: it finds nothing in "Shop, Inc. <shop@example.org>".
_DOMAIN = re.compile(r"@([\w.:\[\]-]+)")


def sending_sign(facts: Facts) -> str | None:
    """Say what shows that the project sends mail; None when nothing does.

    A server or provider that the settings choose, an app that sends, or the project's own code.
    """
    chosen = server_chosen(find_mailers(facts))
    if chosen is not None:
        host = f" {chosen.host}" if chosen.transport is Transport.SMTP else ""
        name = "host" if host else "backend"
        return f"{chosen.setting(name)} is set{' to' if host else ''}{host}"
    app = next((app for app in _APPS if facts.has_app(app)), None)
    if app is not None:
        return f"the app {app} sends mail"
    settings_files = set(facts.chain.files)
    own = (path for path in facts.files.served if path not in settings_files)
    return next((f"{path} sends mail" for path in own if _sends(facts.files.read(path) or "")), None)


def server_chosen(mailers: tuple[Mailer, ...]) -> Mailer | None:
    """Return the first mailer with a provider or a server elsewhere; None when all are as they come."""
    for mailer in mailers:
        if mailer.transport is Transport.OTHER:
            return mailer
        if mailer.transport is Transport.SMTP and not is_loopback(mailer.host):
            return mailer
    return None


def is_only_development(mailers: tuple[Mailer, ...]) -> bool:
    """Whether no mailer sends anything: ``email.dev-backend`` has its say then."""
    return all(mailer.transport is Transport.DEVELOPMENT for mailer in mailers)


def has_no_real_domain(address: Any) -> bool:
    """Whether ``address``, with or without a display name, belongs to no domain that can get mail."""
    domains = _DOMAIN.findall(str(address))
    return not domains or is_loopback(domains[-1])


def _sends(text: str) -> bool:
    bare = without_comments(text)
    return bool(_INDIRECT.search(bare) or (_DJANGO_MAIL in bare and _CALLS.search(bare)))
