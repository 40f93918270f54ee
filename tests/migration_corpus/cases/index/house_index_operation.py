"""The team's own operation makes the index that every soft-deleted model gets.

verdict: unsafe
categories: blocking
reason: The operation's SQL is CREATE INDEX without CONCURRENTLY on a table that is in use.
"""

from django.db import migrations, models


class IndexLiveRows(migrations.operations.base.Operation):
    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name, *columns):
        self.model_name = model_name
        self.columns = columns

    def state_forwards(self, app_label, state):
        pass

    def _name(self, table):
        return f"{table}_live"[:63]

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        quote = schema_editor.quote_name
        columns = ", ".join(map(quote, self.columns))
        schema_editor.execute(
            f"CREATE INDEX {quote(self._name(table))} ON {quote(table)} ({columns}) WHERE deleted_at IS NULL"
        )

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(self._name(table))}")

    def describe(self):
        return f"Index the rows of {self.model_name} that are not deleted"


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO house_index_operation_document "
        "(title, path, language, pages, uploaded_at, deleted_at) "
        "SELECT 'Document ' || n, '', CASE n %% 3 WHEN 0 THEN 'de' ELSE 'en' END, n %% 40, "
        "now() - n * interval '7 minutes', CASE n %% 50 WHEN 0 THEN now() END "
        "FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=250)),
                ("path", models.FilePathField(blank=True, max_length=300)),
                ("language", models.CharField(default="en", max_length=8)),
                ("pages", models.IntegerField(null=True)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
    ]


class IndexLiveDocuments(migrations.Migration):
    dependencies = [("house_index_operation", "0001_initial")]
    operations = [IndexLiveRows("document", "language", "uploaded_at")]
