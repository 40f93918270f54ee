"""A field is added to the state, and the database operation is forgotten.

verdict: unsafe
categories: incompatible
reason: The new release asks for a column that is not there.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Widget",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddKind(migrations.Migration):
    dependencies = [("widget_kind_added_to_state_alone", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField("widget", "kind", models.CharField(max_length=20, null=True))
            ]
        ),
    ]
