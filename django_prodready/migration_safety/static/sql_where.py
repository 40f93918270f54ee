"""Says of a condition in SQL how many rows it lets through: few, some, nearly all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import Table
from django_prodready.migration_safety.static.sql_place import (
    column_of,
    is_indexed,
    is_key,
    is_primary_key,
)
from django_prodready.migration_safety.static.sql_tokens import (
    Reader,
    Token,
    TokenKind,
    parts_of,
)

FEW_KEYS = 100_000  # of a primary key: fewer rows than matter under a lock

_COMPARISONS = ("=", "<>", "!=", "<", ">", "<=", ">=", "~", "~*", "!~", "~~", "@", "&", "?")
_NOW = ("now", "current_timestamp", "statement_timestamp", "clock_timestamp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The table whose rows a condition chooses."""

    table: Table | None
    names: frozenset[str]  # the table's own and its alias
    is_set: frozenset[str] = frozenset()  # the columns that the statement writes
    results: Mapping[str, r.Selection] = field(default_factory=dict)  # of other names: WITH, VALUES
    subquery: Callable[[Sequence[Token]], r.Selection] = lambda tokens: r.SOME  # noqa: ARG005 - none is known


def rows_where(tokens: Sequence[Token], target: Target) -> r.Selection:
    """Say which rows of the target a condition lets through. No condition: all."""
    if not tokens:
        return r.EVERYTHING
    either = parts_of(tokens, word="or")
    if len(either) > 1:
        found = r.NOTHING
        for one in either:
            found |= rows_where(one, target)
        return found
    found, equal = r.EVERYTHING, set()
    for one in _conjuncts(tokens):
        found &= _term(one, target)
        equal.add(_equal_column(one, target))
    return found & r.Selection(r.Share.FEW, r.Share.ALL) if is_key(target.table, equal - {""}) else found


def _conjuncts(tokens: Sequence[Token]) -> list[list[Token]]:
    """Take a condition apart at AND, but not at that of BETWEEN."""
    found: list[list[Token]] = []
    for part in parts_of(tokens, word="and"):
        if found and _ends_in_between(found[-1]):
            found[-1] += [Token(TokenKind.WORD, "and"), *part]
        else:
            found.append(part)
    return found


def _ends_in_between(part: Sequence[Token]) -> bool:
    words = [token.text for token in part if token.is_word("between", "and")]
    return bool(words) and words[-1] == "between"


def _equal_column(term: Sequence[Token], target: Target) -> str:
    """Name the column of ``column = value``; empty for all else."""
    reader = Reader(term)
    column = _column(reader, target)
    return column if reader.take_symbol("=") and _is_given(reader.rest(), target) else ""


def _term(term: Sequence[Token], target: Target) -> r.Selection:
    reader = Reader(term)
    if reader.take("not"):
        if reader.sees("exists"):
            return r.SOME
        return _inverse(rows_where(reader.rest(), target))
    inner = reader.group()
    if inner and reader.is_done:
        return rows_where(inner, target)
    reader = Reader(term)
    if reader.take("exists"):
        return r.SOME
    if term and _is_plain(term):
        return _constant(term)
    return _about_column(reader, target) or _about_expression(term, target)


def _inverse(rows: r.Selection) -> r.Selection:
    share = {r.Share.NONE: r.Share.ALL, r.Share.FEW: r.Share.ALL, r.Share.ALL: r.Share.NONE}
    found = share.get(rows.share, r.Share.SOME)
    return r.Selection(found, found)


def _is_plain(term: Sequence[Token]) -> bool:
    return all(token.is_value or token.is_word("true", "false") or token.is_symbol("=") for token in term)


def _constant(term: Sequence[Token]) -> r.Selection:
    sides = parts_of(term, symbol="=")
    if len(sides) == 1:
        return r.NOTHING if term[0].is_word("false") else r.EVERYTHING
    return r.EVERYTHING if sides[0] == sides[1] else r.NOTHING


def _column(reader: Reader, target: Target) -> str:
    """Take a column of the target; empty where something else comes next."""
    if not reader.peek().is_name or reader.peek(1).is_symbol("("):
        return ""
    name = reader.name()
    qualifier, _, column = name.rpartition(".")
    if qualifier and qualifier not in target.names:
        return ""
    if not qualifier and target.table is not None and target.table.is_complete:
        return column if column in target.table.columns else ""
    return column


def _about_column(reader: Reader, target: Target) -> r.Selection | None:
    column = _column(reader, target)
    if not column:
        return None
    if reader.is_done:
        return r.SOME
    if reader.take("is"):
        return _is(column, reader, target)
    is_negated = reader.take("not")
    if reader.take("in"):
        return _in(column, reader, target, is_negated=is_negated)
    if reader.take("between"):
        return _between(column, reader.rest(), target)
    if reader.take_any("like", "ilike", "similar"):
        return _like(reader, is_negated=is_negated)
    operator = reader.next()
    return _compared(column, operator.text, reader.rest(), target) if operator.text in _COMPARISONS else None


def _is(column: str, reader: Reader, target: Target) -> r.Selection:
    is_negated = reader.take("not")
    known = column_of(target.table, column)
    if reader.take("null"):
        if known is not None and not known.is_nullable:
            return r.EVERYTHING if is_negated else r.NOTHING
        is_blank = known is not None and known.is_blank
        if is_negated:
            return r.NOTHING if is_blank else r.EVERYTHING
        return r.EVERYTHING if is_blank or column in target.is_set else r.SOME
    if reader.take("distinct", "from"):
        return _compared(column, "=" if is_negated else "<>", reader.rest(), target)
    return r.SOME


