"""Django's background tasks: the backends of ``TASKS`` and the project's functions that use them.

https://docs.djangoproject.com/en/stable/topics/tasks/, and for Django before 6.0 the package that it was
taken from: https://github.com/RealOrangeOne/django-tasks
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import django
from django.utils.module_loading import import_string

from django_prodready.audit.facts.celery_source import parse
from django_prodready.audit.facts.celery_values import last_name
from django_prodready.audit.facts.effective import value_of
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["DjangoTask", "find_django_tasks", "is_backend", "task_backends"]

_MODULES = frozenset({"django.tasks", "django_tasks"})
_SIGNS = ("django.tasks", "django_tasks", "from django import")
_IMPORTS = re.compile(r"\bdjango(?:\.tasks|_tasks)\b|\bfrom django import\b[^\n]*\btasks\b")
_IMMEDIATE = "django_tasks.backends.immediate.ImmediateBackend"  # of the package, where TASKS is not set


@dataclass(frozen=True, slots=True, kw_only=True)
class DjangoTask:
    """A function that is a task."""

    name: str
    backend: str | None  # the alias; None when it is computed
    at: Location


def task_backends(facts: Facts) -> Mapping[str, str]:
    """Return the dotted path of each backend by alias; empty where this project has no such tasks."""
    configured = value_of(facts.settings, "TASKS")
    if configured is None and facts.has_app("django_tasks"):
        configured = {"default": {"BACKEND": _IMMEDIATE}}
    if not isinstance(configured, Mapping):
        return {}
    found = {
        alias: str(entry["BACKEND"])
        for alias, entry in configured.items()
        if isinstance(entry, Mapping) and "BACKEND" in entry
    }
    # Before 6.0 Django has none: what is named so cannot be used.
    is_known = django.VERSION >= (6, 0)
    return {alias: path for alias, path in found.items() if is_known or not path.startswith("django.tasks.")}


def is_backend(dotted: str, name: str) -> bool:
    """Whether the class at ``dotted`` is, or derives from, the backend ``name`` of Django or the package."""
    paths = {f"{module}.backends.{name}" for module in _MODULES}
    if dotted in paths:
        return True
    try:
        backend = import_string(dotted)
    except Exception:  # noqa: BLE001 - any code may run while a user's module is imported
        return False
    bases = getattr(backend, "__mro__", ())
    return any(f"{base.__module__}.{base.__qualname__}" in paths for base in bases)


@functools.lru_cache(maxsize=1)
def find_django_tasks(facts: Facts) -> tuple[DjangoTask, ...]:
    """Find the tasks in the code that the site runs."""
    return tuple(task for file in facts.files.served for task in _tasks(file, facts.files.read(file) or ""))


def _tasks(file: str, text: str) -> Iterator[DjangoTask]:
    tree = parse(text) if any(sign in text for sign in _SIGNS) and _IMPORTS.search(text) else None
    if tree is None:
        return
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in _MODULES
        for alias in node.names
        if alias.name == "task"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                if _is_task(decorator, names):
                    yield DjangoTask(
                        name=node.name, backend=_alias(decorator), at=Location(file, decorator.lineno)
                    )


def _is_task(decorator: ast.expr, names: set[str]) -> bool:
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    if isinstance(target, ast.Name):
        return target.id in names
    is_module = isinstance(target, ast.Attribute) and last_name(target.value) in {"tasks", "django_tasks"}
    return is_module and last_name(target) == "task"


def _alias(decorator: ast.expr) -> str | None:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    node = next((each.value for each in keywords if each.arg == "backend"), ast.Constant("default"))
    return str(node.value) if isinstance(node, ast.Constant) else None
