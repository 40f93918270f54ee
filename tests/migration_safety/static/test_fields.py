"""Types that only a configured PostgreSQL knows."""

from types import SimpleNamespace

import pytest
from django.db import models

from django_prodready.migration_safety.static import fields
from django_prodready.migration_safety.static.fields import type_of


class Place(models.Field):
    def db_type(self, connection):
        return connection.ops.place_type(self)


def connections_of(**engines):
    return type("Connections", (dict,), {})(engines)


def point(field):
    return "point"


def engine(vendor: str, **ops) -> SimpleNamespace:
    return SimpleNamespace(
        vendor=vendor, ops=SimpleNamespace(**ops, quote_name=str), data_type_check_constraints={}
    )


@pytest.mark.parametrize(
    ("connections", "expected"),
    [
        (
            {"default": engine("postgresql", place_type=lambda field: "geometry(POINT,4326)")},
            "geometry(POINT,4326)",
        ),
        (
            {"old": engine("postgresql"), "new": engine("postgresql", place_type=point)},
            "point",
        ),
        ({"default": engine("postgresql", place_type=lambda field: None)}, None),
        ({"default": engine("sqlite", place_type=lambda field: "text")}, None),
    ],
)
def test_the_project_is_asked(monkeypatch, connections, expected):
    monkeypatch.setattr(fields, "connections", connections_of(**connections))
    found = type_of(Place())
    assert found == expected if expected else found.startswith("?")
