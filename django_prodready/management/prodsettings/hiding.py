"""Values without their secrets: ``set`` stands where one is, ``not set`` where one is empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from django_prodready.management.prodsettings.plain_values import Plain
from django_prodready.reporting.redaction import REDACTED, Redactor
from django_prodready.reporting.secret_names import Secrecy, holds_secret, secrecy
from django_prodready.reporting.secret_values import secrets_in

__all__ = ["NOT_SET", "SET", "Hider", "Marker", "Shown"]

SET, NOT_SET = "set", "not set"
_WITHIN_TEXT = f"[{SET}]"

# Under these names a number is a secret, however small; a TOKENS may be a count.
_NUMBER_IS_SECRET = re.compile(
    r"(?:PASSWORD|PASSWD|PASSPHRASE|PASSCODE|SECRET|(?:^|_)(?:PASS|PIN|PWD))$", re.IGNORECASE
)
_MIN_NUMERIC_SECRET = 100_000
_DOTTED_PATH = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*\.[A-Za-z_]\w*")
_PLAIN_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^@]*", re.IGNORECASE)


class Marker(str):
    """A text that stands for a secret, or that has one taken out."""

    __slots__ = ("fingerprint", "is_whole")
    fingerprint: str
    is_whole: bool

    @classmethod
    def of(cls, text: str, *, fingerprint: str = "", is_whole: bool = True) -> Marker:
        """Make one. ``fingerprint`` is empty where none was asked for, or there is nothing to take one of."""
        marker = cls(text)
        marker.fingerprint, marker.is_whole = fingerprint, is_whole
        return marker


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of a setting."""

    value: Plain
    """The tree, with a :class:`Marker` in the place of each secret."""
    is_secret: bool
    """Whether a secret, or the place of one, is in it."""
    fingerprints: dict[str, str] = field(default_factory=dict)
    """By the secret's place: ``DATABASES['default']['PASSWORD']``."""


class Hider:
    """Hides what is secret by what is known, by its name, or by its shape.

    ``fingerprint`` makes one of a secret; None where none is asked for.
    """

    def __init__(self, redactor: Redactor, fingerprint: Callable[[Plain], str] | None = None) -> None:
        # What was hidden whole so far: it may stand elsewhere, under a name that says nothing.
        self.hidden: set[str] = set()
        self._redactor = redactor
        self._fingerprint = fingerprint

    def hide(self, name: str, tree: Plain, *, is_secret: bool) -> Shown:
        """Return what may be shown of the setting ``name``. ``is_secret`` hides all of it."""
        value = self._whole(tree) if is_secret else self._walk(name, tree, Secrecy.NONE)
        markers = list(_markers(value, name))
        return Shown(
            value=value,
            is_secret=bool(markers),
            fingerprints={place: marker.fingerprint for place, marker in markers if marker.fingerprint},
        )

    def _whole(self, tree: Plain) -> Plain:
        if isinstance(tree, list):
            return [self._whole(item) for item in tree]
        if tree is None or tree in ({}, "b''") or (isinstance(tree, str) and not tree.strip()):
            return Marker.of(NOT_SET)
        return self._marker(tree)

    def _walk(self, name: str, tree: Plain, inherited: Secrecy) -> Plain:
        if isinstance(tree, dict):
            return self._entries(name, tree, inherited)
        if isinstance(tree, list):
            level = max(secrecy(name), inherited)
            return [self._walk(name, item, level) for item in tree]
        if isinstance(tree, str):
            return self._text(name, tree, inherited)
        if tree is None and secrecy(name) is Secrecy.SURE:
            return Marker.of(NOT_SET)
        return self._marker(tree) if _is_secret_number(name, tree) else tree

    def _entries(self, name: str, entries: dict[str, Plain], inherited: Secrecy) -> dict[str, Plain]:
        # A dictionary under a secret's name holds user names and options as well.
        level = min(max(secrecy(name), inherited), Secrecy.LIKELY)
        shown: dict[str, Plain] = {}
        for key, item in entries.items():
            spelled = self._key(key, level)
            while spelled in shown:
                spelled += "'"
            shown[spelled] = self._walk(key, item, level)
        return shown

    def _key(self, key: str, level: Secrecy) -> str:
        if any(character.isdigit() for character in key) and holds_secret("", key, level):
            self.hidden.add(key)
            return SET
        return self._redactor.scrub(key).replace(REDACTED, _WITHIN_TEXT)

    def _text(self, name: str, text: str, inherited: Secrecy) -> str:
        sure = secrecy(name) is Secrecy.SURE
        if sure and (not text.strip() or text == "b''"):
            return Marker.of(NOT_SET)
        if holds_secret(name, text, inherited) or (sure and not _is_reference(name, text)):
            return self._marker(text)
        scrubbed = self._redactor.scrub(text)
        if scrubbed == text:
            return text
        if scrubbed.strip() == REDACTED:
            return self._marker(text)
        said = scrubbed.replace(REDACTED, _WITHIN_TEXT)
        return Marker.of(said, fingerprint=self._of(_part(name, text)), is_whole=False)

    def _marker(self, secret: Plain) -> Marker:
        if isinstance(secret, str) and "://" not in secret:
            self.hidden.add(secret)
        return Marker.of(SET, fingerprint=self._of(secret))

    def _of(self, secret: Plain) -> str:
        return self._fingerprint(secret) if self._fingerprint else ""


def _is_reference(name: str, text: str) -> bool:
    """Whether ``text`` only says where a secret, or a class for it, is found."""
    return bool(_PLAIN_URL.fullmatch(text)) or (not name.isupper() and bool(_DOTTED_PATH.fullmatch(text)))


def _is_secret_number(name: str, value: Plain) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    if _NUMBER_IS_SECRET.search(name):
        return True
    return secrecy(name) is Secrecy.SURE and abs(value) >= _MIN_NUMERIC_SECRET


def _part(name: str, text: str) -> str:
    """Return the one secret within ``text`` as it was before it was percent-encoded; else all of ``text``.

    So the same password gives the same fingerprint, whichever host stands beside it.
    """
    parts = {unquote(part) for part in secrets_in({name: text}, {})}
    return parts.pop() if len(parts) == 1 else text


def _markers(value: Plain, place: str) -> Iterator[tuple[str, Marker]]:
    if isinstance(value, Marker):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _markers(item, f"{place}[{key!r}]")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _markers(item, f"{place}[{index}]")
