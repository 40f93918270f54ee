import datetime
import decimal
import uuid

import pytest
from django.contrib.postgres import fields as postgres
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models

from django_prodready.migration_safety.trace import values, values_text, values_types
from django_prodready.migration_safety.trace.values import NoValueError, choices_of, sample, target_of
from django_prodready.migration_safety.trace.values_bounds import End, extreme


class Shaped(models.Field):
    """A field of a class that is not known."""

    def __init__(self, column_type=None, **kwargs):
        self.column_type = column_type
        super().__init__(**kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.column_type, *args], kwargs

    def db_type(self, connection):
        return self.column_type


class Percentage(models.Field):
    def get_internal_type(self):
        return "IntegerField"


def named(name, field):
    field.set_attributes_from_name(name)
    return field


def each(*cases):
    """Name cases after the classes of their fields."""
    return [pytest.param(*case, id=f"{type(case[0]).__name__}-{number}") for number, case in enumerate(cases)]


@pytest.mark.parametrize(
    ("field", "first", "third"),
    each(
        (models.IntegerField(), 1, 3),
        (models.PositiveSmallIntegerField(), 1, 3),
        (Percentage(), 1, 3),
        (models.FloatField(), 1.0, 3.0),
        (models.BooleanField(), True, False),
        (models.DecimalField(max_digits=5, decimal_places=2), decimal.Decimal(1), decimal.Decimal(3)),
        (
            models.DecimalField(max_digits=2, decimal_places=2),
            decimal.Decimal("0.01"),
            decimal.Decimal("0.03"),
        ),
        (models.DateField(), datetime.date(2024, 1, 1), datetime.date(2024, 1, 3)),
        (
            models.DateTimeField(),
            datetime.datetime(2024, 1, 1, 12, tzinfo=datetime.UTC),
            datetime.datetime(2024, 1, 3, 12, tzinfo=datetime.UTC),
        ),
        (models.TimeField(), datetime.time(6, 0), datetime.time(6, 2)),
        (models.DurationField(), datetime.timedelta(minutes=1), datetime.timedelta(minutes=3)),
        (models.BinaryField(), b"1", b"3"),
        (models.JSONField(), {"number": 1}, {"number": 3}),
        (models.UUIDField(), uuid.uuid5(values.NAMESPACE, "0"), uuid.uuid5(values.NAMESPACE, "2")),
        (models.GenericIPAddressField(), "10.0.0.0", "10.0.0.2"),
        (models.GenericIPAddressField(protocol="IPv6"), "2001:db8::1", "2001:db8::3"),
        (models.EmailField(), "person1@example.com", "person3@example.com"),
        (models.URLField(), "https://example.com/page/1", "https://example.com/page/3"),
        (models.SlugField(), "entry-1", "entry-3"),
        (models.FileField(), "files/1.txt", "files/3.txt"),
        (models.ImageField(), "pictures/1.png", "pictures/3.png"),
        (models.FilePathField(), "/srv/files/1.txt", "/srv/files/3.txt"),
        (postgres.ArrayField(models.IntegerField(), size=2), [1, 1], [3, 3]),
        (postgres.ArrayField(postgres.ArrayField(models.IntegerField())), [[1]], [[3]]),
        (postgres.HStoreField(), {"number": "1"}, {"number": "3"}),
        (postgres.IntegerRangeField(), (1, 2), (5, 6)),
        (
            postgres.DecimalRangeField(),
            (decimal.Decimal(1), decimal.Decimal(2)),
            (decimal.Decimal(5), decimal.Decimal(6)),
        ),
        (postgres.DateRangeField(), (datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)), None),
        (Shaped("varchar(20)"), "100", "102"),
        (models.CharField(choices=[("a", "A"), ("b", "B"), ("", "none")]), "a", "a"),
    ),
)
def test_each_class_has_values(field, first, third):
    assert sample(named("thing", field), 0, None) == first
    if third is not None:
        assert sample(field, 2, None) == third


def test_the_values_of_a_type_with_an_order_grow():
    for field in (
        models.DateField(),
        models.TimeField(),
        models.DurationField(),
        models.DecimalField(max_digits=9),
    ):
        made = [sample(field, number, None) for number in range(60)]
        assert made == sorted(set(made))


