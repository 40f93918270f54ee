"""The Celery application in the project's own source: where it is made and what it is told there.

Read, never imported: https://docs.celeryq.dev/en/stable/userguide/application.html#configuration
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.celery_values import COMPUTED, evaluate, last_name
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["AppSource", "Written", "assignments", "find_apps", "imports_celery", "parse"]

_IMPORTS = re.compile(r"^[ \t]*(?:from|import)[ \t]+celery\b", re.MULTILINE)
_DJANGO_SETTINGS = re.compile(r"django\.conf[.:]settings")
# https://docs.celeryq.dev/en/stable/reference/celery.html#celery.Celery: what else becomes an option
_ARGUMENTS = {"broker": "broker_url", "backend": "result_backend", "include": "include"}
_OWN_ARGUMENTS = frozenset(
    {
        "accept_magic_kwargs", "amqp", "autofinalize", "changes", "config_source", "control",
        "events", "fixups", "loader", "log", "main", "namespace", "set_as_current", "strict_typing",
        "task_cls", "tasks",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A value that is given to an option, and where."""

    value: Any  # COMPUTED when the source does not show it
    at: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSource:
    """One application."""

    file: str
    variable: str  # "app"
    is_configured: bool  # whether it is told where its configuration is
    module: str | None  # the module that it is in; None when it is Django's settings, or not to be seen
    is_django: bool  # whether it is in Django's settings
    namespace: str | None  # "CELERY"
    values: Mapping[str, Written]  # what the application itself is given, by option


def find_apps(facts: Facts, settings: Mapping[str, Any]) -> tuple[AppSource, ...]:
    """Find the applications in the code that the site runs. ``settings`` are Django's."""
    apps: list[AppSource] = []
    for file in facts.files.served:
        text = facts.files.read(file) or ""
        tree = parse(text) if "Celery(" in text and "celery" in text else None
        if tree is not None:
            apps += _Reader(file, settings).read(tree)
    return tuple(apps)


def imports_celery(facts: Facts) -> bool:
    """Whether code that the site runs imports Celery."""
    texts = (facts.files.read(file) or "" for file in facts.files.served)
    return any(_IMPORTS.search(text) for text in texts if "celery" in text)


def assignments(text: str, file: str, settings: Mapping[str, Any]) -> dict[str, Written]:
    """Return what a module of configuration assigns, by name."""
    found: dict[str, Written] = {}
    for statement, is_certain in _statements(parse(text) or ast.Module([], [])):
        for target, value in _assigned(statement):
            if isinstance(target, ast.Name):
                found[target.id] = _written(value, file, settings, is_certain=is_certain)
    return found


def parse(text: str) -> ast.Module | None:
    """Return the tree of a module; None when it is no Python that this interpreter knows."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Reader:
    """Reads one module."""

    def __init__(self, file: str, settings: Mapping[str, Any]) -> None:
        self._file = file
        self._settings = settings
        self._values: dict[str, dict[str, Written]] = {}  # by variable
        self._sources: dict[str, ast.Call] = {}

    def read(self, tree: ast.Module) -> Iterator[AppSource]:
        for statement, is_certain in _statements(tree):
            for target, value in _assigned(statement):
                self._assign(target, value, is_certain=is_certain)
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                self._call(statement.value, is_certain=is_certain)
        for variable, values in self._values.items():
            yield self._app(variable, values)

    def _assign(self, target: ast.expr, value: ast.expr, *, is_certain: bool) -> None:
        if isinstance(value, ast.Call) and last_name(value.func).endswith("Celery"):
            self._values[last_name(target)] = dict(self._arguments(value, is_certain=is_certain))
            return
        # app.conf.name = …, app.conf["name"] = …
        holder = target.value if isinstance(target, ast.Attribute | ast.Subscript) else None
        values = self._values_of_conf(holder)
        if values is not None:
            option = target.attr if isinstance(target, ast.Attribute) else _key(target)
            if option is not None:
                values[option] = self._written(value, is_certain=is_certain)

    def _call(self, call: ast.Call, *, is_certain: bool) -> None:
        function = call.func
        if not isinstance(function, ast.Attribute):
            return
        if function.attr == "config_from_object" and last_name(function.value) in self._values:
            self._sources[last_name(function.value)] = call
        values = self._values_of_conf(function.value)
        if function.attr == "update" and values is not None:
            for option, value in _items(call):
                values[option] = self._written(value, is_certain=is_certain)

    def _arguments(self, call: ast.Call, *, is_certain: bool) -> Iterator[tuple[str, Written]]:
        for keyword in call.keywords:
            if keyword.arg is not None and keyword.arg not in _OWN_ARGUMENTS:
                option = _ARGUMENTS.get(keyword.arg, keyword.arg)
                yield option, self._written(keyword.value, is_certain=is_certain)

    def _values_of_conf(self, node: ast.expr | None) -> dict[str, Written] | None:
        if isinstance(node, ast.Attribute) and node.attr == "conf":
            return self._values.get(last_name(node.value))
        return None

    def _written(self, node: ast.expr, *, is_certain: bool) -> Written:
        return _written(node, self._file, self._settings, is_certain=is_certain)

    def _app(self, variable: str, values: Mapping[str, Written]) -> AppSource:
        call = self._sources.get(variable)
        named = {keyword.arg: keyword.value for keyword in call.keywords} if call else {}
        node = next(iter(call.args), named.get("obj")) if call else None
        source = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
        is_django = bool(source and _DJANGO_SETTINGS.fullmatch(source)) or (
            node is not None and last_name(node) == "settings"
        )
        return AppSource(
            file=self._file,
            variable=variable,
            is_configured=call is not None,
            module=None if is_django or source is None else source.replace(":", "."),
            is_django=is_django,
            namespace=_namespace(named.get("namespace")),
            values=values,
        )


def _namespace(node: ast.expr | None) -> str | None:
    """Return the namespace; what nearly everybody writes where the source does not show it."""
    if node is None:
        return None
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    return "CELERY"


def _statements(tree: ast.AST, *, is_certain: bool = True) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield what runs when the module is imported, and whether it always does."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(child, ast.stmt):
            yield child, is_certain
        yield from _statements(child, is_certain=is_certain and isinstance(child, ast.With))


def _assigned(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield target, statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        yield statement.target, statement.value


def _items(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    for argument in call.args:
        if isinstance(argument, ast.Dict):
            for key, value in zip(argument.keys, argument.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield str(key.value), value
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield keyword.arg, keyword.value


def _key(node: ast.expr) -> str | None:
    """Return the key of ``x["key"]``."""
    index = node.slice if isinstance(node, ast.Subscript) else None
    return str(index.value) if isinstance(index, ast.Constant) else None


def _written(node: ast.expr, file: str, settings: Mapping[str, Any], *, is_certain: bool) -> Written:
    return Written(evaluate(node, settings) if is_certain else COMPUTED, Location(file, node.lineno))
