"""A DO block that commits after every thousand rows, in a migration that is not atomic.

verdict: safe
reason: Outside a transaction block a DO block may COMMIT: each range of ids is a transaction of its own.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Account",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.CharField(max_length=24)),
                ("owner_name", models.CharField(max_length=120)),
                ("points", models.IntegerField(default=0)),
                ("tier", models.CharField(max_length=10, null=True)),
                ("opened_on", models.DateField()),
            ],
        ),
    ]


class FillTiers(migrations.Migration):
    atomic = False
    dependencies = [("do_block_commits_its_batches", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            DO $body$
            DECLARE
                low bigint := 0;
                high bigint;
            BEGIN
                SELECT coalesce(max(id), 0) INTO high FROM do_block_commits_its_batches_account;
                WHILE low < high LOOP
                    UPDATE do_block_commits_its_batches_account
                       SET tier = CASE WHEN points >= 1000 THEN 'gold' ELSE 'basic' END
                     WHERE id > low AND id <= low + 1000;
                    COMMIT;
                    low := low + 1000;
                END LOOP;
            END
            $body$;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
