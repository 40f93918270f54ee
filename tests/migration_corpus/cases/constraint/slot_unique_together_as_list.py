"""unique_together is written as a list of lists instead of a set.

verdict: safe
reason: The same columns in the same order are the same constraint, whatever holds them; no statement is
    sent.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Slot",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("surgery", models.CharField(max_length=40)),
                ("begins_at", models.DateTimeField()),
                ("taken", models.BooleanField(default=False)),
            ],
            options={"unique_together": {("surgery", "begins_at")}},
        ),
    ]


class AsList(migrations.Migration):
    dependencies = [("slot_unique_together_as_list", "0001_initial")]
    operations = [
        migrations.AlterUniqueTogether(name="slot", unique_together=[["surgery", "begins_at"]]),
        migrations.AlterModelOptions(name="slot", options={"verbose_name": "free slot"}),
    ]
