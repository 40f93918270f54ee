"""bulk_update() with a batch size, in an atomic migration: many statements, one transaction.

verdict: unsafe
categories: bulk_write
reason: batch_size splits the statements, not the transaction; every contact is rewritten before one commit.
"""

from django.db import migrations, models


def build_full_names(apps, schema_editor):
    contact_model = apps.get_model("full_names_by_bulk_update", "Contact")
    contacts = []
    for contact in contact_model.objects.using(schema_editor.connection.alias).order_by("pk"):
        contact.full_name = f"{contact.first_name} {contact.last_name}".strip()[:160]
        contacts.append(contact)
    contact_model.objects.using(schema_editor.connection.alias).bulk_update(
        contacts, ["full_name"], batch_size=500
    )


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Company",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=120)),
                ("country", models.CharField(max_length=2, default="DE")),
            ],
        ),
        migrations.CreateModel(
            "Contact",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("first_name", models.CharField(max_length=80)),
                ("last_name", models.CharField(max_length=80)),
                ("full_name", models.CharField(max_length=160, blank=True, default="")),
                ("email", models.EmailField(max_length=254)),
                (
                    "company",
                    models.ForeignKey(
                        "full_names_by_bulk_update.company", null=True, on_delete=models.SET_NULL
                    ),
                ),
            ],
        ),
    ]


class BuildFullNames(migrations.Migration):
    dependencies = [("full_names_by_bulk_update", "0001_initial")]
    operations = [migrations.RunPython(build_full_names, migrations.RunPython.noop)]
