"""``--secret-key``: a fresh SECRET_KEY."""

from __future__ import annotations

import secrets
import string

__all__ = ["fresh"]

_LENGTH = 64  # 381 bits; Django asks for 50 characters
# Django's own keys have $, # and ( in them, which .env files, Compose and shells read as something else.
_CHARACTERS = string.ascii_letters + string.digits


def fresh() -> str:
    """Return a key that stands in a .env file, a shell and a URL as it is."""
    return "".join(secrets.choice(_CHARACTERS) for _ in range(_LENGTH))
