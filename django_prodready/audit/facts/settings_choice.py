"""Which settings module a server uses: what deployment files set, what entry points default to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.reporting.finding import Location

if TYPE_CHECKING:
    from django_prodready.audit.facts.files import Files

__all__ = ["VARIABLE", "Choice", "defaults_in", "deployed"]

VARIABLE = "DJANGO_SETTINGS_MODULE"

# Where deployments set variables: images, compositions, platforms, services, charts, scripts.
_DEPLOYMENT = (
    "Dockerfile*", "*.dockerfile", "*.Dockerfile", "Containerfile*", "Procfile*", "*.env", ".env*",
    ".envs/**",
    "*.yml", "*.yaml", "*.toml", "*.service", "*.conf", "*.cfg", "*.ini", "*.sh", "*.tf", "*.tpl", "*.j2",
    "app.json", "zappa_settings.json", "gunicorn*.py", "bin/**", "Makefile", "justfile",
)  # fmt: skip
# Files of those names that configure tests, tools and one's own machine.
_NOT_DEPLOYMENT = re.compile(
    r"(?:^|/)(?:tox\.ini|setup\.cfg|pytest\.ini|mypy\.ini|pyproject\.toml|\.travis\.yml|\.gitlab-ci\.yml)$"
    r"|^\.(?:github|circleci|vscode|devcontainer)/"
    r"|(?:^|[/._-])(?:dev|devel|development|local|test|tests|testing|ci|docs?|examples?|samples?|template|dist)(?:[/._-]|$)"
)
# NAME=value, NAME: value, ENV NAME value, {"name": "NAME", "value": "…"}, and the YAML of the latter.
_MENTION = re.compile(
    rf"""\b{VARIABLE}\b["']?
         (?:(?:\s*,?\s*(?:-\s*)?["']?value["']?)?\s*[=:]\s*|[ \t]+|\s*,\s*(?=["']))["']?
         (?:\$\{{{VARIABLE}:?-)?
         (?P<module>[A-Za-z_]\w*(?:\.\w+)*)?""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Choice:
    """A settings module, and the place that names it."""

    module: str | None  # None when the place computes it
    at: Location | None  # None when it is no file, but the environment


def deployed(files: Files) -> Iterator[Choice]:
    """Yield what deployment files set the variable to, without those of tests, examples and own machines."""
    for path in files.matching(*_DEPLOYMENT):
        if _NOT_DEPLOYMENT.search(path):
            continue
        text = files.read(path) or ""
        if VARIABLE in text:
            text = _COMMENT.sub("", text)
            for match in _MENTION.finditer(text):
                yield Choice(match["module"], Location(path, text.count("\n", 0, match.start()) + 1))


def defaults_in(files: Files, path: str) -> tuple[Choice, ...]:
    """Return the modules that one Python file, such as a wsgi.py, writes into the variable as literals."""
    text = files.read(path) or ""
    if VARIABLE not in text:
        return ()
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return ()
    return tuple(choice for node in ast.walk(tree) for choice in _choices(node, path))


def _choices(node: ast.AST, path: str) -> Iterator[Choice]:
    """Yield the literal in ``os.environ.setdefault(NAME, …)`` or ``os.environ[NAME] = …``."""
    match node:
        case ast.Call(func=ast.Attribute(attr="setdefault"), args=[name, module]):
            pass
        case ast.Assign(targets=[ast.Subscript(slice=name)], value=module):
            pass
        case _:
            return
    match name, module:
        case ast.Constant(value=variable), ast.Constant(value=str(value)) if variable == VARIABLE:
            yield Choice(value, Location(path, module.lineno))
