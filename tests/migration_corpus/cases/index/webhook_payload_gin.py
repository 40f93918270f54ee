"""Support wants to search inside the payloads of webhooks.

verdict: unsafe
categories: blocking
reason: A GIN index is built like any other: under SHARE, for as long as it reads every payload.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("url", models.URLField()),
                ("enabled", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("event", models.CharField(max_length=60)),
                ("payload", models.JSONField(default=dict)),
                ("response_code", models.SmallIntegerField(null=True)),
                ("attempts", models.IntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "endpoint",
                    models.ForeignKey(on_delete=models.deletion.CASCADE, to="webhook_payload_gin.endpoint"),
                ),
            ],
            options={"verbose_name_plural": "deliveries"},
        ),
    ]


class SearchPayload(migrations.Migration):
    dependencies = [("webhook_payload_gin", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["payload"], name="delivery_payload_gin", opclasses=["jsonb_path_ops"]
            ),
        ),
    ]
