"""The settings as another process sees them, which starts as this one did."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.process import initial_environ
from django_prodready.audit.model import NotRun

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["load_again"]

TIMEOUT_S = 15.0  # a large project on a small machine takes 4 s
# Set in the process that is started: if its manage.py runs prodcheck, that must not start another.
_MARK = "PRODREADY_SECOND_LOAD"
_FAILED = "the settings could not be loaded a second time"


def load_again(facts: Facts, name: str) -> list[Any]:
    """Return what the setting ``name`` is in a fresh process with the environment that this one started with.

    More than one value when the output may be read in more than one way. Only settings whose value
    is a plain literal can be read. Raises :class:`NotRun` when the load fails or takes too long.
    """
    values = list(_values(name, _output(_command(facts), _environ(facts))))
    if not values:
        raise NotRun(_FAILED)
    return values


def _command(facts: Facts) -> list[str]:
    """Django's own command that prints all settings, called in the way that this process was started."""
    if facts.settings_module is None:
        raise NotRun("no settings module is known that could be loaded a second time")
    if _MARK in facts.environ:
        raise NotRun("this process is itself a second load")
    command = ["diffsettings", "--all", "--settings", facts.settings_module]
    # manage.py may read a .env file or change sys.path; another script may do anything.
    if facts.entry is not None and "execute_from_command_line" in facts.entry.read_text("utf-8", "replace"):
        return [sys.executable, str(facts.entry), *command]
    module = "configurations" if facts.environ.get("DJANGO_CONFIGURATION") else "django"
    return [sys.executable, "-m", module, *command]


def _environ(facts: Facts) -> dict[str, str]:
    chosen = {name: facts.environ[name] for name in ("DJANGO_CONFIGURATION",) if name in facts.environ}
    return {
        **initial_environ(facts.environ),
        **chosen,
        "DJANGO_SETTINGS_MODULE": facts.settings_module or "",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        _MARK: "1",
    }


def _output(command: list[str], environ: dict[str, str]) -> str:
    """Return what the command prints, which holds every secret of the project: it must not leave memory."""
    try:
        # A session of its own, so that what the project starts can be ended with it.
        with subprocess.Popen(  # noqa: S603 - this interpreter, and the manage.py that it runs already
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                output, _ = process.communicate(timeout=TIMEOUT_S)
            except BaseException:
                _end(process)
                raise
    except (OSError, subprocess.TimeoutExpired):
        raise NotRun(_FAILED) from None
    if process.returncode != 0:
        raise NotRun(_FAILED)
    return output.decode("utf-8", "replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    with contextlib.suppress(AttributeError, ProcessLookupError):  # Windows has no groups
        os.killpg(process.pid, signal.SIGKILL)


def _values(name: str, output: str) -> list[Any]:
    found = []
    for text in re.findall(rf"^(?:### )?{re.escape(name)} = (.*?)(?:  ###)?\r?$", output, re.MULTILINE):
        with contextlib.suppress(ValueError, SyntaxError):
            found.append(ast.literal_eval(text))
    return found
