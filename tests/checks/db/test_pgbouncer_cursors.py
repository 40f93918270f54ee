import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

POSTGRES = "django.db.backends.postgresql"
SUPABASE = "aws-0-eu-west-1.pooler.supabase.com"
NEON = "ep-cool-night-123-pooler.eu-central-1.aws.neon.tech"


def judge(files=None, environ=None, **more):
    database = {"ENGINE": POSTGRES, "NAME": "shop", "HOST": "db", **more}
    return run_check(
        "db.pgbouncer-cursors", settings={"DATABASES": {"default": database}}, files=files, environ=environ
    )


@pytest.mark.parametrize(
    ("more", "sign"),
    [
        ({"PORT": 6432}, "port 6432, PgBouncer's"),
        ({"PORT": "6432"}, "port 6432"),
        ({"HOST": "pgbouncer"}, "the name of its host"),
        ({"HOST": "pg-bouncer.shop.svc.cluster.local"}, "the name of its host"),
        ({"HOST": "shop-pooler-rw"}, "the name of its host"),
        ({"HOST": "", "OPTIONS": {"service": "shop-pgbouncer"}}, "the name of its service"),
        ({"PORT": 6432, "ENGINE": "django.contrib.gis.db.backends.postgis"}, "port 6432"),
        ({"PORT": 6432, "DISABLE_SERVER_SIDE_CURSORS": False}, "port 6432"),
    ],
)
def test_warns_where_the_mode_is_unknown(more, sign):
    (finding,) = judge(**more).findings
    assert finding.severity is Severity.WARNING
    assert finding.subject == "DATABASES['default']['DISABLE_SERVER_SIDE_CURSORS']"
    assert f"goes through a pooler ({sign}" in finding.message
    assert finding.message.endswith(", if it pools transactions.")


def test_warns_of_a_port_in_the_environment():
    assert judge(environ={"PGPORT": "6432"}).outcome is Outcome.FAIL


@pytest.mark.parametrize("more", [{"HOST": SUPABASE, "PORT": 6543}, {"HOST": NEON}])
def test_fires_for_providers(more):
    (finding,) = judge(**more).findings
    assert finding.severity is Severity.ERROR
    assert more["HOST"] not in finding.message


@pytest.mark.parametrize(
    "files",
    [
        {"pgbouncer.ini": "[pgbouncer]\npool_mode = transaction\n"},
        {"compose.yml": "environment:\n  POOL_MODE: transaction\n"},
        {"compose.yml": "environment:\n  - PGBOUNCER_POOL_MODE=transaction\n"},
        {"k8s/pooler.yaml": "spec:\n  pgbouncer:\n    poolMode: statement\n"},
        {"pgbouncer/userlist.ini": "pool_mode=session\nshop = host=db pool_mode=transaction\n"},
    ],
)
def test_fires_where_files_say_so(files):
    (finding,) = judge(files, PORT=6432).findings
    assert finding.severity is Severity.ERROR
    assert finding.message.endswith('"cursor does not exist".')


@pytest.mark.parametrize(
    "files",
    [
        {"pgbouncer.ini": "; pool_mode = transaction\npool_mode = session\n"},
        {"compose.yml": "  POOL_MODE: session\n", "docs/pgbouncer.ini": "pool_mode = transaction\n"},
    ],
)
def test_is_not_applicable_where_sessions_are_pooled(files):
    assert judge(files, HOST="pgbouncer").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("more", [{"PORT": 6432}, {"HOST": "pgbouncer"}, {"HOST": NEON}])
def test_is_silent(more):
    assert judge(**more, DISABLE_SERVER_SIDE_CURSORS=True).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"PORT": 5432},
        {"HOST": SUPABASE, "PORT": 5432},
        {"HOST": "db.abc.supabase.co"},
        {"HOST": "ep-cool-night-123.eu-central-1.aws.neon.tech"},
        {"HOST": "carpooler"},
        {"HOST": "", "OPTIONS": {"service": "shop"}},
        {"PORT": 6432, "HOST": "ss%23word"},
        {"PORT": 6432, "ENGINE": "django.db.backends.mysql"},
        {"PORT": 6432, "ENGINE": "django.db.backends.sqlite3"},
    ],
)
def test_is_not_applicable(more):
    assert judge(**more).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    source = f'DATABASES = {{"default": {{"ENGINE": "{POSTGRES}", "NAME": "shop", "PORT": 6432}}}}\n'
    source += 'DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = False\n'
    database = {"ENGINE": POSTGRES, "NAME": "shop", "PORT": 6432, "DISABLE_SERVER_SIDE_CURSORS": False}
    result = run_check(
        "db.pgbouncer-cursors",
        settings={"DATABASES": {"default": database}},
        files={"conf.py": source},
        settings_module="conf",
    )
    assert str(result.findings[0].at) == "conf.py:2"
