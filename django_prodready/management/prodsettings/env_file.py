"""A strict reader of .env files: what programs that read such files understand differently is refused.

A line is ``NAME=VALUE``, with ``export`` before it if need be. Single quotes keep everything as it is; in
double quotes a backslash stands before n, t, r, a double quote, a backslash or a dollar sign. ``#`` begins a
comment at the start of a line and behind a blank. Nothing is filled in: ``$NAME`` is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from django_prodready.management.prodsettings.errors import UsageError

__all__ = ["EnvFile", "Malformed", "parse", "read"]

_MAX_BYTES = 1_048_576
_LINE = re.compile(r"(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<rest>.*)", re.DOTALL)
_BLANK_AT_SIGN = re.compile(r"(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=")
_COMMENT = r"[ \t]*(?:(?<=[ \t])#.*)?"
_SINGLE = re.compile(rf"'(?P<text>[^']*)'{_COMMENT}")
_DOUBLE = re.compile(rf'"(?P<text>(?:[^"\\]|\\.)*)"{_COMMENT}')
_BARE = re.compile(r"(?P<text>.*?)(?:[ \t]+#.*)?[ \t]*")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$"}


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line that cannot be read. What it holds is not kept: it may be a secret."""

    line: int
    rule: str
    name: str = ""  # of the variable, where it is to be seen


@dataclass(slots=True)
class EnvFile:
    """What a file says."""

    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    malformed: list[Malformed] = field(default_factory=list)


class _Wrong(Exception):  # noqa: N818 - says what a value is
    """The rule that a value breaks."""


def read(path: Path) -> EnvFile:
    """Read a file. Raises :class:`UsageError` when it cannot be read at all."""
    if path.exists() and not path.is_file():
        raise UsageError(f"--env-check: {path} is no regular file.")
    try:
        with path.open("rb") as stream:
            content = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise UsageError(f"--env-check: {path} cannot be read: {said}.") from error
    if len(content) > _MAX_BYTES:
        raise UsageError(f"--env-check: {path} is larger than {_MAX_BYTES} bytes: it is another file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:
        raise UsageError(f"--env-check: {path} is no text in UTF-8.")
    return parse(text)


def parse(text: str) -> EnvFile:
    """Read every line, and note those that are malformed."""
    found = EnvFile()
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.removesuffix("\r").strip(" \t")
        if line and not line.startswith("#"):
            _take(found, number, line)
    return found


def _take(found: EnvFile, number: int, line: str) -> None:
    match = _LINE.fullmatch(line)
    if match is None:
        at = _BLANK_AT_SIGN.match(line)
        rule = "expected no blank before =" if at else "expected NAME=VALUE"
        found.malformed.append(Malformed(number, rule, at["name"] if at else ""))
        return
    name = match["name"]
    if name in found.lines:
        found.malformed.append(Malformed(number, f"is set twice, first in line {found.lines[name]}", name))
        return
    found.lines[name] = number
    rule = ""
    try:
        found.values[name] = _value(match["rest"])
    except _Wrong as wrong:
        rule = str(wrong)
    if rule:
        found.malformed.append(Malformed(number, rule, name))


def _value(rest: str) -> str:
    if rest[:1] in (" ", "\t"):
        if rest.lstrip(" \t")[:1] in ("", "#"):
            return ""
        raise _Wrong("expected no blank after =")
    if rest.startswith("'"):
        return _quoted(_SINGLE, rest)
    if rest.startswith('"'):
        return _ESCAPE.sub(_unescaped, _quoted(_DOUBLE, rest))
    bare = _BARE.fullmatch(rest)
    return bare["text"] if bare else rest


def _quoted(form: re.Pattern[str], rest: str) -> str:
    match = form.fullmatch(rest)
    if match is not None:
        return match["text"]
    if rest.count(rest[0]) > 1:
        raise _Wrong("expected nothing behind the closing quote, but a blank and a # comment")
    raise _Wrong(r"expected the closing quote on the same line: in double quotes, \n is a line break")


def _unescaped(match: re.Match[str]) -> str:
    if match[1] not in _ESCAPES:
        raise _Wrong(r"expected only \n, \r, \t, \", \\ and \$ behind a backslash in double quotes")
    return _ESCAPES[match[1]]
