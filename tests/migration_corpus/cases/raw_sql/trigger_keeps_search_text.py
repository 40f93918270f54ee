"""A trigger fills the search text of new and changed rows, a view serves the reports.

verdict: safe
reason: CREATE TRIGGER holds SHARE ROW EXCLUSIVE for a moment and touches no row; the view only reads.
"""

from django.db import migrations, models

CREATE = """
CREATE OR REPLACE FUNCTION trigger_keeps_search_text_fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_text := lower(NEW.title || ' ' || coalesce(NEW.subtitle, ''));
    RETURN NEW;
END
$$;

CREATE TRIGGER track_search_text
    BEFORE INSERT OR UPDATE OF title, subtitle ON trigger_keeps_search_text_track
    FOR EACH ROW EXECUTE FUNCTION trigger_keeps_search_text_fill();

CREATE VIEW trigger_keeps_search_text_by_year AS
    SELECT released_in, count(*) AS tracks FROM trigger_keeps_search_text_track GROUP BY released_in;
"""

DROP = """
DROP VIEW trigger_keeps_search_text_by_year;
DROP TRIGGER track_search_text ON trigger_keeps_search_text_track;
DROP FUNCTION trigger_keeps_search_text_fill();
"""


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Track",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=200)),
                ("subtitle", models.CharField(max_length=200, null=True)),
                ("released_in", models.SmallIntegerField(null=True)),
                ("search_text", models.TextField(blank=True, default="")),
            ],
        ),
    ]


class SearchTextTrigger(migrations.Migration):
    dependencies = [("trigger_keeps_search_text", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
