"""A column is added with the next number of a sequence as its default.

verdict: unsafe
categories: blocking
reason: nextval() is volatile, so that ADD COLUMN rewrites the table.
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
    dependencies = [("parcel_number_from_sequence", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE SEQUENCE parcel_number_from_sequence_number;
            ALTER TABLE parcel_number_from_sequence_parcel ADD COLUMN number bigint DEFAULT
                nextval('parcel_number_from_sequence_number');
            """,
            """
            ALTER TABLE parcel_number_from_sequence_parcel DROP COLUMN number; DROP SEQUENCE
                parcel_number_from_sequence_number;
            """,
        ),
    ]
