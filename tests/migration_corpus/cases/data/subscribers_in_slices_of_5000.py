"""Slices of 5,000 ids, each in transaction.atomic(), in a migration that is not atomic.

verdict: safe
reason: The ids are read first; each slice is a transaction of its own, however many subscribers there are.
"""

from django.db import migrations, models, transaction

SLICE = 5000


def slices(ids):
    for start in range(0, len(ids), SLICE):
        yield ids[start : start + SLICE]


def mark_as_confirmed(apps, schema_editor):
    alias = schema_editor.connection.alias
    Subscriber = apps.get_model("subscribers_in_slices_of_5000", "Subscriber")
    subscribers = Subscriber.objects.using(alias)
    ids = list(subscribers.order_by("pk").values_list("pk", flat=True))
    for chunk in slices(ids):
        with transaction.atomic(using=alias):
            subscribers.filter(id__in=chunk).update(confirmation="confirmed")


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Subscriber",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("email", models.EmailField(max_length=254)),
                ("locale", models.CharField(max_length=8, default="en")),
                (
                    "confirmation",
                    models.CharField(
                        max_length=10,
                        choices=[("pending", "Pending"), ("confirmed", "Confirmed")],
                        default="pending",
                    ),
                ),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class ConfirmSubscribers(migrations.Migration):
    atomic = False
    dependencies = [("subscribers_in_slices_of_5000", "0001_initial")]
    operations = [migrations.RunPython(mark_as_confirmed, migrations.RunPython.noop)]
