"""The only reader of ``settings.PRODREADY``.

The fields of :class:`Config` are the table of keys: name, shape and default stand there, nowhere
else. Nothing here imports another room. No message here holds a value, because values may be
secrets; key names are shown.
"""

from __future__ import annotations

import functools
import logging
import math
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, TypeGuard, get_type_hints

from django.conf import settings
from django.core.signals import setting_changed

__all__ = ["Config", "Problem", "get_config", "problems"]

logger = logging.getLogger("django_prodready")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One key of PRODREADY that is unknown, or whose value has the wrong type."""

    subject: str  # "PRODREADY['FACTS']['tls']"
    expected: str | None  # what the value must be; None when the key itself is unknown
    nearest: str | None = None  # the known key that is spelled most like an unknown one
    known: tuple[str, ...] = ()  # every key that an unknown one could have been

    @property
    def is_unknown_key(self) -> bool:
        """Whether the key is wrong rather than its value."""
        return self.expected is None

    @property
    def message(self) -> str:
        """What is wrong, in one sentence."""
        if self.expected is None:
            return f"{self.subject} is not a known key."
        return f"{self.subject} must be {self.expected}."

    @property
    def hint(self) -> str:
        """What to change, in one sentence."""
        if self.expected is not None:
            return "Correct its value, or remove it to have the default."
        if self.nearest is not None:
            return f"Rename it to {self.nearest!r}, or remove it."
        return f"Remove it, or use one of: {', '.join(self.known)}."


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class _Leaf:
    """The shape of a plain value: ``words`` completes "must be …"."""

    words: str
    fits: Callable[[Any], bool]
    clean: Callable[[Any], Any] = _same

    def problems(self, subject: str, value: object) -> Iterator[Problem]:
        if not self.fits(value):
            yield Problem(subject=subject, expected=self.words)


@dataclass(frozen=True, slots=True)
class _Table:
    """The shape of a dict with a closed set of keys, each of which may be left out."""

    keys: Mapping[str, _Shape]
    # Keys whose default is no substitute for an invalid value, and what such a value becomes.
    kept: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def fits(self, value: object) -> bool:
        return isinstance(value, Mapping)

    def clean(self, value: Mapping[Any, Any]) -> Mapping[str, Any]:
        """Keep the valid entries, and the keys that must be kept."""
        fitting = {key: self.keys[key].fits(value[key]) for key in value if key in self.keys}
        return MappingProxyType(
            {
                key: (self.keys[key].clean if fits else self.kept[key])(value[key])
                for key, fits in fitting.items()
                if fits or key in self.kept
            }
        )

    def problems(self, subject: str, value: object) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(subject=subject, expected="a dict")
            return
        for key, item in value.items():
            place = f"{subject}[{key!r}]"
            if key in self.keys:
                yield from self.keys[key].problems(place, item)
            else:
                yield self._unknown(place, key)

    def _unknown(self, place: str, key: object) -> Problem:
        from difflib import get_close_matches  # only a mistake needs it, and it is slow to import

        by_folded = {known.casefold(): known for known in self.keys}
        close = get_close_matches(str(key).casefold(), by_folded, n=1)
        nearest = by_folded[close[0]] if close else None
        return Problem(subject=place, expected=None, nearest=nearest, known=tuple(self.keys))


@dataclass(frozen=True, slots=True)
class _Named:
    """The shape of a dict whose keys are names of the user's choice; None as a value removes one."""

    each: _Table

    def fits(self, value: object) -> bool:
        return isinstance(value, Mapping)

    def clean(self, value: Mapping[Any, Any]) -> Mapping[str, Any]:
        """Keep every entry that has a name: one that is no dict lacks what its table must keep."""
        names = (name for name in value if isinstance(name, str))
        return MappingProxyType({name: self._clean_entry(value[name]) for name in names})

    def problems(self, subject: str, value: object) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(subject=subject, expected="a dict")
            return
        for name, item in value.items():
            place = f"{subject}[{name!r}]"
            if not self._entry_fits(name, item):
                yield Problem(subject=place, expected="a dict or None, under a name that is a string")
            elif item is not None:
                yield from self.each.problems(place, item)

    def _clean_entry(self, item: object) -> Mapping[str, Any] | None:
        if item is None:
            return None
        return self.each.clean(item if isinstance(item, Mapping) else dict.fromkeys(self.each.kept))

    def _entry_fits(self, name: object, item: object) -> bool:
        return isinstance(name, str) and (item is None or self.each.fits(item))


_Shape = _Leaf | _Table | _Named


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip())


def _is_path(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip("/ ")) and not any(mark in value for mark in "?# ")


