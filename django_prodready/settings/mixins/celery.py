"""Celery: no task without an end, none lost with a worker, none done twice by a short time-out."""

from __future__ import annotations

import importlib.metadata
from typing import Any, TypeGuard

from django_prodready.settings import env
from django_prodready.settings.declared import OMIT, computed, fixed, option
from django_prodready.settings.draft import Draft
from django_prodready.settings.environment import kinds
from django_prodready.settings.environment.build import MARK
from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["Celery"]

_REDIS = ("redis", "rediss", "sentinel")
_RABBITMQ = ("amqp", "amqps", "pyamqp")
_REDIS_RESULTS = ("redis://", "rediss://")

# RabbitMQ closes the channel of a worker that holds a message longer than its consumer_timeout, 30
# minutes unless set: a task must have ended by then.
# https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout
_LIMIT_S = {"redis": 1800, "rabbitmq": 1500, "other": 1800}
# What a task has left to clean up after SoftTimeLimitExceeded, before its process is killed.
_CLEAN_UP_S = 60
# After the grace period the platform kills: the worker must have handed its tasks back by then.
_RESERVE_S = 15
_SWEEP_S = 300

# For each answer of a broker that hangs. Above the 1 s that a worker's blocking read of Redis takes; and a
# request that sends a task waits up to three times as long: for the old connection, the new one, once more.
_ANSWER_S = 3
_TRANSPORT_OPTIONS: dict[str, dict[str, Any]] = {
    "redis": {
        "socket_timeout": _ANSWER_S,
        "socket_connect_timeout": 3,
        "socket_keepalive": True,
        "health_check_interval": 10,
        # What a dead worker held is handed out 10 s after its time-out, where it would be up to 100 s.
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
    },
    "rabbitmq": {
        # The broker says that it has the message: without, a message that it never got is lost without a
        # word. With it, and without an end to reading, a broker that hangs is waited for forever.
        "confirm_publish": True,
        "read_timeout": _ANSWER_S,
        "write_timeout": _ANSWER_S,
    },
    "other": {},
}


def _broker(text: str) -> str:
    return kinds.broker_url(text.strip()).reveal()


def _backend(text: str) -> str:
    backend = text.strip()
    return kinds.redis_url(backend).reveal() if backend.lower().startswith(_REDIS_RESULTS) else backend


def _kind(settings: Any) -> str:
    """Return redis, rabbitmq or other, by the broker's URL."""
    url = settings.CELERY_BROKER_URL
    try:
        transport = kinds.broker_url(url if isinstance(url, str) else ";".join(url)).transport
    except Invalid:  # a plain value of the class, in a spelling that only Celery understands
        transport = ""
    return "redis" if transport in _REDIS else "rabbitmq" if transport in _RABBITMQ else "other"


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _soft_limit(settings: Any) -> Any:
    limit_s = settings.CELERY_TASK_TIME_LIMIT
    return limit_s - min(_CLEAN_UP_S, limit_s / 2) if _is_number(limit_s) else OMIT


def _visibility_timeout(limit_s: float, countdown_s: float) -> int:
    """How long Redis waits for a task to be done before another worker gets it.

    A task that is fetched for a later time counts from then on, so it must outlast the wait and the run.
    """
    return int(max(limit_s, countdown_s) + limit_s + _SWEEP_S)


def _only(kind: str, value: Any) -> Any:
    return computed(lambda settings: value if _kind(settings) == kind else OMIT)


def _idempotent(value: Any) -> Any:
    return computed(lambda settings: value if settings.TASKS_ARE_IDEMPOTENT else OMIT)


def _with_results(value: Any) -> Any:
    return computed(lambda settings: value if settings.CELERY_RESULT_BACKEND else OMIT)


