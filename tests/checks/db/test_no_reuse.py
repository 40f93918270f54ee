import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

POSTGRES = "django.db.backends.postgresql"


def database(engine=POSTGRES, **more):
    return {"ENGINE": engine, "NAME": "shop", "HOST": "db", **more}


def judge(default, files=None, environ=None, settings_module=None, **settings):
    return run_check(
        "db.no-reuse",
        settings={"DATABASES": {"default": default}, **settings},
        files=files,
        environ=environ,
        settings_module=settings_module,
    )


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        (POSTGRES, "PostgreSQL"),
        ("django.db.backends.postgresql_psycopg2", "PostgreSQL"),
        ("django.contrib.gis.db.backends.postgis", "PostgreSQL"),
        ("psqlextra.backend", "PostgreSQL"),
        ("django_tenants.postgresql_backend", "PostgreSQL"),
        ("django.db.backends.mysql", "MySQL"),
        ("django.db.backends.oracle", "Oracle"),
        ("django_cockroachdb", "CockroachDB"),
    ],
)
def test_fires(engine, name):
    (finding,) = judge(database(engine)).findings
    assert finding.subject == "DATABASES['default']"
    assert f"to the {name} database 'default'" in finding.message
    assert ("OPTIONS['pool']" in finding.hint) is (name in {"PostgreSQL", "Oracle"})
    assert ("OPTIONS['pool']" in finding.hint) is (name in ("PostgreSQL", "Oracle"))


@pytest.mark.parametrize(
    "more",
    [
        {"CONN_MAX_AGE": 60},
        {"CONN_MAX_AGE": 0.5},
        {"CONN_MAX_AGE": None},
        {"CONN_MAX_AGE": "60"},
        {"OPTIONS": {"pool": True}},
        {"OPTIONS": {"pool": {"min_size": 2}}},
    ],
)
def test_is_silent_when_connections_are_reused(more):
    assert judge(database(**more)).outcome is Outcome.PASS


@pytest.mark.parametrize("options", [{"pool": False}, {"pool": {}}, {"pool": None}, None])
def test_a_pool_that_is_off_is_none(options):
    assert judge(database(OPTIONS=options)).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "default",
    [
        database("django.db.backends.sqlite3"),
        database("django.contrib.gis.db.backends.spatialite"),
        database("django.db.backends.dummy"),
        {},
        database("mssql"),
        database("django_db_geventpool.backends.postgresql_psycopg3"),
        database("dj_db_conn_pool.backends.mysql"),
        database("django_mongodb_backend"),
        database(PORT=6432),
        database(PORT="6543"),
        database(HOST="pgbouncer"),
        database(HOST="aws-0-eu-west-1.pooler.supabase.com"),
        database(HOST="shop.proxy-abc123.eu-west-1.rds.amazonaws.com"),
        database(DISABLE_SERVER_SIDE_CURSORS=True),
        database(OPTIONS={"prepare_threshold": None}),
    ],
)
def test_is_not_applicable_for(default):
    assert judge(default).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": "web: uvicorn shop.asgi:application --port $PORT\n"},
        {"Dockerfile": 'CMD ["daphne", "-b", "0.0.0.0", "shop.asgi:application"]\n'},
        {"docker-compose.prod.yml": "  command: hypercorn shop.asgi:application\n"},
        {"compose/production/django/start": "exec gunicorn config.asgi -k uvicorn_worker.UvicornWorker\n"},
        {"Dockerfile": "CMD granian --interface asgi shop.server:app\n"},
        {"gunicorn.conf.py": 'worker_class = "uvicorn.workers.UvicornWorker"\n'},
        {"gunicorn.conf.py": 'worker_class = "gevent"\n'},
        {"zappa_settings.json": "{}"},
        {"serverless.yml": "service: shop\n"},
        {"shop/lambda_entry.py": "from mangum import Mangum\n"},
    ],
)
def test_is_not_applicable_with(files):
    assert judge(database(), files).outcome is Outcome.NOT_APPLICABLE


POOLERS = {
    "deploy/pgbouncer.yaml": "data:\n  pgbouncer.ini: |\n    pool_mode = transaction\n",
    "compose.yml": "services:\n  db:\n    image: edoburu/pgbouncer:latest\n",
    "k8s/pooler.yml": "spec:\n  containers:\n    - image: ghcr.io/postgresml/pgcat:main\n",
}


@pytest.mark.parametrize("path", POOLERS)
def test_is_not_applicable_where_a_file_has_a_pooler(path):
    result = judge(database(HOST="db.data.svc.cluster.local", PORT="5432"), {path: POOLERS[path]})
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason == f"{path} has a pooler, which keeps the connections"


@pytest.mark.parametrize(
    "files",
    [
        {"compose.yml": "services:\n  db:\n    image: postgres:17\n"},
        {"compose.yml": "services:\n  # image: edoburu/pgbouncer\n  db:\n    image: postgres:17\n"},
        {"docs/compose.yml": POOLERS["compose.yml"]},
    ],
)
def test_fires_without_a_pooler(files):
    assert judge(database(), files).outcome is Outcome.FAIL


def test_a_pooler_of_postgresql_is_none_for_mysql():
    databases = {"default": database(), "old": database("django.db.backends.mysql", HOST="mysql")}
    result = judge(None, {"compose.yml": POOLERS["compose.yml"]}, DATABASES=databases)
    (finding,) = result.findings
    assert finding.subject == "DATABASES['old']"


@pytest.mark.parametrize("app", ["daphne", "channels"])
def test_is_not_applicable_with_an_asgi_app(app):
    result = judge(database(), {f"{app}/__init__.py": ""}, INSTALLED_APPS=[app])
    assert result.outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "environ",
    [{"GUNICORN_CMD_ARGS": "-k uvicorn.workers.UvicornWorker"}, {"AWS_LAMBDA_FUNCTION_NAME": "shop"}],
)
def test_is_not_applicable_in_an_environment(environ):
    assert judge(database(), environ=environ).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": "web: gunicorn shop.wsgi\n"},
        {"Dockerfile": '# not uvicorn\nCMD ["gunicorn", "shop.wsgi:application"]\n'},
        {"gunicorn.conf.py": 'worker_class = "sync"  # or gevent\n'},
        {"shop/asgi.py": "application = get_asgi_application()\n"},
        {"requirements.txt": "gunicorn\nuvicorn\nasgiref\n"},
    ],
)
def test_fires_under_wsgi(files):
    assert judge(database(), files).outcome is Outcome.FAIL


def test_one_finding_for_each_connection():
    databases = {
        "default": database(CONN_MAX_AGE=60),
        "replica": database(HOST="replica"),
        "pooled": database(HOST="pgbouncer"),
        "files": database("django.db.backends.sqlite3"),
    }
    result = run_check("db.no-reuse", settings={"DATABASES": databases})
    assert [finding.subject for finding in result.findings] == ["DATABASES['replica']"]


def test_says_where():
    source = (
        "DATABASES = {\n"
        '    "default": {\n'
        f'        "ENGINE": "{POSTGRES}",\n'
        '        "NAME": "shop",\n'
        '        "HOST": "db",\n'
        '        "CONN_MAX_AGE": 0,\n'
        "    }\n"
        "}\n"
    )
    (finding,) = judge(database(CONN_MAX_AGE=0), {"conf.py": source}, settings_module="conf").findings
    assert str(finding.at) == "conf.py:6"
