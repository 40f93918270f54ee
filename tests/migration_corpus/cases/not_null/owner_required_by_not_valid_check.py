"""NOT NULL is promised by a check for new rows alone.

verdict: safe
reason: No row is read. That a check refuses a NULL of the deployed release is a rule of the business.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True

    dependencies = []
    operations = [
        migrations.CreateModel(
            "Post",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=100, null=True)),
            ],
        ),
    ]


class CheckTitle(migrations.Migration):
    dependencies = [("owner_required_by_not_valid_check", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE owner_required_by_not_valid_check_post ADD CONSTRAINT
                owner_required_by_not_valid_check_title CHECK (title IS NOT NULL) NOT VALID
            """,
            """
            ALTER TABLE owner_required_by_not_valid_check_post DROP CONSTRAINT
                owner_required_by_not_valid_check_title
            """,
        ),
    ]
