"""``--env-check``: everything that is wrong with an environment, or with a file of one, at once.

The settings themselves are asked. For a file that takes another process, whose environment is the file and
nothing else: the settings may read variables in any place, and are loaded once a process.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from django_prodready.audit.facts.load_failure import missing_variable
from django_prodready.management.prodsettings import env_file
from django_prodready.management.prodsettings.applied import cannot_load, record_of_class, settings_module
from django_prodready.management.prodsettings.env_file import EnvFile
from django_prodready.management.prodsettings.errors import UsageError
from django_prodready.settings.environment.field import Field
from django_prodready.settings.environment.problems import MISSING, Problem
from django_prodready.settings.settling import fields_of

__all__ = ["Checked", "Wrong", "carry_out"]

TIMEOUT_S = 60.0  # a large project on a busy machine loads within 10 s
_MODULE, _CONFIGURATION = "DJANGO_SETTINGS_MODULE", "DJANGO_CONFIGURATION"

# What a process needs to start at all, and what tells it where it is: of the machine, not of the deployment.
_OF_THE_MACHINE = frozenset(
    {
        *(
            "HOME",
            "LANG",
            "LANGUAGE",
            "LD_LIBRARY_PATH",
            "LOGNAME",
            "PATH",
            "PWD",
            "SYSTEMROOT",
            "TEMP",
            "TMP",
        ),
        *("TMPDIR", "USER", "VIRTUAL_ENV"),
    }
)
_PREFIXES_OF_THE_MACHINE = ("COVERAGE_", "LC_", "LD_", "PYTHON")
_MIN_LENGTH = 4  # of shorter names too many are one edit apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One thing that is wrong."""

    variable: str
    rule: str
    setting: str = ""
    mixin: str = ""
    example: str = ""
    line: int | None = None  # of the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The outcome."""

    settings_module: str | None
    file: Path | None
    problems: tuple[Wrong, ...]


def carry_out(options: Mapping[str, Any], load_failure: BaseException | None) -> Checked:
    """Check this process's environment, or the file that ``options`` name. Raises :class:`UsageError`."""
    path: Path | None = options["env_check"] or None
    if path is not None:
        return _of_file(path, options["settings"])
    return Checked(settings_module=settings_module(), file=None, problems=tuple(_here(load_failure)))


def _here(load_failure: BaseException | None) -> Iterator[Wrong]:
    """Yield what kept the settings from loading, and the variables that are misspelled."""
    listed = getattr(load_failure, "problems", None)
    missing = missing_variable(load_failure) if load_failure is not None else None
    if listed and all(isinstance(problem, Problem) for problem in listed):
        yield from map(_wrong, listed)
    elif missing is not None:
        yield Wrong(variable=missing, rule=MISSING)
    elif load_failure is not None and not settings.configured:
        raise cannot_load(load_failure)
    if missing is None:
        yield from misspelled(os.environ, fields_of(record_of_class().cls))


def _wrong(problem: Problem) -> Wrong:
    return Wrong(
        variable=problem.variable,
        rule=problem.rule,
        setting=problem.setting,
        mixin=problem.mixin,
        example=problem.example,
    )


def misspelled(names: Iterable[str], fields: Iterable[Field]) -> Iterator[Wrong]:
    """Yield the variables that no field reads, but for one letter."""
    by_name: dict[str, Field] = {}
    for field in fields:
        by_name[field.variable] = field
        if field.is_secret:
            by_name[f"{field.variable}_FILE"] = field
    for name in sorted(names):
        if name in by_name or len(name) < _MIN_LENGTH or _is_of_the_machine(name):
            continue
        meant = next((other for other in by_name if _is_near(name, other)), None)
        if meant is not None:
            field = by_name[meant]
            yield Wrong(
                variable=name,
                rule=f"nothing reads it: is {meant} meant?",
                setting=field.name if field.name != meant else "",
                mixin=field.origin,
            )


def _is_of_the_machine(name: str) -> bool:
    return name in _OF_THE_MACHINE or name.startswith(_PREFIXES_OF_THE_MACHINE)


def _is_near(name: str, other: str) -> bool:
    """Whether the names differ by one letter, by two that changed places, or by case alone."""
    first, second = sorted((name.upper(), other.upper()), key=len)
    if len(second) - len(first) == 1:
        return any(second[:place] + second[place + 1 :] == first for place in range(len(second)))
    if len(first) != len(second):
        return False
    places = [place for place, pair in enumerate(zip(first, second, strict=True)) if pair[0] != pair[1]]
    if len(places) != 2:
        return len(places) <= 1
    left, right = places
    return right - left == 1 and first[left] == second[right] and first[right] == second[left]


def _of_file(path: Path, chosen: str | None) -> Checked:
    found = env_file.read(path)
    module = chosen or found.values.get(_MODULE) or os.environ.get(_MODULE)
    if not module:
        raise UsageError(f"Name the settings module: --settings MODULE, or {_MODULE} in {path}.")
    unreadable = {malformed.name for malformed in found.malformed}
    try:
        told = _elsewhere(found, module, path)
    except UsageError as error:
        if not found.malformed:
            raise
        told = [Wrong(variable="", rule=str(error))]
    problems = [
        dataclasses.replace(wrong, line=_line_of(found, wrong.variable))
        for wrong in told
        if not wrong.variable or wrong.variable not in unreadable
    ]
    problems += [
        Wrong(variable=malformed.name, rule=malformed.rule, line=malformed.line)
        for malformed in found.malformed
    ]
    problems.sort(key=lambda wrong: (wrong.line is None, wrong.line or 0))
    return Checked(settings_module=module, file=path, problems=tuple(problems))


def _line_of(found: EnvFile, variable: str) -> int | None:
    """Return the line of the variable, or of the file that it may be read from."""
    return found.lines.get(variable) or found.lines.get(f"{variable}_FILE")


def _elsewhere(found: EnvFile, module: str, path: Path) -> Sequence[Wrong]:
    """Ask a process whose environment is the file."""
    command = [sys.executable, "-m", "django_prodready", "settings", "--env-check", "--format", "json"]
    try:
        ended = subprocess.run(  # noqa: S603 - this interpreter, and this package
            command,
            env=_environ(found, module),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        # From None: its text shows the environment's values where one cannot be passed on.
        raise UsageError(f"The settings could not be loaded with {path}: {type(error).__name__}.") from None
    try:
        told = json.loads(ended.stdout)
    except ValueError:
        told = None
    if told is None:
        said = ended.stderr.decode("utf-8", "replace").strip().rpartition("prodready settings: ")[2]
        raise UsageError(f"With {path}: {said or f'the process ended with {ended.returncode}.'}")
    return [
        Wrong(**{name: entry[name] for name in ("variable", "rule", "setting", "mixin", "example")})
        for entry in told["problems"]
    ]


def _environ(found: EnvFile, module: str) -> dict[str, str]:
    said = {name: value for name, value in found.values.items() if not _is_of_the_machine(name)}
    kept = {name: value for name, value in os.environ.items() if _is_of_the_machine(name)}
    if _CONFIGURATION in os.environ:
        kept[_CONFIGURATION] = os.environ[_CONFIGURATION]
    return {**kept, **said, _MODULE: module, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
