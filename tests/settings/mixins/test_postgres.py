"""Postgres: what it makes of DATABASES. Nothing here connects."""

import importlib.util

import pytest
from configurations import importer

from django_prodready.audit.facts.database_host import distance_of_host
from django_prodready.settings.environment.build import MARK
from django_prodready.settings.mixins.postgres import Postgres
from django_prodready.settings.mixins.postgres_tls import distance_of

URL = "postgres://seller:s3cr%23t-words@db.example.org:5433/shop"
KEPT = {"ENGINE": "django.db.backends.postgresql", "NAME": "local", "HOST": "localhost", "USER": "me"}
LIMITS = "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"


@pytest.fixture
def entry(applied):
    """Return the entry that an environment, or a URL, gives."""

    def entry(environ=None, url=None, kept=None, module=None, **options):
        given = {**(environ or {}), **({"DATABASE_URL": url} if url else {})}
        databases = {"DATABASES": {"default": kept}} if kept is not None else {}
        found = applied(Postgres, environ=given, module={**databases, **(module or {})}, **options)
        return found["DATABASES"]["default"]

    return entry


@pytest.fixture
def wrong(problems):
    """Return the problems under an environment."""

    def wrong(environ=None, kept=None, module=None, **options):
        databases = {"DATABASES": {"default": kept}} if kept is not None else {}
        return problems(Postgres, environ=environ or {}, module={**databases, **(module or {})}, **options)

    return wrong


class TestAddress:
    def test_the_whole_entry(self, entry):
        assert entry(url=URL, module={"ROOT_URLCONF": "shop.urls"}) == {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "shop",
            "USER": "seller",
            "PASSWORD": "s3cr#t-words",
            "HOST": "db.example.org",
            "PORT": 5433,
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "DISABLE_SERVER_SIDE_CURSORS": False,
            "OPTIONS": {
                "sslmode": "require",
                "connect_timeout": 5,
                "application_name": "shop",
                "keepalives": 1,
                "keepalives_idle": 30,
                "keepalives_interval": 10,
                "keepalives_count": 3,
                "tcp_user_timeout": 30_000,
                "options": LIMITS,
            },
        }

    @pytest.mark.parametrize("prefix", ["DB_", "PG"])
    def test_single_variables(self, entry, prefix):
        name = "PGDATABASE" if prefix == "PG" else "DB_NAME"
        given = {name: "shop", f"{prefix}USER": "u", f"{prefix}PASSWORD": "p-w-d", f"{prefix}HOST": "db"}

        found = entry({**given, f"{prefix}PORT": "5433"})

        assert {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
            "NAME": "shop",
            "USER": "u",
            "PASSWORD": "p-w-d",
            "HOST": "db",
            "PORT": 5433,
        }

    def test_a_password_of_a_file(self, entry, tmp_path):
        (tmp_path / "password").write_text("from-a-file\n")

        found = entry({"DB_PASSWORD_FILE": str(tmp_path / "password")}, url="postgres://u@db/shop")

        assert found["PASSWORD"] == "from-a-file"

    def test_what_is_given_twice_and_the_same_is_fine(self, entry):
        same = {"DB_HOST": "DB.example.org", "DB_PORT": "5433", "PGUSER": "seller", "PGDATABASE": "shop"}

        assert entry(same, url=URL)["HOST"] == "db.example.org"

    def test_what_contradicts_names_both_and_no_value(self, wrong):
        given = {
            "DATABASE_URL": URL + "?sslmode=require",
            "DB_HOST": "other",
            "DB_PASSWORD": "another-one",
            "PGSSLMODE": "disable",
        }

        told = wrong(given)

        assert {(name, rule.partition(":")[0]) for name, rule in told} == {
            ("DATABASE_URL", "gives another host than DB_HOST"),
            ("DATABASE_URL", "gives another password than DB_PASSWORD"),
            ("DATABASE_URL", "gives another sslmode than PGSSLMODE"),
        }
        assert not [rule for _, rule in told if "s3cr" in rule or "another-one" in rule or "example" in rule]

    def test_nothing_given_is_one_problem_that_names_the_ways(self, wrong, applied):
        assert wrong(kept=KEPT) == [("DATABASE_URL", "required, not set")]
        with pytest.raises(Exception, match=r"DB_NAME, DB_USER.*PGDATABASE.*PGSERVICE"):
            applied(Postgres)

    def test_a_service_and_files_of_libpq(self, entry):
        found = entry({"PGSERVICE": "shop", "PGPASSFILE": "/run/pgpass", "PGAPPNAME": "web"})

        assert (found["NAME"], found["HOST"]) == ("", "")
        assert {key: found["OPTIONS"].get(key) for key in ("service", "passfile", "application_name")} == {
            "service": "shop",
            "passfile": "/run/pgpass",
            "application_name": "web",
        }
        assert "sslmode" not in found["OPTIONS"]

    @pytest.mark.parametrize("value", ["mysql://u:pw@db/shop", {"ENGINE": "django.db.backends.sqlite3"}])
    def test_another_database_is_refused(self, wrong, value):
        [(name, rule)] = (
            wrong({"DATABASE_URL": value}) if isinstance(value, str) else wrong(DATABASE_URL=value)
        )

        assert (name, rule.partition(":")[0]) == ("DATABASE_URL", "expected a postgres")

    def test_plain_values_of_the_class(self, entry, wrong):
        parsed = {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "HOST": "db", "OPTIONS": {}}

        assert entry(DATABASE_URL=URL)["NAME"] == entry(DATABASE_URL=parsed)["NAME"] == "shop"
        assert entry(DATABASE_URL=None, DB_NAME="shop")["NAME"] == "shop"
        [(name, rule)] = wrong(DATABASE_URL="postgres://u:p#w@db/shop")
        assert (name, "percent-encoded" in rule) == ("DATABASE_URL", True)

    def test_a_wrong_url_is_told_once(self, wrong):
        [(name, _rule)] = wrong({"DATABASE_URL": "postgres://u:p@ss#w/rd@h:5432/db"})

        assert name == "DATABASE_URL"


