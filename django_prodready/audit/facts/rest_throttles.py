"""Whether an API of Django REST framework counts requests by the client's address.

A throttle does when its key is made of ``BaseThrottle.get_ident``, it has a rate, and a view uses it:
https://www.django-rest-framework.org/api-guide/throttling/#how-clients-are-identified.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import import_string

from django_prodready.audit.facts.code_text import source_of
from django_prodready.audit.facts.routes import find_routes

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["throttles_by_address"]

_MODULE = "rest_framework.throttling"
_ASKS = re.compile(r"\bget_ident\b|\bsuper\(")


def throttles_by_address(facts: Facts, settings: Mapping[str, Any]) -> bool:
    """Tell whether a default throttle or one of a view does; ``settings`` is REST_FRAMEWORK.

    Raises :class:`~django_prodready.audit.model.NotRun` when the URLconf cannot be imported.
    """
    is_used = bool(settings) or facts.has_app("rest_framework") or facts.source.imports("rest_framework")
    if not is_used or not facts.is_installed("rest_framework"):
        return False
    written = settings.get("DEFAULT_THROTTLE_RATES")
    rates = written if isinstance(written, Mapping) else {}
    # That one counts for a view with a scope only, and views are asked below.
    if any(_counts(each, rates) and not _is_scoped(each) for each in _defaults(settings)):
        return True
    views = (route.behind for route in find_routes() if inspect.isclass(route.behind))
    return any(_counts(each, rates) for view in views for each in _throttles_of(view))


def _defaults(settings: Mapping[str, Any]) -> list[Any]:
    named = settings.get("DEFAULT_THROTTLE_CLASSES")
    # With what is no list every request fails: nothing is counted, and nobody gets so far as to miss that.
    return [_load(each) for each in named] if isinstance(named, list | tuple) else []


def _load(named: Any) -> Any:
    try:
        return import_string(named) if isinstance(named, str) else named
    except (Exception, SystemExit):  # noqa: BLE001 - any code may run while a user's module is imported
        return None


def _throttles_of(view: type) -> list[Any]:
    has_scope = bool(getattr(view, "throttle_scope", None))
    own = [each for each in getattr(view, "throttle_classes", ()) if has_scope or not _is_scoped(each)]
    return [*own, *(each for options in _actions_of(view) for each in options.get("throttle_classes") or ())]


def _actions_of(view: type) -> Iterator[Mapping[str, Any]]:
    """Yield what ``@action`` says of each method that has it: it stands in for the view's own attributes.

    https://www.django-rest-framework.org/api-guide/viewsets/#marking-extra-actions-for-routing
    """
    for ancestor in _mro(view):
        for member in vars(ancestor).values():
            options = getattr(member, "kwargs", None)
            if hasattr(member, "mapping") and isinstance(options, Mapping):
                yield options


def _is_scoped(throttle: Any) -> bool:
    return any(
        f"{each.__module__}.{each.__name__}" == f"{_MODULE}.ScopedRateThrottle" for each in _mro(throttle)
    )


def _counts(throttle: Any, rates: Mapping[str, Any]) -> bool:
    """Whether it is a throttle of theirs that has a rate, and whose key is the address as they read it."""
    if getattr(getattr(throttle, "get_ident", None), "__module__", "") != _MODULE:
        return False
    if not hasattr(throttle, "get_cache_key"):
        return bool(_ASKS.search(source_of(throttle.allow_request)))
    has_rate = throttle.get_rate.__module__ != _MODULE or "THROTTLE_RATES" in _own_names(throttle)
    has_rate = has_rate or bool(getattr(throttle, "rate", None) or rates.get(throttle.scope))
    return (has_rate or _is_scoped(throttle)) and bool(_ASKS.search(source_of(throttle.get_cache_key)))


def _own_names(throttle: Any) -> set[str]:
    return {name for each in _mro(throttle) if each.__module__ != _MODULE for name in vars(each)}


def _mro(throttle: Any) -> tuple[type, ...]:
    return getattr(throttle, "__mro__", ())
