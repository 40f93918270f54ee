"""A column under a partial unique constraint becomes longer.

verdict: unsafe
categories: blocking
reason: PostgreSQL does not compare predicates: an index with a WHERE over the column's table is
    built again when the column's type changes.
"""

from django.db import migrations, models
from django.db.models import Q


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Coupon",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("shop", models.IntegerField(default=1)),
                ("code", models.CharField(max_length=16)),
                ("active", models.BooleanField(default=True)),
                ("percent", models.SmallIntegerField(default=10)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["code"], condition=Q(active=True), name="coupon_code_active_uniq"
                    ),
                ],
            },
        ),
    ]


class LongerCodes(migrations.Migration):
    dependencies = [("coupon_unique_code_partial_grown", "0001_initial")]
    operations = [
        migrations.AlterField("coupon", "code", models.CharField(max_length=64)),
    ]
