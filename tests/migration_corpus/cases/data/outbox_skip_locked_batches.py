"""Mails that have no shard yet get one, five hundred a time, and those in work are passed over.

verdict: safe
reason: The migration is not atomic; each batch locks, writes and commits five hundred rows at most.
"""

from django.db import migrations, models, transaction


def shard_mails(apps, schema_editor):
    OutgoingMail = apps.get_model("outbox_skip_locked_batches", "OutgoingMail")
    alias = schema_editor.connection.alias
    while True:
        with transaction.atomic(using=alias):
            waiting = OutgoingMail.objects.using(alias).filter(shard=None).order_by("pk")
            keys = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:500])
            if not keys:
                break
            OutgoingMail.objects.using(alias).filter(pk__in=keys).update(shard=models.F("pk") % 16)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "OutgoingMail",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("recipient", models.EmailField(max_length=254)),
                ("body", models.TextField()),
            ],
        ),
    ]


class Shard(migrations.Migration):
    dependencies = [("outbox_skip_locked_batches", "0001_initial")]
    operations = [
        migrations.AddField("outgoingmail", "shard", models.SmallIntegerField(null=True)),
        migrations.AddIndex(
            "outgoingmail",
            models.Index("id", condition=models.Q(shard=None), name="outgoing_mail_without_shard"),
        ),
    ]


class ShardMails(migrations.Migration):
    atomic = False
    dependencies = [("outbox_skip_locked_batches", "0002_shard")]
    operations = [migrations.RunPython(shard_mails, migrations.RunPython.noop)]
