"""Weights are converted while the triggers of the table are switched off.

verdict: unsafe
categories: blocking, bulk_write
reason: ALTER TABLE ... DISABLE TRIGGER takes SHARE ROW EXCLUSIVE and keeps it to the end of the
    transaction, so every writer waits while all parcels are updated.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Parcel",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("barcode", models.CharField(max_length=30)),
                ("kilos", models.DecimalField(max_digits=7, decimal_places=3)),
                ("grams", models.IntegerField(null=True)),
                ("touched_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "depot_parcel"},
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION depot_parcel_touch() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.touched_at := now();
                RETURN NEW;
            END
            $$;
            CREATE TRIGGER parcel_touch BEFORE UPDATE ON depot_parcel
                FOR EACH ROW EXECUTE FUNCTION depot_parcel_touch();
            """,
            """
            DROP TRIGGER parcel_touch ON depot_parcel;
            DROP FUNCTION depot_parcel_touch();
            """,
        ),
    ]


class Grams(migrations.Migration):
    dependencies = [("parcel_grams_with_triggers_off", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE depot_parcel DISABLE TRIGGER USER",
                "UPDATE depot_parcel SET grams = round(kilos * 1000)::int",
                "ALTER TABLE depot_parcel ENABLE TRIGGER USER",
            ],
            migrations.RunSQL.noop,
        ),
    ]
