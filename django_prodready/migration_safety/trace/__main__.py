"""The process that runs the migrations: reads a job, confines itself, traces, answers."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from django_prodready.migration_safety.trace.protocol import ATTEMPTED, DONE, FAILED, Channel, Job, TraceError
from django_prodready.reporting.redaction import Redactor, safe_exception_text, safe_traceback

if TYPE_CHECKING:
    from django_prodready.migration_safety.trace.isolation import Isolation

__all__ = ["main"]

_BROKEN = 2  # https://www.psycopg.org/docs/connection.html#connection.closed


def main(arguments: list[str]) -> NoReturn:
    """Work off the job on standard input; answer on the descriptor that is the only argument."""
    requests, answers = _streams(int(arguments[0]))
    job = Job.from_json(requests.readline())
    channel = Channel(requests, answers, at_end=lambda: os._exit(1))
    channel.listen()
    try:
        _work(job, channel)
        channel({"kind": DONE})
    except BaseException as error:  # noqa: BLE001 - code of the project may raise anything, SystemExit included
        channel({"kind": FAILED, "message": _told(error)})
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    # A thread of the project, or what it registered for the end, would keep everybody waiting.
    os._exit(0)


def _streams(answer_fd: int) -> tuple[TextIO, TextIO]:
    """Return our two ends; code of the project finds an empty standard input, and no other."""
    os.set_inheritable(answer_fd, False)
    own = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return os.fdopen(own, encoding="utf-8"), os.fdopen(answer_fd, "w", encoding="utf-8")


def _work(job: Job, channel: Channel) -> None:
    from django_prodready.migration_safety.trace.isolation import Isolation

    sys.path[:] = job.sys_path
    # As for the command that will run them: settings may go by it.
    sys.argv[:] = [job.script, "migrate"]
    isolation = Isolation(job, lambda words: channel({"kind": ATTEMPTED, "words": words}))
    isolation.prepare()
    _load_settings(job)
    isolation.enter()
    _set_up(isolation)
    isolation.seal()
    _end_with_session()
    from django.utils.module_loading import import_string

    import_string(job.call)(job, channel)


def _load_settings(job: Job) -> None:
    from django.conf import settings

    os.environ["DJANGO_SETTINGS_MODULE"] = job.settings_module
    if os.environ.get("DJANGO_CONFIGURATION"):
        importlib.import_module("configurations.importer").install()
    settings.INSTALLED_APPS  # noqa: B018 - loads them


def _set_up(isolation: Isolation) -> None:
    import django

    try:
        django.setup()
    except Exception as error:
        if not isolation.attempts:
            raise
        attempts = "; ".join(isolation.attempts)
        raise TraceError(
            f"The project could not be set up ({type(error).__qualname__}), perhaps because of what is out "
            f"of reach in a trace: it {attempts}. Let it start without that"
        ) from error


def _told(error: BaseException) -> str:
    """Return the last words on an error; where it was raised goes to standard error."""
    from django.conf import settings

    from django_prodready.migration_safety.trace.isolation import all_values

    redactor = Redactor.from_settings(all_values() if settings.configured else {}, os.environ)
    sys.stderr.write(f"{safe_traceback(error, redactor)}\n")
    if isinstance(error, _LostError):
        return str(error)
    return (
        redactor.scrub(str(error)) if isinstance(error, TraceError) else safe_exception_text(error, redactor)
    )


def _end_with_session() -> None:
    """Have the loss of a session end the trace: what fails because of it says nothing of a migration."""
    from django.db import connections

    for connection in connections.all():
        connection.execute_wrappers.append(_unless_lost)


def _unless_lost(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    from django.db import Error

    session = context["connection"].connection  # Django lets go of it when it is lost
    try:
        return execute(sql, params, many, context)
    except Error as error:
        # psycopg 3 and psycopg2, of a session that somebody else has ended
        if getattr(session, "broken", session.closed == _BROKEN):
            raise _LostError from error
        raise


class _LostError(BaseException):
    """Of no kind that the code of a migration, or what watches it, takes for the migration's own."""

    def __str__(self) -> str:
        return "the server has ended the session that the migrations ran in: see its log, and run it again"


if __name__ == "__main__":
    main(sys.argv[1:])