class TestWhatStays:
    def test_other_aliases_and_what_the_mixin_does_not_decide(self, applied):
        replica = {"ENGINE": "django.db.backends.mysql"}
        own = {
            **KEPT,
            "ATOMIC_REQUESTS": True,
            "TIME_ZONE": "UTC",
            "TEST": {"NAME": "t"},
            "OPTIONS": {"assume_role": "app", "connect_timeout": 9},
        }

        found = applied(
            Postgres,
            environ={"DATABASE_URL": URL},
            module={"DATABASES": {"default": own, "replica": replica}},
        )["DATABASES"]

        assert found["replica"] == replica
        assert found["default"]["NAME"] == "shop"
        assert {key: found["default"][key] for key in ("ATOMIC_REQUESTS", "TIME_ZONE", "TEST")} == {
            "ATOMIC_REQUESTS": True,
            "TIME_ZONE": "UTC",
            "TEST": {"NAME": "t"},
        }
        assert found["default"]["OPTIONS"]["assume_role"] == "app"
        assert found["default"]["OPTIONS"]["connect_timeout"] == 9
        assert own["NAME"] == "local"

    def test_the_driver_s_options_of_another_database_go(self, entry):
        sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3", "ATOMIC_REQUESTS": True}

        found = entry(
            url=URL, kept={**sqlite, "OPTIONS": {"transaction_mode": "IMMEDIATE"}, "CONN_MAX_AGE": 5}
        )

        assert found["ATOMIC_REQUESTS"] is True
        assert found["CONN_MAX_AGE"] == 60
        assert "transaction_mode" not in found["OPTIONS"]

    @pytest.mark.parametrize(
        ("kept", "scheme", "engine"),
        [
            ("django_prometheus.db.backends.postgresql", "postgres", None),
            ("django_tenants.postgresql_backend", "postgres", None),
            ("psqlextra.backend", "postgres", None),
            ("django_prometheus.db.backends.postgis", "postgis", None),
            (
                "django.db.backends.postgresql",
                "postgis",
                "django.contrib.gis.db.backends.postgis",
            ),
            ("django.db.backends.mysql", "postgres", "django.db.backends.postgresql"),
        ],
    )
    def test_an_engine_of_the_project_s_own(self, entry, kept, scheme, engine):
        found = entry(url=URL.replace("postgres", scheme, 1), kept={**KEPT, "ENGINE": kept})

        assert found["ENGINE"] == (engine or kept)

    @pytest.mark.parametrize("pooling", ["persistent", "psycopg", "pgbouncer"])
    def test_applying_twice_is_applying_once(self, applied, pooling):
        given = {"DATABASE_URL": URL, "PGSSLROOTCERT": "system"}
        once = applied(Postgres, environ=given, POOLING=pooling)

        assert applied(Postgres, environ=given, module=once, POOLING=pooling) == once

    def test_the_query_of_the_url_says_what_is_the_entry_s(self, entry):
        found = entry(url=URL + "?conn_max_age=5&atomic_requests=true&disable_server_side_cursors=true")

        assert (found["CONN_MAX_AGE"], found["ATOMIC_REQUESTS"]) == (5, True)
        assert found["DISABLE_SERVER_SIDE_CURSORS"] is True
        assert not {"conn_max_age", "atomic_requests"} & found["OPTIONS"].keys()

    def test_under_django_configurations_it_is_the_same(self, applied, monkeypatch):
        monkeypatch.setattr(importer, "installed", True)
        from configurations import Configuration

        monkeypatch.setenv("DATABASE_URL", URL)
        base = {"DATABASES": {"default": {**KEPT, "ATOMIC_REQUESTS": True}}, "ROOT_URLCONF": "shop.urls"}
        cls = type("Prod", (Postgres, Configuration), base)
        cls.setup()

        plain = applied(Postgres, environ={"DATABASE_URL": URL}, module=base)
        assert plain["DATABASES"] == cls().DATABASES


