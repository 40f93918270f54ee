"""A required column has no default, and a trigger gives it a value.

verdict: safe
reason: The trigger is there when the column comes, and fills it for a release that does not know it.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Ticket",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
            ],
        ),
    ]


class AddRank(migrations.Migration):
    dependencies = [("ticket_rank_required_with_trigger", "0001_initial")]
    operations = [
        migrations.AddField("ticket", "rank", models.IntegerField(default=0)),
        migrations.RunSQL(
            """
            CREATE FUNCTION ticket_rank_required_with_trigger_rank() RETURNS trigger LANGUAGE plpgsql AS
                $body$
            BEGIN
                IF NEW.rank IS NULL THEN
                    NEW.rank := 0;
                END IF;
                RETURN NEW;
            END
            $body$;
            CREATE TRIGGER ticket_rank_required_with_trigger_rank BEFORE INSERT ON
                ticket_rank_required_with_trigger_ticket FOR EACH ROW EXECUTE FUNCTION
                ticket_rank_required_with_trigger_rank();
            """,
            """
            DROP TRIGGER ticket_rank_required_with_trigger_rank ON
                ticket_rank_required_with_trigger_ticket; DROP FUNCTION
                ticket_rank_required_with_trigger_rank();
            """,
        ),
    ]
