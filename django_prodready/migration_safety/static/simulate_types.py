"""Does to the catalogue what an effect does to the types and functions of the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import Catalogue, Column, Table, function_key
from django_prodready.migration_safety.static.type_changes import is_of_type


def _set_domain(catalogue: Catalogue, effect: r.SetDomain, position: int) -> None:
    catalogue.pop(effect.former or effect.name, None)
    if effect.domain is not None:
        catalogue[effect.name] = Table(name=effect.name, born=position, domain=effect.domain)
    if effect.former:
        former = effect.former
        _change_columns(
            catalogue, lambda one: replace(one, domain=effect.name) if one.domain == former else one
        )


def _create_type(catalogue: Catalogue, effect: r.CreateType, position: int) -> None:
    catalogue[effect.name] = Table(name=effect.name, born=position)


def _drop_type(catalogue: Catalogue, effect: r.DropType, _: int) -> None:
    catalogue.pop(effect.name, None)


def _rename_type(catalogue: Catalogue, effect: r.RenameType, position: int) -> None:
    known = catalogue.pop(effect.name, None) or Table(name=effect.name, born=position)
    catalogue[effect.new] = replace(known, name=effect.new)

    def follow(one: Column) -> Column:
        is_meant = one.type is not None and is_of_type(one.type, effect.name)
        return replace(one, type=(one.type or "").replace(effect.name, effect.new)) if is_meant else one

    _change_columns(catalogue, follow)


def _set_function(catalogue: Catalogue, effect: r.SetFunction, position: int) -> None:
    name = function_key(effect.name)
    catalogue.pop(name, None)
    if effect.body is not None:
        catalogue[name] = Table(name=name, born=position, body=effect.body, is_volatile=effect.is_volatile)


def _change_columns(catalogue: Catalogue, change: Callable[[Column], Column]) -> None:
    for table in list(catalogue.values()):
        columns = {name: change(one) for name, one in table.columns.items()}
        if columns != table.columns:
            catalogue[table.name] = replace(table, columns=columns)


WHOLE: dict[type[e.Effect], Callable[[Catalogue, Any, int], None]] = {
    r.CreateType: _create_type,
    r.DropType: _drop_type,
    r.RenameType: _rename_type,
    r.SetDomain: _set_domain,
    r.SetFunction: _set_function,
}
