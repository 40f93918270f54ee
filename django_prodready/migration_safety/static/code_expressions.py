"""Says what an expression of Python stands for."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any, ClassVar

from django_prodready.migration_safety.static import code_values as v
from django_prodready.migration_safety.static.code_calls import Calls
from django_prodready.migration_safety.static.sql_place import MARK

_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


class Expressions(Calls):
    """Finds the values of expressions."""

    handlers: ClassVar[dict[type, Callable[[Any, Any], v.Value]]] = {}

    def value(self, node: ast.expr) -> v.Value:
        """Return what an expression stands for; its effects are noted."""
        handler = self.handlers.get(type(node))
        if handler is not None:
            return handler(self, node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child)
        return v.UNKNOWN

    def _attribute(self, node: ast.Attribute) -> v.Value:
        return self.attribute(self.value(node.value), node.attr)

    def _call(self, node: ast.Call) -> v.Value:
        function = self.value(node.func)
        given = [self.value(one.value if isinstance(one, ast.Starred) else one) for one in node.args]
        named: dict[str, v.Value] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value, v.Constant) and isinstance(value.value, dict):
                named.update({str(key): one for key, one in value.value.items()})
            elif isinstance(function, v.Bound) and isinstance(function.owner, v.Rows):
                given.append(v.UNKNOWN)  # conditions or annotations that are not known
        return self.called(function, given, named)

    def _list(self, node: ast.List | ast.Tuple | ast.Set) -> v.Value:
        values = [self.value(one) for one in node.elts]
        if not values and isinstance(node, ast.List):
            return v.Items(loops=self.orm.loops)
        return v.Constant([one.value if isinstance(one, v.Constant) else one for one in values])

    def _dict(self, node: ast.Dict) -> v.Value:
        found = {}
        for key, value in zip(node.keys, node.values, strict=True):
            known = self.value(key) if key is not None else v.UNKNOWN
            inner = self.value(value)
            if isinstance(known, v.Constant) and isinstance(known.value, str | int):
                found[known.value] = inner
        return v.Constant(found)

    def _binary(self, node: ast.BinOp) -> v.Value:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(left, v.Condition) or isinstance(right, v.Condition):
            connector = "or" if isinstance(node.op, ast.BitOr) else "and"
            return v.Condition(connector, parts=(left, right))
        compute = _OPERATORS.get(type(node.op))
        if compute is not None and isinstance(left, v.Constant) and isinstance(right, v.Constant):
            return computed(compute, left.value, right.value)
        if isinstance(left, v.Constant) and isinstance(left.value, str) and isinstance(node.op, ast.Mod):
            return v.UNKNOWN
        names = (one.names for one in (left, right) if isinstance(one, v.Reference))
        if found := tuple(name for one in names for name in one):
            return v.Reference(found)
        share = v.covers(left) if v.covers(left) is not None else v.covers(right)
        return v.Varying(share) if share is not None else v.UNKNOWN

    def _unary(self, node: ast.UnaryOp) -> v.Value:
        inner = self.value(node.operand)
        if isinstance(node.op, ast.Invert):
            return v.Condition("not", parts=(inner,))
        if isinstance(node.op, ast.USub) and isinstance(inner, v.Constant):
            return computed(operator.sub, 0, inner.value)
        return v.UNKNOWN

    def _text(self, node: ast.JoinedStr) -> v.Value:
        texts: list[str] = []
        for part in node.values:
            value = self.value(part.value) if isinstance(part, ast.FormattedValue) else self.value(part)
            if isinstance(value, v.Constant) and isinstance(value.value, str | int):
                texts.append(str(value.value))
            elif v.covers(value) is not None:
                texts.append("%s")
            else:
                texts.append(MARK if "".join(texts).endswith('"') else f'"{MARK}"')
        return v.Constant("".join(texts))

    def _subscript(self, node: ast.Subscript) -> v.Value:
        owner, key = self.value(node.value), node.slice
        if isinstance(owner, v.Rows):
            is_part = isinstance(key, ast.Slice)
            return owner.sliced(is_repeated=self.orm.loops > 0) if is_part else self.first_of(owner)
        if isinstance(owner, v.Items):
            chunk = v.Items(owner.item, owner.loops, owner.is_many, is_flushed=True)
            return chunk if isinstance(key, ast.Slice) else owner.item or v.UNKNOWN
        at = self.value(key) if not isinstance(key, ast.Slice) else v.UNKNOWN
        if isinstance(owner, v.Constant) and isinstance(at, v.Constant):
            return computed(operator.getitem, owner.value, at.value)
        return owner if isinstance(owner, v.Varying) else v.UNKNOWN

    def _named(self, node: ast.NamedExpr) -> v.Value:
        found = self.value(node.value)
        self.assign(node.target, found)
        return found

    def assign(self, target: ast.expr, value: v.Value) -> None:
        """Give a name, an attribute or several names a value."""
        if isinstance(target, ast.Name):
            old = self.local.get(target.id)
            if isinstance(old, v.Items) and isinstance(value, v.Items) and self.orm.loops > old.loops:
                self.flush(old)
                value = old
            self.local[target.id] = value
        elif isinstance(target, ast.Attribute):
            self._set(self.value(target.value), target.attr, value)
        elif isinstance(target, ast.Tuple | ast.List):
            inner = value.value if isinstance(value, v.Constant) else None
            parts = inner if isinstance(inner, list | tuple) else []
            for number, one in enumerate(target.elts):
                part = parts[number] if number < len(parts) else self.part_of(value)
                self.assign(one, part if isinstance(part, v.Value) else v.Constant(part))

    def _set(self, owner: v.Value, name: str, value: v.Value) -> None:
        """Give an attribute a value."""
        if isinstance(owner, v.Row):
            owner.changed[name] = value
        elif isinstance(owner, v.Part):
            owner.changed[name] = v.UNKNOWN if self.orm.doubts else value
        elif isinstance(owner, v.Model):
            self.orm.patched.add(name)


def computed(compute: Callable[[Any, Any], Any], left: Any, right: Any) -> v.Value:
    """Compute with plain values; unknown where that fails."""
    if compute is operator.mul and not (isinstance(left, int) and isinstance(right, int)):
        return v.UNKNOWN
    try:
        found = compute(left, right)
    except Exception:  # noqa: BLE001 - values of the project's own code
        return v.UNKNOWN
    if isinstance(found, v.Value):
        return found
    return v.Constant(found)


Expressions.handlers = {
    ast.Attribute: Expressions._attribute,
    ast.BinOp: Expressions._binary,
    ast.Call: Expressions._call,
    ast.Constant: lambda _, node: v.Constant(node.value),
    ast.Dict: Expressions._dict,
    ast.JoinedStr: Expressions._text,
    ast.Lambda: lambda self, node: v.Local(node, self.local, self.names),
    ast.List: Expressions._list,
    ast.Name: lambda self, node: self.named(node.id),
    ast.NamedExpr: Expressions._named,
    ast.Set: Expressions._list,
    ast.Subscript: Expressions._subscript,
    ast.Tuple: Expressions._list,
    ast.UnaryOp: Expressions._unary,
}
