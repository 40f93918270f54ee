"""Which model a table belongs to."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState

from django_prodready.migration_safety.trace.names import Names, plain


def test_a_table_of_another_schema_is_written_plainly() -> None:
    assert plain('own"."book') == "own.book"


def test_the_first_model_of_a_table_is_its_owner() -> None:
    class Shared(models.Field):  # type: ignore[type-arg]
        """Has no column."""

        def db_type(self, connection: Any) -> None:
            return None

        def get_attname_column(self) -> tuple[str, None]:  # type: ignore[override]
            return self.get_attname(), None

    state = ProjectState()
    title = models.TextField(db_column="name")
    CreateModel("Book", [("title", title), ("shared", Shared())], {"db_table": 'own"."b'}).state_forwards(
        "shop", state
    )
    CreateModel(
        "Again", [("pages", models.IntegerField())], {"managed": False, "db_table": 'own"."b'}
    ).state_forwards("shop", state)
    CreateModel("Proxy", [], {"proxy": True}, ("shop.Book",)).state_forwards("shop", state)
    CreateModel("Swapped", [], {"swappable": "AUTH_USER_MODEL", "db_table": "swapped"}).state_forwards(
        "shop", state
    )
    names = Names(state.apps.get_models(include_auto_created=True))
    owner = names.owner("own.b")
    assert owner is not None
    assert (owner.app_label, owner.model) == ("shop", "Book")
    assert owner.fields["name"] == "title"
    assert "pages" in owner.fields
    assert "shared" not in owner.fields.values()
    assert names.uses("own.b")
    assert names.uses("own.b", "name")
    assert not names.uses("own.b", "title")
    assert not names.uses("swapped")
    assert names.owner(None) is None