class TestTls:
    @pytest.mark.parametrize(
        ("host", "mode"),
        [
            ("db.example.org", "require"),
            ("8.8.8.8", "require"),
            ("db", "prefer"),
            ("10.0.0.7", "prefer"),
            ("postgres.railway.internal", "prefer"),
            ("db-rw.shop.svc.cluster.local", "prefer"),
            ("localhost", None),
            ("127.0.0.1", None),
            ("/run/postgresql", None),
            ("db,db.example.org", "require"),
        ],
    )
    def test_by_where_the_host_is(self, entry, host, mode):
        assert entry({"DB_NAME": "shop", "DB_HOST": host})["OPTIONS"].get("sslmode") == mode

    @pytest.mark.parametrize(
        "host",
        [
            "db.example.org",
            "db",
            "10.1.2.3",
            "fd00::1",
            "2606:4700::1",
            "::1",
            "a.localhost",
            "x.ts.net",
            "a_b",
        ],
    )
    def test_the_audit_sees_hosts_where_the_mixin_does(self, host):
        sees = {0: (0, 1), 1: (2,), 2: (3,)}

        assert distance_of_host(host) in sees[distance_of(host)]

    @pytest.mark.parametrize("mode", ["verify-full", "disable"])
    def test_what_the_environment_says_holds(self, entry, mode):
        assert entry({"PGSSLMODE": mode}, url=URL)["OPTIONS"]["sslmode"] == mode
        assert entry(url=f"{URL}?sslmode={mode}")["OPTIONS"]["sslmode"] == mode

    @pytest.mark.parametrize(
        ("kept", "mode"), [("disable", "require"), ("verify-ca", "verify-ca"), ("of-its-own", "of-its-own")]
    )
    def test_the_project_s_own_holds_unless_it_is_weaker(self, entry, kept, mode):
        found = entry(url=URL, kept={**KEPT, "OPTIONS": {"sslmode": kept}})

        assert found["OPTIONS"]["sslmode"] == mode

    @pytest.mark.parametrize("variable", ["DB_SSL_ROOT_CERT", "PGSSLROOTCERT"])
    def test_a_certificate_is_for_the_whole_check(self, entry, tmp_path, variable):
        certificate = tmp_path / "ca.pem"
        certificate.touch()

        options = entry({variable: str(certificate)}, url=URL)["OPTIONS"]

        assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", str(certificate))

    def test_a_certificate_that_is_not_there(self, wrong, tmp_path):
        [(name, rule)] = wrong({"DATABASE_URL": URL, "DB_SSL_ROOT_CERT": str(tmp_path / "ca.pem")})

        assert (name, str(tmp_path) in rule) == ("DB_SSL_ROOT_CERT", False)

    def test_the_system_s_certificates_ask_for_the_strictest(self, wrong):
        given = {"DATABASE_URL": URL, "DB_SSL_ROOT_CERT": "system", "PGSSLMODE": "require"}

        assert wrong(given) == [
            ("PGSSLMODE", "expected verify-full, as libpq does with the certificates of the system")
        ]


