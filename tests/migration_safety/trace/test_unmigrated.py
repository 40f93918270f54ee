"""Tables of apps that have no migrations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.test import override_settings
from prodready_histories import History, emptied

from django_prodready.migration_safety.trace import unmigrated

PLAIN = "prodready_traced.plain"


@pytest.fixture
def tables(history: History) -> Iterator[Any]:
    """Make the tables of these apps; their names."""

    def make(*labels: str) -> list[str]:
        unmigrated.create_tables(history.connection, labels)
        return sorted(history.connection.introspection.table_names())

    installed = ["django.contrib.contenttypes", "django.contrib.auth", PLAIN]
    with override_settings(INSTALLED_APPS=installed), emptied(history.connection):
        yield make


def test_tables_are_made_but_for_what_django_does_not_make(tables: Any) -> None:
    assert tables("plain") == ["plain_choice", "plain_setting"]


def test_keys_to_what_comes_later_are_left_out(tables: Any, history: History) -> None:
    tables("plain")
    constraints = history.connection.introspection.get_constraints
    with history.connection.cursor() as cursor:
        found = constraints(cursor, "plain_choice").values()
    assert [one["foreign_key"] for one in found if one["foreign_key"]] == [("plain_setting", "id")]


def test_a_table_that_is_refused_is_left_out(tables: Any, history: History) -> None:
    with history.connection.cursor() as cursor:
        cursor.execute("CREATE VIEW plain_setting AS SELECT 1 AS id")
    assert "plain_choice" in tables("plain")


def test_apps_that_migrate_or_have_no_models_are_left_alone(tables: Any) -> None:
    assert apps.is_installed(PLAIN)
    assert tables() == []
