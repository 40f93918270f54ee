"""What counts requests by the client's address in this project, and from where it takes that address.

By the settings of each package, as its source reads them:

- Django REST framework 3.18: https://www.django-rest-framework.org/api-guide/throttling/#how-clients-are-identified
- django-ninja 1.7: https://django-ninja.dev/guides/throttling/
- django-axes 8.3: https://django-axes.readthedocs.io/en/latest/4_configuration.html
- django-allauth 65.21: https://docs.allauth.org/en/latest/common/rate_limits.html
- django-ratelimit 4.1: https://django-ratelimit.readthedocs.io/en/stable/security.html
- django-defender 0.9: https://django-defender.readthedocs.io/en/stable/

A function of the project's own that names the client is left alone, and so is a header that holds one
address: whoever names one knows the proxy that sets it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import import_string

from django_prodready.audit.facts.chain_modules import locate_package
from django_prodready.audit.facts.effective import value_of
from django_prodready.audit.facts.files import read_bytes
from django_prodready.audit.facts.proxy import without_comments
from django_prodready.audit.facts.rest_throttles import throttles_by_address
from django_prodready.audit.model import NotRun

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Source", "Throttle", "find_throttles"]

_FORWARDED_FOR = "HTTP_X_FORWARDED_FOR"
_BY_IP = re.compile(r"""\bkey\s*=\s*["'](?:ip|user_or_ip)["']""")
_BY_FORWARDED_FOR = re.compile(r"""\bkey\s*=\s*["']header:x-forwarded-for["']""", re.IGNORECASE)
_OF_NINJA = re.compile(r"\bninja\.throttling\b|\bfrom[ \t]+ninja[ \t]+import[^\n]*\bthrottling\b")
# Not AXES_IPWARE_PROXY_COUNT: with it, django-ipware names nobody when a client made the header longer.
_AXES_ADVICE = (
    "Let AXES_IPWARE_META_PRECEDENCE_ORDER be a header that your proxy overwrites, such as 'HTTP_X_REAL_IP'"
)


class Source(enum.Enum):
    """From where a throttle takes the address."""

    FORWARDED_FOR = "X-Forwarded-For"  # of which a client can write a part that counts
    PEER = "REMOTE_ADDR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """One package that counts requests by address."""

    package: str
    source: Source
    setting: tuple[str, ...]  # what decides that, as a path into the settings
    how: str  # completes "it counts by …"
    advice: str  # an imperative, without a full stop

    @property
    def subject(self) -> str:
        """The setting, as a report shows it."""
        return _spell(self.setting)


def _spell(path: tuple[str, ...]) -> str:
    """Write a path into the settings as Python would."""
    name, *keys = path
    return name + "".join(f"[{key!r}]" for key in keys)


def find_throttles(facts: Facts) -> tuple[Throttle, ...]:
    """Find what counts by address. Raises :class:`NotRun` when that cannot be told of anything."""
    found: list[Throttle | None] = []
    reason: NotRun | None = None
    for find in (_rest_framework, _ninja, _axes, _allauth, _ratelimit, _defender):
        try:
            found.append(find(facts))
        except NotRun as unknown:
            reason = unknown
    throttles = tuple(throttle for throttle in found if throttle is not None)
    if reason is not None and not throttles:
        raise reason
    return throttles


def _rest_framework(facts: Facts) -> Throttle | None:
    configured = value_of(facts.settings, "REST_FRAMEWORK")
    settings = configured if isinstance(configured, Mapping) else {}
    if not throttles_by_address(facts, settings):
        return None
    return _as_rest(
        settings.get("NUM_PROXIES"), "Django REST framework's throttling", ("REST_FRAMEWORK", "NUM_PROXIES")
    )


def _ninja(facts: Facts) -> Throttle | None:
    if not _in_code(facts, _OF_NINJA):
        return None
    proxies = value_of(facts.settings, "NINJA_NUM_PROXIES")
    return _as_rest(proxies, "django-ninja's throttling", ("NINJA_NUM_PROXIES",))


def _as_rest(proxies: object, package: str, setting: tuple[str, ...]) -> Throttle | None:
    """Both read the header in the same way: whole, unless the number of proxies is set."""
    if proxies is not None and proxies != 0:
        return None
    return Throttle(
        package=package,
        source=Source.FORWARDED_FOR if proxies is None else Source.PEER,
        setting=setting,
        how="the whole of X-Forwarded-For" if proxies is None else "REMOTE_ADDR",
        advice=f"Set {_spell(setting)} to the number of your proxies",
    )


def _axes(facts: Facts) -> Throttle | None:
    if not facts.has_app("axes") or value_of(facts.settings, "AXES_ENABLED") is False:
        return None
    if value_of(facts.settings, "AXES_CLIENT_IP_CALLABLE") or not _axes_counts_addresses(facts):
        return None
    order = _axes_setting(facts, "META_PRECEDENCE_ORDER") or ("REMOTE_ADDR",)
    if not facts.is_installed("ipware") or tuple(order) == ("REMOTE_ADDR",):
        return Throttle(
            package="django-axes",
            source=Source.PEER,
            setting=("AXES_IPWARE_META_PRECEDENCE_ORDER",),
            how="REMOTE_ADDR",
            advice=f"{_AXES_ADVICE}, with django-ipware installed",
        )
    limits = (_axes_setting(facts, "PROXY_COUNT"), _axes_setting(facts, "PROXY_TRUSTED_IPS"))
    is_leftmost = (_axes_setting(facts, "PROXY_ORDER") or "left-most") == "left-most"
    if _FORWARDED_FOR not in order or any(limit is not None for limit in limits) or not is_leftmost:
        return None
    return Throttle(
        package="django-axes",
        source=Source.FORWARDED_FOR,
        setting=("AXES_IPWARE_META_PRECEDENCE_ORDER",),
        how="the first address in X-Forwarded-For",
        advice=_AXES_ADVICE,
    )


def _axes_setting(facts: Facts, name: str) -> Any:
    """One setting under its name, the name of axes 5, or the name that django-ipware itself reads."""
    names = (f"AXES_IPWARE_{name}", f"AXES_{name}", f"IPWARE_{name}", f"IPWARE_META_{name}")
    values = (value_of(facts.settings, each) for each in names)
    return next((value for value in values if value is not None), None)


def _axes_counts_addresses(facts: Facts) -> bool:
    parameters = value_of(facts.settings, "AXES_LOCKOUT_PARAMETERS")
    if parameters is None:
        return not value_of(facts.settings, "AXES_ONLY_USER_FAILURES")
    if not isinstance(parameters, list | tuple):
        return False  # a function of the project's own
    return any(each == "ip_address" or "ip_address" in (each or ()) for each in parameters)


def _allauth(facts: Facts) -> Throttle | None:
    if not facts.has_app("allauth.account") or value_of(facts.settings, "ACCOUNT_RATE_LIMITS") is False:
        return None
    if _has_own_adapter(facts):
        return None
    if _is_allauth_before_counts():
        return Throttle(
            package="django-allauth",
            source=Source.FORWARDED_FOR,
            setting=("ALLAUTH_TRUSTED_PROXY_COUNT",),
            how="the first address in X-Forwarded-For, as its versions before ALLAUTH_TRUSTED_PROXY_COUNT do",
            advice="Upgrade it, and set ALLAUTH_TRUSTED_PROXY_COUNT to the number of your proxies",
        )
    header = value_of(facts.settings, "ALLAUTH_TRUSTED_CLIENT_IP_HEADER")
    if header:
        return _allauth_by_header(str(header))
    if value_of(facts.settings, "ALLAUTH_TRUSTED_PROXY_COUNT"):
        return None
    return Throttle(
        package="django-allauth",
        source=Source.PEER,
        setting=("ALLAUTH_TRUSTED_PROXY_COUNT",),
        how="REMOTE_ADDR",
        advice="Set ALLAUTH_TRUSTED_PROXY_COUNT to the number of your proxies",
    )


def _allauth_by_header(header: str) -> Throttle | None:
    if header.lower() != "x-forwarded-for":
        return None
    return Throttle(
        package="django-allauth",
        source=Source.FORWARDED_FOR,
        setting=("ALLAUTH_TRUSTED_CLIENT_IP_HEADER",),
        how="X-Forwarded-For as it comes",
        advice="Remove ALLAUTH_TRUSTED_CLIENT_IP_HEADER, and set ALLAUTH_TRUSTED_PROXY_COUNT to the number"
        " of your proxies",
    )


def _has_own_adapter(facts: Facts) -> bool:
    """Whether the project says itself who the client is, or may: its adapter cannot be imported."""
    path = value_of(facts.settings, "ACCOUNT_ADAPTER")
    if not path:
        return False
    try:
        method = import_string(path).get_client_ip
    except (Exception, SystemExit):  # noqa: BLE001 - any code may run while a user's module is imported
        return True
    return not str(getattr(method, "__module__", "")).startswith("allauth.")


def _is_allauth_before_counts() -> bool:
    place = locate_package("allauth")
    text = read_bytes(place / "app_settings.py") if place is not None else None
    return text is not None and b"TRUSTED_PROXY_COUNT" not in text


def _ratelimit(facts: Facts) -> Throttle | None:
    is_used = facts.source.imports("django_ratelimit")
    if not is_used or value_of(facts.settings, "RATELIMIT_ENABLE") is False:
        return None
    key = value_of(facts.settings, "RATELIMIT_IP_META_KEY")
    is_by_ip = _in_code(facts, _BY_IP)
    if (key == _FORWARDED_FOR and is_by_ip) or _in_code(facts, _BY_FORWARDED_FOR):
        return Throttle(
            package="django-ratelimit",
            source=Source.FORWARDED_FOR,
            setting=("RATELIMIT_IP_META_KEY",),
            how="X-Forwarded-For as it comes",
            advice="Name in RATELIMIT_IP_META_KEY a header that your proxy overwrites, such as"
            " 'HTTP_X_REAL_IP', and count by key='ip'",
        )
    if key or not is_by_ip:
        return None
    return Throttle(
        package="django-ratelimit",
        source=Source.PEER,
        setting=("RATELIMIT_IP_META_KEY",),
        how="REMOTE_ADDR",
        advice="Name in RATELIMIT_IP_META_KEY a header that your proxy overwrites, such as 'HTTP_X_REAL_IP'",
    )


def _defender(facts: Facts) -> Throttle | None:
    if not facts.has_app("defender") or value_of(facts.settings, "DEFENDER_DISABLE_IP_LOCKOUT"):
        return None
    is_behind = bool(value_of(facts.settings, "DEFENDER_BEHIND_REVERSE_PROXY"))
    header = value_of(facts.settings, "DEFENDER_REVERSE_PROXY_HEADER") or _FORWARDED_FOR
    if is_behind and header != _FORWARDED_FOR:
        return None
    name = "DEFENDER_REVERSE_PROXY_HEADER" if is_behind else "DEFENDER_BEHIND_REVERSE_PROXY"
    return Throttle(
        package="django-defender",
        source=Source.FORWARDED_FOR if is_behind else Source.PEER,
        setting=(name,),
        how="the first address in X-Forwarded-For" if is_behind else "REMOTE_ADDR",
        advice="Set DEFENDER_BEHIND_REVERSE_PROXY = True, and DEFENDER_REVERSE_PROXY_HEADER to a header that"
        " your proxy overwrites, such as 'HTTP_X_REAL_IP'",
    )


def _in_code(facts: Facts, pattern: re.Pattern[str]) -> bool:
    texts = (without_comments(facts.files.read(path) or "") for path in facts.files.served)
    return any(pattern.search(text) for text in texts)