class TestPooling:
    def test_psycopg(self, entry):
        found = entry({"DB_POOL_SIZE": "3"}, url=URL, POOLING="psycopg")

        assert found["OPTIONS"]["pool"] == {"min_size": 1, "max_size": 3, "timeout": 10}
        assert (found["CONN_MAX_AGE"], found["CONN_HEALTH_CHECKS"]) == (0, True)

    def test_psycopg_with_a_pool_of_the_project_s_own(self, entry):
        kept = {**KEPT, "OPTIONS": {"pool": {"max_size": 20}}}

        pool = entry(url=URL, kept=kept, POOLING="psycopg")["OPTIONS"]["pool"]

        assert (pool["max_size"], pool["timeout"]) == (20, 10)

    def test_pgbouncer(self, entry):
        found = entry(url=URL.replace("5433", "6432"), POOLING="pgbouncer")

        assert found["DISABLE_SERVER_SIDE_CURSORS"] is True
        assert found["STATEMENT_LIMIT_S"] == 30
        assert found["CONN_MAX_AGE"] == 60
        assert found["OPTIONS"]["prepare_threshold"] is None
        assert "options" not in found["OPTIONS"]

    def test_pgbouncer_without_a_limit(self, entry):
        assert "STATEMENT_LIMIT_S" not in entry(
            {"DB_STATEMENT_TIMEOUT": "0"}, url=URL, POOLING="pgbouncer", kept={**KEPT, "STATEMENT_LIMIT_S": 3}
        )

    @pytest.mark.parametrize(
        ("module", "options", "age_s"),
        [
            ({"ASGI_APPLICATION": "shop.asgi.application"}, {}, 0),
            ({"ASGI_APPLICATION": "shop.asgi.application"}, {"ASGI": False}, 60),
            ({"ASGI_APPLICATION": "a", "WSGI_APPLICATION": "b"}, {}, 60),
            ({"ASGI_APPLICATION": "a", "WSGI_APPLICATION": "b"}, {"ASGI": True}, 0),
            ({}, {"ASGI": True, "POOLING": "pgbouncer"}, 0),
        ],
    )
    def test_under_asgi_no_thread_keeps_one(self, entry, module, options, age_s):
        assert entry(url=URL, module=module, **options)["CONN_MAX_AGE"] == age_s

    @pytest.mark.parametrize("age_s", [600, None])
    def test_an_age_of_the_project_s_own_stays(self, entry, age_s):
        assert entry(url=URL, kept={**KEPT, "CONN_MAX_AGE": age_s})["CONN_MAX_AGE"] == age_s

    @pytest.mark.parametrize(
        ("environ", "kept", "options", "name", "what"),
        [
            ({}, {"CONN_MAX_AGE": 600}, {"POOLING": "psycopg"}, "CONN_MAX_AGE", "Django refuses both"),
            ({"q": "?conn_max_age=9"}, {}, {"POOLING": "psycopg"}, "CONN_MAX_AGE", "Django refuses both"),
            ({}, {"CONN_MAX_AGE": 600}, {"ASGI": True}, "CONN_MAX_AGE", "under ASGI"),
            ({}, {"OPTIONS": {"pool": True}}, {}, "POOLING", "OPTIONS['pool'] is set"),
            ({"q": "?pool=true"}, {}, {"POOLING": "pgbouncer"}, "POOLING", "OPTIONS['pool'] is set"),
            (
                {"q": "?disable_server_side_cursors=false"},
                {},
                {"POOLING": "pgbouncer"},
                "POOLING",
                "on another connection",
            ),
            ({"q": "?currentSchema=a"}, {}, {"POOLING": "pgbouncer"}, "POOLING", "refuses startup options"),
            ({"PGOPTIONS": "-c a=b"}, {}, {"POOLING": "pgbouncer"}, "POOLING", "refuses startup options"),
            ({"PGPORT": "6432"}, {}, {}, "POOLING", "that of a pooler"),
            ({"PGHOST": "ep-a-b-pooler.eu.neon.tech"}, {}, {}, "POOLING", "that of a pooler"),
            (
                {"PGHOST": "a.pooler.supabase.com", "PGPORT": "6543"},
                {},
                {"POOLING": "psycopg"},
                "POOLING",
                "that of a pooler",
            ),
        ],
    )
    def test_choices_that_exclude_each_other(self, wrong, environ, kept, options, name, what):
        url = "postgres:///shop" + environ.pop("q", "")

        [(told, rule)] = wrong({"DATABASE_URL": url, **environ}, kept={**KEPT, **kept}, **options)

        assert told == name
        assert what in rule

    def test_supabase_s_other_port_is_the_server_itself(self, entry):
        assert entry(url="postgres://u@db.abc.supabase.co:5432/shop")["CONN_MAX_AGE"] == 60

    @pytest.mark.parametrize(
        ("pooling", "missing", "told"),
        [
            ("psycopg", ["psycopg_pool"], "psycopg_pool"),
            ("psycopg", ["psycopg"], "psycopg:"),
            ("persistent", ["psycopg", "psycopg2"], "psycopg:"),
        ],
    )
    def test_packages(self, wrong, monkeypatch, pooling, missing, told):
        find = importlib.util.find_spec
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in missing else find(name))

        [(name, rule)] = wrong({"DATABASE_URL": URL}, POOLING=pooling)

        assert name == "Postgres"
        assert f"needs the package {told}" in rule
        assert "django-prodready[postgres]" in rule

    def test_psycopg2_will_do(self, entry, monkeypatch):
        find = importlib.util.find_spec
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: find("psycopg") if name == "psycopg2" else find(name)
        )

        assert entry(url=URL)["NAME"] == "shop"


