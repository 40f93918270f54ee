"""A column becomes NOT NULL while the CHECK that should prove it is not valid yet.

verdict: unsafe
categories: blocking
reason: A NOT VALID CHECK proves nothing of the rows that exist, so SET NOT NULL scans the table
    under ACCESS EXCLUSIVE. New NULLs have been refused since the CHECK was deployed.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Member",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("city", models.CharField(max_length=80, null=True)),
                ("joined_on", models.DateField()),
            ],
        ),
    ]


class CityCheck(migrations.Migration):
    dependencies = [("member_city_after_check_not_validated", "0001_initial")]
    operations = [
        AddConstraintNotValid(
            "member", models.CheckConstraint(condition=Q(city__isnull=False), name="member_city_known")
        ),
    ]


class CityNotNull(migrations.Migration):
    dependencies = [("member_city_after_check_not_validated", "0002_city_check")]
    operations = [
        migrations.AlterField("member", "city", models.CharField(max_length=80)),
        migrations.RemoveConstraint("member", "member_city_known"),
    ]


def seed(cursor, rows):
    cursor.execute(
        """
        INSERT INTO member_city_after_check_not_validated_member (name, email, city, joined_on)
        SELECT 'Member ' || n, n || '@example.com', 'Kiel', DATE '2024-01-01' FROM generate_series(1, %s) AS n
        """,
        [rows],
    )
