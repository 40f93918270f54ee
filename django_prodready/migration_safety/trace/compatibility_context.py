"""What the questions to one model's table share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_prodready.migration_safety.trace.compatibility_words import Answers, Failure
from django_prodready.migration_safety.trace.rows_cells import Cell, Cells, written_fields
from django_prodready.migration_safety.trace.rows_server import Refusal, Rows, Server, Sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model

CHOICE = "choice"  # an end of its own: any of a field's choices
Row = dict[Any, Cell]  # by field


class Context:
    """One model, the server, and what has failed so far."""

    def __init__(
        self, model: type[Model], server: Server, answers: Answers, many_to_many: Any = None
    ) -> None:
        self.model = model
        self.server = server
        self.cells = Cells(model, server.connection)
        self.table = server.quoted(model._meta.db_table)
        self.gone: set[Any] = set()  # fields without a column: they have failed once and for all
        self.unfit: set[Any] = set()  # fields whose plain values their columns do not take
        self.refused_filters: set[Any] = set()
        self._answers = answers
        self._many_to_many = many_to_many  # whose table this is, if Django made it

    @property
    def fields(self) -> list[Any]:
        """The fields of the model's own table whose columns are there."""
        return [field for field in self.model._meta.local_concrete_fields if field not in self.gone]

    @property
    def written(self) -> list[Any]:
        """Those of them that an INSERT gives a value for."""
        return [field for field in written_fields(self.model) if field not in self.gone | self.unfit]

    @property
    def key_fields(self) -> list[Any]:
        """The fields of the primary key; none when a column of them is gone."""
        key: Any = self.model._meta.pk
        fields = list(getattr(key, "fields", None) or [key])
        return [] if self.gone.intersection(fields) else fields

    def column(self, field: Any) -> str:
        """Return the column of a field as SQL has it."""
        return self.server.quoted(field.column)

    def field_of(self, column: str | None) -> Any:
        """Return the field of a column, None for one that the model does not know."""
        fields = self.model._meta.local_concrete_fields
        return next((field for field in fields if field.column == column), None)

    def insert(
        self, row: Row, extra: Mapping[str, Cell] | None = None, returning: str = "1"
    ) -> Rows | Refusal:
        """Insert a row; ``extra`` holds cells of columns that the model does not know."""
        return self.server.ask(*self.inserted(row, extra, returning))

    def inserted(self, row: Row, extra: Mapping[str, Cell] | None = None, returning: str = "1") -> Sql:
        """Return the statement that inserts a row."""
        cells = {self.column(field): cell for field, cell in row.items()}
        cells |= {self.server.quoted(name): cell for name, cell in (extra or {}).items()}
        if not cells:
            return f"INSERT INTO {self.table} DEFAULT VALUES RETURNING {returning}", ()  # noqa: S608 - quoted names
        places = ", ".join(sql for sql, _ in cells.values())
        params = [value for _, values in cells.values() for value in values]
        sql = f"INSERT INTO {self.table} ({', '.join(cells)}) VALUES ({places}) RETURNING {returning}"  # noqa: S608
        return sql, params

    def fail(
        self,
        kind: str,
        refusal: Refusal,
        field: Any = None,
        *,
        column: str | None = None,
        end: str | None = None,
    ) -> None:
        """Note a failure, once."""
        through = self._many_to_many
        owner: Any = through.model if through else self.model
        failure = Failure(
            app_label=owner._meta.app_label,
            model=owner._meta.object_name,
            table=self.model._meta.db_table,
            kind="m2m" if through else kind,
            sqlstate=refusal.sqlstate,
            field=through.name if through else field.name if field else None,
            column=field.column if field else column,
            end=end,
        )
        if failure not in self._answers.failures:
            self._answers.failures.append(failure)

    def rule_out(self, field: Any, kind: str, end: str | None = None) -> None:
        """Note that a business rule keeps code from writing a value."""
        label, name = self.model._meta.app_label, str(self.model._meta.object_name).lower()
        self._answers.ruled_out.add((label, name, kind, field.name, end))
