"""iterator() keeps the memory small, save(update_fields) keeps the statement small; the transaction is one.

verdict: unsafe
categories: bulk_write
reason: Each attachment is updated by its own statement, all of them within the migration's transaction.
"""

import hashlib

from django.db import migrations, models


def checksum_of(name, size):
    return hashlib.sha256(f"{name}:{size}".encode()).hexdigest()


def fill_checksums(apps, schema_editor):
    Attachment = apps.get_model("checksums_by_iterator", "Attachment")
    for attachment in Attachment.objects.only("pk", "filename", "size").iterator(chunk_size=2000):
        attachment.checksum = checksum_of(attachment.filename, attachment.size)
        attachment.save(update_fields=["checksum"])


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Message",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("subject", models.CharField(max_length=255)),
                ("sent_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            "Attachment",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "message",
                    models.ForeignKey(
                        "checksums_by_iterator.message", on_delete=models.CASCADE, related_name="attachments"
                    ),
                ),
                ("filename", models.CharField(max_length=255)),
                ("size", models.IntegerField(default=0)),
                ("content_type", models.CharField(max_length=100, default="application/octet-stream")),
                ("checksum", models.CharField(max_length=64, null=True)),
            ],
        ),
    ]


class FillChecksums(migrations.Migration):
    dependencies = [("checksums_by_iterator", "0001_initial")]
    operations = [migrations.RunPython(fill_checksums, migrations.RunPython.noop)]
