"""The join table of a many-to-many field gets a model, and that model a nullable column.

verdict: safe
reason: The table is adopted in the state under its own name and columns; the one statement adds a column
    without a default, which the deployed release leaves out.
"""

from django.db import migrations, models

APP = "choir_voices_through_gets_part"


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Singer",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            "Choir",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("singers", models.ManyToManyField(f"{APP}.singer", related_name="choirs")),
            ],
        ),
    ]


class SingersWithPart(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Voice",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True)),
                        ("choir", models.ForeignKey(f"{APP}.choir", models.CASCADE)),
                        ("singer", models.ForeignKey(f"{APP}.singer", models.CASCADE)),
                    ],
                    options={"db_table": f"{APP}_choir_singers", "unique_together": {("choir", "singer")}},
                ),
                migrations.AlterField(
                    model_name="choir",
                    name="singers",
                    field=models.ManyToManyField(
                        f"{APP}.singer", related_name="choirs", through=f"{APP}.voice"
                    ),
                ),
            ],
        ),
        migrations.AddField("voice", "part", models.CharField(max_length=10, null=True, blank=True)),
    ]
