"""Confine this process for good: databases on scratch, services in memory, all else out of reach.

In steps, because the settings of a project may need what its migrations must not have: a secret fetched
over the network, a version asked of git.

Not confined are files, save those that go to storages and to the media folder, and what a library that
:mod:`~django_prodready.migration_safety.trace.isolation_clients` does not know does in C. A connection that
was open before the settings were replaced is ended.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any, cast

from django.conf import settings

from django_prodready.migration_safety.trace.isolation_clients import Clients
from django_prodready.migration_safety.trace.isolation_drivers import Doorkeeper
from django_prodready.migration_safety.trace.isolation_guards import Guards
from django_prodready.migration_safety.trace.isolation_schemas import make_schemas
from django_prodready.migration_safety.trace.isolation_settings import BROKER, RESULTS, replaced
from django_prodready.migration_safety.trace.protocol import Job

__all__ = ["Isolation", "all_values"]

# Celery asks the environment before any configuration, of an app that is made already or not yet.
_ENVIRON = {
    "CELERY_BROKER_URL": BROKER,
    "CELERY_BROKER_READ_URL": BROKER,
    "CELERY_BROKER_WRITE_URL": BROKER,
    "CELERY_RESULT_BACKEND": RESULTS,
    # So that boto3 gives up at once: it would ask for credentials, and again.
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
}


class Isolation:
    """The confinement of this process. Call ``prepare``, ``enter`` and ``seal`` in this order."""

    def __init__(self, job: Job, note: Callable[[str], object]) -> None:
        """``note`` gets each attempt that is refused, in words."""
        self._job = job
        self._guards = Guards(note, _hosts(job.database))
        self._door = Doorkeeper(job.database, self._guards.attempt)
        self._clients = Clients(self._guards.attempt)

    @property
    def attempts(self) -> tuple[str, ...]:
        """What was attempted and refused so far, in words."""
        return tuple(self._guards.attempts)

    def prepare(self) -> None:
        """Put the guards in place, before anything of the project is imported. They refuse nothing yet."""
        self._clients.install()
        self._door.install()
        self._guards.install()

    def enter(self) -> None:
        """Replace the settings, which must be loaded, and refuse the network; before ``django.setup()``."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of deprecated names
            for name, value in replaced(all_values(), self._job).items():
                setattr(settings, name, value)
        os.environ.update(_ENVIRON)
        logging.disable(sys.maxsize)
        self._door.is_open = False
        self._clients.is_open = False
        self._guards.shut_network()

    def seal(self) -> None:
        """Refuse other programs as well; after ``django.setup()``, which may ask ldconfig for a library."""
        make_schemas()
        self._guards.shut_programs()


def all_values() -> dict[str, Any]:
    """Return every setting by name, defaults included.

    Read from behind the lazy object, which warns or raises for deprecated names and an empty SECRET_KEY.
    """
    holder = cast("Any", settings)._wrapped
    return {name: getattr(holder, name) for name in dir(holder) if name.isupper()}


def _hosts(entry: Mapping[str, Any]) -> list[str]:
    """Return the names that the driver looks up for the scratch database."""
    options = entry.get("OPTIONS", {})
    places = (entry.get("HOST"), options.get("host"), os.environ.get("PGHOST"))
    return [name for place in places if place for name in str(place).split(",")]
