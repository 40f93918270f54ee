"""The project's own Celery tasks, as its source shows them: their options, and how long they are put off.

https://docs.celeryq.dev/en/stable/userguide/tasks.html#list-of-options,
https://docs.celeryq.dev/en/stable/userguide/calling.html#eta-and-countdown
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.celery_source import parse
from django_prodready.audit.facts.celery_values import COMPUTED, evaluate, last_name, seconds
from django_prodready.audit.facts.effective import all_values
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["CeleryTask", "Delay", "find_delays", "find_tasks", "has_timetable"]

_CELERY = re.compile(r"celery|shared_task|apply_async", re.IGNORECASE)
# Whether a file is worth parsing: words, which are quick to look for, and then what they stand in.
_DECORATES = (
    ("shared_task", ".task"),
    re.compile(r"\bshared_task\b|^[ \t]*@[ \t]*[\w.]+\.task\b", re.MULTILINE),
)
_PUTS_OFF = (("countdown", "eta=", "eta ="), re.compile(r"\b(?:countdown|eta)[ \t]*="))
_CALLS = frozenset({"apply_async", "retry", "send_task", "set", "signature"})
_NOW = frozenset({"now", "utcnow"})
_TIMETABLE = re.compile(r"\bcrontab\(|\bsolar\(")


@dataclass(frozen=True, slots=True, kw_only=True)
class CeleryTask:
    """One task: a function with Celery's decorator."""

    name: str  # of the function
    options: Mapping[str, Any]  # COMPUTED where the source does not show the value
    at: Location

    def value(self, option: str) -> Any:
        """Return what the decorator sets ``option`` to; None for nothing, or what is not to be seen."""
        value = self.options.get(option)
        return None if value is COMPUTED else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """One call that asks for a task at a later time."""

    words: str  # "countdown" or "eta"
    seconds: float
    at: Location


@functools.lru_cache(maxsize=1)
def find_tasks(facts: Facts) -> tuple[CeleryTask, ...]:
    """Find the tasks in the code that the site runs."""
    settings = all_values(facts.settings)
    return tuple(
        task
        for file, node in _nodes(facts, _DECORATES)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for task in _tasks(file, node, settings)
    )


@functools.lru_cache(maxsize=1)
def find_delays(facts: Facts) -> tuple[Delay, ...]:
    """Find the calls that ask for a task later, where the source shows by how much."""
    settings = all_values(facts.settings)
    return tuple(
        delay
        for file, node in _nodes(facts, _PUTS_OFF)
        if isinstance(node, ast.Call) and last_name(node.func) in _CALLS
        for delay in _delays(file, node, settings)
    )


def has_timetable(facts: Facts) -> bool:
    """Whether something of the project is due at a time of the day."""
    return facts.has_app("django_celery_beat") or any(
        _TIMETABLE.search(facts.files.read(file) or "") for file in facts.files.served
    )


def _nodes(facts: Facts, sign: tuple[tuple[str, ...], re.Pattern[str]]) -> Iterator[tuple[str, ast.AST]]:
    words, pattern = sign
    for file in facts.files.served:
        text = facts.files.read(file) or ""
        is_worth = any(word in text for word in words) and pattern.search(text) and _CELERY.search(text)
        tree = parse(text) if is_worth else None
        if tree is not None:
            yield from ((file, node) for node in ast.walk(tree))


def _tasks(
    file: str, function: ast.FunctionDef | ast.AsyncFunctionDef, settings: Mapping[str, Any]
) -> Iterator[CeleryTask]:
    for decorator in function.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        # Not a bare `task`: that is Django's, and other libraries'.
        if last_name(target) == "shared_task" or (
            isinstance(target, ast.Attribute) and target.attr == "task"
        ):
            keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
            options = {each.arg: evaluate(each.value, settings) for each in keywords if each.arg}
            yield CeleryTask(name=function.name, options=options, at=Location(file, decorator.lineno))


def _delays(file: str, call: ast.Call, settings: Mapping[str, Any]) -> Iterator[Delay]:
    for keyword in call.keywords:
        if keyword.arg == "countdown":
            value = evaluate(keyword.value, settings)
        elif keyword.arg == "eta":
            value = _from_now(keyword.value, settings)
        else:
            continue
        number = seconds(value)
        if number is not None:
            yield Delay(words=keyword.arg, seconds=number, at=Location(file, keyword.value.lineno))


def _from_now(node: ast.expr, settings: Mapping[str, Any]) -> Any:
    """Return what is added to now in ``now() + timedelta(…)``."""
    match node:
        case ast.BinOp(left=ast.Call(func=function), op=ast.Add(), right=added) if (
            last_name(function) in _NOW
        ):
            return evaluate(added, settings)
    return COMPUTED
