"""A json column becomes jsonb.

verdict: unsafe
categories: blocking
reason: Each document is parsed and stored otherwise.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Event",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.RunSQL("ALTER TABLE event_json_to_jsonb_event ADD COLUMN body json"),
    ]


class ToJsonb(migrations.Migration):
    dependencies = [("event_json_to_jsonb", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE event_json_to_jsonb_event ALTER COLUMN body TYPE jsonb USING body::jsonb",
            "ALTER TABLE event_json_to_jsonb_event ALTER COLUMN body TYPE json",
        ),
    ]
