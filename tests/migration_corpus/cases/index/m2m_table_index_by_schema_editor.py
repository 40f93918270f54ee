"""A covering index on the hidden table of a many-to-many relation, built by Python.

verdict: unsafe
categories: blocking
reason: schema_editor.execute sends CREATE INDEX for a populated table inside the migration's transaction.
"""

from django.db import migrations, models


def index_memberships(apps, schema_editor):
    group = apps.get_model("m2m_table_index_by_schema_editor", "Channel")
    through = group.members.through
    index = models.Index(fields=["member", "channel"], name="channel_members_both_idx")
    schema_editor.add_index(through, index)


def unindex_memberships(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS channel_members_both_idx")


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("nick", models.CharField(max_length=30)),
                ("email", models.EmailField(max_length=254)),
                ("timezone", models.CharField(default="UTC", max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("topic", models.CharField(blank=True, max_length=250)),
                ("archived", models.BooleanField(default=False)),
                ("members", models.ManyToManyField(to="m2m_table_index_by_schema_editor.member")),
            ],
        ),
    ]


class IndexMemberships(migrations.Migration):
    dependencies = [("m2m_table_index_by_schema_editor", "0001_initial")]
    operations = [migrations.RunPython(index_memberships, unindex_memberships)]
