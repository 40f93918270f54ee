"""A DO block walks over all accounts and updates them one by one.

verdict: unsafe
categories: bulk_write
reason: A DO block without COMMIT is one transaction, and its loop rewrites every account in it.
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
                ("opened_on", models.DateField()),
            ],
        ),
    ]


class AddBonusPoints(migrations.Migration):
    dependencies = [("do_block_adds_bonus_points", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            DO $body$
            DECLARE
                account record;
            BEGIN
                FOR account IN SELECT id FROM do_block_adds_bonus_points_account ORDER BY id LOOP
                    UPDATE do_block_adds_bonus_points_account
                       SET points = least(points, 1000000) + 50
                     WHERE id = account.id;
                END LOOP;
            END
            $body$;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
