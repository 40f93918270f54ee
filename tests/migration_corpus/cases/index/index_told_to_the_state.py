"""An index that an operator built months ago enters the models' state.

verdict: safe
reason: The index is in the database already; only Django's state learns of it.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("headline", models.CharField(max_length=200)),
                ("section", models.CharField(max_length=40)),
                ("body", models.TextField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("pinned", models.BooleanField(default=False)),
            ],
        ),
        migrations.RunSQL(
            "CREATE INDEX article_section_published "
            "ON index_told_to_the_state_article (section, published_at DESC)",
            "DROP INDEX article_section_published",
        ),
    ]


class AdoptSectionIndex(migrations.Migration):
    dependencies = [("index_told_to_the_state", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(
                    model_name="article",
                    index=models.Index(fields=["section", "-published_at"], name="article_section_published"),
                ),
            ],
        ),
    ]
