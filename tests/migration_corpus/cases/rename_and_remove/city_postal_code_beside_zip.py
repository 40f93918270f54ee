"""A second column takes over from the first: it is added, and a trigger keeps it.

verdict: safe
reason: The column is nullable, the trigger needs a short lock, and both releases find what they ask for.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "City",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("zip", models.CharField(max_length=10)),
            ],
        ),
    ]


class AddPostalCode(migrations.Migration):
    dependencies = [("city_postal_code_beside_zip", "0001_initial")]
    operations = [
        migrations.AddField("city", "postal_code", models.CharField(max_length=10, null=True)),
        migrations.RunSQL(
            """
            CREATE FUNCTION city_postal_code_beside_zip_copy() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.postal_code := coalesce(NEW.postal_code, NEW.zip);
                RETURN NEW;
            END
            $$;
            CREATE TRIGGER city_postal_code_beside_zip_copy BEFORE INSERT OR UPDATE ON
                city_postal_code_beside_zip_city
                FOR EACH ROW EXECUTE FUNCTION city_postal_code_beside_zip_copy();
            """,
            """
            DROP TRIGGER city_postal_code_beside_zip_copy ON city_postal_code_beside_zip_city; DROP
                FUNCTION city_postal_code_beside_zip_copy();
            """,
        ),
    ]
