"""Handles may be shared between workspaces from now on.

verdict: safe
reason: DROP CONSTRAINT and DROP INDEX take brief locks; the deployed code's writes stay allowed.
"""

from django.db import migrations, models


def seed(cursor, rows):
    cursor.execute(
        "INSERT INTO username_no_longer_unique_profile (handle, bio, karma, joined_on) "
        "SELECT 'h' || n, '', 0, current_date FROM generate_series(1, %s) AS n",
        [rows],
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("handle", models.CharField(max_length=32, unique=True)),
                ("bio", models.TextField(blank=True, default="")),
                ("karma", models.IntegerField(default=0)),
                ("joined_on", models.DateField(auto_now_add=True)),
            ],
        ),
    ]


class ShareHandles(migrations.Migration):
    dependencies = [("username_no_longer_unique", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="profile", name="handle", field=models.CharField(max_length=32, unique=False)
        ),
    ]
