"""A field gets a validator against blanks, and the names that are stored are trimmed along with it.

verdict: unsafe
categories: bulk_write
reason: The validator is no business of the database; the update has no filter and rewrites every job.
"""

from django.core.validators import RegexValidator
from django.db import migrations, models
from django.db.models import F, Func


class Trimmed(Func):
    """The value without blanks around it and with single blanks inside."""

    function = "regexp_replace"
    template = "trim(%(function)s(%(expressions)s, '[[:space:]]+', ' ', 'g'))"
    output_field = models.CharField()


def trim_names(apps, schema_editor):
    job = apps.get_model("names_trimmed_with_new_validator", "Job")
    job.objects.db_manager(schema_editor.connection.alias).update(name=Trimmed(F("name")))


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Job",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        max_length=10,
                        choices=[("new", "New"), ("running", "Running"), ("done", "Done")],
                        default="new",
                    ),
                ),
                ("attempts", models.SmallIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
    ]


class NamesWithoutBlanks(migrations.Migration):
    dependencies = [("names_trimmed_with_new_validator", "0001_initial")]
    operations = [
        migrations.AlterField(
            "job",
            "name",
            models.CharField(
                max_length=80, validators=[RegexValidator(r"^\S(.*\S)?$")], help_text="No blanks"
            ),
        ),
        migrations.RunPython(trim_names, migrations.RunPython.noop),
    ]
