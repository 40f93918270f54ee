"""The words of a compatibility query: what failed, and which refusals count."""

from __future__ import annotations

from dataclasses import dataclass, field

Identity = tuple[str, str, str, str | None, str | None]

KINDS = (
    "select",
    "filter",
    "order",
    "join",
    "insert",
    "insert_null",
    "insert_boundary",
    "bulk_create",
    "update",
    "delete",
    "m2m",
)

# What a release in production cannot do anything about: https://www.postgresql.org/docs/current/errcodes-appendix.html
_BREAKING_CLASSES = (
    "0A",  # feature not supported
    "22",  # data exception: too long, out of range, not a value of the type
    "3F",  # invalid schema name
    "42",  # undefined column, table, function; types that do not match; generated columns; permissions
)
NOT_NULL_VIOLATION = "23502"
NOT_IN_PREREQUISITE_STATE = "55000"  # a view that takes no rows
DIVISION_BY_ZERO = "22012"  # of a rule's own expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One thing that code with a model can no longer do."""

    app_label: str
    model: str  # "Book"
    table: str
    kind: str  # one of KINDS
    sqlstate: str
    field: str | None = None  # as the model calls it; None: unknown, or none of the model's
    column: str | None = None
    end: str | None = None  # of insert_boundary: "greatest", "least"

    @property
    def identity(self) -> Identity:
        """What stays the same when the same thing fails on another schema."""
        return self.app_label, self.model.lower(), self.kind, self.field or self.column, self.end

    @property
    def is_whole_model(self) -> bool:
        """Whether the model's table cannot be read at all."""
        return self.kind == "select" and self.column is None


@dataclass(slots=True)
class Answers:
    """What was learnt so far."""

    failures: list[Failure] = field(default_factory=list)
    ruled_out: set[Identity] = field(
        default_factory=set
    )  # extreme values and NULLs that a business rule refuses


def is_breakage(sqlstate: str) -> bool:
    """Whether a refusal is the schema's, not a business rule's."""
    if sqlstate == DIVISION_BY_ZERO:
        return False
    return sqlstate[:2] in _BREAKING_CLASSES or sqlstate in (NOT_NULL_VIOLATION, NOT_IN_PREREQUISITE_STATE)
