"""The secrets among the effective settings, with the way to each, and the literals that the source holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django_prodready.audit.facts.chain_reader import parse
from django_prodready.audit.facts.effective import value_of
from django_prodready.audit.facts.secret_keys import SigningKey
from django_prodready.reporting.finding import Location
from django_prodready.reporting.secret_names import WELL_KNOWN, Secrecy, holds_secret, may_be_secret, secrecy
from django_prodready.settings.environment.kinds import placeholder

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Held", "Literal", "held_secrets", "held_texts", "is_true_secret", "literals_in", "url_password"]

_MAX_DEPTH = 8
_MIN_LENGTH = 6
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s:@/]*:(?P<password>[^\s@]+)@", re.IGNORECASE)
# What a fixture or a manual says of itself.
_OF_MANUALS = re.compile(
    r"(?<![a-z])(?:dummy|example|fake|insecure|not[-_ ]?(?:a[-_ ])?secret|sample|test|testing)(?![a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Held:
    """One text that the settings hold. It is compared, and never shown."""

    name: str  # of the setting
    path: tuple[str | int, ...]
    text: str = field(repr=False)
    secrecy: Secrecy  # what the names on the way say of it

    @property
    def subject(self) -> str:
        """The setting, as a finding names it: "DATABASES['default']['PASSWORD']"."""
        return self.name + "".join(f"[{key!r}]" for key in self.path)

    @property
    def secret(self) -> str:
        """The secret in it: a URL's password, or the whole; empty when it is none, or that of a manual."""
        if "://" in self.text:
            password = url_password(self.text)
            return password if is_true_secret(password) else ""
        key = next((key for key in reversed(self.path) if isinstance(key, str)), self.name)
        is_one = holds_secret(key, self.text, self.secrecy) and self.secrecy is Secrecy.SURE
        return self.text if is_one and is_true_secret(self.text) else ""


@dataclass(frozen=True, slots=True)
class Literal:
    """One text that a settings file spells out."""

    text: str = field(repr=False)
    at: Location
    name: str  # that it is assigned to, in a plain assignment; else empty


def is_true_secret(text: str) -> bool:
    """Whether the text can be somebody's secret: no placeholder, no password of manuals, not short."""
    return (
        len(text) >= _MIN_LENGTH
        and may_be_secret(text)
        and text.lower() not in WELL_KNOWN
        and not placeholder(text, secret_key=True)
        and not SigningKey("", text, None).is_placeholder
        and not _OF_MANUALS.search(text)
    )


def url_password(text: str) -> str:
    """Return the password of a URL, decoded; empty when there is none."""
    found = _URL.match(text)
    return "" if found is None else unquote(found["password"])


def held_texts(facts: Facts) -> Iterator[Held]:
    """Yield every text among the project's own settings, at any depth. Evaluates nothing that is lazy."""
    for name in sorted(facts.explicit):
        yield from _walk(name, (), value_of(facts.settings, name), secrecy(name), _MAX_DEPTH)


def held_secrets(facts: Facts) -> Iterator[Held]:
    """Yield the texts that are secrets, or hold one."""
    return (held for held in held_texts(facts) if held.secret)


def literals_in(facts: Facts, path: str) -> Iterator[Literal]:
    """Yield the texts of one settings file, in the order of its lines."""
    tree = parse(facts.root / path)
    if tree is None:
        return
    names = dict(_assigned(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            yield Literal(text, Location(path, node.lineno), names.get(id(node), ""))


def _assigned(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield each text that a plain assignment gives a name, by the identity of its node."""
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value: Any = getattr(node, "value", None)
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
                yield id(value), target.id


def _walk(
    name: str, path: tuple[str | int, ...], value: object, level: Secrecy, depth: int
) -> Iterator[Held]:
    """Go by ``type()``: ``isinstance()`` asks a lazy object for its class, and so evaluates it."""
    kind = type(value)
    if issubclass(kind, str):
        yield Held(name, path, str.__str__(value), level)
    elif issubclass(kind, bytes):
        yield Held(name, path, bytes.decode(value, "latin-1"), level)  # type: ignore[arg-type]
    elif depth and issubclass(kind, (dict, list, tuple)):
        for key, item in _children(value):
            known = min(level, Secrecy.LIKELY) if issubclass(kind, dict) else level
            own = secrecy(key) if isinstance(key, str) else Secrecy.NONE
            yield from _walk(name, (*path, key), item, max(known, own), depth - 1)


def _children(container: Any) -> Iterator[tuple[str | int, object]]:
    if isinstance(container, Mapping):
        yield from ((key, item) for key, item in container.items() if isinstance(key, str | int))
    else:
        yield from enumerate(container)