class Celery(SettingsMixin):
    """Settings for ``app.config_from_object("django.conf:settings", namespace="CELERY")``.

    Values by the kind of broker: Redis, RabbitMQ or another.
    """

    TASKS_ARE_IDEMPOTENT: bool = option(
        False,
        help="Every task may run twice. Then a task is confirmed when done, and a dead worker's runs again.",
    )
    LONGEST_COUNTDOWN: int = option(
        0, help="Seconds of the longest countdown or retry delay; Redis must not hand out the task meanwhile."
    )
    STOP_GRACE_SECONDS: int = option(
        30, help="How long the platform waits for a worker that it stops, before it kills it."
    )

    QUORUM_QUEUES: bool = option(
        True,
        help="RabbitMQ keeps queues on several nodes. A classic queue of the same name must be gone first.",
    )

    CELERY_BROKER_URL: str = env.custom(
        "CELERY_BROKER_URL",
        parse=_broker,
        kind="broker URL",
        secret=True,
        placeholder=lambda: f"redis://{MARK}.invalid/0",
        help="Where tasks wait.",
        example="redis://redis:6379/0",
    )
    CELERY_RESULT_BACKEND: str | None = env.custom(
        "CELERY_RESULT_BACKEND",
        parse=_backend,
        default=None,
        kind="result backend",
        secret=True,
        help="Where results are kept, if any task's is asked for.",
    )

    CELERY_TASK_TIME_LIMIT: float = computed(lambda settings: _LIMIT_S[_kind(settings)])
    CELERY_TASK_SOFT_TIME_LIMIT: float | None = computed(_soft_limit)
    # Without a backend nobody can read one; with one, to send a task waits for that as well.
    CELERY_TASK_IGNORE_RESULT: bool = computed(lambda settings: not settings.CELERY_RESULT_BACKEND)
    CELERY_TASK_TRACK_STARTED: bool = _with_results(True)
    CELERY_RESULT_EXPIRES: int = _with_results(3600)
    CELERY_TASK_ACKS_LATE: bool = _idempotent(True)
    # A worker that confirms late would hold tasks that others could run.
    CELERY_WORKER_PREFETCH_MULTIPLIER: int = _idempotent(1)
    # pickle runs whatever code a message brings.
    CELERY_ACCEPT_CONTENT: list[str] = fixed(["json"])
    CELERY_TASK_SERIALIZER: str = fixed("json")
    CELERY_RESULT_SERIALIZER: str = fixed("json")
    CELERY_ENABLE_UTC: bool = fixed(True)

    CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP: bool = fixed(True)
    # With a number, beat's control node gives up for good after an outage.
    CELERY_BROKER_CONNECTION_MAX_RETRIES: None = fixed(None)
    CELERY_BROKER_CONNECTION_TIMEOUT: int = fixed(3)
    # RabbitMQ: a connection that died is noticed within twice this.
    CELERY_BROKER_HEARTBEAT: int = _only("rabbitmq", 30)
    CELERY_TASK_DEFAULT_QUEUE_TYPE: str = computed(
        lambda settings: "quorum" if settings.QUORUM_QUEUES and _kind(settings) == "rabbitmq" else OMIT
    )
    # Once more, on a new connection: the old one may have died unseen. Whatever else is wrong with a broker
    # lasts longer than a visitor waits.
    CELERY_TASK_PUBLISH_RETRY_POLICY: dict[str, Any] = fixed(
        {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.5}
    )
    CELERY_REDIS_SOCKET_TIMEOUT: int = fixed(_ANSWER_S)
    CELERY_REDIS_SOCKET_CONNECT_TIMEOUT: int = fixed(3)
    CELERY_REDIS_RETRY_ON_TIMEOUT: bool = fixed(True)
    CELERY_REDIS_BACKEND_HEALTH_CHECK_INTERVAL: int = fixed(10)

    CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS: bool = _idempotent(True)
    # Leaks of the tasks' libraries end with the process.
    CELERY_WORKER_MAX_TASKS_PER_CHILD: int = fixed(1000)
    # A project that takes long to import is not taken for a process that did not start.
    CELERY_WORKER_PROC_ALIVE_TIMEOUT: int = fixed(60)
    CELERY_WORKER_ETA_TASK_LIMIT: int = fixed(1000)
    CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT: float = computed(
        lambda settings: float(max(0, settings.STOP_GRACE_SECONDS - _RESERVE_S))
    )
    CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE: bool = fixed(True)
    CELERY_WORKER_SEND_TASK_EVENTS: bool = fixed(False)

    def transform(self, draft: Draft) -> None:
        """Take over the time zone; merge options; refuse limits that cannot be; drop what is too new."""
        draft.needs_package("celery", extra="celery")
        kind = _kind(self)
        if not draft.has("CELERY_TIMEZONE"):
            draft.set("CELERY_TIMEZONE", draft.get("TIME_ZONE"))
        limit_s, soft_s = draft.get("CELERY_TASK_TIME_LIMIT"), draft.get("CELERY_TASK_SOFT_TIME_LIMIT")
        if not _is_number(limit_s) or limit_s <= 0:
            raise draft.refuse(
                "CELERY_TASK_TIME_LIMIT",
                "expected seconds: a task that hangs would hold its process for good",
            )
        if soft_s is not None and not (_is_number(soft_s) and soft_s < limit_s):
            draft.refuse("CELERY_TASK_SOFT_TIME_LIMIT", "expected seconds, less than CELERY_TASK_TIME_LIMIT")
        self._merge_broker_options(draft, kind, limit_s)
        self._merge_result_options(draft)
        self._fit_to_version(draft)

    def _merge_broker_options(self, draft: Draft, kind: str, limit_s: float) -> None:
        """Keep options of the project's own, but no visibility time-out that is too short."""
        name = "CELERY_BROKER_TRANSPORT_OPTIONS"
        options = {**_TRANSPORT_OPTIONS[kind], **draft.mapping(name)}
        if kind == "redis":
            own_s = options.get("visibility_timeout")
            needed_s = _visibility_timeout(limit_s, self.LONGEST_COUNTDOWN)
            options["visibility_timeout"] = own_s if _is_number(own_s) and own_s > needed_s else needed_s
        if options:
            draft.set(name, options)

    def _merge_result_options(self, draft: Draft) -> None:
        url = self.CELERY_RESULT_BACKEND
        if not isinstance(url, str) or not url.lower().startswith(_REDIS_RESULTS):
            return
        # To send a task asks Redis for its result, 20 times if need be: 19 s for one that refuses, minutes
        # for one that hangs.
        draft.default_in("CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS", {"retry_policy": {"timeout": 3.0}})
        if url.lower().startswith("rediss:") and "ssl_cert_reqs" not in url:
            # Celery refuses to start without a word on certificates.
            draft.default_in("CELERY_REDIS_BACKEND_USE_SSL", {"ssl_cert_reqs": "required"})

    def _fit_to_version(self, draft: Draft) -> None:
        version = _version()
        for name, since in _SINCE.items():
            if version < since:
                draft.values.pop(name, None)
        if self.TASKS_ARE_IDEMPOTENT and version >= _RETRY_SINCE:
            # Bounded by the task's max_retries; task_reject_on_worker_lost would run one that kills its
            # worker forever.
            draft.set("CELERY_TASK_RETRY_ON_WORKER_LOST", True)


# Celery's changelog: https://docs.celeryq.dev/en/stable/changelog.html
_SINCE = {
    "CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT": (5, 5),
    "CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE": (5, 5),
    "CELERY_TASK_DEFAULT_QUEUE_TYPE": (5, 5),
    "CELERY_WORKER_ETA_TASK_LIMIT": (5, 6),
    "CELERY_REDIS_BACKEND_HEALTH_CHECK_INTERVAL": (5, 1),
}
_RETRY_SINCE = (5, 7)


def _version() -> tuple[int, ...]:
    """Return the installed Celery's major and minor version."""
    major, minor, *_ = importlib.metadata.version("celery").split(".")
    return int(major), int(minor)
