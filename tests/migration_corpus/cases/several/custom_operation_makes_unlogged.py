"""An operation of the project's own rewrites the table.

verdict: unsafe
categories: blocking
reason: SET UNLOGGED is in a method, not in a list of operations.
"""

from django.db import migrations, models


class MakeUnlogged(migrations.operations.base.Operation):
    reversible = True

    def __init__(self, model_name):
        self.model_name = model_name

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        schema_editor.execute(f"ALTER TABLE {schema_editor.quote_name(table)} SET UNLOGGED")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        pass


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Job",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=20)),
            ],
        ),
    ]


class Unlog(migrations.Migration):
    dependencies = [("custom_operation_makes_unlogged", "0001_initial")]
    operations = [
        MakeUnlogged("job"),
    ]