class TestLimits:
    def test_each_can_be_changed_and_switched_off(self, entry):
        given = {
            "DB_CONNECT_TIMEOUT": "0",
            "DB_STATEMENT_TIMEOUT": "0.25",
            "DB_LOCK_TIMEOUT": "0",
            "DB_IDLE_IN_TRANSACTION_TIMEOUT": "0",
        }

        options = entry(given, url=URL)["OPTIONS"]

        assert "connect_timeout" not in options
        assert options["options"] == "-c statement_timeout=250"

    def test_all_switched_off(self, entry):
        names = ("DB_STATEMENT_TIMEOUT", "DB_LOCK_TIMEOUT", "DB_IDLE_IN_TRANSACTION_TIMEOUT")

        assert "options" not in entry(dict.fromkeys(names, "0"), url=URL)["OPTIONS"]

    def test_what_is_set_already_stays(self, entry):
        kept = {**KEPT, "OPTIONS": {"options": "-c statement_timeout=5s -c search_path=shop"}}

        options = entry(url=URL, kept=kept)["OPTIONS"]["options"]

        assert options.startswith("-c statement_timeout=5s -c search_path=shop -c lock_timeout=")
        assert options.count("statement_timeout") == 1

    def test_the_variable_of_libpq_is_not_lost(self, entry):
        assert entry({"PGOPTIONS": "-c search_path=shop"}, url=URL)["OPTIONS"]["options"].startswith(
            "-c search_path=shop -c statement_timeout="
        )

    @pytest.mark.parametrize(
        ("argv", "is_limited"),
        [
            (["manage.py", "migrate"], False),
            (["/app/manage.py", "import_orders"], False),
            (["/venv/bin/django-admin", "migrate"], False),
            (["/venv/lib/site-packages/django/__main__.py", "migrate"], False),
            (["manage.py", "runserver"], True),
            (["manage.py", "prodsettings"], True),
            (["manage.py"], True),
            (["/venv/bin/gunicorn", "shop.wsgi"], True),
            (["/venv/bin/celery", "-A", "shop", "worker"], True),
        ],
    )
    @pytest.mark.parametrize("pooling", ["persistent", "pgbouncer"])
    def test_commands_may_take_their_time(self, entry, monkeypatch, argv, is_limited, pooling):
        monkeypatch.setattr("sys.argv", argv)

        found = entry(url=URL, POOLING=pooling)

        assert found["OPTIONS"]["connect_timeout"] == 5
        assert ("options" in found["OPTIONS"] or "STATEMENT_LIMIT_S" in found) is is_limited

    def test_the_name_of_the_project(self, entry):
        def name(**module):
            return entry(url=URL, module=module)["OPTIONS"]["application_name"]

        assert name(WSGI_APPLICATION="shop.wsgi.application") == "shop"
        assert name() == "django"


class TestBuild:
    @pytest.fixture(autouse=True)
    def building(self, monkeypatch):
        monkeypatch.setattr("sys.argv", ["manage.py", "collectstatic"])

    @pytest.mark.parametrize("pooling", ["persistent", "psycopg", "pgbouncer"])
    def test_nothing_is_needed(self, entry, pooling):
        found = entry({"PRODREADY_BUILD": "1"}, kept=KEPT, POOLING=pooling)

        assert (found["NAME"], found["HOST"]) == (MARK, f"{MARK}.invalid")
        assert found["USER"] == found["PASSWORD"] == ""

    def test_what_is_given_is_taken(self, entry):
        given = {"PRODREADY_BUILD": "1", "PGSSLROOTCERT": "/not/in/the/image"}

        assert entry(given, url=URL)["HOST"] == "db.example.org"
