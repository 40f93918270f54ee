"""Text for people: colour where a terminal wants it, lines that fit, nothing that a terminal would obey."""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TextIO

from django_prodready.reporting.finding import Severity

DEFAULT_WIDTH = 80

_GAP = "  "
_MIN_COLUMN = 8  # narrower columns cut most words

# Distinct in lightness as well, and the word always stands there too: colour alone says nothing.
_CODES = {Severity.CRITICAL: "1;31", Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}

# Escape sequences: CSI, OSC and its kin up to their terminator, and the two-character ones.
# https://ecma-international.org/publications-and-standards/standards/ecma-48/
_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)"
    r"|\x1b[ -/]*[0-~]?"
)
# Other controls, bidirectional overrides, invisible characters, lone surrogates (which cannot be printed).
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


class Style:
    """Colours text, or leaves it as it is."""

    def __init__(self, *, colour: bool) -> None:
        self.colour = colour

    @classmethod
    def for_stream(cls, stream: TextIO, environ: Mapping[str, str], *, force: bool | None = None) -> Style:
        """Colour only on a terminal that wants it.

        ``force`` is True for ``--force-color`` and False for ``--no-color``; either outranks the
        environment: ``NO_COLOR`` (https://no-color.org), ``DJANGO_COLORS=nocolor``, ``TERM=dumb``.
        """
        if force is not None:
            return cls(colour=force)
        refused = (
            bool(environ.get("NO_COLOR"))
            or environ.get("DJANGO_COLORS") == "nocolor"
            or environ.get("TERM") == "dumb"
        )
        return cls(colour=not refused and stream.isatty())

    def severity(self, severity: Severity, text: str) -> str:
        """Colour ``text`` for a severity."""
        return self._paint(_CODES[severity], text)

    def critical(self, text: str) -> str:
        """Colour as what must not go live."""
        return self.severity(Severity.CRITICAL, text)

    def error(self, text: str) -> str:
        """Colour as an error."""
        return self.severity(Severity.ERROR, text)

    def warning(self, text: str) -> str:
        """Colour as a warning."""
        return self.severity(Severity.WARNING, text)

    def info(self, text: str) -> str:
        """Colour as a remark."""
        return self.severity(Severity.INFO, text)

    def good(self, text: str) -> str:
        """Colour as good news."""
        return self._paint("32", text)

    def bold(self, text: str) -> str:
        """Make ``text`` stand out."""
        return self._paint("1", text)

    def dim(self, text: str) -> str:
        """Make ``text`` step back."""
        return self._paint("2", text)

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text


def printable(text: str) -> str:
    """Remove what a terminal would obey or hide; line breaks stay, tabs become spaces."""
    text = _ESCAPE_SEQUENCE.sub("", text.replace("\r\n", "\n")).replace("\t", " ")
    return "".join(character for character in text if character == "\n" or _is_safe(character))


def one_line(text: str) -> str:
    """Make ``text`` printable and join its lines."""
    return " ".join(printable(text).split())


def columns(text: str) -> int:
    """Count the columns that printable ``text`` takes: East Asian wide characters take two."""
    if text.isascii():
        return len(text)
    return sum(_column_width(character) for character in text)


def wrap(text: str, indent: int = 0, width: int = DEFAULT_WIDTH, *, hanging: int = 0) -> list[str]:
    """Break printable ``text`` into lines of at most ``width`` columns, each behind ``indent`` spaces.

    Lines of the text stay lines; those that continue one get ``hanging`` more spaces. What holds no
    space (a path, a URL) is never cut: it gets a line of its own, however long. Spaces within a line
    are kept, as evidence may be aligned by them.
    """
    lines = []
    for paragraph in printable(text).split("\n"):
        for position, line in enumerate(_fold(paragraph.rstrip(), width - indent, width - indent - hanging)):
            lines.append(" " * (indent + (hanging if position else 0)) + line if line else "")
    return lines


def table(
    rows: Iterable[Sequence[str]], header: Sequence[str], width: int = DEFAULT_WIDTH, indent: int = 0
) -> list[str]:
    """Align cells in columns below their headings; columns of numbers to the right.

    A cell too long for ``width`` is broken over several lines, a word too long for its column too.
    """
    cells = [tuple(one_line(cell) for cell in row) for row in (header, *rows)]
    by_column = list(zip(*cells, strict=True))
    widths = _shrink([max(map(columns, column)) for column in by_column], width - indent)
    numeric = [len(column) > 1 and all(_is_number(cell) for cell in column[1:]) for column in by_column]
    lines = []
    for row in cells:
        folded = [_chop(cell, width) for cell, width in zip(row, widths, strict=True)]
        for depth in range(max(map(len, folded), default=0)):
            parts = [part[depth] if depth < len(part) else "" for part in folded]
            padded = [_pad(*cell) for cell in zip(parts, widths, numeric, strict=True)]
            lines.append((" " * indent + _GAP.join(padded)).rstrip())
    return lines


def _is_safe(character: str) -> bool:
    return " " <= character < "\x7f" or unicodedata.category(character) not in _UNSAFE_CATEGORIES


def _column_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _fold(text: str, first: int, others: int) -> Iterator[str]:
    """Break one paragraph at its spaces."""
    line = ""
    width = first
    for word in re.findall(r"\s*\S+", text):
        if line and columns(line + word) > width:
            yield line
            line, width = word.lstrip(), others
        else:
            line += word
    yield line


def _chop(cell: str, width: int) -> list[str]:
    """Break a cell at its spaces and, where a word is longer than the column, within the word."""
    lines: list[str] = []
    for line in _fold(cell, width, width):
        rest = line
        while columns(rest) > width:
            cut = max(1, bisect.bisect_right(list(accumulate(map(_column_width, rest))), width))
            lines.append(rest[:cut])
            rest = rest[cut:]
        lines.append(rest)
    return lines


def _shrink(widths: list[int], available: int) -> list[int]:
    """Take columns from the widest until all fit, or none is wide enough to give."""
    room = available - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _MIN_COLUMN:
        widest = widths.index(max(widths))
        widths[widest] -= 1
    return widths


def _is_number(cell: str) -> bool:
    return not cell or re.fullmatch(r"[-\u2013+]?[\d.,]*\s?(?:%|ms|s)?", cell) is not None


def _pad(text: str, width: int, is_number: bool) -> str:
    space = " " * (width - columns(text))
    return space + text if is_number else text + space
