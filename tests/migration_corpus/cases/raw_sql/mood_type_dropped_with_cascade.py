"""A type is dropped with all that uses it.

verdict: unsafe
categories: destructive, incompatible
reason: CASCADE drops the column of the type.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Diary",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("mood", models.CharField(max_length=10, choices=[("good", "good"), ("bad", "bad")])),
            ],
        ),
        migrations.RunSQL(
            """
            CREATE TYPE mood_type_dropped_with_cascade_kind AS ENUM ('good', 'bad');
            ALTER TABLE mood_type_dropped_with_cascade_diary ALTER COLUMN mood TYPE
                mood_type_dropped_with_cascade_kind USING mood::mood_type_dropped_with_cascade_kind;
            """
        ),
    ]


class DropType(migrations.Migration):
    dependencies = [("mood_type_dropped_with_cascade", "0001_initial")]
    operations = [
        migrations.RunSQL("DROP TYPE mood_type_dropped_with_cascade_kind CASCADE", migrations.RunSQL.noop),
    ]
