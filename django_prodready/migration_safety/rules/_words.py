"""What the words of several rules have in common: names of tables and locks, and migrations as text."""

from __future__ import annotations

import textwrap

from django_prodready.migration_safety.harm import Harm

ACCESS_EXCLUSIVE = "AccessExclusiveLock"
SHARE_ROW_EXCLUSIVE = "ShareRowExclusiveLock"
EXCLUSIVE = "ExclusiveLock"
SHARE = "ShareLock"

# From the strongest on: https://www.postgresql.org/docs/current/explicit-locking.html
_BLOCKING = (ACCESS_EXCLUSIVE, EXCLUSIVE, SHARE_ROW_EXCLUSIVE, SHARE)
_SQL_NAMES = {
    ACCESS_EXCLUSIVE: "ACCESS EXCLUSIVE",
    EXCLUSIVE: "EXCLUSIVE",
    SHARE_ROW_EXCLUSIVE: "SHARE ROW EXCLUSIVE",
    SHARE: "SHARE",
    "ShareUpdateExclusiveLock": "SHARE UPDATE EXCLUSIVE",
    "RowExclusiveLock": "ROW EXCLUSIVE",
    "RowShareLock": "ROW SHARE",
    "AccessShareLock": "ACCESS SHARE",
}


def sql_name(mode: str) -> str:
    """Name a lock as SQL and PostgreSQL's manual do: ``AccessExclusiveLock`` is ACCESS EXCLUSIVE."""
    return _SQL_NAMES.get(mode, mode)


def mode_of(harm: Harm, usual: str) -> str:
    """Choose the strongest lock that was seen on the table of ``harm``, or the usual one."""
    modes = {lock.mode for lock in harm.locks if harm.table in (None, lock.table)}
    return next((mode for mode in _BLOCKING if mode in modes), usual)


def blocked(harm: Harm, usual: str) -> str:
    """Say whom the lock keeps waiting: ``Reads and writes of shop_book``."""
    who = "Reads and writes" if mode_of(harm, usual) == ACCESS_EXCLUSIVE else "Writes"
    return f"{who} of {table(harm)}"


def held(harm: Harm, usual: str) -> str:
    """Name the lock with its article: ``an ACCESS EXCLUSIVE lock``."""
    name = sql_name(mode_of(harm, usual))
    return f"{'an' if name[0] in 'AE' else 'a'} {name} lock"


def table(harm: Harm) -> str:
    """Name the table, or speak of one that is not known."""
    return harm.table or "an existing table"


def columns(harm: Harm) -> str:
    """Name the columns with their table: ``shop_book.title``, ``shop_book (title, isbn)``."""
    if not harm.columns:
        return table(harm) if harm.table else "a column"
    if len(harm.columns) == 1:
        return f"{harm.table}.{harm.columns[0]}" if harm.table else f"the column {harm.columns[0]}"
    return f"{table(harm)} ({', '.join(harm.columns)})"


def named(noun: str, harm: Harm) -> str:
    """Name an index or constraint: ``the index book_title``, ``an index``."""
    if harm.name:
        return f"the {noun} {harm.name}"
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def model(harm: Harm) -> str | None:
    """Name the model as operations do, in lower case."""
    return harm.model.lower() if harm.model else None


def constraint_name(harm: Harm, suffix: str) -> str:
    """Name a constraint for SQL that is to be pasted, where the project has no name for it yet."""
    return harm.name or "_".join((harm.table or "table", *harm.columns, suffix))[:63]


def quoted(name: str | None) -> str:
    """Quote an identifier of SQL."""
    return '"' + (name or "...").replace('"', '""') + '"'


def listed(harm: Harm) -> str:
    """List the columns for SQL, quoted."""
    return ", ".join(quoted(column) for column in harm.columns) or "..."


def migration(*operations: str, comment: str = "", atomic: bool = True) -> str:
    """Write the body of a migration's class with ``operations``, each a piece of Python without a comma."""
    lines = [f"# {line}" for line in textwrap.wrap(comment, 90)]
    lines += [] if atomic else ["atomic = False"]
    lines.append("operations = [")
    lines += [f"{textwrap.indent(operation.strip(), '    ')}," for operation in operations]
    lines.append("]")
    return "\n".join(lines)


def plan(*lines: str) -> str:
    """Write a plan in steps as comments, where no operations do it."""
    return "\n".join(
        "\n".join(textwrap.wrap(line, 94, initial_indent=f"# {number}. ", subsequent_indent="#    "))
        for number, line in enumerate(lines, 1)
    )


def steps(*migrations: str) -> str:
    """Join migrations that come one after the other."""
    return "\n\n".join(migrations)


def run_sql(sql: str, reverse: str = "") -> str:
    """Write a RunSQL operation."""
    if reverse:
        return f"migrations.RunSQL(\n    {sql!r},\n    {reverse!r},\n)"
    return f"migrations.RunSQL({sql!r})"


def separate(database: str, state: str) -> str:
    """Write an operation that runs ``database`` and tells the models ``state``."""
    inner = [
        "migrations.SeparateDatabaseAndState(",
        "    database_operations=[",
        textwrap.indent(database, " " * 8) + ",",
        "    ],",
        f"    state_operations=[{state}],",
        ")",
    ]
    return "\n".join(inner)
