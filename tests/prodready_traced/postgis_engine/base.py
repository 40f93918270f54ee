"""Makes an extension that no server has."""

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper


class DatabaseWrapper(PostgresWrapper):
    def prepare_database(self) -> None:
        with self.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS no_such_extension")
