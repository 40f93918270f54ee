"""Says what a condition in Python tells of the row at hand: few rows, nearly all, those without a value."""

from __future__ import annotations

import ast
import contextlib
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django_prodready.migration_safety.static import code_values as v
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.code_expressions import Expressions, computed

_COMPARISONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}
_LOOKUPS = {ast.Gt: "gt", ast.GtE: "gte", ast.Lt: "lt", ast.LtE: "lte", ast.In: "in", ast.Eq: "exact"}


@dataclass
class Narrowing:
    """What a condition says of a row at hand."""

    row: v.Row
    if_true: r.Selection
    if_false: r.Selection
    empty: tuple[bool, str] | None = None  # the side on which the row lacks a value, and of which field
    kept: r.Selection = r.EVERYTHING

    @contextlib.contextmanager
    def where(self, *, holds: bool) -> Iterator[None]:
        """Follow code that runs where the condition holds, or does not."""
        self.narrow(holds=holds)
        yield
        self.widen()

    def narrow(self, *, holds: bool) -> None:
        """From here on the row is one of those for which the condition holds, or does not."""
        self.kept = self.row.selection
        self.row.selection = self.kept & (self.if_true if holds else self.if_false)
        if self.empty is not None and self.empty[0] is holds:
            self.row.lacking[self.empty[1]] = self.kept

    def widen(self) -> None:
        """The condition says nothing any more."""
        self.row.selection = self.kept
        if self.empty is not None:
            self.row.lacking.pop(self.empty[1], None)

    def inverse(self) -> Narrowing:
        """What NOT in front of it says."""
        empty = (not self.empty[0], self.empty[1]) if self.empty is not None else None
        return Narrowing(self.row, self.if_false, self.if_true, empty)


class Conditions(Expressions):
    """Finds what conditions say."""

    is_about_rows = False  # what the last condition asked, where it is not known

    def _either(self, node: ast.IfExp) -> v.Value:
        test = self.test(node.test)
        if isinstance(test, bool):
            return self.value(node.body if test else node.orelse)
        self.orm.doubts += 1
        first, other = self.value(node.body), self.value(node.orelse)
        self.orm.doubts -= 1
        return other if isinstance(first, v.Constant) else first

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> v.Value:
        loops = self.orm.loops
        for generator in node.generators:
            item = self.item_of(self.value(generator.iter))
            self.orm.loops += v.covers(item) is not None
            self.assign(generator.target, item)
            for condition in generator.ifs:
                self.test(condition)
        item = self.value(node.value if isinstance(node, ast.DictComp) else node.elt)
        is_many = self.orm.loops > loops
        self.orm.loops = loops
        return v.Items(item, loops, is_many)

    def test(self, node: ast.expr) -> bool | Narrowing | None:
        """Say what a condition is: certain, about a row at hand, or None."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.test(node.operand)
            if isinstance(inner, Narrowing):
                return inner.inverse()
            return None if inner is None else not inner
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self._compared(node)
        if isinstance(node, ast.BoolOp):
            return self._joined(node)
        value = self.value(node)
        if isinstance(value, v.Constant):
            return bool(value.value)
        if isinstance(value, v.Cell):
            empty = self._lookup(value, "isnull", v.Constant(True)) | self._blank(value)
            return Narrowing(value.row, self._inverse(empty), empty, (False, value.name))
        self.looked_at(value)
        self.is_about_rows = v.is_about_rows(value)
        return None

    def _joined(self, node: ast.BoolOp) -> bool | Narrowing | None:
        tests = [self.test(one) for one in node.values]
        is_and = isinstance(node.op, ast.And)
        decided = [one for one in tests if isinstance(one, bool)]
        if any(one is not is_and for one in decided):
            return not is_and
        open_ = [one for one in tests if not isinstance(one, bool)]
        if not open_:
            return is_and
        narrowings = [one for one in open_ if isinstance(one, Narrowing)]
        if len(narrowings) != len(open_) or any(one.row is not narrowings[0].row for one in narrowings):
            return None
        first = narrowings[0]
        for other in narrowings[1:]:
            both = (first.if_true & other.if_true, first.if_false | other.if_false)
            either = (first.if_true | other.if_true, first.if_false & other.if_false)
            first = Narrowing(first.row, *(both if is_and else either))
        return first

    def _compared(self, node: ast.Compare) -> bool | Narrowing | None:
        left, right = self.value(node.left), self.value(node.comparators[0])
        kind = type(node.ops[0])
        if isinstance(left, v.Constant) and isinstance(right, v.Constant):
            found = computed(_COMPARISONS[kind], left.value, right.value)
            return bool(found.value) if isinstance(found, v.Constant) else None
        if isinstance(right, v.Cell) and not isinstance(left, v.Cell):
            left, right = right, left
        if not isinstance(left, v.Cell):
            self.is_about_rows = v.is_about_rows(left) or v.is_about_rows(right)
            return None
        is_negated = kind in (ast.NotEq, ast.IsNot, ast.NotIn)
        plain = {ast.NotEq: ast.Eq, ast.NotIn: ast.In, ast.Is: ast.Eq, ast.IsNot: ast.Eq}.get(kind, kind)
        lookup = _LOOKUPS[plain]
        if right == v.NONE:
            lookup, right = "isnull", v.Constant(True)
        elif not isinstance(right, v.Constant):
            known = self._blank(left)
            rows = known if known is r.EVERYTHING else r.SOME
            return Narrowing(left.row, rows, rows)
        rows = self._lookup(left, lookup, right)
        empty = (True, left.name) if lookup == "isnull" or right == v.Constant("") else None
        found_ = Narrowing(left.row, rows, self._inverse(rows), empty)
        return found_.inverse() if is_negated else found_

    def _lookup(self, cell: v.Cell, lookup: str, value: v.Value) -> r.Selection:
        return self.orm.filters(cell.row.facts).all_of([(f"{cell.name}__{lookup}", value)])

    def _blank(self, cell: v.Cell) -> r.Selection:
        """Which rows lack a value, as far as that is known: all, where nothing has filled the column."""
        found = self._lookup(cell, "isnull", v.Constant(True))
        return r.EVERYTHING if found == r.EVERYTHING else r.SOME

    def _inverse(self, rows: r.Selection) -> r.Selection:
        return r.NOTHING if rows == r.EVERYTHING else r.EVERYTHING


Conditions.handlers = {
    **Expressions.handlers,
    ast.DictComp: Conditions._comprehension,
    ast.GeneratorExp: Conditions._comprehension,
    ast.IfExp: Conditions._either,
    ast.ListComp: Conditions._comprehension,
    ast.SetComp: Conditions._comprehension,
}
