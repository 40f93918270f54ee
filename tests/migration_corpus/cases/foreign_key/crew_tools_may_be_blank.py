"""A many-to-many field gets names and may be blank.

verdict: safe
reason: None of it is the database's.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Tool",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            "Crew",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("tools", models.ManyToManyField("crew_tools_may_be_blank.tool")),
            ],
        ),
    ]


class DescribeTools(migrations.Migration):
    dependencies = [("crew_tools_may_be_blank", "0001_initial")]
    operations = [
        migrations.AlterField(
            "crew",
            "tools",
            models.ManyToManyField(
                "crew_tools_may_be_blank.tool", blank=True, related_name="crews", help_text="Own ones."
            ),
        ),
    ]
