"""What is wrong with a signing key, said without a character of it."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.checks.security.base import (
    SECRET_KEY_INSECURE_PREFIX,
    SECRET_KEY_MIN_LENGTH,
    SECRET_KEY_MIN_UNIQUE_CHARACTERS,
)

from django_prodready.audit.facts.effective import all_values
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["NEW_KEY", "SigningKey", "fallbacks", "secret_key"]

# Completes "Set SECRET_KEY to …".
NEW_KEY = 'what python -c "import secrets; print(secrets.token_urlsafe(50))" prints'

# What no one tries out: 32 characters of a generator, such as "openssl rand -hex 16" or "-base64 32".
_RANDOM_LENGTH = 32
_RANDOM_UNIQUE_CHARACTERS = 10
_RANDOM_SHARE = 1 / 3  # of characters that words, in small letters or in capitals, have few of
# Of neighbouring characters: how many pairs are new (random digits: 0.8), and how many follow each other
# in the alphabet or are the same (random digits: 0.3).
_RANDOM_NEW_PAIRS = 0.6
_RANDOM_STEPS = 0.5

_KEYBOARD = ("qwertyui", "qwertzui", "asdfghjk", "azertyui", "12345678", "abcdefgh")

# SHA-256 of keys that stand, ready to be used, in the repositories of these projects: their default
# settings or the example environment that their documentation has people copy.
_PUBLISHED = {
    "04eae10378b0a2d1c7c4cb7a5435b3b39d6064d992493456850da739cf87d66d": "Plane",
    "1a1a73d3d4e8a33a78b757f92f5361d6df2285aa9926de982e1d52a028a48326": "Open edX",
    "1ce575e3a562cf61fdefba461c4882d5de0a858d4eb6986072fa7965fb4a8e51": "Paperless",
    "221fa22f295b9f288321998828cdbc183449b2d29e3919e7ee6d3e36561d495d": "DefectDojo",
    "2898d87ac4423cb9a876ef11cd7b06c400ca3713101789e8c43c37fd28dd525b": "KoboToolbox",
    "2f9e05d4358001367cbebb80c43931a7f32cb368269645cc7736cfa0c93af789": "Seafile",
    "5dcca5ebc8f51336af6c037d2018a08c6db2dd101decb62172ef951b2b874400": "Weblate",
    "689bcb8e847203a80214a830a5d90342a1f5729e413f36a9f37d00435382efd6": "DjangoBlog",
    "b15ee765580f5a4fb267bcf89c7c5e99eb506ad54b6a62af90bf7af9e0d4fdbf": "Ansible AWX",
    "c221bcece48c0f251027b3208f99046741ebd62d486169530e5fd6b704c28366": "netbox-docker",
    "c3bd86f928e03e27704db99cc73ecb64fb3769124f0076d895db05af457e95fe": "wger",
    "d17c9a49ba436c4d9f742440d6df51e4e98fd108d8c9d7777c91e141fd41812e": "GeoNode",
    "d62ed5abc84627420c57828d89f908490e8f32da45561551e8fadd7eb350d125": "django-oscar's sandbox",
    "d8180b04313ece39938933d66146accbd5c226f4743af9fd3b8c5922074cfe06": "Taiga",
    "e7d3414104b20ea6ccf66b64d08342607f821639d5bd05907437b948e87a3ae3": "Label Studio",
}  # fmt: skip

# A key of nothing but these is a placeholder: a random one is not made of words.
_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a an and any at be before below by char character characters chars change changed choose ci default
        demo deploy deploying deployment dev develop development django do docker dont dummy enter env
        environment example fake file fixme for from generate generated get good here hidden i in insecure
        insert is it its just kept key keys later least length local long longer make me min minimum must my
        need new not of on one only or our passw0rd password paste placeholder please pls prod production
        project purpose purposes put random randomly real really replace s3cr3t safe sample secret secrets
        secure set setting settings should site so some something string strong super temp temporary test
        testing tests text that the this to todo token top unique unsafe use used value very with you your
        """,
    )
)
_LONGEST = max(map(len, _WORDS))
_BETWEEN_WORDS = re.compile(r"[\W_]+|\d{1,4}(?!\d)")  # "at least 50 characters", "secret123"
# "…-change-in-production-…" says what it is, whatever stands around it.
_REQUEST = re.compile(
    r"(?<![a-z])(?:change|replace)[-_ ]?(?:me|this|it|with|in[-_ ]?prod(?:uction)?)(?![a-z])"
)
# What a template, a shell or a reader was to replace: {{ key }}, ${KEY}, <50 random characters>.
_UNFILLED = re.compile(r"\{\{[^{}]*\}\}|\$\{\w+\}|\$[a-z_]+|%\(\w+\)s|<[a-z0-9][\w .,'/:-]*>")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key that Django signs with, or accepts signatures of."""

    subject: str  # "SECRET_KEY", "SECRET_KEY_FALLBACKS[0]"
    value: Any
    at: Location | None

    @property
    def text(self) -> str:
        """The key as text; empty for None."""
        if isinstance(self.value, bytes):
            return self.value.decode("latin-1")
        return "" if self.value is None else str(self.value)

    @property
    def weaknesses(self) -> tuple[str, ...]:
        """Which of Django's rules it breaks, in words that follow its name.

        https://docs.djangoproject.com/en/stable/ref/checks/#security, W009 and W025
        """
        if not self.text:
            return ("is empty",)
        rules = (
            (len(self.text) < SECRET_KEY_MIN_LENGTH, f"has fewer than {SECRET_KEY_MIN_LENGTH} characters"),
            (
                len(set(self.text)) < SECRET_KEY_MIN_UNIQUE_CHARACTERS,
                f"has fewer than {SECRET_KEY_MIN_UNIQUE_CHARACTERS} different characters",
            ),
            (
                self.text.startswith(SECRET_KEY_INSECURE_PREFIX),
                f"starts with {SECRET_KEY_INSECURE_PREFIX}, as a key that startproject made",
            ),
        )
        return tuple(words for is_broken, words in rules if is_broken)

    @property
    def is_merely_short(self) -> bool:
        """Whether its length is all that is wrong, and it is random enough not to be guessed."""
        return (
            _RANDOM_LENGTH <= len(self.text) < SECRET_KEY_MIN_LENGTH
            and len(set(self.text)) >= _RANDOM_UNIQUE_CHARACTERS
            and _looks_random(self.text)
            and not self.text.startswith(SECRET_KEY_INSECURE_PREFIX)
            and not self.is_placeholder
        )

    @property
    def publisher(self) -> str | None:
        """The project whose repository shows this key to everyone."""
        return _PUBLISHED.get(hashlib.sha256(self._bare.encode("utf-8", "surrogatepass")).hexdigest())

    @property
    def is_placeholder(self) -> bool:
        """Whether it is a text that stands where a key should be, such as those of documentation."""
        text = self._bare.lower()
        return bool(_UNFILLED.fullmatch(text) or _REQUEST.search(text)) or _is_made_of_words(text)

    @property
    def _bare(self) -> str:
        return self.text.strip().strip("\"'")


def secret_key(facts: Facts) -> SigningKey:
    """Return SECRET_KEY, read past the lazy settings, which refuse an empty one."""
    value = all_values(facts.settings)["SECRET_KEY"]
    return SigningKey("SECRET_KEY", value, facts.chain.origin("SECRET_KEY", value=value))


def fallbacks(facts: Facts) -> Iterator[SigningKey]:
    """Yield the keys of SECRET_KEY_FALLBACKS, whose signatures are accepted as well."""
    name = "SECRET_KEY_FALLBACKS"
    for position, value in enumerate(facts.settings.SECRET_KEY_FALLBACKS):
        yield SigningKey(f"{name}[{position}]", value, facts.origin(name, position))


def _looks_random(text: str) -> bool:
    """Whether no words, repetition, alphabet or row of keys is seen; for 32 characters and more."""
    case = max(sum(map(str.islower, text)), sum(map(str.isupper, text)))
    unlike_words = len(text) - case - sum(character in "-_ " for character in text)
    pairs = list(itertools.pairwise(text))
    steps = sum(abs(ord(first) - ord(second)) <= 1 for first, second in pairs)
    return (
        unlike_words > len(text) * _RANDOM_SHARE
        and len(set(pairs)) > len(pairs) * _RANDOM_NEW_PAIRS
        and steps < len(pairs) * _RANDOM_STEPS
        and not any(row in text.lower() for row in _KEYBOARD)
    )


def _is_made_of_words(text: str) -> bool:
    """Whether it is one placeholder word after the other, with or without anything between them."""
    ends = {0}
    for start in range(len(text)):
        if start in ends:
            ends |= {end for end in range(start + 1, start + _LONGEST + 1) if text[start:end] in _WORDS}
            between = _BETWEEN_WORDS.match(text, start)
            if between is not None:
                ends.add(between.end())
    return len(text) in ends and any(character.isalpha() for character in text)
