"""Fingerprints of secrets under a key of the user's own: equal ones are equal secrets, and no more is told.

A bare hash would let anybody try guesses; a HMAC needs the key. https://www.rfc-editor.org/rfc/rfc2104
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from pathlib import Path

from django_prodready.management.prodsettings.errors import UsageError
from django_prodready.management.prodsettings.plain_values import Plain, canonical

__all__ = ["KEY_VARIABLE", "fingerprint_with", "key_of"]

KEY_VARIABLE = "PRODREADY_FINGERPRINT_KEY"

# Fewer can be tried one by one by whoever has seen a fingerprint of a secret that he knows.
_MIN_KEY_LENGTH = 16
_LENGTH = 16  # hexadecimal digits: 64 bits, so that no two of a site's secrets meet by chance
_MAX_FILE_BYTES = 65_536


def key_of(file: Path | None) -> bytes:
    """Return the key from ``file``, or else from the environment. Raises :class:`UsageError` for none."""
    if file is not None:
        key, place = _read(file), str(file)
    else:
        key, place = os.environ.get(KEY_VARIABLE, "").strip().encode("utf-8", "surrogateescape"), KEY_VARIABLE
        if not key:
            raise UsageError(
                f"--fingerprint needs a key of yours: in the variable {KEY_VARIABLE}, or in a file that "
                "--fingerprint-key-file names. prodsettings --secret-key makes one."
            )
    if len(key) < _MIN_KEY_LENGTH:
        raise UsageError(
            f"{place} holds a key of fewer than {_MIN_KEY_LENGTH} bytes, which can be guessed. "
            "prodsettings --secret-key makes one."
        )
    return key


def fingerprint_with(key: bytes) -> Callable[[Plain], str]:
    """Return the function that makes a fingerprint of a secret."""

    def fingerprint(secret: Plain) -> str:
        message = canonical(secret).encode("utf-8", "surrogatepass")
        return hmac.new(key, message, hashlib.sha256).hexdigest()[:_LENGTH]

    return fingerprint


def _read(file: Path) -> bytes:
    if file.exists() and not file.is_file():
        raise UsageError(f"--fingerprint-key-file: {file} is no regular file.")
    try:
        with file.open("rb") as stream:
            return stream.read(_MAX_FILE_BYTES).strip()
    except OSError as error:
        raise UsageError(
            f"--fingerprint-key-file: {file} cannot be read: {error.strerror or type(error).__name__}."
        ) from error
