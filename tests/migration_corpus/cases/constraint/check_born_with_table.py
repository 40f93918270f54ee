"""A new table gets its constraints in the operations after the one that creates it.

verdict: safe
reason: The constraints are added to the table that the same migration creates; it has no rows.
"""

from django.db import migrations, models


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Course",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=120)),
                ("level", models.CharField(choices=[("a", "Beginner"), ("b", "Advanced")], max_length=1)),
                ("capacity", models.IntegerField(default=20)),
            ],
        ),
    ]


class Waitlist(migrations.Migration):
    dependencies = [("check_born_with_table", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="WaitlistEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                ("position", models.PositiveIntegerField()),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            "waitlistentry",
            "course",
            models.ForeignKey(on_delete=models.deletion.CASCADE, to="check_born_with_table.course"),
        ),
        migrations.AddConstraint(
            "waitlistentry",
            models.CheckConstraint(condition=models.Q(position__gt=0), name="waitlist_position_from_one"),
        ),
        migrations.AlterUniqueTogether("waitlistentry", {("course", "position")}),
        migrations.AlterField("waitlistentry", "email", models.EmailField(db_index=True, max_length=254)),
    ]
