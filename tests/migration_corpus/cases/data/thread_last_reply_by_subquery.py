"""The time of the last reply is copied to every thread, by a correlated subquery.

verdict: unsafe
categories: bulk_write
reason: It is one UPDATE of all threads, whose rows stay locked until the migration commits.
"""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

APP = "thread_last_reply_by_subquery"


def denormalise(apps, schema_editor):
    Thread = apps.get_model(APP, "Thread")
    Reply = apps.get_model(APP, "Reply")
    newest = Reply.objects.filter(thread=OuterRef("pk")).order_by("-written_at").values("written_at")[:1]
    Thread.objects.using(schema_editor.connection.alias).update(last_reply_at=Subquery(newest))


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Thread",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("topic", models.CharField(max_length=150)),
                ("last_reply_at", models.DateTimeField(null=True, blank=True)),
            ],
        ),
        migrations.CreateModel(
            "Reply",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("thread", models.ForeignKey(f"{APP}.thread", models.CASCADE, related_name="replies")),
                ("body", models.TextField()),
                ("written_at", models.DateTimeField()),
            ],
        ),
    ]


class LastReplies(migrations.Migration):
    dependencies = [(APP, "0001_initial")]
    operations = [migrations.RunPython(denormalise, migrations.RunPython.noop)]
