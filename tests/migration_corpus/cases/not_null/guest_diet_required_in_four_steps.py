"""The project's own operation sets NOT NULL in four careful steps.

verdict: unsafe
categories: incompatible
reason: No step reads under a lock that blocks, but the deployed release still writes NULL, which first the
    check and then the column refuses.
"""

from django.db import migrations, models


class SaferSetNotNull(migrations.AlterField):
    """Prove that no value is NULL before the column is told so."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        table = schema_editor.quote_name(model._meta.db_table)
        column = schema_editor.quote_name(model._meta.get_field(self.name).column)
        check = schema_editor.quote_name(f"{self.name}_not_null_check")
        for action in (
            f"ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID",
            f"VALIDATE CONSTRAINT {check}",
            f"ALTER COLUMN {column} SET NOT NULL",
            f"DROP CONSTRAINT {check}",
        ):
            schema_editor.execute(f"ALTER TABLE {table} {action}")


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Guest",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("diet", models.CharField(max_length=40, null=True)),
            ],
        ),
    ]


class RequireDiet(migrations.Migration):
    atomic = False
    dependencies = [("guest_diet_required_in_four_steps", "0001_initial")]
    operations = [SaferSetNotNull("guest", "diet", models.CharField(max_length=40))]
