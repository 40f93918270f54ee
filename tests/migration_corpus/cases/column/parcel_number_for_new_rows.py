"""A column is added without a default and then gets the next number of a sequence as its default.

verdict: safe
reason: SET DEFAULT holds for rows to come; both statements change the catalogue alone.
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
                ("address", models.CharField(max_length=100)),
            ],
        ),
    ]


class NumberParcels(migrations.Migration):
    dependencies = [("parcel_number_for_new_rows", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE SEQUENCE parcel_number_for_new_rows_number;
            ALTER TABLE parcel_number_for_new_rows_parcel ADD COLUMN number bigint;
            ALTER TABLE parcel_number_for_new_rows_parcel ALTER COLUMN number SET DEFAULT
                nextval('parcel_number_for_new_rows_number');
            """,
            """
            ALTER TABLE parcel_number_for_new_rows_parcel DROP COLUMN number; DROP SEQUENCE
                parcel_number_for_new_rows_number;
            """,
        ),
    ]
