"""``[tool.prodready]`` of pyproject.toml, or ``prodready.toml``: ignores, baseline file, fail level."""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django_prodready.reporting.errors import ConfigurationError
from django_prodready.reporting.finding import Severity

FAIL_LEVELS = (*(severity.label for severity in reversed(Severity)), "never")

_KEYS = ("ignore", "baseline", "fail-level")
_IGNORE_KEYS = ("check", "reason", "until", "subject")
_CHECK_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """One entry of ``ignore``: a problem that the project has decided to live with."""

    check: str
    reason: str
    until: datetime.date | None = None  # last day on which it holds; None for ever
    subject: str | None = None  # only findings with this subject; ``*`` and ``?`` stand for anything
    place: str = "ignore"  # where it is written: "prodready.toml: ignore entry 2"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectConfig:
    """What the project's own files ask of every run."""

    source: Path | None = None  # the file that was read; None when there is none
    ignores: tuple[Ignore, ...] = ()
    baseline: Path | None = None  # resolved against the root; may not exist yet
    fail_level: str | None = None  # one of FAIL_LEVELS; None when the project names none


def read_project_config(root: Path) -> ProjectConfig:
    """Read the configuration of the project at ``root``; an empty one when there is none.

    Raises :class:`ConfigurationError` that holds every problem of the file.
    """
    own = _load(root / "prodready.toml")
    table = _tool_table(_load(root / "pyproject.toml"))
    if own and table:
        raise ConfigurationError(
            "prodready.toml and [tool.prodready] of pyproject.toml both configure prodready. "
            "Move everything to one of them."
        )
    if own:
        return _Reader("prodready.toml", root).read(own)
    if table:
        return _Reader("pyproject.toml", root).read(table)
    return ProjectConfig()


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path.name} is not UTF-8 text. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path.name} is not valid TOML: {error}.") from None
    except OSError as error:
        raise ConfigurationError(f"{path.name} cannot be read: {error.strerror}.") from None


def _tool_table(pyproject: Mapping[str, Any]) -> dict[str, Any]:
    tool = pyproject.get("tool", {})
    table = tool.get("prodready", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise ConfigurationError("pyproject.toml: tool.prodready is no table. Write it as [tool.prodready].")
    return table


class _Reader:
    """Reads one table and gathers its problems on the way."""

    def __init__(self, file: str, root: Path) -> None:
        self.file = file
        self.root = root
        self.problems: list[str] = []

    def read(self, table: Mapping[str, Any]) -> ProjectConfig:
        self.refuse_unknown(table, _KEYS, self.file)
        config = ProjectConfig(
            source=self.root / self.file,
            ignores=self.ignores(table.get("ignore", [])),
            baseline=self.baseline(table.get("baseline")),
            fail_level=self.fail_level(table.get("fail-level")),
        )
        if self.problems:
            raise ConfigurationError(*self.problems)
        return config

    def refuse_unknown(self, table: Mapping[str, Any], known: Iterable[str], place: str) -> None:
        for key in table:
            if key not in known:
                self.problems.append(f"{place}: unknown key {key!r}. {_way_out(key, known)}")

    def ignores(self, value: object) -> tuple[Ignore, ...]:
        if not isinstance(value, list):
            self.problems.append(
                f'{self.file}: ignore must be a list, such as [{{check = "hsts.subdomains", reason = "…"}}].'
            )
            return ()
        read = [self.ignore(entry, f"{self.file}: ignore entry {n}") for n, entry in enumerate(value, 1)]
        return tuple(ignore for ignore in read if ignore is not None)

    def ignore(self, entry: object, place: str) -> Ignore | None:
        if not isinstance(entry, dict):
            self.problems.append(
                f'{place}: must be a table, such as {{check = "hsts.subdomains", reason = "…"}}.'
            )
            return None
        self.refuse_unknown(entry, _IGNORE_KEYS, place)
        return Ignore(
            check=self.check(entry.get("check"), place),
            reason=self.text(entry.get("reason"), "reason", "say why the finding is acceptable", place),
            until=self.until(entry.get("until"), place),
            subject=self.subject(entry.get("subject"), place),
            place=place,
        )

    def check(self, value: object, place: str) -> str:
        name = self.text(value, "check", "name one, such as hsts.subdomains", place)
        if name and not _CHECK_NAME.fullmatch(name):
            self.problems.append(
                f"{place}: {name!r} is no check's name. Write family.slug, such as hsts.subdomains."
            )
        return name

    def subject(self, value: object, place: str) -> str | None:
        if value is None:
            return None
        return self.text(value, "subject", "name what the finding is about, or leave it out", place)

    def text(self, value: object, key: str, way_out: str, place: str) -> str:
        if isinstance(value, str) and value.strip():
            return value.strip()
        state = "is missing" if value is None else "must be a text that is not blank"
        self.problems.append(f"{place}: {key} {state}; {way_out}.")
        return ""

    def until(self, value: object, place: str) -> datetime.date | None:
        if value is None:
            return None
        date = parse_date(value)
        if date is None:
            self.problems.append(f"{place}: until is no date. Write a day, such as 2027-03-01.")
        return date

    def baseline(self, value: object) -> Path | None:
        if value is None:
            return None
        if isinstance(value, str) and value.strip():
            return self.root / value
        self.problems.append(
            f'{self.file}: baseline must be the path of a file, such as "prodready-baseline.json".'
        )
        return None

    def fail_level(self, value: object) -> str | None:
        if value is None or (isinstance(value, str) and value in FAIL_LEVELS):
            return value
        self.problems.append(f"{self.file}: fail-level must be one of {', '.join(FAIL_LEVELS)}.")
        return None


def parse_date(value: object) -> datetime.date | None:
    """Read a TOML date or an ISO text such as ``2027-03-01``; None for anything else."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    if not (isinstance(value, str) and _ISO_DATE.fullmatch(value)):
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


def _way_out(key: str, known: Iterable[str]) -> str:
    if key == "tool":
        return "In this file the keys stand at the top, without [tool.prodready]."
    nearest = difflib.get_close_matches(key.lower().replace("_", "-"), known, n=1)
    return f"Did you mean {nearest[0]!r}?" if nearest else f"Known are {', '.join(known)}."
