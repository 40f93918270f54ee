"""Secrets, and the texts that stand where somebody was to put one."""

from __future__ import annotations

import re

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds.characters import refuse_control_characters
from django_prodready.settings.environment.kinds.lists import items

__all__ = ["placeholder", "secret", "tokens"]

# Whole values and whole words only: a random secret may contain any of these letters by chance.
_VALUES = frozenset({"changeit", "changeme", "change_me", "placeholder", "replaceme", "tbd"})
_REQUEST = re.compile(r"(?<![a-z])(?:change|replace)[-_ ]?(?:me|this|in[-_ ]?prod(?:uction)?)(?![a-z])")
_WHOLE = re.compile(
    r"<[a-z0-9][\w .,'/:-]*>"  # <generate with openssl rand -hex 32>
    r"|!!!\s*\w.*!!!"  # !!!SET THIS!!!
    r"|\{\{[^{}]*\}\}|\$\{\w+\}"  # {{ key }} and ${KEY}, which nothing has filled in
    r"|x{3,}(?:[-_. ]x{2,})*"
    r"|(?:insert|enter|put|paste|add)[-_ ](?:[a-z]+[-_ ])*here",
    re.DOTALL,
)
_SECRET = re.compile(
    r"your[-_ ].*|(?:fixme|todo)(?:[-_: ].*)?"
    r"|(?:.*[^a-z0-9])?x{4,}(?:[^a-z0-9].*)?",  # sk_live_xxxxxxxx
    re.DOTALL,
)
# https://docs.djangoproject.com/en/stable/ref/checks/#security, W009
_STARTPROJECT = "django-insecure-"
# Hosts have true names that begin with "your-" and "todo-".
_HOST = re.compile(
    r"(?<![\w-])your[-_]?(?:app|company|domain|host|hostname|ip|org|project|server|site|subdomain|website)"
    r"(?:\.[\w-]+)*(?!\.?[\w-])"
)


def placeholder(text: str, *, secret_key: bool = False, host: bool = False) -> bool:
    """Say whether the text only stands where a value should be, such as ``change-me`` or ``<generate>``.

    ``secret_key``: the keys that startproject makes count as well. ``host``: the text is a host or a URL of
    one, and words that begin the names of true hosts are no placeholder. Nor is example.com: sites are
    tried out under it.
    """
    bare = text.strip().strip("\"'").lower()
    if bare in _VALUES or _REQUEST.search(bare) or _WHOLE.fullmatch(bare):
        return True
    if host:
        return bool(_HOST.search(bare))
    return bool(_SECRET.fullmatch(bare)) or (secret_key and bare.startswith(_STARTPROJECT))


def secret(text: str, *, minimum_length: int = 1, secret_key: bool = False) -> str:
    """Return the secret as it is; line breaks within it are allowed, as in PEM blocks.

    ``minimum_length`` is in characters; ``secret_key`` refuses the keys that startproject makes as well.
    """
    if not text.strip():
        raise Invalid("expected a secret, found nothing but blanks")
    if text != text.strip():
        raise Invalid("expected a secret without a blank or line break before or after it")
    refuse_control_characters(text, multiline=True)
    if placeholder(text, secret_key=secret_key):
        raise Invalid("expected a secret, found a placeholder")
    if len(text) < minimum_length:
        raise Invalid(f"expected a secret of at least {minimum_length} characters")
    return text


def tokens(text: str) -> list[str]:
    """Return secrets between commas, each in one line, as a header carries them."""
    return items(text, _token)


def _token(text: str) -> str:
    refuse_control_characters(text)
    return secret(text)
