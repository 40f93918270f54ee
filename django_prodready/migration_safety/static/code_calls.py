"""Follows calls: of the registry, models, cursors and lists, of builtins, and of functions of the project."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Func

from django_prodready.migration_safety.static import code_values as v
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.code_builtins import Builtins
from django_prodready.migration_safety.static.code_refusals import missing
from django_prodready.migration_safety.static.code_rows import Orm
from django_prodready.migration_safety.static.code_schema import alter, edit
from django_prodready.migration_safety.static.code_source import is_installed
from django_prodready.migration_safety.static.history import accessors
from django_prodready.migration_safety.static.sql import effects_of_text
from django_prodready.migration_safety.static.sql_place import MARK, told
from django_prodready.migration_safety.static.sql_select import rows_of_select
from django_prodready.migration_safety.static.sql_tokens import tokens_of

_WRITES = frozenset(
    """
    bulk_create bulk_update execute executemany get_or_create save update_or_create
    """.split()  # noqa: SIM905 - words
)
_LOGS = ("debug", "info", "warning", "error", "exception", "critical", "log", "write")
_EXPRESSIONS = ("django.db.models", "django.contrib.postgres")
_COMMANDS = ("django.core.management.base", "django.core.management.commands")
_MODEL_NAMES = ("app_label", "model_name")
_FETCH = ("fetchall", "fetchone", "fetchmany")
_TEXT = ("format", "join", "strip", "replace", "lower", "upper", "items", "keys", "values", "split")

Follow = Callable[[Any, Sequence[v.Value], Mapping[str, v.Value]], v.Value]


class Calls(Builtins):
    """Finds what calls stand for."""

    def __init__(self, orm: Orm, local: dict[str, v.Value], names: Mapping[str, Any]) -> None:
        super().__init__(orm, local, names)
        self.follow: Follow = lambda target, given, named: v.UNKNOWN  # noqa: ARG005 - nothing is followed
        self.inherited: Callable[[], Iterator[e.Effect]] = lambda: iter(())

    def called(self, function: v.Value, given: list[v.Value], named: dict[str, v.Value]) -> v.Value:
        """Follow a call."""
        if isinstance(function, v.Bound):
            return self._method(function.owner, function.name, given, named)
        if isinstance(function, v.Rows):  # Model.manager(), as in a lambda
            return function
        if isinstance(function, v.Model):
            self._check_names(function, named)
            row = v.Row(function.facts, r.FEW, is_new=True, changed=dict(named))
            row.is_open = function.is_open
            return row
        if isinstance(function, v.Local):
            return self.follow(function, given, named)
        if isinstance(function, v.Real):
            return self._object(function.target, given, named)
        if isinstance(function, v.Connection):
            return function
        return self._unknown(function, "", given, named)

    def _check_names(self, model: v.Model, named: Mapping[str, v.Value]) -> None:
        """Note that Django refuses names that a model does not have."""
        for name in named if not model.is_open else ():  # what is not known of them is left alone
            if name != "pk" and name not in accessors(model.facts, self.orm.models):
                self.orm.refuse(missing(model.facts, name))

    def _method(self, owner: v.Value, name: str, given: list[v.Value], named: dict[str, v.Value]) -> v.Value:
        if isinstance(owner, v.Rows):
            return self.orm.of_rows(owner, name, given, named)
        if isinstance(owner, v.Row):
            return self.orm.of_row(owner, name, named)
        if isinstance(owner, v.Pairs):
            return self.orm.of_pairs(owner, name)
        if isinstance(owner, v.Part) and name in ("clone", "set_attributes_from_name"):
            return owner.copied() if name == "clone" else v.UNKNOWN
        return self._of_django(owner, name, given, named)

    def _of_django(
        self, owner: v.Value, name: str, given: list[v.Value], named: dict[str, v.Value]
    ) -> v.Value:
        if isinstance(owner, v.Apps):
            return self._get_model(
                owner, name, [*given, *(named[key] for key in _MODEL_NAMES if key in named)]
            )
        if isinstance(owner, v.Connection | v.Cursor | v.Editor):
            return self._database(owner, name, given)
        if isinstance(owner, v.Own | v.Inherited):
            return self._of_operation(owner, name, given, named)
        if isinstance(owner, v.Items):
            return self._items(owner, name, given)
        if isinstance(owner, v.Model):  # add_to_class()
            self.orm.patched.update(str(one.value) for one in given if isinstance(one, v.Constant))
            return v.UNKNOWN
        if isinstance(owner, v.Bound) and (owner.name, name) == ("_meta", "get_field"):
            return self._field(owner.owner, given)
        if isinstance(owner, v.Constant):
            return self._plain(owner.value, name, given, named)
        return self._unknown(owner, name, given, named)

    def _get_model(self, owner: v.Apps, name: str, given: Sequence[v.Value]) -> v.Value:
        if name != "get_model" or not all(isinstance(one, v.Constant) for one in given):
            return v.Unreadable()
        texts = [str(one.value) for one in given if isinstance(one, v.Constant)]
        app_label, _, model = ".".join(texts).partition(".")
        return self.model(app_label, model, may_differ=owner.is_open, is_before=owner.is_before)

    def _field(self, model: v.Value, given: Sequence[v.Value]) -> v.Value:
        """Find a field of a model's class."""
        name = given[0] if given else v.UNKNOWN
        if not isinstance(model, v.Model) or not isinstance(name, v.Constant):
            return v.UNKNOWN
        field = model.facts.fields.get(str(name.value))
        return v.Part(field) if field is not None else v.UNKNOWN

    def _database(self, owner: v.Value, name: str, given: Sequence[v.Value]) -> v.Value:
        if name in ("cursor", "schema_editor"):
            return v.Cursor() if name == "cursor" else v.Editor()
        if name == "callproc" and given and isinstance(given[0], v.Constant):
            self.orm.emit(self.orm.here.call(str(given[0].value)))
            return v.UNKNOWN
        if name.startswith("get_"):
            return v.UNKNOWN
        if name == "quote_name" and given and isinstance(given[0], v.Constant):
            return v.Constant(f'"{given[0].value}"')
        if name in ("execute", "executemany"):
            return self._execute(owner, name, given)
        if name in _FETCH and isinstance(owner, v.Cursor):
            return v.Varying(owner.share)
        if isinstance(owner, v.Editor) and name != "quote_name":
            self._edit(name, given)
        return v.UNKNOWN

    def _edit(self, name: str, given: Sequence[v.Value]) -> None:
        """Follow a method of the schema editor."""
        found = (
            alter(given, self.orm.place, self.orm.models, self.orm.old)
            if name == "alter_field"
            else edit(name, given, self.orm.place)
        )
        if found is None:
            self.orm.unreadable(f"The code calls {name} of the schema editor, which was not read.")
        else:
            self.orm.emit(iter(found))

    def _of_operation(
        self, owner: v.Own | v.Inherited, name: str, given: Sequence[v.Value], named: Mapping[str, v.Value]
    ) -> v.Value:
        """Follow a method of the operation that is read."""
        if name == "allow_migrate_model":
            return v.Constant(True)
        own = owner.own if isinstance(owner, v.Inherited) else owner
        function = (
            owner.find(name) if isinstance(owner, v.Inherited) else getattr(type(owner.operation), name, None)
        )
        if not callable(function) or own is None:
            self.orm.unreadable(f"The code calls {name} of the operation, which was not read.")
            return v.UNKNOWN
        if isinstance(owner, v.Inherited) and _module_of(function).startswith("django."):
            if name == "database_forwards":
                self.orm.emit(self.inherited())
            return v.UNKNOWN
        return self.follow(function, [own, *given], named)

    def _execute(self, owner: v.Value, name: str, given: Sequence[v.Value]) -> v.Value:
        text = given[0] if given else v.UNKNOWN
        if not isinstance(text, v.Constant) or not isinstance(text.value, str):
            self.orm.unreadable("A statement of SQL that the code puts together was not read.")
            return owner
        here = self.orm.here.inside(is_loop=name == "executemany")
        parameters = given[1].value if len(given) > 1 and isinstance(given[1], v.Constant) else None
        found = effects_of_text(text.value, here, None if name == "executemany" else parameters)
        told_of = told(found, here) if MARK in text.value else found
        self.orm.emit(one for one in told_of if not (isinstance(one, e.Fails) and self.orm.doubts))
        tokens = tokens_of(text.value)
        if isinstance(owner, v.Cursor) and tokens and tokens[0].is_word("select"):
            owner.share = rows_of_select(tokens, here).share
        return owner

    def _items(self, items: v.Items, name: str, given: Sequence[v.Value]) -> v.Value:
        if name in ("append", "add", "insert") and given:
            items.item = given[-1]
            items.is_many = items.is_many or self.orm.loops > items.loops
        elif name in ("extend", "update") and given:
            items.item = self.item_of(given[0])
        elif name == "clear":
            self.flush(items)
        elif name in ("pop", "get", "page", "get_page"):
            return items.item or v.UNKNOWN
        elif name == "values":
            return items
        elif name == "items":
            return v.Items(v.Constant([v.UNKNOWN, items.item or v.UNKNOWN]), items.loops)
        return v.UNKNOWN

    def _plain(
        self, value: Any, name: str, given: Sequence[v.Value], named: Mapping[str, v.Value]
    ) -> v.Value:
        """Compute what strings and dictionaries are asked for."""
        if name == "get" and isinstance(value, dict):
            found = value.get(given[0].value) if given and isinstance(given[0], v.Constant) else None
            return found if isinstance(found, v.Value) else v.UNKNOWN
        texts = [one.value for one in given if isinstance(one, v.Constant)]
        options = {key: one.value for key, one in named.items() if isinstance(one, v.Constant)}
        if name not in _TEXT or len(texts) != len(given) or len(options) != len(named):
            return v.UNKNOWN
        try:
            found = getattr(value, name)(*texts, **options)
        except Exception:  # noqa: BLE001 - values of the project's own code
            return v.UNKNOWN
        if isinstance(value, dict):
            found = [list(one) if isinstance(one, tuple) else one for one in found]
        return v.Constant(found)

    def _object(self, target: Any, given: list[v.Value], named: dict[str, v.Value]) -> v.Value:
        if target is map and len(given) > 1:
            return self._mapped(given[0], given[1])
        known = self.builtin(target, given, named)
        if known is not None:
            return known
        if callable(target) and not isinstance(target, type) and not is_installed(target):
            return self.follow(target, given, named)
        module = _module_of(target)
        if module.startswith(_COMMANDS) or module == "django.core.management":
            self.orm.unreadable("The code runs another command of manage.py, which was not read.")
            return v.UNKNOWN
        if module.startswith(_EXPRESSIONS) or module.partition(".")[0] in sys.stdlib_module_names:
            names = _first_field(target, given)
            return self._computed([v.Reference(names), *given, *named.values()])
        return self._unknown(v.Real(target), getattr(target, "__name__", ""), given, named)

    def _mapped(self, function: v.Value, over: v.Value) -> v.Value:
        if isinstance(over, v.Constant) and isinstance(over.value, list | tuple):
            made = [self.called(function, [v.Constant(one)], {}) for one in over.value]
            return v.Constant([one.value if isinstance(one, v.Constant) else one for one in made])
        return v.Items(self.called(function, [self.item_of(over)], {}), self.orm.loops)

    def _unknown(
        self, owner: v.Value, name: str, given: Sequence[v.Value], named: Mapping[str, v.Value]
    ) -> v.Value:
        """Give up on a call that may do something to the database."""
        values = (owner, *given, *named.values())
        module = _module_of(getattr(owner, "target", None))
        if name in _LOGS or module.partition(".")[0] in sys.stdlib_module_names - {"builtins"}:
            return self._computed(values)
        if name in _WRITES or any(v.is_of_database(one) for one in values):
            what = name or "a function"
            self.orm.unreadable(f"The code calls {what}, which was not read.")
            return v.Unreadable()
        return self._computed(values)

    def _computed(self, values: Sequence[v.Value]) -> v.Value:
        """What is computed from values that vary varies."""
        shares = (v.covers(one) for one in values)
        names = tuple(name for one in values if isinstance(one, v.Reference) for name in one.names)
        unknown = v.Reference(names) if names else v.UNKNOWN
        return next((v.Varying(share) for share in shares if share is not None), unknown)


def _first_field(target: Any, given: Sequence[v.Value]) -> tuple[str, ...]:
    """Name the field that a function of SQL is given first as a string; the next may be something else."""
    first = given[0].value if given and isinstance(given[0], v.Constant) else None
    is_function = isinstance(target, type) and issubclass(target, Func)
    return (first,) if is_function and isinstance(first, str) and first.isidentifier() else ()


def _module_of(target: Any) -> str:
    """Name the module of a function, class or method."""
    of_method = getattr(getattr(target, "__self__", None), "__module__", None)
    return str(getattr(target, "__module__", None) or of_method or "")
