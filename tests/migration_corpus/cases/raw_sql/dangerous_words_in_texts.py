"""Statements that look dangerous, in comments and string literals alone.

verdict: safe
reason: What is executed is the INSERT of two help texts; their words are data.
"""

from django.db import migrations, models

SQL = """
-- Before this one ran, somebody proposed: DROP TABLE dangerous_words_in_texts_runbook CASCADE;
/* TRUNCATE dangerous_words_in_texts_runbook;
   UPDATE dangerous_words_in_texts_runbook SET body = ''; */
INSERT INTO dangerous_words_in_texts_runbook (slug, title, body, is_public) VALUES
    ('drop-column', 'How we drop a column',
     'First the model''s field; then ALTER TABLE book DROP COLUMN isbn; at last VACUUM FULL book;', false),
    ('lock-table', 'Who may LOCK TABLE',
     $text$Nobody. CREATE INDEX idx ON book (isbn); and DELETE FROM book; are for the weekend.$text$, false)
ON CONFLICT (slug) DO NOTHING;
"""


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Runbook",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("slug", models.SlugField(unique=True)),
                ("title", models.CharField(max_length=120)),
                ("body", models.TextField()),
                ("is_public", models.BooleanField(default=False)),
            ],
        ),
    ]


class AddRunbooks(migrations.Migration):
    dependencies = [("dangerous_words_in_texts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            SQL, "DELETE FROM dangerous_words_in_texts_runbook WHERE slug IN ('drop-column', 'lock-table')"
        ),
    ]
