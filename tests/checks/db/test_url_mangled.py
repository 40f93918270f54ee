import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

POSTGRES = "django.db.backends.postgresql"
CHECKS = (
    "db.asgi-persistent",
    "db.default-credentials",
    "db.no-engine",
    "db.no-health-checks",
    "db.no-reuse",
    "db.no-timeouts",
    "db.password-weak",
    "db.pgbouncer-cursors",
    "db.pool-conflict",
    "db.sslmode",
    "db.sslmode-disabled",
    "db.unknown-engine",
    "db.url-mangled",
)


def judge(check="db.url-mangled", environ=None, **more):
    database = {"ENGINE": POSTGRES, "NAME": "shop", "HOST": "db", "USER": "seller", **more}
    return run_check(check, settings={"DATABASES": {"default": database}}, environ=environ)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"HOST": "ss%23word"}, "HOST holds %"),
        ({"HOST": "ss#word"}, "HOST holds #"),
        ({"HOST": "seller:x@y?z"}, "HOST holds ? and @"),
        ({"PORT": "word"}, "PORT is not a number"),
        ({"PORT": "12x"}, "PORT is not a number"),
        ({"HOST": "ss", "NAME": "word@db:5432/shop"}, "NAME holds @"),
        ({"NAME": "shop?sslmode=require"}, "NAME holds ?"),
        ({"HOST": "ss", "NAME": ""}, "NAME is empty"),
        ({"ENGINE": "django.contrib.gis.db.backends.postgis", "NAME": ""}, "NAME is empty"),
        ({"ENGINE": "django_tenants.postgresql_backend", "NAME": ""}, "NAME is empty"),
        ({"ENGINE": "django.db.backends.mysql", "HOST": "ss#w"}, "HOST holds #"),
        ({"ENGINE": "django.db.backends.oracle", "PORT": "word"}, "PORT is not a number"),
    ],
)
def test_fires(more, says):
    (finding,) = judge(**more).findings
    assert finding.subject == "DATABASES['default']"
    assert finding.severity is Severity.ERROR
    assert says in finding.message
    assert "is damaged" in finding.message
    assert "Escape the password" in finding.hint


def test_fires_once_for_all_signs():
    (finding,) = judge(HOST="ss%23word", NAME="rd@db:5432/shop", PORT="x").findings
    assert finding.message == (
        "The address of the database 'default' is damaged: its HOST holds %, as no host name does,"
        " and its PORT is not a number, and its NAME holds @."
    )


@pytest.mark.parametrize(("name", "character"), [("shop%20prod", "%"), ("shop#1", "#")])
def test_warns_of_an_odd_name(name, character):
    (finding,) = judge(NAME=name).findings
    assert finding.severity is Severity.WARNING
    assert f"looks damaged: its NAME holds {character}." in finding.message


def test_knows_variables_of_kubernetes():
    (finding,) = judge(PORT="tcp://10.0.0.7:5432").findings
    assert "Kubernetes" in finding.message
    assert "enableServiceLinks" in finding.hint
    assert "10.0.0.7" not in finding.message + finding.hint


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("ss", "postgres://seller:p@ss/w#rd@db/shop"),
        ("SS", "postgresql://seller:p@ss:1/w?rd@db:5432/shop"),
        ("ss", "mysql://seller:p@ss?rd@db/shop"),
    ],
)
def test_fires_for_what_only_the_environment_shows(host, url):
    (finding,) = judge(HOST=host, NAME="w", environ={"DATABASE_URL": url}).findings
    assert "another host further on" in finding.message


@pytest.mark.parametrize(
    "url",
    [
        "postgres://seller:p%40ss@db/shop",
        "postgres://seller:p@ss@db/shop",
        "postgres://seller:word@db:5432/shop?options=a@b",
        "postgres://seller:p@other#rd@db/shop",
        "postgres://seller:p[ss@db/shop",
        "redis://db/0#a@b/c",
        "postgres",
    ],
)
def test_is_silent_about_the_environment(url):
    assert judge(environ={"DATABASE_URL": url}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"HOST": ""},
        {"HOST": None, "PORT": None},
        {"HOST": "db.example.org", "PORT": 5432},
        {"PORT": "5432"},
        {"PORT": " 5432\n"},
        {"HOST": "db1,db2", "PORT": "5432,5433"},
        {"HOST": "/cloudsql/shop:europe-west1:main"},
        {"HOST": "/var/run/100%/postgresql"},
        {"HOST": "@abstract"},
        {"HOST": "fe80::1%eth0"},
        {"HOST": "[::1]"},
        {"NAME": "shop-prod_1.eu"},
        {"NAME": None},
        {"NAME": "", "OPTIONS": {"service": "shop"}},
        {"ENGINE": "django.db.backends.mysql", "NAME": ""},
        {"ENGINE": "shop.postgres_from_vault", "NAME": ""},
        {"ENGINE": "django.db.backends.oracle", "NAME": "seller@db:1521/shop", "HOST": ""},
    ],
)
def test_is_silent(more):
    assert judge(**more).outcome is Outcome.PASS


@pytest.mark.parametrize("engine", ["django.db.backends.sqlite3", "django.db.backends.dummy", "mssql"])
def test_is_not_applicable(engine):
    assert judge(ENGINE=engine, NAME="a@b", HOST="#").outcome is Outcome.NOT_APPLICABLE


# What dj-database-url and django-environ make of postgres://seller:…@db:5432/shop, by its password.
CUT = {
    "Pq7@Rs8#Tu9/Vw1": [
        {"USER": "seller", "PASSWORD": "Pq7", "HOST": "rs8", "NAME": ""},
        {"USER": "seller", "PASSWORD": "Pq7", "HOST": "rs8%23tu9", "NAME": "Vw1@db:5432/shop"},
    ],
    "4711#Rs8": [{"USER": "", "HOST": "seller", "PORT": 4711, "NAME": ""}],
    "4711/Rs8": [{"USER": "", "HOST": "seller", "PORT": 4711, "NAME": "Rs8@db:5432/shop"}],
    "Pq7@Rs8.Tu9?Vw1=1": [
        {
            "USER": "seller",
            "PASSWORD": "Pq7",
            "HOST": "rs8.tu9",
            "NAME": "",
            "OPTIONS": {"Vw1": "1@db:5432/shop"},
        }
    ],
    "Pq7@6432#Rs8": [{"USER": "seller", "PASSWORD": "Pq7", "HOST": "6432", "NAME": "", "PORT": ""}],
}


@pytest.mark.parametrize(
    ("password", "entry"),
    [(password, entry) for password, entries in CUT.items() for entry in entries],
)
def test_no_check_of_the_family_shows_a_piece(password, entry):
    results = [judge(check, CONN_MAX_AGE=600, **entry) for check in CHECKS]
    said = repr([(result.reason, result.findings) for result in results]).lower()
    assert all(result.outcome is not Outcome.CRASHED for result in results)
    assert results[-1].outcome is Outcome.FAIL
    pieces = {password[at : at + 3].lower() for at in range(len(password) - 2)}
    assert not [piece for piece in pieces if piece in said]


def test_says_where():
    source = 'DATABASES = {\n    "default": {\n        "ENGINE": ENGINE,\n        "HOST": "a#b",\n    }\n}\n'
    result = run_check(
        "db.url-mangled",
        settings={"DATABASES": {"default": {"ENGINE": POSTGRES, "NAME": "shop", "HOST": "a#b"}}},
        files={"conf.py": source},
        settings_module="conf",
    )
    assert str(result.findings[0].at) == "conf.py:4"
