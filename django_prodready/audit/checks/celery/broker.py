"""Celery's broker is the local default, or one that no worker elsewhere can share.

What it checks
--------------
The broker's address: the environment's `CELERY_BROKER_URL`, which Celery prefers, else the configuration.
`memory://`, `filesystem://`, SQLite and RabbitMQ's own `guest` account are reported. Where no address is set
at all, Celery takes `amqp://guest@localhost`; that is reported only when a file of the repository starts a
worker in a container or another process of a platform, and no file mentions `CELERY_BROKER_URL`.

Why it matters
--------------
Sending a task succeeds and the worker never sees it, or sending hangs in the visitor's request. In a
container, `localhost` is the container itself. RabbitMQ lets `guest` in from its own machine alone, unless
that was switched off, and then the password that everybody knows opens the queue.

When it is wrong
----------------
The address comes from a variable that is set on the platform only, and this run does not have it: run
`prodcheck` where the site runs, or with its environment. A setting that is there and empty is only a
warning, therefore. A worker that shares the network of RabbitMQ, too.

How to fix
----------
Set `CELERY_BROKER_URL` to the broker that web and worker both reach, such as `redis://redis:6379/0`, and
for RabbitMQ create an account of your own.

Source
------
[broker_url](https://docs.celeryq.dev/en/stable/userguide/configuration.html#broker-url),
[guest](https://www.rabbitmq.com/docs/access-control#default-state),
[brokers](https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/index.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.celery_settings import CelerySettings, celery_settings
from django_prodready.audit.facts.celery_workers import WorkerCommand, find_workers
from django_prodready.audit.facts.server_commands import server_texts

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_APP = (
    "from celery import Celery\n"
    "app = Celery()\n"
    "app.config_from_object('django.conf:settings', namespace='CELERY')\n"
)
BAD = (
    Case(settings={"CELERY_BROKER_URL": "memory://"}),
    Case(settings={"CELERY_BROKER_URL": "sqla+sqlite:///queue.db"}),
    Case(files={"shop/celery.py": _APP, "Procfile": "worker: celery -A shop worker\n"}),
)
GOOD = (
    Case(settings={"CELERY_BROKER_URL": "redis://localhost:6379/0"}),
    Case(settings={"CELERY_BROKER_URL": "memory://", "CELERY_TASK_ALWAYS_EAGER": True}),
    Case(files={"shop/celery.py": _APP}),
    Case(
        files={
            "shop/celery.py": _APP,
            "compose.yaml": (
                "services:\n  worker:\n    command: celery -A shop worker\n"
                "    environment:\n      CELERY_BROKER_URL: redis://redis/0\n"
            ),
        }
    ),
)

_OPTIONS = ("broker_url", "broker_read_url", "broker_write_url")
_UNSHARED = (
    (re.compile(r"memory:"), Severity.CRITICAL, "keeps the queue in the memory of one process"),
    (re.compile(r"sql\w*\+sqlite"), Severity.CRITICAL, "keeps the queue in a SQLite file of one machine"),
    (re.compile(r"filesystem:"), Severity.ERROR, "keeps the queue in a folder of one machine"),
)
_AMQP = re.compile(r"(?:py)?amqps?://")
_LOOPBACK = frozenset({"", "localhost", "127.0.0.1", "::1"})
_CONTAINED = re.compile(r"(?:^|/)(?:Procfile[^/]*|[^/]*(?:Dockerfile|Containerfile)[^/]*|[^/]*\.ya?ml)$")
_SET_ELSEWHERE = re.compile(r"CELERY_BROKER_(?:READ_|WRITE_)?URL")
_HINT = "Set {name} to a broker that web and worker both reach, such as 'redis://redis:6379/0'."


@check(severity=Severity.CRITICAL, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each address that is no broker for production."""
    settings = celery_settings(facts)
    if settings.is_eager:
        raise NotApplicable("tasks run where they are called, without a broker")
    worker = next((each for each in find_workers(facts) if _CONTAINED.search(each.at.file)), None)
    if not any(_is_given(settings, option) for option in (*_OPTIONS, "broker_host", "broker_transport")):
        yield from _default(facts, settings, worker)
    for option in _OPTIONS:
        for url in settings.urls(option):
            found = _unshared(url) or _guest(facts, url, worker)
            if found is not None:
                severity, reason = found
                name = settings.name(option)
                yield Finding(
                    message=f"{name} {reason}.",
                    hint=_HINT.format(name=name),
                    subject=name,
                    severity=severity,
                    at=settings.origin(option),
                )


def _is_given(settings: CelerySettings, option: str) -> bool:
    """Whether there is a value; Celery takes an empty one for none."""
    setting = settings.find(option)
    return setting is not None and bool(setting.value)


def _default(facts: Facts, settings: CelerySettings, worker: WorkerCommand | None) -> Iterator[Finding]:
    texts = [text for _, text in server_texts(facts)]
    texts += [facts.files.read(path) or "" for path in facts.files.matching(".env*", "*.env", "*.toml")]
    if worker is None or any(_SET_ELSEWHERE.search(text) for text in texts) or _shares_network(facts, worker):
        return
    name = settings.name("broker_url")
    yield Finding(
        message="No broker is set that this run can see, so Celery takes RabbitMQ at localhost:5672, where"
        f" the worker of {worker.at.file} hardly finds one.",
        hint=_HINT.format(name=name),
        subject=name,
        # One that is there and empty comes from a variable, which this run may be without.
        severity=Severity.ERROR if settings.find("broker_url") is None else Severity.WARNING,
        at=worker.at,
    )


def _unshared(url: str) -> tuple[Severity, str] | None:
    for pattern, severity, reason in _UNSHARED:
        if pattern.match(url):
            return severity, f"{reason}, which a worker elsewhere never sees"
    return None


def _guest(facts: Facts, url: str, worker: WorkerCommand | None) -> tuple[Severity, str] | None:
    """Judge RabbitMQ's own account."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if not _AMQP.match(url) or parts.username not in (None, "guest") or parts.password not in (None, "guest"):
        return None
    if host in _LOOPBACK and worker is not None and not _shares_network(facts, worker):
        return Severity.CRITICAL, (
            f"is RabbitMQ on localhost, which is another place for the worker that {worker.at.file} starts"
        )
    return (
        Severity.WARNING,
        f"is RabbitMQ{f' at {host}' if host else ''} with its default account and password",
    )


def _shares_network(facts: Facts, worker: WorkerCommand) -> bool:
    """Whether containers have the network of their machine."""
    return (
        re.search(r"network_mode:\W*host|hostNetwork:\W*true", facts.files.read(worker.at.file) or "")
        is not None
    )
