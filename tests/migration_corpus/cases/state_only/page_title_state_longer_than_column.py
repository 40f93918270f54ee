"""A CharField grows in the state alone.

verdict: unsafe
categories: incompatible
reason: The column still takes eighty characters; the new release may write two hundred and gets an
    error.
"""

from django.db import migrations, models


class StateOnly(migrations.SeparateDatabaseAndState):
    """Operations that tell the state of what a DBA has done, or will do."""

    def __init__(self, *operations):
        super().__init__(state_operations=list(operations))

    def deconstruct(self):
        return self.__class__.__qualname__, self.state_operations, {}


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Page",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("path", models.CharField(max_length=255, unique=True)),
                ("title", models.CharField(max_length=80)),
                ("body", models.TextField(blank=True)),
                ("parent", models.ForeignKey("self", models.CASCADE, null=True, blank=True)),
            ],
        ),
    ]


class LongTitles(migrations.Migration):
    dependencies = [("page_title_state_longer_than_column", "0001_initial")]
    operations = [
        StateOnly(migrations.AlterField("page", "title", models.CharField(max_length=200))),
    ]
