"""A column becomes NOT NULL once a validated CHECK proves it.

verdict: safe
reason: A valid CHECK (phone IS NOT NULL) lets SET NOT NULL skip its scan (PostgreSQL 12 and newer).
    NULL has been refused by that CHECK since an earlier release.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Club",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("city", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            "Member",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("club", models.ForeignKey("member_phone_after_validated_check.club", models.CASCADE)),
                ("name", models.CharField(max_length=120)),
                ("phone", models.CharField(max_length=30, null=True)),
                ("joined_on", models.DateField()),
            ],
        ),
    ]


class PhoneCheck(migrations.Migration):
    dependencies = [("member_phone_after_validated_check", "0001_initial")]
    operations = [
        AddConstraintNotValid(
            "member",
            models.CheckConstraint(condition=Q(phone__isnull=False), name="member_phone_known"),
        ),
    ]


class PhoneCheckValid(migrations.Migration):
    dependencies = [("member_phone_after_validated_check", "0002_phone_check")]
    operations = [ValidateConstraint("member", "member_phone_known")]


class PhoneNotNull(migrations.Migration):
    dependencies = [("member_phone_after_validated_check", "0003_phone_check_valid")]
    operations = [
        migrations.AlterField("member", "phone", models.CharField(max_length=30)),
        migrations.RemoveConstraint("member", "member_phone_known"),
    ]


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO member_phone_after_validated_check_club (name, city) VALUES (%s, %s), (%s, %s)",
        ["Rowing", "Kiel", "Chess", "Ulm"],
    )
    cursor.execute(
        """
        INSERT INTO member_phone_after_validated_check_member (club_id, name, phone, joined_on)
        SELECT (SELECT max(id) FROM member_phone_after_validated_check_club),
               'Member ' || n, '+49 30 ' || n, DATE '2024-01-01' + n %% 365
        FROM generate_series(1, %s) AS n
        """,
        [rows],
    )
