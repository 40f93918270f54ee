"""The database's own documentation tells the next reader how to index the table.

verdict: safe
reason: CREATE INDEX stands in the text of a comment; COMMENT ON holds a lock that lets rows be written.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Donation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("donor", models.CharField(max_length=140)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=9)),
                ("campaign", models.CharField(blank=True, max_length=60)),
                ("anonymous", models.BooleanField(default=False)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]


class DocumentDonation(migrations.Migration):
    dependencies = [("index_advice_in_a_comment", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            COMMENT ON TABLE index_advice_in_a_comment_donation IS
                'Needs a report by campaign? Ask first, then
                 CREATE INDEX donation_campaign_idx ON index_advice_in_a_comment_donation (campaign);
                 never ALTER TABLE by hand.';
            COMMENT ON COLUMN index_advice_in_a_comment_donation.amount IS 'Gross, in EUR';
            """,
            "COMMENT ON TABLE index_advice_in_a_comment_donation IS NULL",
        ),
    ]
