"""A required column becomes nullable in the state alone.

verdict: unsafe
categories: incompatible
reason: The new release writes NULL into a column that is NOT NULL.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Post",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class LoosenTitle(migrations.Migration):
    dependencies = [("nullable_in_state_alone", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("post", "title", models.CharField(max_length=100, null=True))
            ]
        ),
    ]
