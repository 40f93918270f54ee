"""A required column whose default is a function of the team's own, which makes codes by chance.

verdict: unsafe
categories: blocking
reason: A function is VOLATILE unless it says otherwise, so ADD COLUMN calls it for every row and writes the
    table anew under ACCESS EXCLUSIVE.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION make_invite_code() RETURNS text LANGUAGE plpgsql AS $$
            BEGIN
                RETURN upper(substr(md5(random()::text), 1, 10));
            END
            $$
            """,
            "DROP FUNCTION make_invite_code()",
        ),
        migrations.CreateModel(
            "Invitation",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("email", models.EmailField(max_length=254)),
                ("sent_at", models.DateTimeField(null=True)),
            ],
        ),
    ]


class Code(migrations.Migration):
    dependencies = [("invite_code_by_own_function", "0001_initial")]
    operations = [
        migrations.AddField(
            "invitation",
            "code",
            models.CharField(max_length=12, db_default=models.Func(function="make_invite_code")),
        ),
    ]
