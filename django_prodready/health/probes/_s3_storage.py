"""What S3 storages of django-storages need beyond ``Storage``: time-outs, the bucket itself, an end.

Known by what they have, not by their class: botocore is an optional package, and projects subclass.
"""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.core.files.storage import Storage


def as_s3(storage: Storage) -> Any | None:
    """Return the storage when it is one of S3, else None."""
    return storage if all(hasattr(storage, name) for name in ("client_config", "bucket_name")) else None


def bound(storage: Any, timeout_s: float) -> None:
    """Give an instance that is not connected yet short time-outs, and one attempt.

    Its client lives in a ``threading.local``, and making one costs 0.1 s of reading JSON. The probe has
    a new thread for each run, never two at once, so here one client is kept for all of them.
    """
    config = import_module("botocore.config").Config(
        connect_timeout=timeout_s, read_timeout=timeout_s, retries={"total_max_attempts": 1}
    )
    storage.client_config = storage.client_config.merge(config)
    storage._connections = SimpleNamespace(connection=None)


def ask_bucket(storage: Any) -> None:
    """Ask for the bucket itself; raise botocore's ClientError when it is not there or refused."""
    storage.connection.meta.client.head_bucket(Bucket=storage.bucket_name)


def close(storage: Any) -> None:
    """Close idle connections; the client opens others when it is asked again."""
    if storage._connections.connection is not None:
        storage._connections.connection.meta.client.close()
