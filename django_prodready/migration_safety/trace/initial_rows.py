"""The rows that Django's own apps keep after each ``migrate``: content types, permissions, the first site.

They are there wherever a release is deployed, and code in migrations looks them up.
https://docs.djangoproject.com/en/stable/ref/signals/#post-migrate
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.db import Error, transaction
from django.db.models import QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.apps.registry import Apps
    from django.db.models import Model


class InitialRows:
    """Keeps them in a database, state by state."""

    def __init__(self, alias: str) -> None:
        self._alias = alias
        # What has its rows already: a state mostly has the models of the one before it.
        self._served: dict[Any, WeakSet[type[Model]]] = {
            insert: WeakSet() for insert in (_content_types, _permissions, _site)
        }

    def bring_in(self, apps: Apps) -> None:
        """Insert those of them that are missing. What a table refuses is left out."""
        for insert, served in self._served.items():
            models = [model for model in apps.get_models() if model not in served]
            if not models:
                continue
            try:
                with transaction.atomic(self._alias):
                    insert(apps, self._alias, models)
            except (Error, LookupError):
                continue  # not installed, not made yet, or changed by the project
            served.update(models)


def _content_types(apps: Apps, alias: str, models: list[type[Model]]) -> None:
    found: QuerySet[Any] = QuerySet(_model(apps, "contenttypes", "ContentType"), using=alias)
    known = set(found.values_list("app_label", "model"))
    missing = [
        found.model(app_label=model._meta.app_label, model=model._meta.model_name)
        for model in models
        if (model._meta.app_label, model._meta.model_name) not in known
    ]
    found.bulk_create(missing)


def _permissions(apps: Apps, alias: str, models: list[type[Model]]) -> None:
    content_types: QuerySet[Any] = QuerySet(_model(apps, "contenttypes", "ContentType"), using=alias)
    keys = {
        (label, model): key for key, label, model in content_types.values_list("pk", "app_label", "model")
    }
    found: QuerySet[Any] = QuerySet(_model(apps, "auth", "Permission"), using=alias)
    known = set(found.values_list("content_type_id", "codename"))
    missing = []
    for model in models:
        key = keys.get((model._meta.app_label, str(model._meta.model_name)))
        for codename, name in _named(model):
            if key is not None and (key, codename) not in known:
                missing.append(found.model(content_type_id=key, codename=codename, name=name[:255]))
    found.bulk_create(missing)


def _named(model: type[Model]) -> Iterator[tuple[str, str]]:
    options = model._meta
    for action in options.default_permissions:
        yield get_permission_codename(action, options), f"Can {action} {options.verbose_name_raw}"
    yield from ((codename, str(name)) for codename, name in options.permissions)


def _site(apps: Apps, alias: str, _models: list[type[Model]]) -> None:
    found: QuerySet[Any] = QuerySet(_model(apps, "sites", "Site"), using=alias)
    if not found.exists():
        key = getattr(settings, "SITE_ID", 1)
        found.create(pk=key, domain="example.com", name="example.com")


def _model(apps: Apps, app_label: str, name: str) -> Any:
    return apps.get_model(app_label, name)
