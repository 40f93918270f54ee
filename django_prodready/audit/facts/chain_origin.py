"""Which step of the settings chain gave a value: the last one that can have."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from django_prodready.audit.facts.chain_steps import ANY, Action, Key, Step, as_dict
from django_prodready.audit.facts.chain_values import (
    MISSING,
    UNKNOWN,
    Fit,
    Known,
    at,
    flatten,
    hide,
    judge,
    judge_merge,
)

__all__ = ["Origins", "Spot"]

Keys = Sequence[Key | Known]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place, and how well it explains the value."""

    fit: Fit
    file: str
    line: int

    def within(self, node: ast.AST, fit: Fit) -> Spot:
        """The place of a node inside this one."""
        return Spot(fit, self.file, getattr(node, "lineno", self.line))


class Origins:
    """Answers for steps that stand in the order in which they were run."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps: dict[str, list[tuple[int, Step]]] = defaultdict(list)
        for order, step in enumerate(steps):
            self._steps[step.name].append((order, step))
        self._end = len(steps)

    def find(self, name: str, keys: Keys, value: Any, *, before: int | None = None) -> Spot | None:
        """Return the best place for what lies at ``keys`` of ``name``, or None when nothing touches it.

        ``value`` is the effective value of ``name``, ``UNKNOWN`` when it is not known. The later
        of two equally good places wins. ``before`` leaves out the steps from that one on.
        """
        end = self._end if before is None else before
        best: Spot | None = None
        for order, step in reversed(self._steps.get(name, ())):
            if order >= end:
                continue
            spot = self._judge_step(step, order, keys, value)
            if spot is None:
                value = _hide_change(step, value)
                continue
            if best is None or spot.fit > best.fit:
                best = spot
            if _ends_search(step, spot, keys):
                break
            if spot.fit > Fit.NO or step.action is Action.REMOVE:
                keys, value = _before(step, keys, value)
        return best

    def assignment(self, name: str, value: Any) -> Step | None:
        """Return the last plain assignment of ``name`` that can have given ``value``, else the last one."""
        found = [step for _, step in self._steps.get(name, ()) if step.action is Action.SET and not step.keys]
        fitting = (step for step in reversed(found) if judge(step.value, value) is not Fit.NO)
        return next(fitting, found[-1] if found else None)

    def _judge_step(self, step: Step, order: int, keys: Keys, value: Any) -> Spot | None:
        """Return what one step has to do with ``keys``; None when it is about another part."""
        if not all(_same(own, asked) for own, asked in zip(step.keys, keys, strict=False)):
            return None
        spot = Spot(Fit.MAYBE, step.file, step.line)
        depth = len(step.keys)
        for key in [*keys[:depth], *step.keys[len(keys) :]]:
            value = at(value, key)
        if depth > len(keys):
            fit = judge(step.value if step.action is Action.SET else None, value)
            return replace(spot, fit=min(fit, Fit.MAYBE))
        look = _Look(self, order)
        if step.action is Action.SET:
            return look.assigned(step.value, keys[depth:], value, spot)
        if step.action is Action.EXTEND:
            return look.extended(step.value, keys[depth:], value, spot)
        if step.action is Action.MERGE:
            return look.merged(step.value, keys[depth:], value, spot)
        return look.removed(step.value, value, spot) if depth == len(keys) else replace(spot, fit=Fit.NO)


class _Look:
    """Looks into the right side of one step."""

    def __init__(self, origins: Origins, order: int) -> None:
        self.origins = origins
        self.order = order

    def assigned(self, node: ast.expr | None, keys: Keys, value: Any, spot: Spot) -> Spot:
        fit = judge(node, value)
        found = self.inside(node, keys, value, replace(spot, fit=fit))
        if not keys and fit is Fit.LIKELY and _is_empty(node):
            return replace(spot, fit=Fit.ABSENT)
        return replace(found, fit=Fit.NO) if fit is Fit.NO else found

    def extended(self, node: ast.expr | None, keys: Keys, value: Any, spot: Spot) -> Spot:
        if not keys and isinstance(value, str | int | float):
            return replace(spot, fit=Fit.LIKELY)
        parts = list(flatten(node))
        if not keys:
            items = [item for is_one, item in parts if is_one]
            return replace(spot, fit=Fit.MAYBE if _holds_all(value, items) else Fit.NO)
        element = at(value, keys[0])  # whose position is not known in the part that was added
        return self.in_list(parts, [Known(None, element), *keys[1:]], element, spot)

    def merged(self, node: ast.expr | None, keys: Keys, value: Any, spot: Spot) -> Spot | None:
        if not isinstance(node, ast.Dict) or judge_merge(node, value) is Fit.NO:
            return replace(spot, fit=Fit.NO)
        if not keys:
            return spot
        found = self.in_dict(node, keys, value, spot)
        return None if found.fit is Fit.ABSENT else found

    def removed(self, node: ast.expr | None, value: Any, spot: Spot) -> Spot:
        return replace(spot, fit=Fit.NO if _holds_all(value, [node] if node else []) else Fit.LIKELY)

    def inside(self, node: ast.expr | None, keys: Keys, value: Any, spot: Spot) -> Spot:
        """Descend as far as the source shows; ``spot`` is the place reached so far."""
        if not keys:
            return replace(spot, fit=judge(node, value))
        if isinstance(node, ast.IfExp):
            fits_body = judge(node.body, value) >= judge(node.orelse, value)
            return self.inside(node.body if fits_body else node.orelse, keys, value, spot)
        mapping = as_dict(node)
        if mapping is not None:
            return self.in_dict(mapping, keys, value, spot)
        parts = list(flatten(node))
        if len(parts) == 1 and parts[0] == (False, node):
            found = self.named(node, keys, value)
            return found if found is not None and found.fit > Fit.ABSENT else replace(spot, fit=Fit.LIKELY)
        return self.in_list(parts, keys, at(value, keys[0]), spot)

    def in_dict(self, node: ast.Dict, keys: Keys, value: Any, spot: Spot) -> Spot:
        best = replace(spot, fit=Fit.ABSENT)
        asked = keys[0].key if isinstance(keys[0], Known) else keys[0]
        for key, item in reversed(list(zip(node.keys, node.values, strict=True))):
            if key is None:
                found = self.named(item, keys, value) or spot.within(item, Fit.MAYBE)
                found = replace(found, fit=min(found.fit, Fit.MAYBE)) if found.fit is Fit.LIKELY else found
            elif not isinstance(key, ast.Constant):
                found = spot.within(key, Fit.MAYBE)
            elif key.value == asked:
                found = self.inside(item, keys[1:], at(value, keys[0]), spot.within(key, Fit.LIKELY))
            else:
                continue
            if found.fit is Fit.SURE or isinstance(key, ast.Constant):
                return max(found, best, key=lambda each: each.fit)
            best = max(best, found, key=lambda each: each.fit)
        return best

    def in_list(self, parts: list[tuple[bool, ast.expr]], keys: Keys, value: Any, spot: Spot) -> Spot:
        """Find the element ``value``: at its position if that is decided, else where it is spelled out."""
        position = keys[0]
        leading = list(takewhile(lambda part: part[0], parts))
        if isinstance(position, int) and position < len(leading):
            item = leading[position][1]
            if judge(item, value) is not Fit.NO:
                return self.inside(item, keys[1:], value, spot.within(item, Fit.LIKELY))
        best = replace(spot, fit=Fit.ABSENT)
        for is_one, item in parts:
            found = self.element(is_one, item, keys, value, spot)
            best = max(best, found, key=lambda each: each.fit)
        return best

    def element(self, is_one: bool, item: ast.expr, keys: Keys, value: Any, spot: Spot) -> Spot:
        here = spot.within(item, Fit.MAYBE)
        if not is_one:
            found = self.named(item, [Known(None, value), *keys[1:]], UNKNOWN)
            if found is None:
                return here
            return found if found.fit is Fit.SURE else replace(here, fit=min(found.fit, Fit.MAYBE))
        fit = judge(item, value)
        if fit is Fit.NO or value is UNKNOWN:
            return replace(here, fit=Fit.ABSENT)
        found = self.inside(item, keys[1:], value, here)
        return replace(found, fit=fit if fit is Fit.SURE else Fit.MAYBE)

    def named(self, node: ast.expr | None, keys: Keys, value: Any) -> Spot | None:
        """Look into another name, as in ``APPS = DJANGO_APPS + LOCAL_APPS``; None if it is none."""
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
        return None if name is None else self.origins.find(name, keys, value, before=self.order)


def _ends_search(step: Step, spot: Spot, keys: Keys) -> bool:
    if spot.fit is Fit.SURE:
        return True
    replaces = step.action is Action.SET and len(step.keys) <= len(keys)
    return replaces and not step.conditional and spot.fit > Fit.NO


def _before(step: Step, keys: Keys, value: Any) -> tuple[Keys, Any]:
    """Return ``keys`` and ``value`` as the steps before this one can have left them.

    What it changed is hidden, except the place that is asked for.
    """
    depth = len(step.keys)
    if step.action is Action.SET and depth <= len(keys):
        return keys, value
    if depth >= len(keys):
        return keys, _hide_change(step, value)
    asked = keys[depth]
    inner = value
    for key in keys[: depth + 1]:
        inner = at(inner, key)
    name = asked.key if isinstance(asked, Known) else asked
    known = Known(name if step.action is Action.MERGE else None, inner)
    return [*keys[:depth], known, *keys[depth + 1 :]], hide(value, step.keys)


def _hide_change(step: Step, value: Any) -> Any:
    if step.action is not Action.MERGE or not isinstance(step.value, ast.Dict):
        return hide(value, step.keys)
    for key in step.value.keys:
        value = hide(value, [*step.keys, key.value if isinstance(key, ast.Constant) else ANY])
    return value


def _same(own: Key, asked: Key | Known) -> bool:
    if isinstance(asked, Known):
        return asked.key is None or own is ANY or own == asked.key
    return own is ANY or own == asked


def _holds_all(value: Any, items: list[ast.expr]) -> bool:
    """Whether every element that is spelled out is in ``value``; true when that cannot be told."""
    if not isinstance(value, list | tuple | set | frozenset):
        return value is not MISSING
    return all(any(judge(item, member) is not Fit.NO for member in value) for item in items)


def _is_empty(node: ast.expr | None) -> bool:
    mapping = as_dict(node)
    if mapping is not None:
        return not mapping.keys
    return isinstance(node, ast.List | ast.Tuple) and not node.elts
