"""A new table is filled from an existing one; its reference has no constraint in the database.

verdict: safe
reason: The members are only read, every row written is one of the new table, and no foreign key is validated.
"""

from django.db import migrations, models


def copy_preferences(apps, schema_editor):
    Member = apps.get_model("preferences_copied_without_constraint", "Member")
    Preferences = apps.get_model("preferences_copied_without_constraint", "Preferences")
    batch = []
    for member in Member.objects.only("pk", "wants_mail", "theme").iterator(chunk_size=2000):
        batch.append(Preferences(member_id=member.pk, wants_mail=member.wants_mail, theme=member.theme))
        if len(batch) == 1000:
            Preferences.objects.bulk_create(batch)
            batch = []
    Preferences.objects.bulk_create(batch)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Member",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("email", models.EmailField(max_length=254)),
                ("wants_mail", models.BooleanField(default=True)),
                ("theme", models.CharField(max_length=20, default="light")),
                ("last_seen_at", models.DateTimeField(null=True)),
            ],
        ),
    ]


class MemberPreferences(migrations.Migration):
    dependencies = [("preferences_copied_without_constraint", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Preferences",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "member",
                    models.OneToOneField(
                        "preferences_copied_without_constraint.member",
                        on_delete=models.CASCADE,
                        related_name="preferences",
                        db_constraint=False,
                    ),
                ),
                ("wants_mail", models.BooleanField(default=True)),
                ("theme", models.CharField(max_length=20, default="light")),
            ],
        ),
        migrations.RunPython(copy_preferences, migrations.RunPython.noop),
    ]
