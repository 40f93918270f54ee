"""An operation of the project's own changes a storage parameter.

verdict: safe
reason: The operation sends ALTER TABLE SET, which lets writers pass.
"""

from django.db import migrations, models


class SetFillfactor(migrations.operations.base.Operation):
    reversible = True

    def __init__(self, model_name, percent):
        self.model_name = model_name
        self.percent = percent

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        schema_editor.execute(
            f"ALTER TABLE {schema_editor.quote_name(table)} SET (fillfactor = {self.percent})"
        )

    database_backwards = database_forwards


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


class Fill(migrations.Migration):
    dependencies = [("custom_operation_sets_fillfactor", "0001_initial")]
    operations = [
        SetFillfactor("job", 80),
    ]