def _in(column: str, reader: Reader, target: Target, *, is_negated: bool) -> r.Selection:
    inner = reader.group()
    if inner[:1] and inner[0].is_word("select", "with"):
        chosen = target.subquery(inner)
        if is_negated:
            return r.SOME
        return chosen if is_key(target.table, [column]) else r.Selection(r.Share.SOME, chosen.whole)
    if is_negated:
        return r.EVERYTHING
    return _few_by(column, target, is_varying=any(one.kind is TokenKind.PARAMETER for one in inner))


def _few_by(column: str, target: Target, *, is_varying: bool) -> r.Selection:
    """The rows that have certain values in a column."""
    is_found = is_key(target.table, [column]) or is_indexed(target.table, column)
    share = r.Share.FEW if is_found else r.Share.SOME
    return r.Selection(share, r.Share.ALL if is_varying else share)


def _between(column: str, bounds: Sequence[Token], target: Target) -> r.Selection:
    if not bounds or not is_primary_key(target.table, column):
        return r.SOME
    if any(not token.is_value and not token.is_word("and") for token in bounds):
        return r.BATCH
    return _up_to([bounds[-1]])


def _up_to(bound: Sequence[Token]) -> r.Selection:
    number = bound[0].text if len(bound) == 1 else ""
    return r.FEW if number.isdigit() and int(number) <= FEW_KEYS else r.SOME


def _like(reader: Reader, *, is_negated: bool) -> r.Selection:
    pattern = reader.peek()
    is_any = pattern.kind is TokenKind.STRING and not pattern.text.strip("%")
    return r.EVERYTHING if is_negated or (is_any and pattern.text) else r.SOME


def _is_given(value: Sequence[Token], target: Target) -> bool:
    """Whether a value is written out, or filled in: it is no column of this statement."""
    plain = [token for token in value if not token.is_symbol("(", ")", "-", "[", "]")]
    return bool(plain) and not any(_names_column(value, number, target) for number in range(len(value)))


def _names_column(value: Sequence[Token], number: int, target: Target) -> bool:
    """Whether the token at a position names a column of any table: types and functions do not."""
    token = value[number]
    before = value[number - 1] if number else None
    after = value[number + 1] if number + 1 < len(value) else None
    if not token.is_name or token.is_word("any", "array", "true", "false", "null"):
        return False
    if (before is not None and before.is_symbol("::", ".")) or (after is not None and after.is_symbol("(")):
        return False
    if after is not None and after.is_symbol("."):
        return token.text in target.names or token.text in target.results
    return target.table is None or token.text in target.table.columns


def _compared(column: str, operator: str, value: Sequence[Token], target: Target) -> r.Selection:
    if not value:
        return r.SOME
    other = _joined(value, target)
    if other is not None and operator == "=":
        return other
    known = column_of(target.table, column)
    if operator in ("<", ">", "<=", ">="):
        return _ordered(column, operator, value, target)
    if operator == "=" and _is_given(value, target):
        if known is not None and known.is_blank:
            return r.NOTHING
        return _few_by(column, target, is_varying=not all(_is_written(token) for token in value))
    if known is not None and known.is_blank:
        return r.EVERYTHING
    return r.EVERYTHING if operator in ("<>", "!=") and _is_given(value, target) else r.SOME


def _is_written(token: Token) -> bool:
    return token.is_value or token.is_symbol("-", "::") or token.is_word("true", "false", "null")


def _ordered(column: str, operator: str, value: Sequence[Token], target: Target) -> r.Selection:
    first = value[0]
    is_primary = is_primary_key(target.table, column)
    if operator in (">", ">="):
        if len(value) == 1 and first.text in ("0", "1" if is_primary else "0"):
            return r.EVERYTHING
        is_varying = is_primary and _is_given(value, target) and not first.is_value
        return r.Selection(r.Share.SOME, r.Share.ALL) if is_varying else r.SOME
    if len([token for token in value if not token.is_symbol("(", ")")]) == 1 and first.text in _NOW:
        return r.EVERYTHING
    if is_primary and _is_given(value, target):
        return _up_to(value) if first.is_value else r.BATCH
    return r.SOME


def _joined(value: Sequence[Token], target: Target) -> r.Selection | None:
    """What a comparison with a column of another table lets through; None where it is none."""
    reader = Reader(value)
    qualifier, _, _ = reader.name().rpartition(".")
    if not qualifier or not reader.is_done or qualifier in target.names:
        return None
    return target.results.get(qualifier)


def _about_expression(term: Sequence[Token], target: Target) -> r.Selection:
    """The other side may be the column; an expression over a column without values is the same for all."""
    for operator in ("=",):
        sides = parts_of(term, symbol=operator)
        if len(sides) == 2 and sides[0]:
            column = _equal_column([*sides[1], Token(TokenKind.SYMBOL, "="), *sides[0]], target)
            joined = _joined(sides[0], target)
            if column or joined is not None:
                return joined or _few_by(column, target, is_varying=not all(map(_is_written, sides[0])))
    columns = target.table.columns if target.table is not None else {}
    is_blank = any(token.text in columns and columns[token.text].is_blank for token in term if token.is_name)
    return r.EVERYTHING if is_blank else r.SOME
