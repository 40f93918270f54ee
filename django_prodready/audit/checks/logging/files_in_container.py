"""Logs are written to files inside a container, where they vanish with it.

What it checks
--------------
The handlers in `LOGGING` that write to a file (`logging.FileHandler` and what builds on it), that a logger
uses and that pass records once `DEBUG` is off, when the repository shows that the site runs in a container:
a Dockerfile, a Kubernetes workload, a file of Fly, Railway or Render, or `PRODREADY["FACTS"]["platform"]`.

It is information only where the same loggers reach a console as well, and silent for files that are
`/dev/stdout` and the like, and for a path that a volume of a Compose file, a manifest or a Dockerfile covers.

Why it matters
--------------
`docker logs`, `kubectl logs` and the platform's log page show standard output. A file in the container is
seen by nobody, fills its disk, and is gone after the next deployment or crash: just when it is wanted. Two
workers that rotate the same file lose records besides.

When it is wrong
----------------
Something ships the files, or the folder is a volume that no file here shows: declare
`PRODREADY = {"FACTS": {"logging": "files"}}`.

How to fix
----------
Replace the handler by `{"class": "logging.StreamHandler"}` and let the platform collect what it writes.

Source
------
[The Twelve-Factor App, logs](https://12factor.net/logs)
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.containers import container_sign
from django_prodready.audit.facts.log_handlers import InUse, handlers_in_use
from django_prodready.audit.facts.log_setup import applied_logging, configuring_file
from django_prodready.audit.facts.logging_handlers import Handler
from django_prodready.audit.facts.logging_tree import LoggingTree, Reach
from django_prodready.audit.facts.proxy import without_comments

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

FILE = {"class": "logging.handlers.RotatingFileHandler", "filename": "/app/logs/django.log", "delay": True}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"file": FILE, "console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["file"]},
}
DOCKERFILE = {"Dockerfile": "FROM python:3.13\nCMD gunicorn shop.wsgi\n"}
VOLUME = {"compose.yml": "services:\n  web:\n    volumes:\n      - logs:/app/logs\n"}
BAD = (
    Case(settings={"LOGGING": LOGGING}, files=DOCKERFILE),
    Case(settings={"LOGGING": {**LOGGING, "root": {"handlers": ["file", "console"]}}}, files=DOCKERFILE),
)
GOOD = (
    Case(settings={"LOGGING": LOGGING}),
    Case(settings={"LOGGING": {**LOGGING, "root": {"handlers": ["console"]}}}, files=DOCKERFILE),
    Case(settings={"LOGGING": LOGGING}, files={**DOCKERFILE, **VOLUME}),
)

_IMAGES = (
    "Dockerfile*", "*.dockerfile", "Containerfile*", "fly.toml", "railway.toml", "railway.json",
    "render.yaml", "nixpacks.toml",
)  # fmt: skip
_MANIFESTS = ("*.yml", "*.yaml")
# logs:/app/logs, mountPath: /app/logs, target: /app/logs, VOLUME ["/app/logs"]; not .:/app, which is for
# development
_MOUNT = re.compile(
    r"""(?:^[ \t]*-[ \t]*["']?(?!\./?:)[^\s"'#]*:|(?:mountPath|target|destination)["']?\s*[:=]\s*["']?|"""
    r"""^VOLUME[ \t]+(?:\[[ \t]*["'])?)(/[^\s:"',\]]+)""",
    re.MULTILINE,
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each file that is written in a container."""
    config = applied_logging(facts)
    if facts.declared.get("logging"):
        raise NotApplicable("PRODREADY['FACTS'] declares where logs go")
    files = [handler for handler in handlers_in_use(config) if _writes_file(handler, config)]
    sign = container_sign(facts) if files else None
    if sign is None:
        raise NotApplicable("no file is logged to, or nothing shows that the site runs in a container")
    tree, is_configured = LoggingTree(config), configuring_file(facts) is not None
    mounts = _mounts(facts)
    for handler in files:
        path = str(handler.config.get("filename"))
        if not _is_mounted(path, mounts, PurePosixPath(facts.root)):
            has_console = is_configured or _has_console(tree, handler)
            yield _finding(facts, handler, path, sign, has_console=has_console)


def _finding(facts: Facts, handler: InUse, path: str, sign: str, *, has_console: bool) -> Finding:
    also = "; the console has the same records" if has_console else ""
    return Finding(
        message=(
            f"The handler {handler.name!r} logs to {path}, which vanishes with the container ({sign}){also}."
        ),
        hint=f"Make LOGGING['handlers'][{handler.name!r}] a logging.StreamHandler, or mount a volume there.",
        subject=f"LOGGING['handlers'][{handler.name!r}]",
        at=facts.origin("LOGGING", "handlers", handler.name),
        severity=Severity.INFO if has_console else Severity.WARNING,
    )


def _writes_file(handler: InUse, config: Mapping[str, Any]) -> bool:
    if handler.target is None or not issubclass(handler.target, logging.FileHandler):
        return False
    verdicts = [Handler(handler.name, config).judge(name, logging.CRITICAL) for name in handler.loggers]
    return any(reach is Reach.ELSEWHERE for reach, _ in verdicts)


def _has_console(tree: LoggingTree, handler: InUse) -> bool:
    return all(tree.route(name).reach >= Reach.UNKNOWN for name in handler.loggers)


def _mounts(facts: Facts) -> tuple[str, ...]:
    paths = facts.files.matching(*_MANIFESTS, *_IMAGES)
    texts = (without_comments(facts.files.read(path) or "") for path in paths)
    return tuple(dict.fromkeys(mount.rstrip("/") for text in texts for mount in _MOUNT.findall(text)))


def _is_mounted(path: str, mounts: tuple[str, ...], root: PurePosixPath) -> bool:
    """Whether a volume covers ``path``; one below the project's root has another path in the container."""
    place = PurePosixPath(path)
    if any(place.is_relative_to(mount) for mount in mounts if mount):
        return True
    inside = place.relative_to(root) if place.is_relative_to(root) else place
    folders = [] if inside.is_absolute() else list(inside.parents)[:-1]
    return any(mount.endswith(f"/{folder}") for mount in mounts for folder in folders)
