"""The header ``Permissions-Policy``: which features of the browser the site and the frames in it may use.

The setting ``PERMISSIONS_POLICY`` has the shape that the package django-permissions-policy gave it: a dict of
a feature's name to one string, or to a list or tuple of them: ``"self"``, ``"*"``, ``"none"``, or an origin.
None at all, ``[]``, is nobody. https://www.w3.org/TR/permissions-policy/
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponseBase

__all__ = ["HEADER", "PermissionsPolicyMiddleware", "Problem", "header_value", "policy_problems"]

logger = logging.getLogger("django_prodready")

HEADER = "Permissions-Policy"
SETTING = "PERMISSIONS_POLICY"

MaybeAwaitable = HttpResponseBase | Awaitable[HttpResponseBase]

_FEATURE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
# A scheme and a host, perhaps with a wildcard; no path, and nothing that would end the header's string.
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(?:(?:\*\.)?[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_KEYWORDS = ("self", "*")
_NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in PERMISSIONS_POLICY."""

    message: str
    hint: str


class PermissionsPolicyMiddleware:
    """Add the header that ``PERMISSIONS_POLICY`` asks for to each response that a view has not given one."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)
        header_value()  # what is wrong in the setting is logged now, and not with the first response

    def __call__(self, request: HttpRequest) -> MaybeAwaitable:
        """Return the response, or under ASGI an awaitable of it."""
        if self.is_async:
            return self._later(request)
        return _marked(self.get_response(request))

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        return _marked(await self.get_response(request))


@functools.cache
def header_value() -> str:
    """Return the header's value by the setting in force; empty without any.

    Read once, and again after a test changes it. What is wrong in it is named in the log: of a feature's
    value, what is right counts, so that what was to be restricted is not open; what can be no feature is left
    out.
    """
    setting_changed.connect(_forget, dispatch_uid="django_prodready.permissions_policy")
    raw = getattr(settings, SETTING, None)
    for problem in policy_problems(raw):
        logger.warning("%s It is ignored. %s", problem.message, problem.hint)
    if not isinstance(raw, dict):
        return ""
    return ", ".join(
        f"{feature}=({' '.join(_spelled(value))})"
        for feature, value in sorted(raw.items(), key=lambda item: str(item[0]))
        if _is_feature(feature)
    )


def policy_problems(raw: object) -> Iterator[Problem]:
    """Yield what is wrong in ``raw``, a PERMISSIONS_POLICY. Values are shown: the header tells them all."""
    if raw is None:
        return
    if not isinstance(raw, dict):
        yield Problem(
            f"{SETTING} must be a dict, not {type(raw).__name__}.",
            f"Set {SETTING} to a dict such as {{'camera': []}}, or remove it.",
        )
        return
    for feature, value in raw.items():
        if _is_feature(feature):
            yield from _value_problems(feature, value)
        else:
            yield Problem(
                f"{SETTING} has the key {feature!r}, which can be no feature's name.",
                f"Write the key of {SETTING} as browsers do, in small letters: 'screen-wake-lock'.",
            )


def _value_problems(feature: str, value: object) -> Iterator[Problem]:
    where = f"{SETTING}[{feature!r}]"
    if not isinstance(value, (str, list, tuple)):
        yield Problem(
            f"{where} must be a string, or a list or tuple of them, not {type(value).__name__}.",
            f"Set {where} to [] for nobody, or to 'self', '*' or origins.",
        )
        return
    for item in _items(value):
        if item != _NOBODY and not _is_right(item):
            yield Problem(
                f"{where} holds {item!r}, which is neither 'self', '*', 'none' nor an origin.",
                f"Write an origin in {where} as 'https://www.example.org': with a scheme, without a path.",
            )


def _spelled(value: object) -> list[str]:
    right = [item for item in _items(value) if _is_right(item)]
    return [item if item in _KEYWORDS else f'"{item}"' for item in right]


def _items(value: object) -> tuple[Any, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, (list, tuple)) else ()


def _is_right(item: object) -> bool:
    return isinstance(item, str) and (item in _KEYWORDS or _ORIGIN.fullmatch(item) is not None)


def _is_feature(name: object) -> bool:
    return isinstance(name, str) and _FEATURE.fullmatch(name) is not None


def _marked(response: HttpResponseBase) -> HttpResponseBase:
    value = header_value()
    if value and HEADER not in response.headers:
        response.headers[HEADER] = value
    return response


def _forget(*, setting: str, **_: object) -> None:
    if setting == SETTING:
        header_value.cache_clear()
