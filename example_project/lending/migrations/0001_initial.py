"""Create authors, books, members and loans."""

# ruff: noqa: RUF012 - lists on classes are how Django is told things

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import lending.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Author",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("born", models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Book",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shelf_mark", models.CharField(max_length=20, unique=True)),
                ("title", models.CharField(db_index=True, max_length=300)),
                ("isbn", models.CharField(blank=True, max_length=13, verbose_name="ISBN")),
                ("summary", models.TextField(blank=True)),
                (
                    "cover",
                    models.FileField(
                        blank=True,
                        upload_to="covers/%Y/",
                        validators=[django.core.validators.FileExtensionValidator(["jpg", "png", "webp"])],
                    ),
                ),
                ("authors", models.ManyToManyField(related_name="books", to="lending.author")),
            ],
            options={
                "ordering": ["title", "shelf_mark"],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("card_number", models.CharField(max_length=12, unique=True)),
                ("joined_on", models.DateField(default=django.utils.timezone.localdate)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="member",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["card_number"],
            },
        ),
        migrations.CreateModel(
            name="Loan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("borrowed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_on", models.DateField(default=lending.models.due_date)),
                ("returned_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="loans", to="lending.book"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="loans", to="lending.member"
                    ),
                ),
            ],
            options={
                "ordering": ["due_on"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("returned_at", None)),
                        fields=("book",),
                        name="one_open_loan_per_book",
                        violation_error_message="This book is lent already.",
                    )
                ],
            },
        ),
    ]
