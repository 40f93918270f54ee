"""A model that Django does not manage is deleted.

verdict: safe
reason: Its table is left alone, so that the deployed release still finds it.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Reading",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("value", models.IntegerField()),
            ],
        ),
        migrations.RunSQL(
            "CREATE TABLE reporting_view_model_deleted_foreign (id bigserial PRIMARY KEY, value integer)"
        ),
        migrations.CreateModel(
            "Foreign",
            [("id", models.BigAutoField(primary_key=True)), ("value", models.IntegerField(null=True))],
            options={"db_table": "reporting_view_model_deleted_foreign", "managed": False},
        ),
    ]


class DeleteForeign(migrations.Migration):
    dependencies = [("reporting_view_model_deleted", "0001_initial")]
    operations = [
        migrations.DeleteModel("Foreign"),
    ]
