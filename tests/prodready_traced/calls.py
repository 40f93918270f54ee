"""What the process of a trace is told to call, in place of a trace."""

import contextlib
import importlib
import os
import signal
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections


def reach(job: Any, channel: Any) -> None:
    """Migrate, and tell what the migration found."""
    call_command("migrate", verbosity=0, interactive=False)
    found = importlib.import_module("prodready_traced.reaching.migrations.0001_reach").FOUND
    channel({"kind": "found", "found": found})


def tell(job: Any, channel: Any) -> None:
    """Tell what this process knows."""
    channel(
        {
            "kind": "told",
            "alias": job.alias,
            "selection": job.selection.app_label,
            "applied": list(job.applied),
            "options": dict(job.options),
            "argv": sys.argv,
            "input": sys.stdin.read(),
            "settings": settings.SETTINGS_MODULE,
            "static": settings.STATIC_URL,
            "set": {3, 1, 2},
            "is_first_in_path": sys.path == list(job.sys_path),
        }
    )
    sys.stdout.write(f"the password is {settings.SECRET_KEY}\n")


def migrate(job: Any, channel: Any) -> None:
    """Migrate, copy the database, change the copy, drop it."""
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()
    name = channel.copy_database(job.database["NAME"], "before")
    channel({"kind": "copied", "name": name, "tables": len(connection.introspection.table_names())})
    channel.drop_database(name)


def copy_other(job: Any, channel: Any) -> None:
    """Ask for a copy of what is not ours."""
    channel.copy_database("postgres", "before")


def fail(job: Any, channel: Any) -> None:
    """Raise an error with a secret in its words."""
    raise ValueError(f"no such thing: {settings.SECRET_KEY}")


def leave(job: Any, channel: Any) -> None:
    """End as a migration may."""
    channel({"kind": "leaving"})
    os._exit(3)


def die(job: Any, channel: Any) -> None:
    """Be killed."""
    os.kill(os.getpid(), signal.SIGKILL)


def sulk(job: Any, channel: Any) -> None:
    """Close what answers go through, and live on."""
    os.close(channel._answers.fileno())
    time.sleep = importlib.reload(time).sleep
    signal.pause()


def lose(job: Any, channel: Any) -> None:
    """Have the server end this session, and take that for an error of a migration."""
    with contextlib.suppress(Exception), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def err(job: Any, channel: Any) -> None:
    """Fail in SQL, which leaves the session as it is."""
    with contextlib.suppress(Exception), connection.cursor() as cursor:
        cursor.execute("SELECT nothing")
    channel({"kind": "well", "usable": connection.is_usable()})


def copy_later(job: Any, channel: Any) -> None:
    """Ask for a copy, and say so before."""
    channel({"kind": "asking"})
    channel.copy_database(job.database["NAME"], "before")


def hang(job: Any, channel: Any) -> None:
    """Never end, with a session in the database."""
    connection.ensure_connection()
    channel({"kind": "hanging", "pid": os.getpid()})
    signal.pause()
