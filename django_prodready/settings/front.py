"""One call instead of a class, for the usual sites: ``production(globals(), platform="coolify")``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from django_prodready.settings.declared import option
from django_prodready.settings.draft import Draft
from django_prodready.settings.mixin import SettingsMixin
from django_prodready.settings.mixins.celery import Celery
from django_prodready.settings.mixins.csp import Csp
from django_prodready.settings.mixins.email import Email
from django_prodready.settings.mixins.postgres import Postgres
from django_prodready.settings.mixins.production import Production
from django_prodready.settings.mixins.proxy import Kind, Proxy
from django_prodready.settings.mixins.redis_cache import RedisCache
from django_prodready.settings.mixins.s3_media import Provider, S3Media
from django_prodready.settings.mixins.whitenoise import WhiteNoise

__all__ = ["Platform", "production"]

Platform = Literal["docker", "compose", "kubernetes", "coolify", "sevalla", "systemd"]

# What stands in front of a site there, unless it is said.
_PROXIES: dict[str, Kind] = {
    "docker": "nginx",
    "compose": "nginx",
    "kubernetes": "nginx",
    "coolify": "traefik",
    # Cloudflare, then the platform's own ingress: the addresses that the site sees are the ingress's.
    "sevalla": "cloudflare+traefik",
    "systemd": "nginx",
}

_MIXINS: dict[str, type[SettingsMixin]] = {
    "database": Postgres,
    "cache": RedisCache,
    "static": WhiteNoise,
    "media": S3Media,
    "celery": Celery,
    "email": Email,
    "csp": Csp,
}
_CHOICES: dict[str, tuple[object, ...]] = {
    "platform": get_args(Platform),
    "proxy": get_args(Kind),
    "database": ("postgres",),
    "cache": ("redis",),
    "static": ("whitenoise",),
    "media": get_args(Provider),
    "celery": (True,),
    "email": (True,),
    "csp": (True,),
}


class _OnPlatform(SettingsMixin):
    PLATFORM: str = option("", help="Where the site runs.")

    def transform(self, draft: Draft) -> None:
        if self.PLATFORM:
            draft.default_in("PRODREADY", {"FACTS": {"platform": self.PLATFORM}})


def production(
    namespace: dict[str, Any],
    *,
    platform: Platform | None = None,
    proxy: Kind | None = None,
    database: Literal["postgres"] | None = "postgres",
    cache: Literal["redis"] | None = "redis",
    static: Literal["whitenoise"] | None = "whitenoise",
    media: Provider | None = None,
    celery: bool = False,
    email: bool = False,
    csp: bool = False,
    environ: Mapping[str, str] | None = None,
    **attributes: Any,
) -> type[SettingsMixin]:
    """Apply the class that the arguments describe to ``namespace``, and return it.

    ``proxy`` is the platform's unless given; ``media`` is whose bucket; ``None`` and ``False`` leave a
    mixin out. ``attributes`` are those of the class: options, settings and fields, such as
    ``HSTS_STAGE="day"``.

    Raises :class:`TypeError` for an argument that it does not know, and like :meth:`SettingsMixin.apply`.
    """
    parts = {
        "database": database,
        "cache": cache,
        "static": static,
        "media": media,
        "celery": celery,
        "email": email,
        "csp": csp,
    }
    _refuse_unknown({"platform": platform, "proxy": proxy, **parts}, attributes)
    bases = tuple(_MIXINS[part] for part, wanted in parts.items() if wanted)
    options: dict[str, Any] = {
        "PLATFORM": platform or "",
        "PROXY": proxy or _PROXIES.get(platform or "", "none"),
    }
    if media:
        options["S3_PROVIDER"] = media
    cls: type[SettingsMixin] = type(
        "Settings", (*bases, Proxy, _OnPlatform, Production), {**options, **attributes}
    )
    cls.__module__ = str(namespace.get("__name__", cls.__module__))
    cls.apply(namespace, environ)
    return cls


def _refuse_unknown(arguments: Mapping[str, object], attributes: Mapping[str, Any]) -> None:
    for name, value in arguments.items():
        choices = (*_CHOICES[name], None, *([False] if name in _MIXINS else []))
        if not any(value == choice and type(value) is type(choice) for choice in choices):
            raise TypeError(f"{name} must be one of {', '.join(map(repr, choices))}.")
    for name in attributes:
        if not name.isupper():
            raise TypeError(f"production() has no argument {name!r}; settings and options are upper-case.")
