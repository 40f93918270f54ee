"""The subscriber's address becomes searchable.

verdict: unsafe
categories: blocking
reason: db_index=True on an existing varchar builds a B-tree and a varchar_pattern_ops index under SHARE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="MailingList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("sender", models.EmailField(max_length=254)),
            ],
        ),
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                ("first_name", models.CharField(blank=True, max_length=80)),
                ("confirmed", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
                (
                    "mailing_list",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE,
                        related_name="subscribers",
                        to="subscriber_email_db_index.mailinglist",
                    ),
                ),
            ],
        ),
    ]


class SearchSubscribersByEmail(migrations.Migration):
    dependencies = [("subscriber_email_db_index", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="subscriber",
            name="email",
            field=models.EmailField(db_index=True, max_length=254),
        ),
    ]
