"""production(): the same settings as the class that its arguments describe."""

from itertools import product

import pytest

from django_prodready.settings import (
    Celery,
    Csp,
    Email,
    Postgres,
    Production,
    Proxy,
    RedisCache,
    S3Media,
    SettingsError,
    WhiteNoise,
    env,
    production,
    records,
)

ENVIRON = {
    "ALLOWED_HOSTS": "site.example",
    "AWS_STORAGE_BUCKET_NAME": "site-media",
    "AWS_S3_ENDPOINT_URL": "https://objects.example",
    "AWS_S3_REGION_NAME": "fra1",
    "CELERY_BROKER_URL": "redis://broker.example/0",
    "DATABASE_URL": "postgresql://site:a-password-of-some-length@db.example/site",
    "DEFAULT_FROM_EMAIL": "desk@site.example",
    "EMAIL_HOST": "smtp.site.example",
    "PLAN": "large",
    "REDIS_URL": "redis://cache.example/1",
    "SECRET_KEY": "8scHj4CVAVVwdswtsdo9ncVwSEYbC6PZ0kCxW0snB6qMNgODBZNvinr57gsP1aXn",
    "STATIC_ROOT": "/app/static",
    "TRUSTED_PROXIES": "10.0.1.5",
}
MODULE = {
    "INSTALLED_APPS": ["django.contrib.sessions", "django.contrib.staticfiles"],
    "MIDDLEWARE": ["django.middleware.security.SecurityMiddleware"],
    "ROOT_URLCONF": "site.urls",
}
PARTS = {
    "database": (Postgres, "postgres"),
    "cache": (RedisCache, "redis"),
    "static": (WhiteNoise, "whitenoise"),
    "media": (S3Media, "spaces"),
    "celery": (Celery, True),
    "email": (Email, True),
    "csp": (Csp, True),
}
PLATFORMS = {
    "docker": "nginx",
    "compose": "nginx",
    "kubernetes": "nginx",
    "coolify": "traefik",
    "sevalla": "cloudflare+traefik",
    "systemd": "nginx",
}


def plain(value):
    """A value that can be compared: botocore's Config compares by identity alone."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return vars(value) if type(value).__name__ == "Config" else value


def called(**arguments):
    namespace = dict(MODULE)
    production(namespace, environ=ENVIRON, **arguments)
    return plain(namespace)


@pytest.mark.parametrize("wanted", [*product([True, False], repeat=len(PARTS))], ids=str)
def test_every_combination_equals_its_class(applied, wanted):
    chosen = {name for name, on in zip(PARTS, wanted, strict=True) if on}
    options = {"S3_PROVIDER": "spaces"} if "media" in chosen else {}

    found = called(**{name: on if name in chosen else None for name, (_, on) in PARTS.items()})

    mixins = [mixin for name, (mixin, _) in PARTS.items() if name in chosen]
    assert found == plain(applied(*mixins, Proxy, Production, module=MODULE, environ=ENVIRON, **options))


@pytest.mark.parametrize(("platform", "proxy"), [*PLATFORMS.items()])
def test_the_platform_says_what_stands_in_front(applied, platform, proxy):
    found = called(platform=platform)

    module = MODULE | {"PRODREADY": {"FACTS": {"platform": platform}}}
    assert found == applied(
        Postgres, RedisCache, WhiteNoise, Proxy, Production, module=module, environ=ENVIRON, PROXY=proxy
    )
    assert called(platform=platform, proxy="none")["SECURE_PROXY_SSL_HEADER"] is None


def test_upper_case_arguments_are_attributes_of_the_class():
    found = called(HSTS_STAGE="day", SHELVES=3, PLAN=env.str("PLAN"))

    assert (found["SECURE_HSTS_SECONDS"], found["SHELVES"], found["PLAN"]) == (86_400, 3, "large")
    assert "HSTS_STAGE" not in found


def test_the_class_is_of_the_module_and_can_be_applied_again():
    namespace = {**MODULE, "__name__": "site.settings"}
    cls = production(namespace, environ=ENVIRON)
    again = dict(namespace)

    cls.apply(again, ENVIRON)

    record = records.latest()
    assert again == namespace
    assert (cls.__module__, record.module) == ("site.settings", "site.settings")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"platform": "heroku"}, "platform must be one of 'docker', 'compose', 'kubernetes', 'coolify', "),
        ({"platform": ""}, "platform must be one of 'docker'"),
        ({"platform": False}, "platform must be one of 'docker'"),
        ({"proxy": "x"}, "proxy must be one of 'none', 'nginx', 'traefik', 'cloudflare', "),
        ({"database": "mysql"}, "database must be one of 'postgres', None, False"),
        ({"database": True}, "database must be one of 'postgres', None, False"),
        ({"cache": "memcached"}, "cache must be one of 'redis', None, False"),
        ({"static": "nginx"}, "static must be one of 'whitenoise', None, False"),
        ({"media": True}, "media must be one of 'aws', 'r2', 'spaces', 'minio', None, False"),
        ({"celery": "no"}, "celery must be one of True, None, False"),
        ({"email": 1}, "email must be one of True, None, False"),
        ({"csp": ["x"]}, "csp must be one of True, None, False"),
        ({"hsts": "day"}, "production() has no argument 'hsts'; settings and options are upper-case"),
    ],
)
def test_arguments_that_it_does_not_know(arguments, said):
    namespace = {"KEPT": 1}

    with pytest.raises(TypeError) as caught:
        production(namespace, environ=ENVIRON, **arguments)

    assert str(caught.value).startswith(said)
    assert namespace == {"KEPT": 1}


def test_all_problems_are_told_at_once():
    with pytest.raises(SettingsError) as caught:
        production({}, platform="coolify", media="r2", environ={})

    assert {problem.variable for problem in caught.value.problems} == {
        "ALLOWED_HOSTS",
        "AWS_STORAGE_BUCKET_NAME",
        "DATABASE_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "STATIC_ROOT",
        "TRUSTED_PROXIES",
    }
