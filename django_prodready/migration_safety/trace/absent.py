"""Why a migration could not run on a scratch database, where production may well have what it wants.

What fails for such a reason is no failure of the migration: the trace cannot tell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.db import router

from django_prodready.migration_safety.trace.names import plain
from django_prodready.migration_safety.trace.server_wide import ServerWideError
from django_prodready.migration_safety.trace.sqlstate import sqlstate_of
from django_prodready.migration_safety.trace.statements import IS_DML

if TYPE_CHECKING:
    from django.db.migrations.state import ProjectState

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_NO_PRIVILEGE = "42501"
_LIMITS = ("55P03", "57014", "40P01")  # lock_not_available, query_canceled, deadlock_detected
_RESOURCES = ("53", "58")  # insufficient_resources, system_error: full, or a file that is not there
_CONNECTION = "08"  # to another server, by a foreign table
_PLACES = ("3D000", "3F000")  # of databases and schemas that nobody has made
_PARAMETER = "22023"  # invalid_parameter_value: also for a role that is not there, in SET ROLE
_FOREIGN_KEY = "23503"
_UNSUPPORTED = "0A000"  # feature_not_supported: as it was built
_UNDEFINED = ("42704", "42883")  # object, function
_UNDEFINED_TABLE = "42P01"

_EXTENSION = re.compile(r"\bCREATE\s+EXTENSION\b", re.IGNORECASE)
_SET_ROLE = re.compile(r"\bSET\s+(?:SESSION\s+|LOCAL\s+)?(?:ROLE|SESSION\s+AUTHORIZATION)\b", re.IGNORECASE)
_ICU = re.compile(r"\bicu\b", re.IGNORECASE)
_LITERALS = re.compile(r"\"[^\"]*\"|'[^']*'")
_OF_SERVER = re.compile(
    r"\b(?:GRANT|REVOKE|PRIVILEGES|OWNER\s+TO|OWNED\s+BY|AUTHORIZATION|(?:CREATE|ALTER)\s+POLICY|ROLE|USER|"
    r"TABLESPACE|COLLATE|SERVER|current_setting|pg_has_role|has_\w+_privilege)\b",
    re.IGNORECASE,
)
# Types, functions, operator classes and kinds of indexes of extensions that are often made by hand, because
# that takes a superuser.
_OF_EXTENSION = re.compile(
    r"\b(?:citext|hstore|ltree|lquery|cube|earth|geometry|geography|raster|vector|halfvec|sparsevec|"
    r"g[ir]\w*_(?:trgm|ltree|hstore)_ops|uuid_generate_v\w+|unaccent|(?:strict_)?(?:word_)?similarity|"
    r"crypt|gen_salt|digest|hmac|pgp_\w+|ll_to_earth|ST_\w+|levenshtein|soundex|"
    r"USING\s+(?:gist|gin|spgist|brin|bloom|rum|hnsw|ivfflat))\b",
    re.IGNORECASE,
)


def reason(error: BaseException | None, sql: str, *, was_refused: bool = False) -> str | None:
    """Say what kept ``sql``, or the code that raised, from being run; without values. None: nothing did."""
    state = sqlstate_of(error) or ""
    kind = type(error).__qualname__
    if was_refused:
        return f"it needs what is out of reach in a trace ({kind})"
    if isinstance(error, ServerWideError):
        return "it changes roles, databases or settings of the whole server, which a trace leaves alone"
    if isinstance(error, ObjectDoesNotExist):
        return f"it looks for a row that is not in a scratch database ({kind})"
    if isinstance(error, FileNotFoundError):
        return f"it looks for a file that is not here ({kind})"
    words = _of_state(state, sql)
    return f"{words} (SQLSTATE {state})" if words else None


def _of_state(state: str, sql: str) -> str | None:
    if state == _NO_PRIVILEGE or (state and _EXTENSION.search(sql)):
        return "the scratch database's role or server does not let it"
    if state in _LIMITS or state.startswith(_RESOURCES):
        return "it took too long, or more than the server has"
    if state.startswith(_CONNECTION):
        return "it connects to another server"
    if state == _FOREIGN_KEY and (not sql or IS_DML.match(sql)):  # at once, or at the end
        return "it refers to a row that is not in a scratch database"
    bare = _LITERALS.sub("", sql)
    if state in _PLACES:
        return "it names a database or a schema that the scratch database's server does not have"
    if (
        (state in _UNDEFINED and _OF_SERVER.search(bare))
        or (state == _PARAMETER and _SET_ROLE.search(bare))
        or (state == _UNSUPPORTED and _ICU.search(sql))
    ):
        return "it names what the scratch database's server does not have, such as a role or a tablespace"
    if state in _UNDEFINED and _OF_EXTENSION.search(bare):
        return "it uses an extension that no migration makes: make it in template1 of the scratch server"
    return None


def is_elsewhere(error: BaseException | None, sql: str, state: ProjectState, alias: str) -> bool:
    """Whether code asked for a table that the project's routers keep in another database."""
    if sqlstate_of(error) != _UNDEFINED_TABLE or not IS_DML.match(sql) or not router.routers:
        return False
    return any(
        f'"{plain(model._meta.db_table)}"' in sql
        for model in state.apps.get_models(include_auto_created=True)
        if not router.allow_migrate_model(alias, model)
    )
