"""``# prodready: ignore[rule] -- reason`` in a migration file: what it silences, and which ones do nothing.

On the lines of an operation, or directly above it, it silences the rule for that operation; above or on
``class Migration`` or ``operations =`` for the whole migration.
"""

from __future__ import annotations

import difflib
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django_prodready.migration_safety.locations import Source
from django_prodready.migration_safety.model import Finding
from django_prodready.reporting.finding import Suppression

_MARK = re.compile(r"#\s*prodready\s*:\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_IGNORE = re.compile(r"ignore\s*\[(?P<rules>[^\]]*)\]\s*(?:--\s*(?P<reason>.*))?", re.IGNORECASE | re.DOTALL)
_EXAMPLE = "# prodready: ignore[index-build] -- the table is small"
_SKIPPED = frozenset(
    {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """One comment, for one of its rules."""

    rule: str
    reason: str
    place: str  # "shop/migrations/0007_isbn.py:12"
    operations: frozenset[int] | None  # None: the whole migration

    def fits(self, finding: Finding) -> bool:
        """Whether it speaks of a finding."""
        if finding.rule != self.rule:
            return False
        return self.operations is None or finding.operation in self.operations

    @property
    def suppression(self) -> Suppression:
        """What stands beside a finding that it silences."""
        return Suppression(by="ignore", reason=self.reason)


@dataclass(frozen=True, slots=True)
class Ignores:
    """The comments of one migration."""

    known: tuple[Ignore, ...] = ()
    problems: tuple[str, ...] = ()  # comments that silence nothing because of how they are written

    def for_finding(self, finding: Finding) -> Suppression | None:
        """Return why a finding is silenced; None when it is not."""
        return next((ignore.suppression for ignore in self.known if ignore.fits(finding)), None)

    def unused(self, findings: Collection[Finding]) -> Iterator[str]:
        """Yield a sentence for each that fits none of ``findings``."""
        for ignore in self.known:
            if not any(ignore.fits(finding) for finding in findings):
                yield f"{ignore.place}: unused ignore[{ignore.rule}]: it meets no finding there. Remove it."


@dataclass(frozen=True, slots=True)
class _Comment:
    text: str
    line: int
    is_alone: bool  # nothing else stands on its line
    next_code: int  # the first line behind it that holds code


def read_ignores(source: Source, rules: Collection[str]) -> Ignores:
    """Read the comments of a migration's file. ``rules``: the names that exist."""
    known: list[Ignore] = []
    problems: list[str] = []
    for comment in _comments(source):
        mark = _MARK.match(comment.text)
        if mark is None:
            continue
        place = f"{source.file}:{comment.line}"
        try:
            known += _read(mark["rest"].strip(), place, comment, source, rules)
        except ValueError as error:
            problems.append(f"{place}: {error}")
    return Ignores(tuple(known), tuple(problems))


def _read(
    rest: str, place: str, comment: _Comment, source: Source, rules: Collection[str]
) -> Iterable[Ignore]:
    """Raises ValueError that says what is wrong."""
    match = _IGNORE.fullmatch(rest)
    names = [name.strip() for name in match["rules"].split(",")] if match else []
    if match is None or not any(names):
        raise ValueError(f"the comment is not understood, and silences nothing. Write: {_EXAMPLE}")
    reason = (match["reason"] or "").strip()
    if not reason:
        raise ValueError(
            f"ignore[{', '.join(names)}] has no reason, and silences nothing. "
            f"Write: # prodready: ignore[{', '.join(names)}] -- why it may stay"
        )
    for name in names:
        if name not in rules:
            raise ValueError(
                f"there is no rule {name!r}, and the comment silences nothing.{_nearest(name, rules)}"
            )
    operations = _operations(comment, source)
    return [Ignore(rule=name, reason=reason, place=place, operations=operations) for name in names]


def _nearest(name: str, rules: Collection[str]) -> str:
    near = difflib.get_close_matches(name.lower().replace("_", "-"), rules, n=1)
    return f" Did you mean {near[0]}?" if near else ""


def _operations(comment: _Comment, source: Source) -> frozenset[int] | None:
    """Find the operations that a comment speaks of; None for all. Raises ValueError when there are none."""
    line = comment.line
    if not _operations_at(line, source) and comment.is_alone:
        line = comment.next_code
    found = _operations_at(line, source)
    if found:
        return found
    is_unlisted = not source.operations and source.assignment is not None and line in source.assignment
    if line in source.header or is_unlisted or (source.assignment and line == source.assignment.first):
        return None
    raise ValueError(
        "the comment stands at no operation, and silences nothing. Put it on the operation, "
        "or above the class for the whole migration."
    )


def _operations_at(line: int, source: Source) -> frozenset[int]:
    return frozenset(number for number, span in enumerate(source.operations) if line in span)


def _comments(source: Source) -> Iterator[_Comment]:
    """Yield the comments of a file, as Python's own tokenizer tells them from text."""
    with tokenize.open(source.path) as file:
        tokens = list(tokenize.generate_tokens(file.readline))
    code = sorted(
        {token.start[0] for token in tokens if token.type not in _SKIPPED and token.type != tokenize.COMMENT}
    )
    for token in tokens:
        if token.type == tokenize.COMMENT:
            line = token.start[0]
            yield _Comment(
                text=token.string,
                line=line,
                is_alone=not token.line[: token.start[1]].strip(),
                next_code=next((number for number in code if number > line), line),
            )
