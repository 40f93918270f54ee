"""The Content-Security-Policies that the settings describe, and which middleware sends them.

Django's own (from 6.0 on): https://docs.djangoproject.com/en/stable/ref/csp/.
django-csp: https://django-csp.readthedocs.io/en/latest/configuration.html. Neither is imported.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import global_settings

from django_prodready.audit.facts.effective import value_of

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.reporting.finding import Location

__all__ = [
    "DJANGO",
    "DJANGO_CSP",
    "DJANGO_SETTINGS",
    "NONCE",
    "PACKAGE_SETTINGS",
    "Policy",
    "django_has_policies",
    "holds_django_nonce",
    "is_django_nonce",
    "is_package_nonce",
    "is_version_3",
    "own_policy",
    "policies",
    "sent_policies",
    "values_of",
]

DJANGO = "django.middleware.csp.ContentSecurityPolicyMiddleware"
DJANGO_CSP = "csp.middleware.CSPMiddleware"
DJANGO_SETTINGS = ("SECURE_CSP", "SECURE_CSP_REPORT_ONLY")
PACKAGE_SETTINGS = ("CONTENT_SECURITY_POLICY", "CONTENT_SECURITY_POLICY_REPORT_ONLY")
NONCE = "'nonce'"  # stands in a policy's sources for the nonce that a middleware puts in
_SENTINEL = "<CSP_NONCE_SENTINEL>"  # django.utils.csp.CSP.NONCE
# What they override to make the policy, or the header, by themselves.
_DECIDES = frozenset({"get_policy_parts", "build_policy", "build_policy_ro", "process_response", "__call__"})
_NOT_DIRECTIVES = frozenset(
    {"CSP_REPORT_ONLY", "CSP_EXCLUDE_URL_PREFIXES", "CSP_REPORT_PERCENTAGE", "CSP_INCLUDE_NONCE_IN"}
)


@dataclass(frozen=True)
class Policy:
    """One policy as settings describe it."""

    setting: str  # the setting that holds it; "CSP_…" for django-csp 3, where each directive has its own
    middleware: str  # the class that sends it
    is_enforced: bool  # False: browsers only report what it would stop
    is_sent: bool  # whether that class, or a subclass, is in MIDDLEWARE
    directives: Mapping[Any, Any]  # as written
    defaults: bool  # whether default-src is 'self' where it is not written

    @functools.cached_property
    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """What browsers read: words by directive. Entries that are no strings are left out."""
        is_default = self.defaults and "default-src" not in self.directives
        default = {"default-src": ("'self'",)} if is_default else {}
        return default | {
            str(name).lower(): tuple(self._words(value))
            for name, value in self.directives.items()
            if value is not None and value is not False
        }

    @property
    def is_djangos(self) -> bool:
        """Whether Django's own middleware sends it, and not that of django-csp."""
        return self.middleware == DJANGO

    def subject(self, directive: str) -> str:
        """Name one directive as the settings write it."""
        if self.setting == "CSP_…":
            return f"CSP_{directive.replace('-', '_').upper()}"
        inner = "" if self.is_djangos else "['DIRECTIVES']"
        return f"{self.setting}{inner}[{directive!r}]"

    def at(self, facts: Facts, directive: str) -> Location | None:
        """Return where one directive is written."""
        if self.setting == "CSP_…":
            return facts.origin(self.subject(directive))
        return facts.origin(self.setting, *(() if self.is_djangos else ("DIRECTIVES",)), directive)

    def _words(self, value: Any) -> Iterator[str]:
        is_nonce = is_django_nonce if self.is_djangos else is_package_nonce
        for item in values_of(value):
            if is_nonce(item):
                yield NONCE
            elif isinstance(item, str):
                yield from item.split()


def values_of(value: Any) -> tuple[Any, ...]:
    """Return the entries of a directive, however they are written; none for a directive that is a switch."""
    if isinstance(value, bool):
        return ()
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(sorted(value, key=str)) if isinstance(value, set | frozenset) else tuple(value)
    return (value,)


