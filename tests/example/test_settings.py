"""The example project's settings load, refuse what is wrong, and withstand Django's own deploy check."""

import json

import pytest

# Django asks every site for the browsers' preload list, which takes months to leave.
NOTHING_BUT_PRELOAD = {"security.W021"}
OPTIONAL = ("celery", "kombu", "whitenoise", "django_redis", "redis", "storages", "boto3", "psycopg", "csp")


def test_check_deploy_asks_for_nothing_but_the_preload_list(production):
    done = production.manage("check", "--deploy")

    assert {
        line.partition(") ")[0].partition("(")[2] for line in done.stderr.splitlines() if "?: (" in line
    } == (NOTHING_BUT_PRELOAD)


def refused(site):
    """What the settings say before anything starts."""
    done = site.manage("check", check=False)
    assert done.returncode == 1
    return done.stderr.partition("SettingsError: ")[2]


def test_every_missing_variable_is_told_at_once(production):
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "EMAIL_HOST", "DEFAULT_FROM_EMAIL"):
        del production.environment[name]

    said = refused(production)

    assert said.startswith("5 problems with the settings, nothing was started:")
    assert [line.split()[0] for line in said.splitlines()[1:6]] == [
        "ALLOWED_HOSTS",
        "DEFAULT_FROM_EMAIL",
        "EMAIL_HOST",
        "SECRET_KEY",
        "TRUSTED_PROXIES",
    ]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "mysql://u:hunter2@host/name"),
        ("DATABASE_URL", "postgresql://u:hunter2@host:port/name"),
        ("DATABASE_URL", "postgresql://u:hunter2#@host/name"),
        ("SECURE_SSL_REDIRECT", "hunter2"),
        ("EMAIL_PORT", "hunter2"),
        ("ALLOWED_HOSTS", "*"),
        ("SECRET_KEY", "hunter2"),
        ("HSTS_STAGE", "hunter2"),
    ],
)
def test_a_wrong_value_is_named_and_never_shown(production, variable, value):
    production.environment[variable] = value

    said = refused(production)

    assert said.startswith("1 problem with the settings")
    assert said.splitlines()[1].split()[0] == variable
    assert "hunter2" not in said


def test_a_cache_in_the_broker_s_database_is_refused(production):
    production.environment["REDIS_URL"] = "redis://127.0.0.1:1/0"

    assert "REDIS_URL" in refused(production)


def effective(site, *names):
    """Return the settings of these names as the site sees them."""
    printed = site.shell(
        "import json",
        "from django.conf import settings",
        f"print(json.dumps({{name: getattr(settings, name) for name in {names!r}}}, default=str))",
    )
    return json.loads(printed)


def test_servers_come_in_by_environment_variables_alone(production):
    production.environment |= {
        "DATABASE_URL": "postgresql://library:p%40ss%23word@db.example:5433/lib%20rary?sslmode=require",
        "REDIS_URL": "rediss://:secret@cache.example:6380",
        "USE_S3": "yes",
        "AWS_STORAGE_BUCKET_NAME": "covers",
    }

    found = effective(production, "DATABASES", "CACHES", "STORAGES", "CELERY_BROKER_URL", "ALLOWED_HOSTS")

    database = found["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert [database[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "lib rary",
        "library",
        "p@ss#word",
        "db.example",
        5433,
    ]
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (60, True)
    assert database["OPTIONS"]["sslmode"] == "require"
    assert found["CACHES"]["default"]["LOCATION"] == "rediss://:secret@cache.example:6380"
    assert found["STORAGES"]["default"]["OPTIONS"]["bucket_name"] == "covers"
    assert found["CELERY_BROKER_URL"] == "redis://127.0.0.1:1/0"
    assert found["ALLOWED_HOSTS"] == ["library.example", "www.library.example"]


def test_a_database_number_in_the_redis_address_is_kept(production):
    production.environment["REDIS_URL"] = "redis://cache.example/5"

    assert effective(production, "CACHES")["CACHES"]["default"]["LOCATION"] == "redis://cache.example/5"


def test_the_bucket_is_asked_for_when_s3_is_on(production):
    production.environment["USE_S3"] = "true"

    assert "AWS_STORAGE_BUCKET_NAME  required, not set" in refused(production)


def test_static_files_are_collected_without_any_secret(production, tmp_path):
    production.environment = {
        "DJANGO_SETTINGS_MODULE": "librarysite.settings.production",
        "PRODREADY_BUILD": "1",
        "STATIC_ROOT": str(tmp_path),
    }

    production.manage("collectstatic", "--noinput", "--verbosity=0")

    assert (tmp_path / "staticfiles.json").exists()
    assert "PRODREADY_BUILD" in refused(production)


def test_development_runs_with_django_alone(dev):
    page = dev.python(
        "-c",
        "\n".join(
            (
                "import sys",
                "class Absent:",
                "    def find_spec(self, name, path=None, target=None):",
                f"        if name.partition('.')[0] in {OPTIONAL!r}:",
                "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)",
                "sys.meta_path.insert(0, Absent())",
                "import django",
                "django.setup()",
                "from django.core.management import call_command",
                "call_command('check')",
                "from django.test import Client",
                "print(Client(headers={'host': 'localhost'}).get('/').content.decode())",
            )
        ),
    )

    assert "No book found." in page.stdout
