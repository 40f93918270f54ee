"""What it costs that the client keeps the time of statements: beside none, and the server's own.

Each asks a real PostgreSQL on this machine for one number, in turns, in an order of its own in every
round; what counts is the least of all rounds. Only ratios mean anything elsewhere.
"""

import random
import time
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.db import connections
from prodready_services import postgres

ROUNDS = 25
STATEMENTS = 400
LIMITS: dict[str, dict[str, Any]] = {
    "no limit": {},
    "statement_timeout of the server": {"OPTIONS": {"options": "-c statement_timeout=30000"}},
    "STATEMENT_LIMIT_S of the client": {"STATEMENT_LIMIT_S": 30},
}


def main() -> None:
    """Print the ratios."""
    with postgres.serve() as url:
        parts = urlsplit(url)
        entry = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.strip("/"),
            "USER": parts.username,
            "PASSWORD": parts.password,
            "HOST": parts.hostname,
            "PORT": parts.port,
        }
        aliases = dict(zip(LIMITS, ("default", "server", "client"), strict=True))
        settings.configure(
            DATABASES={aliases[name]: {**entry, **limit} for name, limit in LIMITS.items()},
            INSTALLED_APPS=["django_prodready"],
        )
        django.setup()
        spent = least_s(aliases)
        connections.close_all()
    first = next(iter(spent.values()))
    print("a statement")
    for name, spent_s in spent.items():
        print(f"  {name:44}{1e6 * spent_s / STATEMENTS:8.2f} us {spent_s / first:7.2f}")


def least_s(aliases: dict[str, str]) -> dict[str, float]:
    """Return for each the least time of all rounds."""
    seen: dict[str, list[float]] = {name: [] for name in aliases}
    for _ in range(ROUNDS):
        for name in random.sample(list(aliases), len(aliases)):
            with connections[aliases[name]].cursor() as cursor:
                started_s = time.perf_counter()
                for _ in range(STATEMENTS):
                    cursor.execute("SELECT 1")
                seen[name].append(time.perf_counter() - started_s)
    return {name: min(spent) for name, spent in seen.items()}


if __name__ == "__main__":
    main()
