import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

POSTGRES = "django.db.backends.postgresql"
MYSQL = "django.db.backends.mysql"
CONNECT = {"connect_timeout": 5}
STATEMENT = {"options": "-c statement_timeout=30000"}


def judge(options=None, files=None, environ=None, host="db.example.org", engine=POSTGRES, **more):
    database = {"ENGINE": engine, "NAME": "shop", "HOST": host, "OPTIONS": options or {}, **more}
    return run_check(
        "db.no-timeouts", settings={"DATABASES": {"default": database}}, files=files, environ=environ
    )


@pytest.mark.parametrize(
    ("options", "environ"),
    [
        ({}, {}),
        ({"connect_timeout": 0}, {}),
        ({"connect_timeout": "0"}, {}),
        ({"connect_timeout": "soon"}, {}),
        ({"connect_timeout": 0}, {"PGCONNECT_TIMEOUT": "5"}),
        ({"options": "-c search_path=shop"}, {}),
        ({"options": "-c idle_in_transaction_session_timeout=5000"}, {}),
    ],
)
def test_fires(options, environ):
    (finding,) = judge(options, environ=environ).findings
    assert finding.severity is Severity.WARNING
    assert finding.subject == "DATABASES['default']['OPTIONS']['connect_timeout']"
    assert finding.message.endswith("wait for minutes; no limit for statements is seen either.")
    assert "statement_timeout=30000" in finding.hint


def test_fires_for_connecting_alone():
    (finding,) = judge(STATEMENT).findings
    assert finding.message.endswith("requests and readiness probes wait for minutes.")
    assert finding.hint == "Set DATABASES['default']['OPTIONS']['connect_timeout'] to 5 or so."


@pytest.mark.parametrize("engine", [MYSQL, "django_prometheus.db.backends.mysql"])
def test_fires_for_mysql(engine):
    (finding,) = judge(engine=engine).findings
    assert "its MySQL server does not answer" in finding.message
    assert "['read_timeout'] to 30" in finding.hint


def test_fires_behind_a_pooler():
    (finding,) = judge(host="pgbouncer").findings
    assert "statement" not in finding.message + finding.hint


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_is_an_info_on_this_machine(host):
    (finding,) = judge(host=host).findings
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    ("options", "more"),
    [
        (CONNECT, {}),
        ({}, {"host": "/run/postgresql"}),
        ({"pool": True}, {}),
        (CONNECT, {"engine": MYSQL}),
        (CONNECT, {"engine": "django_cockroachdb"}),
    ],
)
def test_statements_alone_are_an_info(options, more):
    (finding,) = judge(options, **more).findings
    assert finding.severity is Severity.INFO
    assert finding.subject == "DATABASES['default']['OPTIONS']"
    assert "unless its role or its server has one" in finding.message


@pytest.mark.parametrize(
    ("options", "environ"),
    [
        ({**CONNECT, **STATEMENT}, {}),
        ({"connect_timeout": "5", **STATEMENT}, {}),
        ({"connect-timeout": 5, **STATEMENT}, {}),
        ({**CONNECT, "options": "-c transaction_timeout=30s"}, {}),
        (STATEMENT, {"PGCONNECT_TIMEOUT": "5"}),
        (CONNECT, {"PGOPTIONS": "-c statement_timeout=30000"}),
        ({"service": "shop"}, {}),
        ({}, {"PGSERVICE": "shop"}),
    ],
)
def test_is_silent(options, environ):
    assert judge(options, environ=environ).outcome is Outcome.PASS


@pytest.mark.parametrize("host", ["pgbouncer", "ep-cool-1-pooler.eu-central-1.aws.neon.tech"])
def test_is_silent_about_statements_behind_a_pooler(host):
    assert judge(CONNECT, host=host).outcome is Outcome.PASS


def test_is_silent_where_the_client_keeps_the_time():
    assert judge(CONNECT, STATEMENT_LIMIT_S=30).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "options",
    [
        {**CONNECT, "read_timeout": 30},
        {**CONNECT, "init_command": "SET SESSION MAX_EXECUTION_TIME=30000"},
        {"read_default_file": "/etc/my.cnf"},
    ],
)
def test_is_silent_about_mysql(options):
    assert judge(options, engine=MYSQL).outcome is Outcome.PASS


def test_mysql_connector_has_a_default():
    (finding,) = judge(engine="mysql.connector.django").findings
    assert finding.severity is Severity.INFO


def test_pymysql_has_a_default():
    files = {"shop/__init__.py": "import pymysql\npymysql.install_as_MySQLdb()\n"}
    (finding,) = judge(files=files, engine=MYSQL).findings
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    "files",
    [
        {"shop/apps.py": 'cursor.execute("SET statement_timeout = %s", [30000])\n'},
        {"sql/roles.sql": "ALTER ROLE shop SET statement_timeout = '30s';\n"},
        {"compose.yml": "command: postgres -c statement_timeout=30000\n"},
        {"postgresql.conf": "statement_timeout = 30s\n"},
    ],
)
def test_is_silent_where_a_file_names_a_limit(files):
    assert judge(CONNECT, files).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("engine", "more"),
    [
        ("django.db.backends.sqlite3", {}),
        ("django.db.backends.oracle", {}),
        ("mssql", {}),
        ("django.db.backends.dummy", {}),
        (POSTGRES, {"NAME": ""}),
    ],
)
def test_is_not_applicable(engine, more):
    assert judge(engine=engine, **more).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    source = f'DATABASES = {{"default": {{"ENGINE": "{POSTGRES}", "NAME": "shop", "HOST": "db"}}}}\n'
    source += 'DATABASES["default"]["OPTIONS"] = {"sslmode": "require"}\n'
    result = run_check(
        "db.no-timeouts",
        settings={
            "DATABASES": {
                "default": {
                    "ENGINE": POSTGRES,
                    "NAME": "shop",
                    "HOST": "db",
                    "OPTIONS": {"sslmode": "require"},
                }
            }
        },
        files={"conf.py": source},
        settings_module="conf",
    )
    assert str(result.findings[0].at) == "conf.py:2"
