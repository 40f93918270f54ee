"""Says what names and attributes of Python code stand for: modules, models, fields of rows."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Mapping
from importlib.util import resolve_name
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db import models as django_models

from django_prodready.migration_safety.static import code_values as v
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.code_refusals import is_attribute, missing
from django_prodready.migration_safety.static.code_rows import Orm
from django_prodready.migration_safety.static.history import is_open
from django_prodready.migration_safety.static.models import ModelFacts, PairTable

_OF_FIELD = ("attname", "column", "db_index", "name", "null", "primary_key", "unique")
_PLAIN = (str, int, float, bool, type(None), list, tuple, dict, set, frozenset)


class Names:
    """Finds what names and attributes stand for."""

    def __init__(self, orm: Orm, local: dict[str, v.Value], names: Mapping[str, Any]) -> None:
        self.orm = orm
        self.local = local
        self.names = names  # of the module

    def named(self, name: str) -> v.Value:
        """Return what a name stands for."""
        return self.local[name] if name in self.local else self.real(name)

    def real(self, name: str) -> v.Value:
        """Return what a name of the module stands for."""
        if name in self.names:
            return self.of_object(self.names[name])
        builtin = getattr(sys.modules["builtins"], name, None)
        return v.Real(builtin) if builtin is not None else v.UNKNOWN

    def of_object(self, target: Any) -> v.Value:
        """Return what an object of a module stands for."""
        if isinstance(target, _PLAIN):
            return v.Constant(target)
        if isinstance(target, type) and issubclass(target, django_models.Model):
            return self.model(target._meta.app_label, target.__name__, may_differ=True)
        if type(target).__module__ == "django.utils.connection" or hasattr(target, "schema_editor"):
            return v.Connection()
        return v.Real(target)

    def model(
        self, app_label: str, name: str, *, may_differ: bool = False, is_before: bool = False
    ) -> v.Value:
        """Return the historical model of that name. ``may_differ``: the code has another state of it."""
        former = self.orm.old.get((app_label, name.lower())) if is_before else None
        facts = former or self.orm.models.get(app_label, name) or self._through(app_label, name)
        if facts is not None:
            return v.Model(facts, is_open=may_differ or is_open(facts))
        if not may_differ and app_label not in self.orm.models.state.real_apps:
            self.orm.refuse(f"there is no model {app_label}.{name} at this point of the history")
        return v.Unreadable()

    def _through(self, app_label: str, name: str) -> ModelFacts | None:
        """Describe the table of a many-to-many field as a model: ``Book_tags``."""
        for model in self.orm.models.all():
            for field, pair in model.pairs.items():
                if model.key[0] == app_label and f"{model.key[1]}_{field}".lower() == name.lower():
                    return _model_of_pairs(model, field, pair)
        return None

    def take_import(self, node: ast.Import | ast.ImportFrom) -> None:
        """Let an import inside of the code give names: only modules that are loaded are looked at."""
        for one in node.names:
            name = one.asname or one.name.partition(".")[0]
            if isinstance(node, ast.ImportFrom):
                package = self.names.get("__package__") or ""
                path = resolve_name("." * node.level + (node.module or ""), package or "none")
                target = getattr(sys.modules.get(path), one.name, None)
            else:
                target = sys.modules.get(one.name if one.asname else name)
            self.local[name] = self.of_object(target) if target is not None else v.UNKNOWN

    def attribute(self, owner: v.Value, name: str) -> v.Value:
        """Return what an attribute stands for."""
        if isinstance(owner, v.Unreadable):
            return owner
        if isinstance(owner, v.Own) and name in vars(owner.operation):
            return self.of_object(vars(owner.operation)[name])
        if isinstance(owner, v.Row):
            return self._of_row(owner, name)
        if isinstance(owner, v.Model):
            return self._of_model(owner, name)
        if isinstance(owner, v.Real) and isinstance(owner.target, ModuleType | type):
            return self._of_module(owner, name)
        if isinstance(owner, v.Real) and owner.target is settings and name.isupper():
            return self.of_object(getattr(settings, name, None))
        return self._of_part(owner, name) or v.Bound(owner, name)

    def _of_module(self, owner: v.Real, name: str) -> v.Value:
        found = inspect.getattr_static(owner.target, name, None)
        is_plain = found is not None and not isinstance(found, property | classmethod | staticmethod)
        return self.of_object(getattr(owner.target, name)) if is_plain else v.Bound(owner, name)

    def _of_part(self, owner: v.Value, name: str) -> v.Value | None:
        """Return an attribute of what Django gives: pages, options of models, the connection."""
        if isinstance(owner, v.Part):
            return owner.changed.get(name) or self._of_field(owner, name)
        if isinstance(owner, v.State) and name == "apps":
            return v.Apps(is_open=True, is_before=owner.is_before)
        if isinstance(owner, v.Rows) and name == "object_list":
            return owner
        if isinstance(owner, v.Items) and name == "page_range":
            return v.Items(v.Varying(), owner.loops)
        if isinstance(owner, v.Bound) and owner.name == "_meta" and isinstance(owner.owner, v.Model):
            found = v.Constant(owner.owner.facts.table) if name == "db_table" else v.UNKNOWN
            return None if name == "get_field" else found
        if isinstance(owner, v.Editor) and name == "connection":
            return v.Connection()
        if isinstance(owner, v.Connection):
            known = {"vendor": v.Constant("postgresql"), "alias": v.Constant(self.orm.models.alias)}
            return owner if name in ("ops", "introspection") else known.get(name)
        return None

    def _of_field(self, owner: v.Part, name: str) -> v.Value | None:
        return v.Constant(getattr(owner.field.field, name)) if name in _OF_FIELD else None

    def _of_model(self, owner: v.Model, name: str) -> v.Value:
        if name in ("_meta", "add_to_class"):
            return v.Bound(owner, name)
        if name in owner.facts.pairs:
            return v.Model(_model_of_pairs(owner.facts, name, owner.facts.pairs[name]), is_open=True)
        if name == "through":
            return owner
        if name == "DoesNotExist" or name.startswith("Multiple"):
            return v.UNKNOWN
        return v.Rows(owner.facts, is_open=owner.is_open)

    def _of_row(self, row: v.Row, name: str) -> v.Value:
        if name in row.changed:
            return row.changed[name]
        facts = row.facts.field(name)
        if facts is None:
            related = self._related(row, name)
            is_given = row.is_open or name in self.orm.patched
            if not is_given and not is_attribute(row.facts, name, self.orm.models):
                self.orm.refuse(missing(row.facts, name))
            return related if related is not None else v.Bound(row, name)
        if facts.name in row.facts.pairs:
            return v.Pairs(row.facts.pairs[facts.name].table)
        if facts.relation is not None and name == facts.name:
            target = self.orm.models.get(*facts.relation.model)
            if target is not None:
                return v.Row(target, row.selection, is_open=row.is_open or is_open(target))
        return v.Cell(row, facts.name)

    def _related(self, row: v.Row, name: str) -> v.Rows | None:
        """Find the rows that reference a row: ``book.review_set``."""
        for other in self.orm.models.all():
            for field in other.fields.values():
                if field.relation is not None and field.relation.model == row.facts.key:
                    given = getattr(field.field.remote_field, "related_name", None)
                    if name == (given or f"{other.key[1]}_set"):
                        few = r.Selection(r.Share.FEW, row.selection.whole)
                        return v.Rows(other, few, is_open=row.is_open or is_open(other))
        return None

    def item_of(self, value: v.Value) -> v.Value:
        """Return what one round of a loop gets."""
        if isinstance(value, v.Rows):
            return self.orm.iterate(value)
        if isinstance(value, v.Items):
            return value.item or v.UNKNOWN
        return value if isinstance(value, v.Varying) else v.UNKNOWN

    def part_of(self, value: v.Value) -> v.Value:
        """Return one of several values."""
        return value if isinstance(value, v.Varying | v.Cell) else v.UNKNOWN

    def first_of(self, rows: v.Rows) -> v.Value:
        """Return one row of a queryset."""
        few = r.Selection(min(rows.selection.share, r.Share.FEW), rows.selection.whole)
        return v.Row(rows.facts, few, is_open=rows.is_open or bool(rows.names))

    def flush(self, value: v.Value) -> None:
        """Note that a list is emptied: what is left in the end is few."""
        if isinstance(value, v.Items):
            value.is_flushed = True

    def looked_at(self, value: v.Value) -> None:
        """Note that a queryset is evaluated."""
        if isinstance(value, v.Rows):
            self.orm.iterate(value)


def _model_of_pairs(model: ModelFacts, field: str, pair: PairTable) -> ModelFacts:
    return ModelFacts(
        key=(model.key[0], f"{model.key[1]}_{field}".lower()),
        name=f"{model.name}_{field}",
        table=pair.table,
        fields={one.name: one for one in (pair.id, pair.near, pair.far)},
        options={},
        bases=(),
        migrates=True,
        is_stored=True,
        pairs={},
    )
