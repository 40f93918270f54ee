"""Names of environment variables: which are one slip of the hand apart, which everybody's programs read."""

from __future__ import annotations

import re

__all__ = ["is_near", "is_of_others", "is_of_the_machine"]

_MIN_LENGTH = 6  # of shorter names too many are one letter apart: DB_HOST is what DB_PORT is not

# What a process needs to start, and what tells it where it is.
_OF_THE_MACHINE = re.compile(
    r"(?:HOME|HOSTNAME|LANG|LANGUAGE|LOGNAME|MAIL|OLDPWD|PATH|PWD|SHELL|SHLVL|SYSTEMROOT|TEMP|TERM|TMP|TMPDIR|TZ"
    r"|USER|VIRTUAL_ENV|_)$|(?:COVERAGE|LC|LD|PIP|PYTHON|UV|XDG|SSH|PYTEST)_?"
)
# What libraries, servers, platforms and the images beside the site read, without a word of it in the project.
_OF_OTHERS = re.compile(
    r"(?:AWS|AZURE|BROKER|CELERY|COMPOSE|DATADOG|DD|DOCKER|DOKKU|ELASTIC|FLOWER|FLY|FORWARDED|GOOGLE|GUNICORN"
    r"|HEROKU|KUBERNETES|LETSENCRYPT|MARIADB|MINIO|MYSQL|NEW_RELIC|NODE|NPM|OTEL|PG|PGADMIN|POSTGRES|RABBITMQ"
    r"|RAILWAY|REDIS|RENDER|SENTRY|TRAEFIK|UVICORN|VIRTUAL|VITE|WEB)(?:_|[A-Z]*$)"
    r"|DJANGO_(?:ALLOW_ASYNC_UNSAFE|AUTORELOAD_ENV|COLORS|CONFIGURATION|RUNSERVER_HIDE_WARNING"
    r"|SETTINGS_MODULE|SUPERUSER_\w+|TEST_PROCESSES|WATCHMAN_TIMEOUT)$"
    r"|(?:CI|DEBUG_COLORS|ENV|ENVIRONMENT|HOST|IMAGE|PORT|TAG|VERSION|WORKERS)$|(?:HTTPS?|NO|ALL)_PROXY$"
)


def is_of_the_machine(name: str) -> bool:
    """Whether the variable is of the machine, and not of the deployment."""
    return _OF_THE_MACHINE.match(name) is not None


def is_of_others(name: str) -> bool:
    """Whether programs read the variable that the project does not show."""
    return is_of_the_machine(name) or _OF_OTHERS.match(name) is not None


def is_near(name: str, other: str) -> bool:
    """Whether two long names differ by one letter that is too many, or two that changed places.

    A letter that is another one tells names apart that belong together: ``S3_URL``, ``S4_URL``.
    """
    first, second = sorted((name.upper(), other.upper()), key=len)
    if len(first) < _MIN_LENGTH or name == other:
        return False
    if len(second) - len(first) == 1:
        return any(second[:place] + second[place + 1 :] == first for place in range(len(second)))
    if len(first) != len(second):
        return False
    places = [place for place, pair in enumerate(zip(first, second, strict=True)) if pair[0] != pair[1]]
    if len(places) != 2:
        return not places
    left, right = places
    return right - left == 1 and first[left] == second[right] and first[right] == second[left]