@pytest.mark.parametrize("length", [1, 2, 3, 4, 200])
def test_short_texts_are_distinct_as_far_as_they_can(length):
    made = {
        sample(named("code", models.CharField(max_length=length)), number, None) for number in range(2_000)
    }
    assert len(made) == {1: 35, 2: 90 + 26 * 36}.get(length, 2_000)
    assert max(map(len, made)) <= length


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("contact_email", "person5@example.com"),
        ("website", "https://example.com/page/5"),
        ("json_settings", '{"number": 5}'),
        ("phone", "+49300000005"),
        ("guid", "00000000-0000-4000-8000-000000000005"),
        ("ip", "10.0.0.4"),
        ("birth_date", "2024-01-05"),
        ("start_time", "2024-01-05T12:00:00+00:00"),
        ("tz", "UTC"),
        ("language", "en"),
        ("currency", "EUR"),
        ("country", "DE"),
        ("colour", "#000005"),
        ("full_name", "Name 5"),
        ("vat_number", "104"),
        ("updates", "104"),
    ],
)
def test_a_text_is_what_the_name_of_its_field_suggests(name, value):
    assert sample(named(name, models.CharField(max_length=100)), 4, None) == value


def test_a_suggestion_gives_way_to_the_length_and_to_uniqueness():
    assert sample(named("email", models.CharField(max_length=5)), 4, None) == "104"
    assert sample(named("country", models.CharField(max_length=9, unique=True)), 4, None) == "104"
    assert sample(named("settings", models.CharField(max_length=90, unique=True)), 4, None) == '{"number": 5}'
    assert sample(models.CharField(max_length=90), 4, None) == "104"  # as an array's elements: without a name


def test_choices_come_out_of_their_groups_without_the_empty_one():
    field = models.CharField(choices=[(None, "none"), ("a", "A"), ("More", [("b", "B"), ("c", "C")])])
    assert choices_of(field) == ["a", "b", "c"]
    assert [sample(field, number, None) for number in range(4)] == ["a", "b", "c", "a"]


def test_choices_that_python_2_wrote_as_bytes_are_text():
    choices = [(b"text", "Text"), (b"", "None"), ("url", "URL")]
    assert choices_of(models.CharField(choices=choices)) == ["text", "url"]
    assert choices_of(models.BinaryField(choices=choices)) == [b"text", "url"]


@pytest.mark.parametrize(
    ("default", "value"),
    [
        ('[{"type": "code"}]', '[{"type": "code"}]'),
        (' {"width": 3}', ' {"width": 3}'),
        ("[draft]", "104"),
        ("draft", "104"),
        (list, "104"),
    ],
)
def test_a_text_that_is_json_by_default_is_json(default, value):
    assert sample(named("layout", models.TextField(default=default)), 4, None) == value
    assert sample(named("layout", models.TextField(default=default, unique=True)), 4, None) == "104"


def test_a_relation_has_what_its_target_has(schema):
    schema.table({"code": models.UUIDField(primary_key=True)}, "Root")
    schema.table({"root": models.OneToOneField("shop.Root", models.CASCADE, primary_key=True)}, "Child")
    leaf = schema.table({"child": models.ForeignKey("shop.Child", models.CASCADE)}, "Leaf")
    field = leaf._meta.get_field("child")
    assert target_of(field).name == "code"
    assert sample(field, 0, None) == uuid.uuid5(values.NAMESPACE, "0")


def test_an_unknown_type_has_no_value(schema):
    with pytest.raises(NoValueError, match="no value of the type geometry is known"):
        sample(Shaped("geometry"), 0, schema.connection)
    with pytest.raises(NoValueError, match="no value of the type not a name"):
        sample(Shaped("not a name ("), 0, schema.connection)
    with pytest.raises(NoValueError, match="it has no column"):
        sample(Shaped(None), 0, schema.connection)
    assert schema.sql("SELECT 1") == [(1,)]


def test_an_enumerated_type_has_its_own_values(schema):
    schema.sql("CREATE TYPE mood AS ENUM ('sad', 'happy')")
    assert [sample(Shaped("mood"), number, schema.connection) for number in range(3)] == [
        "sad",
        "happy",
        "sad",
    ]


EXTENSIONS = ("citext", "hstore", "ltree")
NOT_HERE = ("vector", "halfvec")


def column_types():
    sized = [
        "varchar(3)",
        "character varying",
        "char",
        "bpchar",
        "numeric",
        "numeric(4)",
        "numeric(4, 2)",
        "decimal(2,2)",
    ]
    bits = ["bit", "bit(3)", "bit varying(5)", "varbit"]
    arrays = ["integer[]", "text[3]", "jsonb[]", "varchar(5)[]"]
    long = [
        "timestamp with time zone",
        "time without time zone",
        "TIMESTAMP (3) WITH TIME ZONE",
        "double  precision",
    ]
    return sorted(
        {*values_types._FORMS, *sized, *bits, *arrays, *long} - {"bigserial", "serial", "smallserial"}
    )


