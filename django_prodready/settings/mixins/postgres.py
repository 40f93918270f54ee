"""PostgreSQL: address, TLS by where it is, connections that are kept, and no wait without an end."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from typing import Any

from django_prodready.settings import env
from django_prodready.settings.declared import option
from django_prodready.settings.draft import Draft
from django_prodready.settings.environment.build import MARK
from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.mixin import SettingsMixin
from django_prodready.settings.mixins.postgres_address import (
    ADDRESS,
    Parts,
    combined,
    from_url,
    from_variables,
    is_postgres,
)
from django_prodready.settings.mixins.postgres_limits import TCP, is_patient_command, startup_options
from django_prodready.settings.mixins.postgres_pooling import POOLINGS, Choice, Pooling, apply_pooling
from django_prodready.settings.mixins.postgres_tls import MODES, Distance, apply_tls, distance_of
from django_prodready.settings.mixins.project_name import project_name

__all__ = ["Postgres"]

_ENGINE = "django.db.backends.postgresql"
_EXAMPLE = (
    "postgres://user:password@host:5432/name; or DB_NAME, DB_USER, DB_PASSWORD, DB_HOST and DB_PORT; "
    "or PGDATABASE, PGUSER, PGPASSWORD, PGHOST and PGPORT; or PGSERVICE"
)
# What the mixin decides of an entry. All else of the project's own stays: ATOMIC_REQUESTS, TEST, TIME_ZONE.
_DECIDED = (
    *ADDRESS,
    "ENGINE",
    "OPTIONS",
    "CONN_MAX_AGE",
    "CONN_HEALTH_CHECKS",
    "DISABLE_SERVER_SIDE_CURSORS",
    "STATEMENT_LIMIT_S",
)


def _text(variable: str, help: str, **more: Any) -> Any:  # noqa: A002 - as env calls it
    return env.str(variable, default=None, setting=False, help=help, **more)


def _limit(variable: str, default_s: float, help: str) -> float:  # noqa: A002 - as env calls it
    return env.float(
        variable, default=default_s, minimum=0, maximum=86_400, setting=False, help=f"{help} 0 is none."
    )


class Postgres(SettingsMixin):
    """The alias "default" of ``DATABASES``; other aliases stay as they are. Needs the extra ``postgres``.

    Statements, locks and idle transactions are limited where requests and tasks run. Commands such as
    ``migrate`` work for as long as they take: ``manage.py`` sets no such limit, unless it serves.
    """

    POOLING: Pooling = option(
        "persistent",
        choices=POOLINGS,
        help="Who keeps connections: each thread, a pool of psycopg 3 in each process, or a PgBouncer that "
        "hands out transactions.",
    )
    ASGI: bool | None = option(
        None,
        choices=(None, True, False),
        help="Whether the site is served by ASGI. None: it is if there is an ASGI_APPLICATION and no "
        "WSGI_APPLICATION.",
    )

    DATABASE_URL: dict[str, Any] | str | None = env.database(
        "DATABASE_URL",
        default=None,
        setting=False,
        help="The address of the database, in one.",
        example="postgres://user:password@host:5432/name",
    )
    DB_NAME: str | None = _text("DB_NAME", "The name of the database.")
    DB_USER: str | None = _text("DB_USER", "Who connects.")
    DB_PASSWORD: str | None = env.secret("DB_PASSWORD", default=None, setting=False, help="Its password.")
    DB_HOST: str | None = _text("DB_HOST", "The host, or the folder of a Unix socket.", example="db")
    DB_PORT: int | None = env.int(
        "DB_PORT", default=None, minimum=1, maximum=65_535, setting=False, help="5432 unless set."
    )
    DB_SSL_ROOT_CERT: str | None = _text(
        "DB_SSL_ROOT_CERT",
        "Who must have signed the certificate of the host: a file, or the word system.",
        example="/etc/ssl/certs/database-ca.pem",
    )
    PGDATABASE: str | None = _text("PGDATABASE", "As DB_NAME, under libpq's name.")
    PGUSER: str | None = _text("PGUSER", "As DB_USER, under libpq's name.")
    PGPASSWORD: str | None = env.secret(
        "PGPASSWORD", default=None, setting=False, help="As DB_PASSWORD, under libpq's name."
    )
    PGHOST: str | None = _text("PGHOST", "As DB_HOST, under libpq's name.")
    PGPORT: int | None = env.int(
        "PGPORT",
        default=None,
        minimum=1,
        maximum=65_535,
        setting=False,
        help="As DB_PORT, under libpq's name.",
    )
    PGSSLMODE: str | None = env.choice(
        "PGSSLMODE",
        choices=MODES,
        default=None,
        setting=False,
        help="How much TLS, where the mixin's choice is not right: require for public hosts.",
    )
    PGSSLROOTCERT: str | None = _text("PGSSLROOTCERT", "As DB_SSL_ROOT_CERT, under libpq's name.")
    PGSERVICE: str | None = _text("PGSERVICE", "A section of libpq's file of services.")
    PGPASSFILE: str | None = _text("PGPASSFILE", "libpq's file of passwords.")
    PGOPTIONS: str | None = _text("PGOPTIONS", "Startup options, such as -c search_path=shop.")
    PGAPPNAME: str | None = _text("PGAPPNAME", "What the server lists the connection as.")

    # Failover takes a server away for longer; a request should not wait for it.
    DB_CONNECT_TIMEOUT: int = env.int(
        "DB_CONNECT_TIMEOUT",
        default=5,
        minimum=0,
        maximum=3600,
        setting=False,
        help="Seconds to connect. 0 is none.",
    )
    # Gunicorn ends a request after 30 s: nobody waits for its statement any longer.
    DB_STATEMENT_TIMEOUT: float = _limit(
        "DB_STATEMENT_TIMEOUT", 30.0, "Seconds that a statement may run; more for workers that report."
    )
    # Who waits for a row for so long holds others up, and had better try again.
    DB_LOCK_TIMEOUT: float = _limit("DB_LOCK_TIMEOUT", 10.0, "Seconds to wait for a lock.")
    # Above all time-outs of what a request may ask in between, such as the mail server's.
    DB_IDLE_IN_TRANSACTION_TIMEOUT: float = _limit(
        "DB_IDLE_IN_TRANSACTION_TIMEOUT", 60.0, "Seconds that a transaction may do nothing."
    )
    # PostgreSQL takes 100 connections unless told otherwise: those of 12 processes.
    DB_POOL_SIZE: int = env.int(
        "DB_POOL_SIZE",
        default=8,
        minimum=1,
        setting=False,
        help="How many connections each process has at most, with POOLING = 'psycopg'.",
    )

    def transform(self, draft: Draft) -> None:
        """Make the entry "default". Refuses what contradicts itself, and an address that is not given."""
        self._postgres_need_packages(draft)
        parts, wrong = combined(
            (self._postgres_from_url(draft), self._postgres_from_db(), self._postgres_from_libpq())
        )
        for contradiction in wrong:
            draft.refuse(contradiction.variable, contradiction.rule)
        if "NAME" not in parts and "service" not in parts and not draft.is_build:
            raise draft.missing("DATABASE_URL", setting="DATABASES", example=_EXAMPLE)
        databases = draft.mapping("DATABASES")
        databases["default"] = self._postgres_entry(parts, dict(databases.get("default") or {}), draft)
        draft.set("DATABASES", databases)

    def _postgres_need_packages(self, draft: Draft) -> None:
        if self.POOLING == "psycopg":
            draft.needs_package("psycopg", extra="postgres")
            draft.needs_package("psycopg_pool", extra="postgres")
        elif importlib.util.find_spec("psycopg2") is None:
            draft.needs_package("psycopg", extra="postgres")

    def _postgres_from_url(self, draft: Draft) -> Parts:
        try:
            return from_url("DATABASE_URL", self.DATABASE_URL)
        except Invalid as invalid:
            rule = invalid.rule
        raise draft.refuse("DATABASE_URL", rule)

    def _postgres_from_db(self) -> Parts:
        return from_variables(
            {
                "NAME": ("DB_NAME", self.DB_NAME),
                "USER": ("DB_USER", self.DB_USER),
                "PASSWORD": ("DB_PASSWORD", self.DB_PASSWORD),
                "HOST": ("DB_HOST", self.DB_HOST),
                "PORT": ("DB_PORT", self.DB_PORT),
                "sslrootcert": ("DB_SSL_ROOT_CERT", self.DB_SSL_ROOT_CERT),
            }
        )

    def _postgres_from_libpq(self) -> Parts:
        return from_variables(
            {
                "NAME": ("PGDATABASE", self.PGDATABASE),
                "USER": ("PGUSER", self.PGUSER),
                "PASSWORD": ("PGPASSWORD", self.PGPASSWORD),
                "HOST": ("PGHOST", self.PGHOST),
                "PORT": ("PGPORT", self.PGPORT),
                "sslmode": ("PGSSLMODE", self.PGSSLMODE),
                "sslrootcert": ("PGSSLROOTCERT", self.PGSSLROOTCERT),
                "service": ("PGSERVICE", self.PGSERVICE),
                "passfile": ("PGPASSFILE", self.PGPASSFILE),
                "options": ("PGOPTIONS", self.PGOPTIONS),
                "application_name": ("PGAPPNAME", self.PGAPPNAME),
            }
        )

    def _postgres_entry(self, parts: Parts, kept: Mapping[str, Any], draft: Draft) -> dict[str, Any]:
        asked = {key: given.value for key, given in parts.items()}
        if not {"NAME", "service"} & asked.keys():  # only the build comes here without either
            asked |= {"NAME": MARK, "HOST": f"{MARK}.invalid"}
        kept = kept if is_postgres(kept.get("ENGINE")) else _without_connection(kept)
        entry = {key: value for key, value in kept.items() if key not in _DECIDED}
        entry |= {key: asked.get(key, "") for key in ADDRESS}
        entry["ENGINE"] = _engine(kept.get("ENGINE"), asked.get("ENGINE"))
        if "ATOMIC_REQUESTS" in asked:
            entry["ATOMIC_REQUESTS"] = asked["ATOMIC_REQUESTS"]
        options = {key: value for key, value in asked.items() if key not in (*_DECIDED, "ATOMIC_REQUESTS")}
        entry["OPTIONS"] = {**kept.get("OPTIONS", {}), **options}
        apply_tls(entry, options.get("sslmode"), draft.refuse, must_exist=not draft.is_build)
        apply_pooling(entry, kept, self._postgres_choice(asked, draft), draft.refuse)
        self._postgres_set_limits(entry, draft)
        return entry

    def _postgres_choice(self, asked: Mapping[str, Any], draft: Draft) -> Choice:
        is_asgi = self.ASGI
        if is_asgi is None:
            is_asgi = bool(draft.get("ASGI_APPLICATION")) and not draft.get("WSGI_APPLICATION")
        return Choice(
            pooling=self.POOLING,
            is_asgi=is_asgi,
            pool_size=self.DB_POOL_SIZE,
            conn_max_age_s=asked.get("CONN_MAX_AGE"),
            server_side_cursors_off=asked.get("DISABLE_SERVER_SIDE_CURSORS"),
        )

    def _postgres_set_limits(self, entry: dict[str, Any], draft: Draft) -> None:
        options: dict[str, Any] = entry["OPTIONS"]
        if self.DB_CONNECT_TIMEOUT:
            options.setdefault("connect_timeout", self.DB_CONNECT_TIMEOUT)
        options.setdefault("application_name", project_name(draft))
        if distance_of(entry["HOST"]) is not Distance.MACHINE:
            entry["OPTIONS"] = options = {**TCP, **options}
        is_patient = is_patient_command(sys.argv)
        if self.POOLING == "pgbouncer":
            if self.DB_STATEMENT_TIMEOUT and not is_patient:
                entry["STATEMENT_LIMIT_S"] = self.DB_STATEMENT_TIMEOUT
            return
        limits_s = {
            "statement_timeout": self.DB_STATEMENT_TIMEOUT,
            "lock_timeout": self.DB_LOCK_TIMEOUT,
            "idle_in_transaction_session_timeout": self.DB_IDLE_IN_TRANSACTION_TIMEOUT,
        }
        text = startup_options(str(options.get("options", "")), {} if is_patient else limits_s)
        if text:
            options["options"] = text


def _without_connection(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry without what was for the driver of another database."""
    return {key: value for key, value in kept.items() if key not in ("OPTIONS", "CONN_MAX_AGE", "ENGINE")}


def _engine(kept: str | None, asked: str | None) -> str:
    """Return the project's own engine, such as PostGIS' or an instrumented one, else that of the URL."""
    if kept and kept != _ENGINE:
        return kept
    return asked or _ENGINE
