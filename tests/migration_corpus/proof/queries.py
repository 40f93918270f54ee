"""Ask what a release asks of its tables, by the models that it has; compare what fails before and after."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import Error, models, transaction
from django.db.models import fields

from migration_corpus.proof import values

# https://www.postgresql.org/docs/current/errcodes-appendix.html
BREAKS = {
    "42703": "UndefinedColumn",
    "42P01": "UndefinedTable",
    "42704": "UndefinedObject",
    "42883": "UndefinedFunction",
    "42804": "DatatypeMismatch",
    "42809": "WrongObjectType",
    "428C9": "GeneratedAlways",
    "23502": "NotNullViolation",
    "22001": "StringDataRightTruncation",
    "22003": "NumericValueOutOfRange",
    "22007": "InvalidDatetimeFormat",
    "22P02": "InvalidTextRepresentation",
    "22P03": "InvalidBinaryRepresentation",
    "55000": "ObjectNotInPrerequisiteState",
    "python": "an exception of the model",
}
READS = ("SELECT", "filter")
# A query that met one of these before had come as far as the rows that are there.
MET_ANOTHER_ROW = {"23505", "23503", "23P01"}
Answers = dict[str, str | None]


@dataclass(frozen=True)
class Release:
    """The models of a release and rows that it has written; of the tables `only_read` it asks no more."""

    models: list[type[models.Model]]
    rows: dict[str, dict[str, Any]]
    only_read: frozenset[str] = frozenset()

    @classmethod
    def of(cls, apps: Any, labels: set[str], rows: dict[str, dict[str, Any]] | None = None) -> "Release":
        """Take the models of some apps; without `rows`, read one of each table."""
        found = [
            model
            for model in apps.get_models()
            if model._meta.app_label in labels and not model._meta.proxy and not model._meta.swapped
        ]
        return cls(found, _sample(found) if rows is None else rows)

    def ask(self) -> Answers:
        """Return the error code of each query, None of one that succeeds; nothing stays written."""
        answers: Answers = {}
        with transaction.atomic():
            for model in self.models:
                for name, query in queries(model, self.rows.get(model._meta.label_lower, {})):
                    if model._meta.db_table in self.only_read and not name.startswith(READS):
                        continue
                    answers[f"{model.__name__} {name}"] = _try(query)
            transaction.set_rollback(True)
        return answers


def broken(before: Answers, after: Answers) -> dict[str, str]:
    """Return the queries that the new schema breaks with the name of the error."""
    answer = {}
    for query, code in after.items():
        earlier = before.get(query)
        if code in BREAKS and (earlier is None or earlier in MET_ANOTHER_ROW):
            answer[query] = BREAKS[code]
    return answer


def queries(model: type[models.Model], row: dict[str, Any]) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the queries of one model by name; `row` is one of its rows, empty when there is none."""
    manager = model._base_manager
    writable = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    yield "SELECT", lambda: list(manager.all()[:3])
    for field in writable:
        yield (
            f"filter {field.name}",
            lambda field=field: list(manager.filter(**_pair(field, values.plain(field)))[:1]),
        )
    yield "INSERT minimal", lambda: manager.create(**_minimal(writable))
    for label, field, value in _variants(writable):
        yield (
            f"INSERT {label}",
            lambda field=field, value=value: manager.create(
                **{**_copied(model, writable, row), **_pair(field, value())}
            ),
        )
        if not field.primary_key:
            yield f"UPDATE {label}", lambda field=field, value=value: _update(manager, field, value())
    yield "save", lambda: [found.save() for found in manager.all()[:1]]
    yield "DELETE", lambda: [found.delete() for found in manager.order_by("-pk")[:1]]
    for many in model._meta.local_many_to_many:
        if many.remote_field.through._meta.auto_created:
            yield f"add {many.name}", lambda many=many: _add(many)


def _variants(writable: list[Any]) -> Iterator[tuple[str, Any, Callable[[], Any]]]:
    for field in writable:
        yield f"{field.name} plain", field, lambda field=field: values.plain(field)
        if field.null:
            yield f"{field.name} NULL", field, lambda: None
        for number, value in enumerate(values.boundaries(field)):
            yield f"{field.name} extreme {number}", field, lambda value=value: value


def _pair(field: Any, value: Any) -> dict[str, Any]:
    return {field.attname: value}


def _minimal(writable: list[Any]) -> dict[str, Any]:
    """Leave out whatever the model gives a value itself."""
    given = {}
    for field in writable:
        automatic = isinstance(field, fields.AutoFieldMixin) or getattr(field, "auto_now", False)
        automatic = automatic or getattr(field, "auto_now_add", False) or field.has_default()
        if not (automatic or field.null or field.has_db_default()):
            given |= _pair(field, "" if field.blank and field.empty_strings_allowed else values.plain(field))
    return given


def _copied(model: type[models.Model], writable: list[Any], row: dict[str, Any]) -> dict[str, Any]:
    """Make a row like an existing one, with values of its own wherever two rows may not be alike."""
    own = {field.name for field in writable if field.unique}
    own.update(name for names in model._meta.unique_together for name in names)
    own.update(name for constraint in model._meta.constraints for name in getattr(constraint, "fields", ()))
    given = {}
    for field in writable:
        if isinstance(field, fields.AutoFieldMixin):
            continue
        fresh = field.name in own or field.attname not in row
        given[field.attname] = values.plain(field) if fresh else row[field.attname]
    return given


def _update(manager: Any, field: Any, value: Any) -> None:
    key = manager.values_list("pk", flat=True).order_by("-pk").first()
    manager.filter(pk=key).update(**{field.name: value})


def _add(many: Any) -> None:
    through = many.remote_field.through
    list(through._base_manager.all()[:1])
    ends = [through._meta.get_field(name) for name in (many.m2m_field_name(), many.m2m_reverse_field_name())]
    made = {end.attname: values.plain(end) for end in ends}
    through._base_manager.create(**made)


def _sample(found: list[type[models.Model]]) -> dict[str, dict[str, Any]]:
    rows = {}
    for model in found:
        try:
            with transaction.atomic():
                row = model._base_manager.order_by("pk").values().first()
        except Error:
            row = None
        rows[model._meta.label_lower] = row or {}
    return rows


def _try(query: Callable[[], object]) -> str | None:
    try:
        with transaction.atomic():
            query()
    except Error as error:
        return str(getattr(error.__cause__, "sqlstate", None) or "python")
    except (TypeError, ValueError, ArithmeticError):
        return "python"
    return None
