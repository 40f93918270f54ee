"""A table is created, filled, indexed and constrained.

verdict: safe
reason: Until the migration commits, nobody else can see the table.
"""

from django.db import migrations, models


def fill_countries(apps, schema_editor):
    country = apps.get_model("countries_created_filled_constrained", "Country")
    country.objects.bulk_create(country(code=code) for code in ("AT", "CH", "DE"))
    country.objects.update(name="?")


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Person",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]


class CreateCountry(migrations.Migration):
    dependencies = [("countries_created_filled_constrained", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Country",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=2)),
                ("name", models.CharField(max_length=100, null=True)),
            ],
        ),
        migrations.RunPython(fill_countries, migrations.RunPython.noop),
        migrations.AlterField("country", "name", models.CharField(max_length=100)),
        migrations.AddIndex(
            "country", models.Index(fields=["name"], name="countries_created_filled_constrained_name")
        ),
        migrations.AddConstraint(
            "country",
            models.UniqueConstraint(fields=["code"], name="countries_created_filled_constrained_code"),
        ),
        migrations.AddField(
            "person",
            "country",
            models.ForeignKey(
                "countries_created_filled_constrained.country", models.CASCADE, null=True, db_index=False
            ),
        ),
    ]
