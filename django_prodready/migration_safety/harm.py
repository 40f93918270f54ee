"""What a rule has to say of one table, before it is put into words. Data only.

Both ways of judging end here: a rule that infers from an operation yields harms, and so does the trace
from what it saw. The rule of that name turns a harm into a finding.
"""

from __future__ import annotations

from dataclasses import dataclass

from django_prodready.migration_safety.model import Lock

OVER_ROWS = "over rows"  # as ``old`` of what fails only where there are rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """One thing that a migration does to a table or to the code that uses it.

    ``None``: unknown, or no part in it.
    """

    rule: str  # its name, "index-build"
    operation: int | None = None  # counted from 0 in the migration; None: the migration as a whole
    app_label: str | None = None
    model: str | None = None  # "Book"; None where no model is known for the table
    field: str | None = None  # "price", as the models call it
    table: str | None = None  # "shop_book", as the database calls it
    columns: tuple[str, ...] = ()
    name: str | None = None  # of the index or constraint
    other_table: str | None = None  # that a foreign key points to, or that is locked along
    old: str | None = None  # what it was before: a type, a name
    new: str | None = None  # what it is afterwards
    method: str | None = None  # of an index that is built, "gin"; None: a B-tree
    detail: str | None = None  # what else the words need; each rule says what that is
    way: str | None = None  # the whole safe way, where the operation shows it; else the rule words one
    locks: tuple[Lock, ...] = ()  # that block writers while the work is done; the trace fills them in
    rewrite: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A harm in words."""

    message: str  # the consequence for the running site first, then the lock and whom it blocks
    hint: str  # one imperative
    safe_way: str = ""  # operations in Python, ready to paste
