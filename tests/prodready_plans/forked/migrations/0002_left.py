from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("prodready_plans", "0001_first"),)
    operations = ()
