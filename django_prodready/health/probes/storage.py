"""Ask a file storage whether it is there, and on demand whether it keeps files."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.files.storage.handler import StorageHandler

from django_prodready.health.probe import Probe, Skipped
from django_prodready.health.probes import _s3_storage
from django_prodready.health.probes._http_request import HttpRequest, check_status
from django_prodready.health.probes._options import (
    optional_text,
    require_choice,
    require_flag,
    require_seconds,
    require_text,
)

if TYPE_CHECKING:
    from django.core.files.storage import Storage

MODES = ("exists", "presigned")


class StorageContentError(Exception):
    """The storage did not give back what was written, or does not have what it must have."""


class StorageProbe(Probe):
    """Ask a storage of ``STORAGES`` by an instance of its own. Not critical: most pages need no upload.

    ``alias``: which storage. ``mode="exists"`` asks for the file ``name``, which must be there; without
    ``name``, S3 is asked for the bucket (which takes the permission ``s3:ListBucket``) and another storage
    for a name that is not there. ``mode="presigned"`` fetches the URL that the storage gives out for
    ``name``, as a browser would: signature, network and object. ``round_trip=True`` writes a file of 32
    bytes, reads it (in the mode "presigned" by its URL), compares and deletes it: it costs three requests
    and needs the right to write, so give it a group of its own, or leave it to ``manage.py prodhealth``.
    ``timeout_s``: for connecting and for each answer, in seconds.

    Down: no connection, no answer in time, refused, not there, or changed. Never degraded. Skipped: a storage
    in memory. S3 by django-storages gets the time-out and makes one attempt; other storages have only their
    own: when those are longer, a run that hangs holds its thread that long (there is never a second one).
    """

    critical: ClassVar[bool] = False

    def __init__(
        self,
        *,
        alias: str = "default",
        mode: str = "exists",
        name: str | None = None,
        round_trip: bool = False,
        timeout_s: float = 0.7,
    ) -> None:
        self._alias = require_text("alias", alias)
        self._is_presigned = require_choice("mode", mode, MODES) == "presigned"
        self._name = optional_text("name", name)
        self._is_round_trip = require_flag("round_trip", round_trip)
        self._timeout_s = require_seconds("timeout_s", timeout_s)
        self._storage: Storage | None = None
        if alias not in settings.STORAGES:
            raise ValueError("alias is not one of STORAGES.")
        if self._is_round_trip and name is not None:
            raise ValueError("name is not used with round_trip, which chooses a name of its own.")
        if self._is_presigned and not self._is_round_trip and name is None:
            raise ValueError("name must be that of a file to fetch when mode is presigned.")

    def run(self) -> None:
        """Ask."""
        if self._storage is None:
            self._storage = self._make_storage()
        if self._is_round_trip:
            self._ask_round_trip(self._storage)
        elif self._is_presigned:
            self._fetch(self._storage, str(self._name))
        else:
            self._ask(self._storage)

    def close(self) -> None:
        """Close the connections of an S3 client; the client itself is kept."""
        s3 = None if self._storage is None else _s3_storage.as_s3(self._storage)
        if s3 is not None:
            _s3_storage.close(s3)

    def _make_storage(self) -> Storage:
        storage = StorageHandler().create_storage(settings.STORAGES[self._alias])
        if isinstance(storage, InMemoryStorage):
            raise Skipped("This storage is in memory, so asking it proves nothing.")
        s3 = _s3_storage.as_s3(storage)
        if s3 is not None:
            _s3_storage.bound(s3, self._timeout_s)
        return storage

    def _ask(self, storage: Storage) -> None:
        s3 = _s3_storage.as_s3(storage)
        if self._name is not None:
            if not storage.exists(self._name):
                raise StorageContentError("The storage does not have the file that the option name names.")
        elif s3 is not None:
            # HEAD of a missing object is 404 in a bucket that is not there, too.
            _s3_storage.ask_bucket(s3)
        else:
            storage.exists(_unused_name())

    def _ask_round_trip(self, storage: Storage) -> None:
        content = uuid.uuid4().hex.encode()
        name = storage.save(_unused_name(), ContentFile(content))
        try:
            if self._read(storage, name) != content:
                raise StorageContentError("The storage gave back something else than what was written.")
        finally:
            storage.delete(name)

    def _read(self, storage: Storage, name: str) -> bytes:
        if self._is_presigned:
            return self._fetch(storage, name)
        with storage.open(name) as file:
            content: bytes = file.read()
        return content

    def _fetch(self, storage: Storage, name: str) -> bytes:
        reply = HttpRequest("The URL of the storage", storage.url(name), "GET", {}).send(self._timeout_s)
        check_status(reply.status, None)
        return reply.body


def _unused_name() -> str:
    return f"prodready-{uuid.uuid4()}"
