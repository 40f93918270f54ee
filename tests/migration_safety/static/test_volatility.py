"""How often PostgreSQL computes a default."""

import pytest
from django.contrib.postgres.functions import RandomUUID, TransactionNow
from django.db.models import NOT_PROVIDED, F, Func, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Lower, Now, Random

from django_prodready.migration_safety.static.catalogue import Table
from django_prodready.migration_safety.static.volatility import Volatility, of, of_sql

TEMPLATE = Func(template="random()")


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        (NOT_PROVIDED, Volatility.CONSTANT),
        (3, Volatility.CONSTANT),
        (Value("a"), Volatility.CONSTANT),
        (Now(), Volatility.CONSTANT),
        (TransactionNow(), Volatility.CONSTANT),
        (Lower(Value("A")), Volatility.CONSTANT),
        (RandomUUID(), Volatility.VOLATILE),
        (Random(), Volatility.VOLATILE),
        (Coalesce(Value(None), Random()), Volatility.VOLATILE),
        (Func(function="gen_random_uuid"), Volatility.VOLATILE),
        (Func(function="NOW"), Volatility.CONSTANT),
        (Func(function="house_number"), Volatility.UNKNOWN),
        (TEMPLATE, Volatility.VOLATILE),
        (RawSQL("nextval('orders')", ()), Volatility.VOLATILE),
        (RawSQL("CURRENT_DATE", ()), Volatility.CONSTANT),
        (Now() + Value(1), Volatility.CONSTANT),
        (F("x") + Value(1), Volatility.CONSTANT),
    ],
)
def test_default(default, expected):
    assert of(default) is expected


def test_functions_in_texts_do_not_count():
    assert of_sql("'random()' || lower('x')") is Volatility.CONSTANT


def test_functions_are_known_without_their_schema():
    assert of_sql("pg_catalog.clock_timestamp()") is Volatility.VOLATILE


def test_a_function_of_a_subclass():
    class HouseNumber(Func):
        function = "uuid_generate_v4"

    assert of(HouseNumber()) is Volatility.VOLATILE


@pytest.mark.parametrize(
    ("name", "is_volatile", "expected"),
    [
        ("house_number", False, Volatility.CONSTANT),
        ("house_number", True, Volatility.VOLATILE),
        ("town.house_number", False, Volatility.UNKNOWN),
        ("random", False, Volatility.VOLATILE),
    ],
)
def test_functions_of_the_project(name, is_volatile, expected):
    known = {"house_number()": Table(name="house_number()", born=0, body="", is_volatile=is_volatile)}
    assert of(Func(function=name.upper()), known) is expected
    assert of(Func(template=f"{name}()"), known) is expected
    assert of(RawSQL(f"coalesce({name}(), 'x')", ()), known) is expected
