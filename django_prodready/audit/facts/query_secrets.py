"""Secrets in the query string of health paths: who reads them there, and who sends them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.proxy import is_elsewhere, without_comments
from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["SecretUse", "asked_with_secret", "views_with_secret"]

_SECRET = re.compile(r"(?:^|[_-])(?:secret|token|key|apikey|password|passwd|pwd)$", re.IGNORECASE)
_HEALTH_NAME = re.compile(
    r"health|readiness|liveness|heartbeat|(?<![a-z])(?:ready|readyz|livez?|alive|probe|ping)(?![a-z])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_READS_QUERY = re.compile(r"\.\s*(?:GET|query_params)\b")
_QUERIES = ("GET", "query_params")
# A health path with a query; what follows "=" is never kept.
_ASKED = re.compile(
    r"""(/(?:[\w-]+/)*(?:healthz?|health[_-]?check|readyz?|readiness|livez?|liveness|alive|ping|ht)(?:/[\w-]+)*/?)"""
    r"""\?([\w.\-]+=[^\s"'<>]*)""",
    re.IGNORECASE,
)
_FILES = (
    "Dockerfile*", "*.dockerfile", "Containerfile*", "*.yml", "*.yaml", "*.toml", "*.tf", "*.sh", "*.j2",
    "Procfile*", "*crontab*", "*.cron", "railway.json", "app.json", "*.service", "*.timer", "Makefile",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretUse:
    """One place that takes or sends a secret in the query string."""

    name: str  # of the view, or the path
    parameter: str
    at: Location
    is_used: bool = True  # whether anything else in the project names the view


def views_with_secret(facts: Facts) -> Iterator[SecretUse]:
    """Yield the project's health views that read a secret from the query string, each once."""
    for file in facts.files.served:
        text = facts.files.read(file) or ""
        if _READS_QUERY.search(text) and _HEALTH_NAME.search(text):
            yield from _in_module(facts, file, text)


def asked_with_secret(facts: Facts) -> Iterator[SecretUse]:
    """Yield the files that ask a health path with a secret in the query, each path and parameter once."""
    for file in facts.files.matching(*_FILES):
        if is_elsewhere(file):
            continue
        text = without_comments(facts.files.read(file) or "")
        found: dict[tuple[str, str], int] = {}
        for match in _ASKED.finditer(text):
            for parameter in re.findall(r"(?:^|[&;])([\w.\-]+)=", match[2]):
                if _SECRET.search(parameter):
                    found.setdefault((match[1], parameter), text.count("\n", 0, match.start()) + 1)
        for (path, parameter), line in found.items():
            yield SecretUse(name=path, parameter=parameter, at=Location(file, line))


def _in_module(facts: Facts, file: str, text: str) -> Iterator[SecretUse]:
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in module.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if not _HEALTH_NAME.search(_CAMEL.sub("_", node.name)):
            continue
        read = next(_parameters(node), None)
        if read is not None:
            parameter, line = read
            used = _is_used(facts, file, node.name)
            yield SecretUse(name=node.name, parameter=parameter, at=Location(file, line), is_used=used)


def _parameters(view: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the secrets that ``view`` reads by ``GET["x"]`` or ``GET.get("x")``, and their lines."""
    for node in ast.walk(view):
        key: ast.AST | None = None
        match node:
            case ast.Subscript(value=ast.Attribute(attr=name), slice=slice_) if name in _QUERIES:
                key = slice_
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(attr=name), attr="get" | "getlist"), args=[first, *_]
            ) if name in _QUERIES:
                key = first
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and _SECRET.search(key.value):
            yield key.value, key.lineno


def _is_used(facts: Facts, file: str, name: str) -> bool:
    word = re.compile(rf"\b{re.escape(name)}\b")
    for path in facts.files.served:
        uses = len(word.findall(facts.files.read(path) or ""))
        if uses > (1 if path == file else 0):
            return True
    return False
