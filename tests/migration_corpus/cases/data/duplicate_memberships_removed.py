"""Memberships that exist twice are thinned out to the oldest one before a constraint is planned.

verdict: safe
reason: Only the few surplus rows of each (member, club) pair are deleted; everything that is used once stays.
"""

from django.db import migrations, models
from django.db.models import Count, Min


def remove_duplicates(apps, schema_editor):
    Membership = apps.get_model("duplicate_memberships_removed", "Membership")
    doubled = (
        Membership.objects.values("member_number", "club_id")
        .annotate(copies=Count("pk"), oldest=Min("pk"))
        .filter(copies__gt=1)
        .order_by()
    )
    for pair in doubled:
        Membership.objects.filter(
            member_number=pair["member_number"], club_id=pair["club_id"], pk__gt=pair["oldest"]
        ).delete()


def seed(cursor, rows):
    cursor.execute("INSERT INTO duplicate_memberships_removed_club (name, city) VALUES ('Rowing', 'Bath')")
    cursor.execute(
        "INSERT INTO duplicate_memberships_removed_membership (club_id, member_number, role, joined_on)"
        " SELECT (SELECT min(id) FROM duplicate_memberships_removed_club), 'M' || n, 'member', now()::date"
        " FROM generate_series(1, %s) AS n",
        [rows],
    )
    cursor.execute(
        "INSERT INTO duplicate_memberships_removed_membership (club_id, member_number, role, joined_on)"
        " SELECT club_id, member_number, role, joined_on FROM duplicate_memberships_removed_membership"
        " ORDER BY id LIMIT 2"
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Club",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("city", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            "Membership",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("club", models.ForeignKey("duplicate_memberships_removed.club", on_delete=models.CASCADE)),
                ("member_number", models.CharField(max_length=20, db_index=True)),
                (
                    "role",
                    models.CharField(
                        max_length=10, choices=[("member", "Member"), ("board", "Board")], default="member"
                    ),
                ),
                ("joined_on", models.DateField()),
            ],
        ),
    ]


class RemoveDuplicates(migrations.Migration):
    dependencies = [("duplicate_memberships_removed", "0001_initial")]
    operations = [migrations.RunPython(remove_duplicates, migrations.RunPython.noop)]
