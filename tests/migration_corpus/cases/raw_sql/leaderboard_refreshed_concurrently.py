"""A materialised view is refreshed beside its readers.

verdict: safe
reason: The games are only read; CONCURRENTLY takes EXCLUSIVE on the view, which lets it be read, and on
    nothing else.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Game",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("player", models.CharField(max_length=40)),
                ("points", models.IntegerField()),
                ("played_at", models.DateTimeField()),
            ],
            options={"db_table": "arcade_game"},
        ),
        migrations.RunSQL(
            """
            CREATE MATERIALIZED VIEW arcade_leaderboard AS
                SELECT player, max(points) AS best FROM arcade_game GROUP BY player;
            CREATE UNIQUE INDEX arcade_leaderboard_player ON arcade_leaderboard (player);
            """,
            "DROP MATERIALIZED VIEW arcade_leaderboard",
        ),
    ]


class RefreshLeaderboard(migrations.Migration):
    dependencies = [("leaderboard_refreshed_concurrently", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "REFRESH MATERIALIZED VIEW CONCURRENTLY arcade_leaderboard", migrations.RunSQL.noop
        ),
    ]
