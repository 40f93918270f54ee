"""A network column may hold single hosts too.

verdict: safe
reason: cidr is binary coercible to inet: ALTER TYPE changes the catalogue alone, and every cidr is
    a valid inet.
"""

from django.db import migrations, models


class NetworkField(models.GenericIPAddressField):
    """An address with its prefix length."""

    def __init__(self, *args, column_type="cidr", **kwargs):
        self.column_type = column_type
        super().__init__(*args, **kwargs)

    def db_type(self, connection):
        return self.column_type

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "column_type": self.column_type}


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "FirewallRule",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("label", models.CharField(max_length=60)),
                ("network", NetworkField()),
                ("port", models.IntegerField(null=True)),
                ("allow", models.BooleanField(default=True)),
            ],
            options={"db_table": "net_firewall_rule"},
        ),
    ]


class HostsToo(migrations.Migration):
    dependencies = [("host_network_cidr_to_inet", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "alter table net_firewall_rule alter column network type inet",
            "alter table net_firewall_rule alter column network type cidr using network::cidr",
            state_operations=[
                migrations.AlterField("firewallrule", "network", NetworkField(column_type="inet")),
            ],
        ),
    ]


def seed(cursor, rows):
    cursor.execute(
        """
        INSERT INTO net_firewall_rule (label, network, port, allow)
        SELECT 'rule ' || n, ('10.' || n %% 250 || '.0.0/16')::cidr, 443, true
        FROM generate_series(1, %s) AS n
        """,
        [rows],
    )
