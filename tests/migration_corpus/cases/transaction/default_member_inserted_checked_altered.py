"""A row with a foreign key is inserted, the key checked at once, then the table altered.

verdict: safe
reason: SET CONSTRAINTS ALL IMMEDIATE leaves no trigger event pending.
"""

from django.db import migrations, models


def create_member(apps, schema_editor):
    club = apps.get_model("default_member_inserted_checked_altered", "Club").objects.create(name="Default")
    apps.get_model("default_member_inserted_checked_altered", "Member").objects.create(
        name="Default", club=club
    )


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Club",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Member",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
                ("club", models.ForeignKey("default_member_inserted_checked_altered.club", models.CASCADE)),
            ],
        ),
    ]


class CreateMember(migrations.Migration):
    dependencies = [("default_member_inserted_checked_altered", "0001_initial")]
    operations = [
        migrations.RunPython(create_member, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddField("member", "motto", models.CharField(max_length=100, null=True)),
    ]
