"""The cache in Redis: its own database, its own keys, and no request that waits for it for long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django_prodready.settings import env
from django_prodready.settings.declared import OMIT, computed, option
from django_prodready.settings.draft import Draft
from django_prodready.settings.environment import kinds
from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.mixin import SettingsMixin
from django_prodready.settings.mixins.project_name import project_name
from django_prodready.settings.mixins.redis_place import (
    Place,
    names_index,
    place_of_cache,
    places_of_queue,
    with_index,
)

__all__ = ["RedisCache"]

_BACKEND = "django_redis.cache.RedisCache"
# Not "Redis" alone: other clients have other options. django_prometheus's is made of django-redis'.
_FAMILY = ("django_redis.", "django_prometheus.cache.backends.redis")
_QUEUES = ("CELERY_BROKER_URL", "BROKER_URL")
_RESULTS = ("CELERY_RESULT_BACKEND",)

# A cache that takes longer than what it saves is none: a Redis that hangs is waited for so long, twice.
_TIMEOUT_S = 2
# A connection that was idle for so long is tried with a PING: firewalls and managed services drop idle ones.
_HEALTH_CHECK_S = 30


class RedisCache(SettingsMixin):
    """The alias "default" of ``CACHES``, by django-redis; other aliases stay. Needs the extra ``redis``."""

    CACHE_KEY_PREFIX: str = option(
        "", help="What the keys begin with; the name of the project's package unless given."
    )
    CACHE_MAY_FAIL: bool = option(
        False,
        help="While Redis is away, nothing is found in the cache and no error is raised, only logged. Locks "
        "and throttles in the cache then let everything through.",
    )
    REDIS_SELF_SIGNED: bool = option(
        False,
        help="The server's certificate may be anyone's, so whoever is in between can read: for services that "
        "have no other, as Heroku's.",
    )

    REDIS_URL: str = env.redis(
        "REDIS_URL",
        setting=False,
        help="The Redis that has the cache. Its database must not be the one of Celery's broker.",
        example="redis://redis:6379/1",
    )
    REDIS_SSL_ROOT_CERT: str | None = env.str(
        "REDIS_SSL_ROOT_CERT",
        default=None,
        setting=False,
        help="The file of who must have signed the certificate of a rediss:// server that is not public.",
    )
    # Celery reads these variables itself, so they count where none of our classes does.
    QUEUE_BESIDE_CACHE: str | None = env.custom(
        "CELERY_BROKER_URL",
        parse=str,
        kind="broker URL",
        default=None,
        secret=True,
        setting=False,
        help="Where tasks wait.",
    )
    RESULTS_BESIDE_CACHE: str | None = env.custom(
        "CELERY_RESULT_BACKEND",
        parse=str,
        kind="result backend",
        default=None,
        secret=True,
        setting=False,
        help="Where the results of tasks are kept.",
    )

    # An error that nobody sees would be the worst of both.
    DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS: bool = computed(
        lambda settings: True if settings.CACHE_MAY_FAIL else OMIT
    )

    def transform(self, draft: Draft) -> None:
        """Make the entry "default" of CACHES. Refuses a certificate that nobody checks."""
        draft.needs_package("django_redis", extra="redis")
        self._redis_check_url(draft)
        caches = draft.mapping("CACHES")
        caches["default"] = self._redis_entry(dict(caches.get("default") or {}), draft)
        draft.set("CACHES", caches)

    def conclude(self, draft: Draft) -> None:
        """Keep out of the database of the task queue, by another number or with an error."""
        try:
            place = place_of_cache(self.REDIS_URL)
        except Invalid:  # told by the transform
            return
        queues = set(self._redis_places(draft, self.QUEUE_BESIDE_CACHE, _QUEUES))
        if names_index(self.REDIS_URL):
            if place in queues:
                draft.refuse(
                    "REDIS_URL",
                    "names the database of CELERY_BROKER_URL: clearing the cache is FLUSHDB, which drops "
                    "the queue; give the cache a number of its own, such as /1",
                )
            return
        used = queues | set(self._redis_places(draft, self.RESULTS_BESIDE_CACHE, _RESULTS))
        if place in used:
            taken = {other.number for other in used if other.server == place.server}
            free = next(number for number in count(1) if number not in taken)
            self._redis_relocate(with_index(self.REDIS_URL, free), draft)

    def _redis_check_url(self, draft: Draft) -> None:
        rule = ""
        try:
            kinds.redis_url(self.REDIS_URL)
        except Invalid as invalid:
            rule = invalid.rule
        if rule:
            raise draft.refuse("REDIS_URL", rule)
        if not self.REDIS_SELF_SIGNED and _is_unchecked(self.REDIS_URL):
            draft.refuse(
                "REDIS_URL",
                "leaves the certificate unchecked (ssl_cert_reqs, ssl_check_hostname): remove that, and "
                "name who signed it in REDIS_SSL_ROOT_CERT; or set REDIS_SELF_SIGNED = True",
            )

    def _redis_entry(self, kept: Mapping[str, Any], draft: Draft) -> dict[str, Any]:
        backend = str(kept.get("BACKEND", ""))
        is_redis = backend.startswith(_FAMILY)
        options = dict(kept.get("OPTIONS", {})) if is_redis else {}
        options.setdefault("CLIENT_CLASS", "django_redis.client.DefaultClient")
        options.setdefault("SOCKET_CONNECT_TIMEOUT", _TIMEOUT_S)
        options.setdefault("SOCKET_TIMEOUT", _TIMEOUT_S)
        options["IGNORE_EXCEPTIONS"] = self.CACHE_MAY_FAIL or options.get("IGNORE_EXCEPTIONS", False)
        options["CONNECTION_POOL_KWARGS"] = {
            "health_check_interval": _HEALTH_CHECK_S,
            # Once more, on a new connection: the idle one may have been dropped.
            "retry_on_timeout": True,
            **options.get("CONNECTION_POOL_KWARGS", {}),
            **self._redis_tls(),
        }
        return {
            **kept,
            "BACKEND": backend if is_redis else _BACKEND,
            "LOCATION": self.REDIS_URL,
            "KEY_PREFIX": self.CACHE_KEY_PREFIX or kept.get("KEY_PREFIX") or project_name(draft),
            "OPTIONS": options,
        }

    def _redis_tls(self) -> dict[str, Any]:
        if urlsplit(self.REDIS_URL).scheme != "rediss":
            return {}
        if self.REDIS_SELF_SIGNED:
            return {"ssl_cert_reqs": "none", "ssl_check_hostname": False}
        # redis-py before 6 checked no name.
        checked = {"ssl_cert_reqs": "required", "ssl_check_hostname": True}
        return checked | ({"ssl_ca_certs": self.REDIS_SSL_ROOT_CERT} if self.REDIS_SSL_ROOT_CERT else {})

    def _redis_relocate(self, url: str, draft: Draft) -> None:
        caches = draft.mapping("CACHES")
        caches["default"] = {**caches.get("default", {}), "LOCATION": url}
        draft.set("CACHES", caches)

    def _redis_places(self, draft: Draft, variable: str | None, settings: Iterable[str]) -> Iterator[Place]:
        for url in (variable, *map(draft.get, settings)):
            yield from places_of_queue(url)


def _is_unchecked(url: str) -> bool:
    """Tell whether the query of the address, which goes before all options, leaves the server unproven."""
    query = {name: values[-1].lower() for name, values in parse_qs(urlsplit(url).query).items()}
    is_unnamed = query.get("ssl_check_hostname", "true") in ("false", "0", "no", "f", "n")
    return query.get("ssl_cert_reqs", "required") != "required" or is_unnamed
