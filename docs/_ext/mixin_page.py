"""Writes the page of all mixins, with their options and variables, from the classes themselves."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django_prodready import settings
from django_prodready.settings import SettingsMixin
from django_prodready.settings.declared import Computed, Option
from django_prodready.settings.settling import declared_in, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx

    from django_prodready.settings.environment.field import Field

NAME = "mixins.md"
INTRODUCTION = """\
# The mixins

What each one reads and sets. How they are used is told in [hardened settings](settings.md). An option is an
attribute of your class; a variable is one of the environment, and its name is an attribute of your class too.
`manage.py prodsettings --env-template` writes the variables of your own class down.

"""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("builder-inited", write_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def write_page(app: Sphinx) -> None:
    """Write the page anew, unless nothing has changed."""
    path, text = Path(app.srcdir) / NAME, INTRODUCTION + "\n".join(map(section, mixins()))
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def mixins() -> Iterable[type[SettingsMixin]]:
    """The public mixins by name, Production first."""
    found = [value for name in settings.__all__ if isinstance(value := getattr(settings, name), type)]
    classes = [value for value in found if issubclass(value, SettingsMixin) and value is not SettingsMixin]
    return sorted(classes, key=lambda cls: (cls is not settings.Production, cls.__name__))


def section(cls: type[SettingsMixin]) -> str:
    """One mixin's section."""
    module = inspect.getmodule(cls)
    lead = (module.__doc__ or "").strip() if module else ""
    parts = [f"## {cls.__name__}\n", text_of(lead), text_of(inspect.getdoc(cls) or "")]
    if cls is not settings.Production:
        own = {name: one for name, one in declared_in(cls).items() if getattr(one, "owner", None) is cls}
        options = {name: one for name, one in own.items() if isinstance(one, Option)}
        fields = [field for field in fields_of(cls) if field.owner is cls]
        parts += [option_table(options), field_table(fields), set_line(own)]
    return "\n".join(part for part in parts if part)


def text_of(docstring: str) -> str:
    """Markdown of a docstring: its literals lose one pair of backticks."""
    return re.sub(r"``(.+?)``", r"`\1`", docstring) + "\n"


def option_table(options: dict[str, Option]) -> str:
    """The options, or nothing."""
    head = "| option | default | |\n| --- | --- | --- |\n"
    rows = [
        f"| `{name}` | {cell(short(one.default))} | {cell(choices(one) + one.help)} |\n"
        for name, one in options.items()
    ]
    return head + "".join(rows) if rows else ""


def field_table(fields: list[Field]) -> str:
    """The variables, or nothing."""
    head = "| variable | kind | default | |\n| --- | --- | --- | --- |\n"
    rows = [
        f"| `{field.variable}` | {field.kind} | {default(field)} | {cell(about(field))} |\n"
        for field in fields
    ]
    return head + "".join(rows) if rows else ""


def set_line(own: dict[str, Any]) -> str:
    """The settings with a value of the class's own."""
    names = [f"`{name}`" for name, one in own.items() if isinstance(one, Computed)]
    return f"Sets {', '.join(names)}.\n" if names else ""


def about(field: Field) -> str:
    """Help, example, and whether a file may give it."""
    parts = (
        field.help,
        f"Such as `{field.example}`." if field.example else "",
        f"Or `{field.variable}_FILE`." if field.is_secret else "",
    )
    return " ".join(filter(None, parts))


def default(field: Field) -> str:
    """The default; "required" without one."""
    return "**required**" if field.is_required else cell(short(field.default))


def choices(one: Option) -> str:
    """The choices, in words."""
    return f"One of {', '.join(f'`{choice!r}`' for choice in one.choices)}. " if one.choices else ""


def short(value: object) -> str:
    """A default that fits a table."""
    text = repr(value)
    return "" if value is None else f"`{text}`" if len(text) <= 30 else "see the source"


def cell(text: str) -> str:
    """Text that does not end the cell."""
    return text.replace("|", "\\|").replace("<", "&lt;")
