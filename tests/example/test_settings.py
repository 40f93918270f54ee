"""The example project's settings load, and withstand Django's own deploy check."""

import json

import pytest

NOTHING_FOUND = "System check identified no issues (0 silenced).\n"
NOTHING_BUT_PRELOAD = "System check identified no issues (1 silenced).\n"
OPTIONAL = ("celery", "kombu", "whitenoise", "django_redis", "redis", "storages", "boto3", "psycopg")


def test_check_deploy_is_silent_with_a_sound_environment(production):
    done = production.manage("check", "--deploy")

    assert (done.stdout, done.stderr) == (NOTHING_BUT_PRELOAD, "")


def test_check_deploy_has_nothing_silenced_once_the_site_is_preloaded(production):
    production.environment["SECURE_HSTS_PRELOAD"] = "true"

    done = production.manage("check", "--deploy")

    assert (done.stdout, done.stderr) == (NOTHING_FOUND, "")


def test_production_without_a_secret_key_names_the_variable(production):
    del production.environment["SECRET_KEY"]

    done = production.manage("check", check=False)

    assert done.returncode == 1
    assert "Set the environment variable SECRET_KEY." in done.stderr


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("DATABASE_URL", "mysql://u:hunter2@host/name", "must begin with postgresql:// or sqlite:///"),
        ("DATABASE_URL", "postgresql://u:hunter2@host:port/name", "is not a database address"),
        ("SECURE_SSL_REDIRECT", "hunter2", "must be true or false"),
        ("EMAIL_PORT", "hunter2", "must be a whole number"),
    ],
)
def test_a_wrong_value_is_named_and_never_shown(production, variable, value, message):
    production.environment[variable] = value

    done = production.manage("check", check=False)

    assert done.returncode == 1
    assert f"{variable} {message}" in done.stderr
    assert "hunter2" not in done.stderr


def effective(site, *names):
    """Return the settings of these names as the site sees them."""
    printed = site.shell(
        "import json",
        "from django.conf import settings",
        f"print(json.dumps({{name: getattr(settings, name) for name in {names!r}}}))",
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
        "5433",
    ]
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (60, True)
    assert database["OPTIONS"] == {"connect_timeout": 5, "sslmode": "require"}
    assert found["CACHES"]["default"]["LOCATION"] == "rediss://:secret@cache.example:6380/1"
    assert found["STORAGES"]["default"]["OPTIONS"]["bucket_name"] == "covers"
    assert found["CELERY_BROKER_URL"] == "redis://127.0.0.1:1/0"
    assert found["ALLOWED_HOSTS"] == ["library.example", "www.library.example"]


def test_a_database_number_in_the_redis_address_is_kept(production):
    production.environment["REDIS_URL"] = "redis://cache.example/5"

    assert effective(production, "CACHES")["CACHES"]["default"]["LOCATION"] == "redis://cache.example/5"


def test_the_bucket_is_asked_for_when_s3_is_on(production):
    production.environment["USE_S3"] = "true"

    done = production.manage("check", check=False)

    assert "Set the environment variable AWS_STORAGE_BUCKET_NAME." in done.stderr


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