def is_django_nonce(item: object) -> bool:
    """Whether it is ``django.utils.csp.CSP.NONCE``, which Django's middleware replaces."""
    return isinstance(item, str) and item == _SENTINEL


def holds_django_nonce(text: str) -> bool:
    """Whether ``CSP.NONCE`` stands anywhere in ``text``."""
    return _SENTINEL in text


def is_package_nonce(item: object) -> bool:
    """Whether the middleware of django-csp puts in its nonce for it: ``csp.constants.NONCE``, or ours."""
    return type(item).__module__ == "csp.constants" or (isinstance(item, str) and item == NONCE)


def django_has_policies() -> bool:
    """Whether the running Django knows ``SECURE_CSP``."""
    return hasattr(global_settings, "SECURE_CSP")


def is_version_3(facts: Facts) -> bool:
    """Whether the installed django-csp reads ``CSP_…`` names; from version 4 on it reads dictionaries."""
    return facts.is_installed("csp") and not facts.is_installed("csp.checks")


def policies(facts: Facts) -> tuple[Policy, ...]:
    """Return every policy that settings describe for software that is there, or listed, sent or not."""
    return tuple(_policies(facts))


def sent_policies(facts: Facts) -> tuple[Policy, ...]:
    """Return the policies that a middleware sends."""
    return tuple(policy for policy in policies(facts) if policy.is_sent)


def own_policy(facts: Facts) -> str | None:
    """Return the middleware that derives from a known one and decides the policy itself; else None."""
    for dotted in (DJANGO, DJANGO_CSP):
        entry = facts.middleware.find(dotted)
        for ancestor in getattr(entry.target, "__mro__", ()) if entry else ():
            is_own = ancestor.__module__.partition(".")[0] not in {"django", "csp", "builtins"}
            if is_own and _DECIDES & vars(ancestor).keys():
                return entry.path if entry else None
    return None


def _policies(facts: Facts) -> Iterator[Policy]:
    if django_has_policies() or facts.middleware.find(DJANGO):
        yield from _of_settings(facts, DJANGO, DJANGO_SETTINGS)
    is_listed = facts.middleware.find(DJANGO_CSP) is not None
    if is_version_3(facts):
        if is_listed:
            yield _of_version_3(facts)
    elif is_listed or facts.is_installed("csp"):
        yield from _of_settings(facts, DJANGO_CSP, PACKAGE_SETTINGS)


def _of_settings(facts: Facts, middleware: str, names: tuple[str, str]) -> Iterator[Policy]:
    is_sent = facts.middleware.find(middleware) is not None
    for name in names:
        value = value_of(facts.settings, name)
        if not isinstance(value, Mapping) or not value:
            continue
        directives = value if middleware == DJANGO else value.get("DIRECTIVES", {})
        if isinstance(directives, Mapping):
            is_enforced = not name.endswith("_REPORT_ONLY")
            yield Policy(name, middleware, is_enforced, is_sent, directives, defaults=middleware != DJANGO)


def _of_version_3(facts: Facts) -> Policy:
    names = (name for name in facts.explicit if name.startswith("CSP_") and name not in _NOT_DIRECTIVES)
    directives = {
        name.removeprefix("CSP_").replace("_", "-").lower(): value_of(facts.settings, name) for name in names
    }
    included = value_of(facts.settings, "CSP_INCLUDE_NONCE_IN")
    for name in ("default-src",) if included is None else values_of(included):
        written = directives.get(name, "'self'" if name == "default-src" else None)
        directives[name] = (*values_of(written or ()), NONCE)
    is_enforced = not value_of(facts.settings, "CSP_REPORT_ONLY")
    return Policy("CSP_…", DJANGO_CSP, is_enforced, True, directives, defaults=True)