def _is_seconds(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf


def _is_strings(value: object) -> bool:
    return isinstance(value, list | tuple) and all(_is_text(item) for item in value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_file(value: object) -> bool:
    return isinstance(value, os.PathLike) or _is_text(value)


def _secrets_left(value: object) -> tuple[str, ...]:
    """Return what may be secrets in a wrong value, and "" for the rest of it: nobody can prove that."""
    items = value if isinstance(value, list | tuple) else [None]
    return tuple(item if _is_text(item) else "" for item in items)


def _or_none(shape: _Leaf) -> _Leaf:
    return _Leaf(
        f"{shape.words} or None",
        lambda value: value is None or shape.fits(value),
        lambda value: None if value is None else shape.clean(value),
    )


def _one_of(*words: str) -> _Leaf:
    return _Leaf(
        f"one of {', '.join(map(repr, words))}", lambda value: isinstance(value, str) and value in words
    )


_BOOL = _Leaf("True or False", lambda value: isinstance(value, bool))
_TEXT = _Leaf("a non-empty string", _is_text)
_STRINGS = _Leaf("a list of non-empty strings", _is_strings, tuple)
_COUNT = _Leaf("a whole number of at least 1", _is_count)
_SECONDS = _Leaf("a number of seconds, 0 or more", _is_seconds)
_SOME_SECONDS = _Leaf("a number of seconds above 0", lambda value: _is_seconds(value) and value > 0)
_FILE = _or_none(_Leaf("a file's path", _is_file, Path))
_URL_PATH = _or_none(
    _Leaf("a URL path such as 'health/'", _is_path, lambda value: value.strip("/") + "/"),
)
_FACTS = _Table(
    {
        "tls": _one_of("proxy", "app"),
        "redirect": _one_of("proxy", "app"),
        "hsts": _one_of("proxy", "app"),
        "static": _one_of("whitenoise", "nginx", "cdn", "proxy"),
        "replicas": _COUNT,
        "processes": _COUNT,
        "platform": _TEXT,
        "backups": _TEXT,
        "probe_host": _TEXT,
        "host_pinned": _BOOL,
        "logging": _TEXT,
    }
)
_PROBES = _Named(
    _Table(
        {
            "PROBE": _TEXT,
            "OPTIONS": _Leaf("a dict", lambda value: isinstance(value, Mapping), dict),
            "CRITICAL": _BOOL,
            "DEADLINE": _SOME_SECONDS,
            "GROUPS": _STRINGS,
        },
        # Without them another probe would be asked than was meant: PROBES makes it a probe that is down.
        kept={"PROBE": lambda _: None, "OPTIONS": lambda _: None},
    )
)


@dataclass(frozen=True, kw_only=True)
class Config:
    """``settings.PRODREADY``, valid and complete. ``HEALTH_PATH`` is the field ``health_path``.

    URL paths have no leading slash and one trailing slash. Lists are tuples, files are ``Path``,
    dicts are read-only and hold their valid entries only. In ``probes`` an invalid PROBE or OPTIONS is None;
    in ``cloudflare_secrets`` whatever is no secret is "", since without any the proof would not be asked for.
    What may hold secrets is not in the repr, which error reporters take of local variables.
    """

    version: Annotated[str | None, _or_none(_TEXT)] = None  # None: it is detected where it is shown
    health_path: Annotated[str | None, _URL_PATH] = "health/"
    ready_path: Annotated[str | None, _URL_PATH] = "ready/"
    startup_path: Annotated[str | None, _URL_PATH] = "startup/"
    health_tokens: Annotated[tuple[str, ...], _STRINGS] = field(default=(), repr=False)
    probes: Annotated[Mapping[str, Mapping[str, Any] | None], _PROBES] = field(
        default_factory=lambda: MappingProxyType({}), repr=False
    )
    ready_budget: Annotated[float, _SOME_SECONDS] = 0.9  # below the 1 s that kubelet waits by default
    ready_ttl: Annotated[float, _SECONDS] = 1.0
    drain_seconds: Annotated[float, _SECONDS] = 0
    drain_file: Annotated[Path | None, _FILE] = None
    lint_new_migrations: Annotated[bool, _BOOL] = False
    trusted_proxies: Annotated[tuple[str, ...], _STRINGS] = ()
    cloudflare: Annotated[bool, _BOOL] = False
    cloudflare_ranges_file: Annotated[Path | None, _FILE] = None
    cloudflared: Annotated[tuple[str, ...], _STRINGS] = ()
    trust_unix_socket: Annotated[bool, _BOOL] = False
    cloudflare_secrets: Annotated[tuple[str, ...], _STRINGS] = field(default=(), repr=False)
    cloudflare_secret_header: Annotated[str, _TEXT] = "X-Origin-Secret"  # noqa: S105 - a header's name
    cloudflare_only: Annotated[bool, _BOOL] = False
    facts: Annotated[Mapping[str, Any], _FACTS] = field(default_factory=lambda: MappingProxyType({}))


_PRODREADY = _Table(
    {key.upper(): hint.__metadata__[0] for key, hint in get_type_hints(Config, include_extras=True).items()},
    kept={"CLOUDFLARE_SECRETS": _secrets_left},
)


def problems(raw: object) -> list[Problem]:
    """Return every unknown key and every value of the wrong type in ``raw``, a PRODREADY setting."""
    return list(_PRODREADY.problems("PRODREADY", raw))


@functools.cache
def get_config() -> Config:
    """Return the configuration in force. Read once, and again after a test changes the setting.

    What is invalid has its default, but for what is kept of it, and is named in the log.
    """
    setting_changed.connect(_forget, dispatch_uid="django_prodready.conf")
    raw = getattr(settings, "PRODREADY", {})
    for problem in problems(raw):
        logger.warning("%s It is ignored. %s", problem.message, problem.hint)
    valid = _PRODREADY.clean(raw) if _PRODREADY.fits(raw) else {}
    return Config(**{key.lower(): value for key, value in valid.items()})


def _forget(*, setting: str, **_: object) -> None:
    if setting == "PRODREADY":
        get_config.cache_clear()
