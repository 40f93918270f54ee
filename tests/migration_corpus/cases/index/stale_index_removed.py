"""Two indexes that no query uses go, one of them raw.

verdict: safe
reason: DROP INDEX takes ACCESS EXCLUSIVE for a moment and does no work on the rows.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("position", models.CharField(max_length=120)),
                (
                    "stage",
                    models.CharField(
                        choices=[("cv", "CV"), ("call", "Call"), ("offer", "Offer")], max_length=8
                    ),
                ),
                ("salary_wish", models.IntegerField(blank=True, null=True)),
                ("applied_on", models.DateField()),
            ],
            options={"indexes": [models.Index(fields=["stage", "applied_on"], name="candidate_stage_idx")]},
        ),
        migrations.RunSQL(
            "CREATE INDEX candidate_name_upper ON stale_index_removed_candidate (upper(name))",
            "DROP INDEX candidate_name_upper",
        ),
    ]


class DropStaleIndexes(migrations.Migration):
    dependencies = [("stale_index_removed", "0001_initial")]
    operations = [
        migrations.RemoveIndex(model_name="candidate", name="candidate_stage_idx"),
        migrations.RunSQL("DROP INDEX IF EXISTS candidate_name_upper", migrations.RunSQL.noop),
    ]
