"""The table of a model that an earlier release took out of the state.

verdict: safe
reason: No deployed model knows the table; the FOREIGN KEY was dropped with the model, so no other
    table is locked.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Poll",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("question", models.CharField(max_length=200)),
                ("closes_at", models.DateTimeField(null=True)),
                ("open", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            "Vote",
            [
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "poll",
                    models.ForeignKey("poll_vote_second_step.poll", models.CASCADE, db_constraint=False),
                ),
                ("choice", models.SmallIntegerField()),
                ("voter", models.UUIDField()),
            ],
        ),
    ]


class ForgetVotes(migrations.Migration):
    dependencies = [("poll_vote_second_step", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Vote")]),
    ]


class DropVotes(migrations.Migration):
    dependencies = [("poll_vote_second_step", "0002_forget_votes")]
    operations = [
        migrations.RunSQL('DROP TABLE IF EXISTS "poll_vote_second_step_vote"', migrations.RunSQL.noop),
    ]
