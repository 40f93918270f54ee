import pytest

from django_prodready.audit.facts.database import find_servers
from django_prodready.audit.facts.database_host import Distance, distance_of_host, distance_to
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project

POSTGRES = "django.db.backends.postgresql"
MYSQL = "django.db.backends.mysql"


@pytest.mark.parametrize(
    ("host", "distance"),
    [
        ("", Distance.SOCKET),
        ("/run/postgresql", Distance.SOCKET),
        ("/cloudsql/shop:europe-west1:main", Distance.SOCKET),
        ("@postgres", Distance.SOCKET),
        ("localhost", Distance.LOOPBACK),
        ("LOCALHOST", Distance.LOOPBACK),
        ("db.localhost", Distance.LOOPBACK),
        ("127.0.0.1", Distance.LOOPBACK),
        ("127.1.2.3", Distance.LOOPBACK),
        ("::1", Distance.LOOPBACK),
        ("[::1]", Distance.LOOPBACK),
        ("db", Distance.PRIVATE),
        ("dpg-cn0abcdefghijk-a", Distance.PRIVATE),
        ("shop_db_1", Distance.PRIVATE),
        ("my_project.my_network", Distance.PRIVATE),
        ("tasks.db", Distance.PRIVATE),
        ("10.0.0.7", Distance.PRIVATE),
        ("172.17.0.2", Distance.PRIVATE),
        ("192.168.1.5", Distance.PRIVATE),
        ("100.100.1.2", Distance.PRIVATE),
        ("fd00::7", Distance.PRIVATE),
        ("fe80::1%eth0", Distance.PRIVATE),
        ("postgres.railway.internal", Distance.PRIVATE),
        ("host.docker.internal", Distance.PRIVATE),
        ("shop-db.flycast", Distance.PRIVATE),
        ("top2.nearest.of.shop-db.internal", Distance.PRIVATE),
        ("postgres.shop.svc.cluster.local", Distance.PRIVATE),
        ("postgres.shop.svc.cluster.example.org", Distance.PRIVATE),
        ("postgres.shop.svc", Distance.PRIVATE),
        ("postgres.databases", Distance.PRIVATE),
        ("db.tail1234.ts.net", Distance.PRIVATE),
        ("db.example.org", Distance.REMOTE),
        ("db.example.org.", Distance.REMOTE),
        ("example.org", Distance.REMOTE),
        ("shop.abc123.eu-west-1.rds.amazonaws.com", Distance.REMOTE),
        ("shop.postgres.database.azure.com", Distance.REMOTE),
        ("aws-0-eu-west-1.pooler.supabase.com", Distance.REMOTE),
        ("8.8.8.8", Distance.REMOTE),
        ("2606:4700::1111", Distance.REMOTE),
    ],
)
def test_distance_of_host(host, distance):
    assert distance_of_host(host) is distance


@pytest.mark.parametrize(
    ("database", "environ", "distance"),
    [
        ({}, {}, Distance.SOCKET),
        ({"HOST": "db1,db.example.org"}, {}, Distance.REMOTE),
        ({"HOST": "db1,db2"}, {}, Distance.PRIVATE),
        ({}, {"PGHOST": "db.example.org"}, Distance.REMOTE),
        ({"HOST": "localhost"}, {"PGHOST": "db.example.org"}, Distance.LOOPBACK),
        ({"OPTIONS": {"host": "/cloudsql/a:b:c"}}, {}, Distance.SOCKET),
        ({"HOST": "db.example.org", "OPTIONS": {"hostaddr": "10.0.0.7"}}, {}, Distance.PRIVATE),
        ({"HOST": "db.example.org"}, {"PGHOSTADDR": "10.0.0.7"}, Distance.PRIVATE),
        ({"OPTIONS": {"service": "shop"}}, {}, None),
        ({"OPTIONS": {"service": "shop"}}, {"PGHOST": "db.example.org"}, None),
        ({"HOST": "db", "OPTIONS": {"service": "shop"}}, {}, Distance.PRIVATE),
        ({}, {"PGSERVICE": "shop"}, None),
        ({"OPTIONS": None}, {}, Distance.SOCKET),
        ({"ENGINE": MYSQL}, {"PGHOST": "db.example.org"}, Distance.SOCKET),
        ({"ENGINE": MYSQL, "HOST": "db.example.org"}, {}, Distance.REMOTE),
        ({"ENGINE": MYSQL, "OPTIONS": {"host": "db.example.org"}}, {}, Distance.REMOTE),
        ({"ENGINE": MYSQL, "OPTIONS": {"read_default_file": "/etc/my.cnf"}}, {}, None),
    ],
)
def test_distance_to(database, environ, distance):
    entry = {"ENGINE": POSTGRES, "NAME": "shop", **database}
    with project(Case(settings={"DATABASES": {"default": entry}}, environ=environ)) as facts:
        (server,) = find_servers(facts)
        assert distance_to(server) is distance
