"""The variables that the project's class of settings declares, and those that its files speak of at all."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection
from typing import TYPE_CHECKING

from django_prodready.audit.facts.env_files import is_env_file
from django_prodready.audit.facts.env_problems import class_of
from django_prodready.audit.facts.files import read_bytes
from django_prodready.settings import records
from django_prodready.settings.settling import fields_of

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.settings.environment.field import Field

__all__ = ["declared_fields", "mentioned", "spellings"]

# Texts that something runs, fills in or hands on. Prose mentions a variable long after the last reader went.
_RUN = re.compile(
    r"(?:^|/)[^/.]+$|\.(?:bash|cfg|cjs|conf|Dockerfile|dockerfile|html|ini|j2|js|json|jsx|mjs|mk|nix|py|service|sh|tf"
    r"|tfvars|toml|tmpl|tpl|ts|tsx|vue|ya?ml|zsh)$|(?:^|/)Dockerfile[^/]*$"
)


def declared_fields(facts: Facts) -> tuple[Field, ...]:
    """Return the fields of the class that the settings module applied, or tried to; none without one."""
    cls = class_of(facts.load_failure) if facts.load_failure is not None else _applied(facts.settings_module)
    return () if cls is None else tuple(fields_of(cls))


def spellings(fields: Collection[Field]) -> frozenset[str]:
    """Return the variables of ``fields``, with those that name the file of a secret."""
    files = {f"{field.variable}_FILE" for field in fields if field.is_secret}
    return frozenset({field.variable for field in fields} | files)


def _applied(module: str | None) -> type | None:
    """Return the class that the loaded settings module applied last."""
    record = records.latest()
    is_of_these = record is not None and record.module == module and module in sys.modules
    return record.cls if record is not None and is_of_these else None


def mentioned(facts: Facts, names: Collection[str]) -> frozenset[str]:
    """Return those of ``names`` that any file has which runs, or hands variables on; prose does not count."""
    left = {name: re.compile(rb"(?<!\w)" + name.encode() + rb"(?!\w)") for name in names}
    found: set[str] = set()
    for path in facts.files.paths:
        if not left:
            break
        if not _RUN.search(path) or is_env_file(path):
            continue
        content = read_bytes(facts.root / path) or b""
        here = {name for name, word in left.items() if name.encode() in content and word.search(content)}
        found |= here
        for name in here:
            del left[name]
    return frozenset(found)
