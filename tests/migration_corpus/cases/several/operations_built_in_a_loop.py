"""The operations of a migration are built in a loop.

verdict: unsafe
categories: blocking
reason: One of the three columns becomes another type.
"""

from django.db import migrations, models

FIELDS = {"name": models.TextField(), "size": models.BigIntegerField(), "hint": models.TextField(null=True)}


def operations():
    return [migrations.AlterField("job", name, field) for name, field in FIELDS.items()]


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Job",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=20)),
                ("size", models.IntegerField()),
                ("hint", models.TextField()),
            ],
        ),
    ]


class AlterThree(migrations.Migration):
    dependencies = [("operations_built_in_a_loop", "0001_initial")]
    operations = [
        *operations(),
    ]
