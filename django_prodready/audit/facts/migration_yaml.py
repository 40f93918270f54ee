"""Reads of YAML files what a search needs: documents, services of Compose, the values of a few keys.

There is no parser for YAML in the standard library, and a template is no YAML. Every character of what is
returned stands where it stands in the file, so that a place in it is a place in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

__all__ = ["documents", "joined_values", "services"]

_SERVICES = re.compile(r"^services:[ \t]*$", re.MULTILINE)
_TOP = re.compile(r"^(?![ \t#\n])", re.MULTILINE)
_SERVICE = re.compile(r"^([ \t]+)([\w.-]+|\"[\w.-]+\"):[ \t]*(?:&[\w-]+[ \t]*)?$", re.MULTILINE)
_SEPARATOR = re.compile(r"^---.*$", re.MULTILINE)
_KEY = re.compile(r"^([ \t]*(?:-[ \t]+)?)([\w.-]+):[ \t]*", re.MULTILINE)
# Below it the lines of a text are lines.
_LITERAL = re.compile(r"(?:\A|\n)[ \t]*(?:-[ \t]+)?\|[-+\d]*[ \t]*(?=\n)")
_MARK = re.compile(r"\n[ \t]*-(?=[ \t])|[>|][-+\d]*[ \t]*(?=\n|\Z)")


def documents(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each document."""
    start = 0
    for match in _SEPARATOR.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def services(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield name, start and end of each service of a Compose file."""
    opening = _SERVICES.search(text)
    if opening is None:
        return
    after = _TOP.search(text, opening.end() + 1)
    end = after.start() if after else len(text)
    found = list(_SERVICE.finditer(text, opening.end(), end))
    # Those that are not indented as the first one are keys within a service.
    found = [match for match in found if match[1] == found[0][1]]
    ends = [match.start() for match in found[1:]] + [end]
    for match, stop in zip(found, ends, strict=True):
        yield match[2].strip('"'), match.start(), stop


def joined_values(text: str, start: int, end: int, keys: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the values of ``keys`` with their offsets; those that stand side by side as one."""
    found: list[tuple[int, int, str, str]] = []  # offset, end, indent, value
    for match in _KEY.finditer(text, start, end):
        if match[2] not in keys:
            continue
        indent = " " * len(match[1])
        stop = _end(text, match.end(), end, len(indent))
        value = _plain(text[match.end() : stop])
        if found and found[-1][2] == indent and found[-1][1] == match.start():
            first = found.pop()
            value = f"{first[3]}{' ' * (match.end() - match.start())}{value}"
            found.append((first[0], stop, indent, value))
        else:
            found.append((match.end(), stop, indent, value))
    yield from ((offset, value) for offset, _, _, value in found)


def _end(text: str, start: int, end: int, indent: int) -> int:
    """Where the value ends of a key with that indentation: before the first line that is not below it."""
    position = text.find("\n", start, end) + 1
    while 0 < position < end:
        stop = text.find("\n", position, end)
        line = text[position : stop if stop >= 0 else end]
        depth = len(line) - len(line.lstrip(" "))
        is_item = depth == indent and line.lstrip().startswith("- ") and not _KEY.match(line)
        if line.strip() and depth <= indent and not is_item:
            return position
        position = stop + 1 if stop >= 0 else end
    return end


def _plain(value: str) -> str:
    """Put what one command has on several lines on one: a list's items, a folded or quoted text."""
    literal = _LITERAL.search(value)
    end = literal.end() if literal else len(value)
    head = _MARK.sub(lambda match: " " * len(match[0]), value[:end]).replace("\\\n", "  ").replace("\n", " ")
    return head + value[end:].replace("\\\n", "  ")
