from django.db import migrations


class Migration(migrations.Migration):
    dependencies = ()
    replaces = (
        ("prodready_plans", "0001_first"),
        ("prodready_plans", "0002_second"),
    )
    operations = ()