@pytest.mark.parametrize("number", [0, 3, 300])
def test_postgresql_reads_the_value_of_each_type(schema, number):
    for extension in EXTENSIONS:
        schema.sql(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    for column_type in column_types():
        value = values_types.by_column_type(column_type, number)
        schema.sql(f"SELECT %s::{column_type}", value)


@pytest.mark.parametrize("column_type", ["bigserial", "serial", "smallserial"])
def test_a_serial_type_has_numbers(column_type):
    assert values_types.by_column_type(column_type, 6) == "7"


def test_a_vector_has_as_many_numbers_as_it_says():
    assert values_types.by_column_type("vector(3)", 0) == "[1,1,1]"
    assert values_types.by_column_type("vector", 0) is None


def test_words_of_search_vectors():
    assert sample(type("SearchVectorField", (models.Field,), {})(), 0, None) == values_text.word(0)


@pytest.mark.parametrize(
    ("field", "least", "greatest"),
    each(
        (models.IntegerField(), -(2**31), 2**31 - 1),
        (models.BigAutoField(primary_key=True), -(2**63), 2**63 - 1),
        (models.PositiveSmallIntegerField(), 0, 2**15 - 1),
        (models.IntegerField(validators=[MinValueValidator(1), MaxValueValidator(lambda: 5)]), 1, 5),
        (models.FloatField(validators=[MaxValueValidator(5)]), -1e300, 5.0),
        (
            models.DecimalField(max_digits=3, decimal_places=1),
            decimal.Decimal("-99.9"),
            decimal.Decimal("99.9"),
        ),
        (
            models.DecimalField(max_digits=3, decimal_places=1, validators=[MinValueValidator(0)]),
            decimal.Decimal(0),
            decimal.Decimal("99.9"),
        ),
        (  # more digits than are computed with
            models.DecimalField(max_digits=30, decimal_places=6),
            decimal.Decimal("-" + "9" * 24 + "." + "9" * 6),
            decimal.Decimal("9" * 24 + "." + "9" * 6),
        ),
        (models.CharField(max_length=4), "a", "xxxx"),
        (models.CharField(max_length=4, blank=True), "", "xxxx"),
        (models.TextField(validators=[MaxLengthValidator(3)]), "a", "xxx"),
        (models.EmailField(max_length=20), "a", "xxxxxxxx@example.com"),
        (models.URLField(max_length=25, blank=True), "", "https://example.com/xxxxx"),
        (models.BooleanField(), False, True),
        (models.DateField(), datetime.date.min, datetime.date.max),
        (models.TimeField(), datetime.time.min, datetime.time.max),
        (models.DurationField(), -datetime.timedelta(days=36_500), datetime.timedelta(days=36_500)),
        (
            models.DateTimeField(),
            datetime.datetime(1, 1, 3, tzinfo=datetime.UTC),
            datetime.datetime(9999, 12, 30, 23, 59, 59, 999999, datetime.UTC),
        ),
        (models.JSONField(), [], {"text": "x" * 12_000, "list": [1, None, {}]}),
        (postgres.HStoreField(), {}, {"text": "x" * 12_000, "none": None}),
        (models.UUIDField(), uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)),
        (models.GenericIPAddressField(protocol="IPv4"), "10.0.0.1", "10.0.0.1"),
        (models.GenericIPAddressField(protocol="IPv6"), "2001:db8::1", "ffff:" * 7 + "ffff"),
        (models.GenericIPAddressField(), "10.0.0.1", "ffff:" * 7 + "ffff"),
        (models.BinaryField(max_length=2), b"", b"xx"),
        (postgres.ArrayField(models.CharField(max_length=2), size=1), [], ["xx"]),
        (Shaped("varchar(20)"), "100", "101"),
        (models.CharField(choices=[("aa", "A"), ("bbb", "B")]), "aa", "bbb"),
        (models.CharField(choices=[("aa", "A")], blank=True), "", "aa"),
        (models.IntegerField(choices=[(3, "A"), (20, "B")], blank=True), 3, 20),
    ),
)
def test_extremes_are_what_a_field_allows(schema, field, least, greatest):
    assert extreme(field, End.LEAST, schema.connection) == least
    assert extreme(field, End.GREATEST, schema.connection) == greatest


def test_the_extremes_of_a_relation_are_its_targets(schema):
    schema.table({"code": models.CharField(max_length=3, primary_key=True)}, "Parent")
    child = schema.table({"parent": models.ForeignKey("shop.Parent", models.CASCADE)}, "Child")
    assert extreme(child._meta.get_field("parent"), End.GREATEST, schema.connection) == "xxx"
