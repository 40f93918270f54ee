"""Schemas of the search path: a new database has only ``public``, and tables would find no place."""

from __future__ import annotations

import re

from django.db import connections

__all__ = ["make_schemas"]

# Quoted, or not: https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH
_NAME = re.compile(r'"((?:[^"]|"")+)"|([^\s",]+)')


def make_schemas() -> None:
    """Make the schemas that each alias' sessions look into, by their options or by their role."""
    for alias in connections:
        connection = connections[alias]
        with connection.cursor() as cursor:
            cursor.execute("SHOW search_path")
            (path,) = cursor.fetchone()
            for quoted, plain in _NAME.findall(path):
                name = quoted.replace('""', '"') or plain
                if not name.startswith(("$", "pg_")):
                    literal = '"' + name.replace('"', '""') + '"'
                    cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {literal}")
        connection.close()
