"""Reads fields from one environment: variable or file, default, placeholder. Notes every problem, goes on."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Mapping
from typing import Any

from django_prodready.settings.copies import fresh
from django_prodready.settings.environment.build import BUILD_VARIABLE, COMMANDS, MARK
from django_prodready.settings.environment.field import Field
from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds import boolean
from django_prodready.settings.environment.problems import MISSING, Problem, UnresolvedError

__all__ = ["Reading"]

# Far above any key or bundle of certificates.
_LARGEST_FILE = 1 << 20


class Reading:
    """The values of fields under one environment, each read once.

    ``environ`` maps variables to text. ``may_build`` says whether this process is one that PRODREADY_BUILD is
    for. An empty variable is one that is not set: compose files pass such on for whatever is missing.
    """

    def __init__(self, environ: Mapping[str, str], *, may_build: bool) -> None:
        self.environ = environ
        self.problems: list[Problem] = []
        # Variable -> "variable", "file", "default", "placeholder": where each value came from.
        self.sources: dict[str, str] = {}
        self._values: dict[Field, Any] = {}
        self._failed: set[Field] = set()
        self._noting: list[list[Field]] = []
        self.is_build = self._build(may_build=may_build)

    def value_of(self, field: Field) -> Any:
        """Return the value of ``field``, a fresh copy where it is a list or a dict.

        Raises :class:`UnresolvedError` when there is none; the problem is noted once.
        """
        for notes in self._noting:
            notes.append(field)
        if field not in self._values and field not in self._failed:
            try:
                self._values[field] = self._read(field)
            except UnresolvedError:
                self._failed.add(field)
        if field in self._failed:
            raise UnresolvedError(field.variable)
        return fresh(self._values[field])

    def is_set(self, field: Field) -> bool:
        """Whether the environment says something for ``field``, right or wrong."""
        return bool(
            self._given(field.variable) or (field.is_secret and self._given(f"{field.variable}_FILE"))
        )

    @contextlib.contextmanager
    def noting(self) -> Iterator[list[Field]]:
        """Give a list that fills with the fields that are read in the block."""
        notes: list[Field] = []
        self._noting.append(notes)
        try:
            yield notes
        finally:
            self._noting.pop()

    def spelled(self, field: Field) -> str:
        """Return the variable that the value came from: with ``_FILE`` when its file was read."""
        return field.variable + ("_FILE" if self.sources.get(field.variable) == "file" else "")

    def note(self, field: Field, rule: str, *, variable: str = "") -> UnresolvedError:
        """Note a problem of ``field`` and return what to raise."""
        setting = field.name if field.name != field.variable else ""
        self.problems.append(
            Problem(
                variable=variable or field.variable,
                rule=rule,
                setting=setting,
                mixin=field.origin,
                example=field.example,
                help=field.help,
            )
        )
        return UnresolvedError(field.variable)

    def _read(self, field: Field) -> Any:
        text, source = self._text(field)
        if text is None:
            return self._without(field)
        self.sources[field.variable] = source
        rule = "expected a value that outlives the build, found a placeholder"
        if MARK not in text:
            try:
                return field.parse(text)
            except Invalid as invalid:
                rule = invalid.rule
        raise self.note(field, rule, variable=field.variable + ("_FILE" if source == "file" else ""))

    def _without(self, field: Field) -> Any:
        if not field.is_required:
            self.sources[field.variable] = "default"
            return field.default
        if self.is_build and field.placeholder is not None:
            self.sources[field.variable] = "placeholder"
            return field.placeholder()
        raise self.note(field, MISSING)

    def _text(self, field: Field) -> tuple[str | None, str]:
        """Return the text and where it is from; (None, "") when the environment says nothing."""
        text = self._given(field.variable)
        if not field.is_secret:
            return text, "variable"
        file = self._given(f"{field.variable}_FILE")
        if file is None:
            return text, "variable"
        if text is not None:
            raise self.note(field, f"set beside {field.variable}_FILE: unset one of the two")
        return self._from_file(field, file), "file"

    def _from_file(self, field: Field, path: str) -> str:
        """Return the content of a secret's file, without the one newline that editors put at its end."""
        rule = ""
        try:
            return _content(path)
        except Invalid as invalid:
            rule = invalid.rule
        except UnicodeDecodeError:
            rule = "the file that it names is not UTF-8 text"
        except (OSError, ValueError) as error:
            rule = f"the file that it names cannot be read ({type(error).__name__})"
        raise self.note(field, rule, variable=f"{field.variable}_FILE")

    def _given(self, variable: str) -> str | None:
        text = self.environ.get(variable)
        return text if text is not None and text.strip() else None

    def _build(self, *, may_build: bool) -> bool:
        text, rule = self._given(BUILD_VARIABLE), ""
        if text is None:
            return False
        try:
            is_build = boolean(text)
        except Invalid as invalid:
            is_build, rule = False, invalid.rule
        if is_build and not may_build:
            rule = (
                f"is for {' and '.join(COMMANDS)} alone, which run on placeholders ({MARK}-...): "
                "unset it where anything else runs"
            )
        if rule:
            self.problems.append(Problem(variable=BUILD_VARIABLE, rule=rule))
        return is_build and may_build


def _content(path: str) -> str:
    """Return the text of a secret's file. A pipe or a device is refused: it may never end, or never begin."""
    with open(path, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Invalid("the file that it names is no regular file")
        content = file.read(_LARGEST_FILE + 1)
    if len(content) > _LARGEST_FILE:
        raise Invalid("the file that it names is larger than 1 MiB")
    text = content.decode("utf-8").removesuffix("\n").removesuffix("\r")
    if not text.strip():
        raise Invalid("the file that it names is empty")
    return text


def _without_waiting(path: str, flags: int) -> int:
    """Open what may be a pipe that nobody writes to. Windows has neither the flag nor such files."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
