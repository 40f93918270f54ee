"""Follows Python code statement by statement without running it: what it may do to the database."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from django_prodready.migration_safety.static import code_values as v
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.code_conditions import Conditions, Narrowing
from django_prodready.migration_safety.static.code_refusals import catches
from django_prodready.migration_safety.static.code_rows import Orm
from django_prodready.migration_safety.static.code_source import FunctionNode

MAX_DEPTH = 8  # of calls: deeper ones are given up
MAX_ROUNDS = 12  # of a loop over a list that is written out; the rest is like the first ones


@dataclass
class Frame:
    """One call of a function."""

    names: Mapping[str, Any]  # of the module
    local: dict[str, v.Value]
    depth: int
    returned: v.Value = field(default=v.NONE)
    yielded: v.Items | None = None
    doubts: int = 0  # conditions that may have ended it before


class Run(Conditions):
    """Follows the statements of one call."""

    def __init__(self, orm: Orm, frame: Frame) -> None:
        super().__init__(orm, frame.local, frame.names)
        self.frame = frame

    def call(self, node: FunctionNode, given: Sequence[v.Value], named: Mapping[str, v.Value]) -> v.Value:
        """Follow a function with these arguments; return what it returns."""
        self._bind(node.args, given, named)
        if isinstance(node, ast.Lambda):
            return self.value(node.body)
        if any(isinstance(one, ast.Yield | ast.YieldFrom) for one in ast.walk(node)):
            self.frame.yielded = v.Items(loops=self.orm.loops)
        if any(self._is_atomic(one) for one in node.decorator_list):
            self._atomic(node.body)
        elif self._block(node.body) and any(isinstance(one, ast.Raise) for one in node.body):
            self.orm.unreadable("The code of the migration raises an error.")
        self.orm.doubts -= self.frame.doubts
        return self.frame.yielded or self.frame.returned

    def _bind(self, arguments: ast.arguments, given: Sequence[v.Value], named: Mapping[str, v.Value]) -> None:
        names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
        defaults = dict(zip(reversed(names), reversed(arguments.defaults), strict=False))
        keywords = [one.arg for one in arguments.kwonlyargs]
        defaults |= {
            name: one for name, one in zip(keywords, arguments.kw_defaults, strict=True) if one is not None
        }
        local = self.local
        local.update({name: self.value(default) for name, default in defaults.items()})
        local.update(zip(names, given, strict=False))
        local.update({name: value for name, value in named.items() if name in (*names, *keywords)})
        for rest in (arguments.vararg, arguments.kwarg):
            if rest is not None:
                local[rest.arg] = v.UNKNOWN

    def _block(self, statements: Sequence[ast.stmt]) -> bool:
        """Follow statements; return whether the block is left before its end."""
        undo: list[Narrowing] = []
        left = False
        for statement in statements:
            left = self._statement(statement, undo)
            if left:
                break
        for narrowing in reversed(undo):
            narrowing.widen()
        return left

    def _statement(self, statement: ast.stmt, undo: list[Narrowing]) -> bool:
        if isinstance(statement, ast.If):
            return self._if(statement, undo)
        if isinstance(statement, ast.Return):
            self.frame.returned = self.value(statement.value) if statement.value else v.NONE
            return True
        if isinstance(statement, ast.Raise | ast.Continue | ast.Break):
            return True
        if isinstance(statement, ast.For):
            self._for(statement)
        elif isinstance(statement, ast.While):
            self._while(statement)
        elif isinstance(statement, ast.With):
            return self._with(statement)
        elif isinstance(statement, ast.Try):
            return self._try(statement)
        else:
            self._simple(statement)
        return False

    def _simple(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Expr):
            self._expression(statement.value)
        elif isinstance(statement, ast.Assign):
            value = self.value(statement.value)
            for target in statement.targets:
                self.assign(target, value)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            self.assign(statement.target, self.value(statement.value))
        elif isinstance(statement, ast.AugAssign):
            both = ast.BinOp(_loaded(statement.target), statement.op, statement.value)
            self.assign(statement.target, self.value(both))
        else:
            self._definition(statement)

    def _definition(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.FunctionDef):
            self.local[statement.name] = v.Local(statement, self.local, self.names)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            self.take_import(statement)
        elif isinstance(statement, ast.Delete):
            self._forget(statement)

    def _forget(self, statement: ast.Delete) -> None:
        for target in statement.targets:
            if isinstance(target, ast.Subscript):
                self.flush(self.value(target.value))

    def _expression(self, node: ast.expr) -> None:
        if isinstance(node, ast.Yield | ast.YieldFrom):
            value = self.value(node.value) if node.value is not None else v.NONE
            if isinstance(node, ast.YieldFrom):
                value = self.item_of(value)
            self.frame.yielded = self.frame.yielded or v.Items(loops=self.orm.loops)
            self.frame.yielded.item = value
        else:
            self.value(node)

    def _if(self, statement: ast.If, undo: list[Narrowing]) -> bool:
        test = self.test(statement.test)
        if isinstance(test, bool):
            return self._block(statement.body if test else statement.orelse)
        if test is None:
            return self._undecided(statement, is_doubt=not self.is_about_rows)
        with test.where(holds=True):
            left = self._block(statement.body)
        with test.where(holds=False):
            other = self._block(statement.orelse)
        if left != other:
            test.narrow(holds=other)
            undo.append(test)
        return left and other

    def _undecided(self, statement: ast.If, *, is_doubt: bool) -> bool:
        """Follow both ways; what comes behind a way out may never run."""
        self.orm.doubts += is_doubt
        left = self._block(statement.body)
        other = self._block(statement.orelse)
        self.orm.doubts -= is_doubt
        if left != other and is_doubt:
            self.orm.doubts += 1
            self.frame.doubts += 1
        return other and left and bool(statement.orelse)

    def _for(self, statement: ast.For) -> None:
        over = self.value(statement.iter)
        items = _written_out(over)
        if items is not None:
            for item in items[:MAX_ROUNDS]:
                self.assign(statement.target, item)
                self._block(statement.body)
        else:
            self._rounds(over, statement)
        self._block(statement.orelse)

    def _rounds(self, over: v.Value, statement: ast.For) -> None:
        item = self.item_of(over)
        share = v.covers(item)
        varies = share is not None and share >= r.Share.SOME
        self._make_varying(statement.body, is_loop=varies)
        is_doubt = not v.is_about_rows(over)
        self.orm.loops += varies
        self.orm.doubts += is_doubt
        self.assign(statement.target, item)
        self._block(statement.body)
        self.orm.loops -= varies
        self.orm.doubts -= is_doubt

    def _while(self, statement: ast.While) -> None:
        self._make_varying(statement.body, is_loop=True)
        self.orm.loops += 1
        for _ in range(2):  # the second round knows what the first one leaves to it
            if self.test(statement.test) is not False:
                self._block(statement.body)
        self.orm.loops -= 1

    def _make_varying(self, body: Sequence[ast.stmt], *, is_loop: bool) -> None:
        """Numbers and keys that a loop changes have another value in each round."""
        changed = {
            node.id
            for statement in body
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        for name in changed if is_loop else ():
            known = self.local.get(name)
            if isinstance(known, v.Constant) and isinstance(known.value, int | None):
                self.local[name] = v.Varying()

    def _with(self, statement: ast.With) -> bool:
        is_atomic = False
        for item in statement.items:
            if self._is_atomic(item.context_expr):
                is_atomic = True
                self._refuse_nesting(item.context_expr)
                continue
            value = self.value(item.context_expr)
            is_atomic = is_atomic or isinstance(value, v.Atomic | v.Editor)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value)
        return self._atomic(statement.body) if is_atomic else self._block(statement.body)

    def _is_atomic(self, node: ast.expr) -> bool:
        plain = node.func if isinstance(node, ast.Call) else node
        name = plain.attr if isinstance(plain, ast.Attribute) else getattr(plain, "id", "")
        return name == "atomic"

    def _refuse_nesting(self, node: ast.expr) -> None:
        """Note that Django refuses a durable transaction inside of another one of the same database."""
        given = [(one.arg, one.value) for one in node.keywords] if isinstance(node, ast.Call) else []
        is_durable = any(
            name == "durable" and isinstance(value, ast.Constant) and value.value is True
            for name, value in given
        )
        is_elsewhere = self.orm.models.alias != DEFAULT_DB_ALIAS or len(given) > 1
        if is_durable and not is_elsewhere and not getattr(node, "args", ()) and not self.orm.doubts:
            statement = "transaction.atomic(durable=True)"
            self.orm.emit(iter((r.Alone(table="", origin=self.orm.place.origin, statement=statement),)))

    def _atomic(self, body: Sequence[ast.stmt]) -> bool:
        """A transaction around a loop holds all its rows; one inside of a loop holds those of a round."""
        self.orm.atomics += 1
        if self.orm.loops:
            left = self._block(body)
        else:
            self._bound(r.Boundary.OPEN)
            left = self._block(body)
            self._bound(r.Boundary.CLOSE)
        self.orm.atomics -= 1
        return left

    def _bound(self, boundary: r.Boundary) -> None:
        self.orm.emit(iter((r.Transaction(table="", boundary=boundary),)))

    def _try(self, statement: ast.Try) -> bool:
        is_doubt = catches(statement.handlers)
        self.orm.doubts += is_doubt
        left = self._block([*statement.body, *statement.orelse])
        self.orm.doubts -= is_doubt
        others = [self._block(handler.body) for handler in statement.handlers]
        ended = self._block(statement.finalbody)
        return ended or (left and all(others))


def _loaded(target: ast.expr) -> ast.expr:
    """The target of an assignment as a value."""
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    return target


def _written_out(value: v.Value) -> list[v.Value] | None:
    """Return the items of a list that is written out; None for what is not."""
    if not isinstance(value, v.Constant):
        return None
    inner = value.value
    if isinstance(inner, dict):
        inner = list(inner)
    if not isinstance(inner, list | tuple | set | frozenset):
        return None
    return [one if isinstance(one, v.Value) else v.Constant(one) for one in inner]
