"""A class becomes settings of a plain module: what wins over what, and nothing happens before."""

import copy
import pickle
import traceback

import pytest
from django.core.exceptions import ImproperlyConfigured

from django_prodready.settings import (
    OMIT,
    SettingsError,
    SettingsMixin,
    computed,
    env,
    fixed,
    option,
    records,
)
from django_prodready.settings.environment.field import Field


class Shop(SettingsMixin):
    SIZE = option("small", choices=("small", "large"), help="How big.")
    SHELVES: int = computed(lambda settings: {"small": 3, "large": 30}[settings.SIZE])
    CURRENCY: str = fixed("EUR")
    NAME: str = env.str("SHOP_NAME")
    TOKEN: str = env.secret("SHOP_TOKEN", setting=False)
    CHEAP: bool = env.bool("SHOP_CHEAP", default=False)

    def transform(self, draft):
        draft.change("SHOP", {"TOKEN": self.TOKEN})


SOUND = {"SHOP_NAME": "Ada's", "SHOP_TOKEN": "t0ken"}
DONE = {
    "INSTALLED_APPS": ["django_prodready"],
    "SHELVES": 3,
    "CURRENCY": "EUR",
    "NAME": "Ada's",
    "CHEAP": False,
    "SHOP": {"TOKEN": "t0ken"},
}


def test_fields_fixed_and_computed_values_and_transforms_become_settings_and_options_do_not(applied):
    assert applied(Shop, environ=SOUND) == DONE


def test_reading_the_class_reads_no_environment(monkeypatch):
    monkeypatch.setenv("SHOP_NAME", "Ada's")

    assert isinstance(Shop.NAME, Field)
    assert repr(Shop.NAME) == "<text from SHOP_NAME>"
    assert repr(OMIT) == "OMIT"


def test_the_process_s_environment_is_read_when_applied(monkeypatch):
    monkeypatch.setenv("SHOP_NAME", "Bea's")
    monkeypatch.setenv("SHOP_TOKEN", "t")
    module = {}

    Shop.apply(module)

    assert module["NAME"] == "Bea's"


def test_a_plain_attribute_wins_over_field_computed_option_and_module(applied):
    found = applied(
        Shop,
        environ={"SHOP_TOKEN": "t"},
        module={"CURRENCY": "GBP", "OTHER": 1, "EXTRA": 0},
        SIZE="large",
        NAME="Cleo's",
        CURRENCY="USD",
        EXTRA=5,
    )

    assert {key: found[key] for key in ("SHELVES", "NAME", "CURRENCY", "EXTRA", "OTHER")} == {
        "SHELVES": 30,
        "NAME": "Cleo's",
        "CURRENCY": "USD",
        "EXTRA": 5,
        "OTHER": 1,
    }
    assert "SIZE" not in found


def test_a_plain_value_for_what_is_no_setting_does_not_become_one(applied):
    found = applied(Shop, environ={"SHOP_NAME": "x"}, TOKEN="plain")

    assert "TOKEN" not in found
    assert found["SHOP"] == {"TOKEN": "plain"}


def test_a_field_in_the_place_of_an_option_is_read_and_is_no_setting(applied, problems):
    class Chosen(Shop):
        SIZE = env.choice("SHOP_SIZE", choices=("small", "large"))

    found = applied(Chosen, environ={**SOUND, "SHOP_SIZE": "large"})

    assert found["SHELVES"] == 30
    assert "SIZE" not in found
    assert problems(Chosen, environ={**SOUND, "SHOP_SIZE": "huge"}) == [
        ("SHOP_SIZE", "expected one of small, large")
    ]


def test_a_mixin_s_value_wins_over_the_module_s(applied):
    assert applied(Shop, environ=SOUND, module={"CURRENCY": "GBP"})["CURRENCY"] == "EUR"


def test_a_property_is_a_setting(applied):
    found = applied(Shop, environ=SOUND, BANNER=property(lambda settings: f"{settings.NAME}!"))

    assert found["BANNER"] == "Ada's!"


def test_a_field_of_the_module_itself_is_read(applied):
    found = applied(environ={"PLAN": "7"}, module={"PLAN": env.int("PLAN"), "plan": env.int("NOT_READ")})

    assert found["PLAN"] == 7


def test_what_is_omitted_is_no_setting(applied):
    assert "CURRENCY" not in applied(Shop, environ=SOUND, CURRENCY=computed(lambda _: OMIT))


def test_applying_twice_is_applying_once_and_changes_no_object_of_the_module(applied):
    module = {"SHOP": {"DOORS": [1]}, "INSTALLED_APPS": ["blog"]}
    before = copy.deepcopy(module)

    once = applied(Shop, environ=SOUND, module=module)
    twice = applied(Shop, environ=SOUND, module=once)

    assert once == twice
    assert module == before
    assert once["SHOP"] == {"DOORS": [1], "TOKEN": "t0ken"}


def test_a_value_is_nobody_else_s(applied):
    class Listed(SettingsMixin):
        ITEMS = env.list("ITEMS", default=["a"])

    applied(Listed)["ITEMS"].append("b")

    assert applied(Listed)["ITEMS"] == ["a"]


class TestProblems:
    def test_all_are_told_at_once_and_nothing_is_changed(self):
        module = {"CURRENCY": "GBP"}

        with pytest.raises(ImproperlyConfigured) as caught:
            Shop.apply(module, {"SHOP_CHEAP": "hunter2-maybe"})

        assert module == {"CURRENCY": "GBP"}
        assert str(caught.value).splitlines() == [
            "3 problems with the settings, nothing was started:",
            "  SHOP_CHEAP  expected true/false/1/0/yes/no/on/off  -> CHEAP of Shop",
            "  SHOP_NAME   required, not set  -> NAME of Shop",
            "  SHOP_TOKEN  required, not set  -> TOKEN of Shop",
            "No value is shown. All variables: python -m django_prodready settings --env-template",
        ]

    def test_one_is_told_in_the_singular(self, applied):
        with pytest.raises(SettingsError, match=r"^1 problem with the settings, nothing was started:"):
            applied(Shop, environ={"SHOP_NAME": "x"})

    def test_no_value_is_in_the_traceback_or_what_it_holds(self, applied):
        class Numbered(SettingsMixin):
            NUMBER = env.int("NUMBER")
            OWN = env.custom("OWN", parse=int)

        environ = dict.fromkeys(("NUMBER", "OWN"), "hunter2")
        with pytest.raises(SettingsError) as caught:
            applied(Numbered, environ=environ)

        assert "hunter" not in "".join(traceback.format_exception(caught.value))
        assert caught.value.__context__ is None
        assert [problem.rule for problem in caught.value.problems] == [
            "expected a whole number, in digits alone",
            "is not what int accepts",
        ]

    def test_an_option_that_cannot_be_is_told_with_the_wrong_variables_and_no_follow_up(self, problems):
        assert problems(Shop, SIZE="huge", environ={"SHOP_NAME": "x"}) == [
            ("SHOP_TOKEN", "required, not set"),
            ("SIZE", "expected one of 'small', 'large'"),
        ]

    @pytest.mark.parametrize(
        ("default", "value", "rule"),
        [
            (False, "yes", "expected a value like False, of type bool"),
            (5, True, None),
            (5, 2.5, None),
            (5, "5", "expected a value like 5, of type int"),
            ((), ["a"], None),
            ("a", None, "expected a value like 'a', of type str"),
            (None, object(), None),
        ],
    )
    def test_an_option_without_choices_has_the_type_of_its_default(self, applied, default, value, rule):
        class Free(SettingsMixin):
            FREE = option(default, help="Anything alike.")

        if rule is None:
            assert "FREE" not in applied(Free, FREE=value)
        else:
            with pytest.raises(SettingsError) as caught:
                applied(Free, FREE=value)
            assert [problem.rule for problem in caught.value.problems] == [rule]

    def test_true_is_not_taken_for_the_choice_1(self, problems):
        class Counted(SettingsMixin):
            COUNT = option(1, choices=(1, 2), help="How many.")

        assert problems(Counted, COUNT=True) == [("COUNT", "expected one of 1, 2")]

    def test_a_transform_that_misses_a_value_ends_alone(self, problems):
        class Refusing(SettingsMixin):
            def transform(self, draft):
                raise draft.refuse("DOORS", "expected one")

            def conclude(self, draft):
                raise draft.missing("WINDOWS", setting="HOUSE", example="2")

        assert problems(Refusing, Shop, environ={"SHOP_NAME": "x"}) == [
            ("SHOP_TOKEN", "required, not set"),
            ("DOORS", "expected one"),
            ("WINDOWS", "required, not set"),
        ]

    def test_the_error_can_be_pickled(self):
        with pytest.raises(SettingsError) as caught:
            Shop.apply({}, {})

        copied = pickle.loads(pickle.dumps(caught.value))

        assert (str(copied), copied.problems) == (str(caught.value), caught.value.problems)
        assert all(problem.is_missing for problem in copied.problems)

    def test_a_missing_package_is_told_with_its_extra(self, problems):
        class Needy(SettingsMixin):
            def transform(self, draft):
                draft.needs_package("no_such_package", extra="static")

        assert problems(Needy) == [
            ("Needy", "needs the package no_such_package: pip install 'django-prodready[static]'")
        ]

    @pytest.mark.parametrize(
        ("name", "value", "rule"),
        [
            ("MIDDLEWARE", "a.B", "expected a list"),
            ("MIDDLEWARE", 5, "expected a list"),
            ("SHOP", ["a"], "expected a dict"),
        ],
    )
    def test_a_setting_of_another_shape_is_told(self, problems, name, value, rule):
        class Changing(SettingsMixin):
            def transform(self, draft):
                draft.mapping("SHOP")
                draft.sequence("MIDDLEWARE")

        assert problems(Changing, module={name: value}) == [(name, rule)]


class TestDraft:
    def test_reads_the_class_above_the_module_above_django_s_defaults(self, applied):
        seen = {}

        class Reading(SettingsMixin):
            A = fixed(1)

            def transform(self, draft):
                for name in ("A", "B", "USE_TZ", "NONE"):
                    seen[name] = (draft.get(name), draft.has(name))
                assert (draft.knows("USE_TZ"), draft.knows("A")) == (True, False)
                assert (draft.mapping("NONE"), draft.sequence("NONE")) == ({}, [])

        applied(Reading, module={"A": 0, "B": 2})

        assert seen == {"A": (1, True), "B": (2, True), "USE_TZ": (True, False), "NONE": (None, False)}

    def test_removes_and_gives_again(self, applied):
        class Removing(SettingsMixin):
            A = fixed(1)

            def transform(self, draft):
                draft.remove("A")
                draft.remove("USE_TZ")
                assert (draft.get("A"), draft.get("USE_TZ"), draft.has("USE_TZ")) == (None, True, False)
                draft.remove("C")
                draft.set("C", 3)

        found = applied(Removing, module={"A": 0, "USE_TZ": False, "C": 1})

        assert found == {"C": 3, "INSTALLED_APPS": ["django_prodready"]}

    def test_defaults_go_below_what_is_there(self, applied):
        class Defaulting(SettingsMixin):
            def transform(self, draft):
                draft.default_in("SHOP", {"A": 1, "FACTS": {"B": 2, "C": 3}})

        assert applied(Defaulting, module={"SHOP": {"FACTS": {"B": 0}}})["SHOP"] == {
            "A": 1,
            "FACTS": {"B": 0, "C": 3},
        }
        assert applied(Defaulting)["SHOP"] == {"A": 1, "FACTS": {"B": 2, "C": 3}}

    def test_an_item_is_appended_once(self, applied):
        assert applied(module={"INSTALLED_APPS": ("django_prodready", "blog")})["INSTALLED_APPS"] == (
            "django_prodready",
            "blog",
        )


def test_the_record_tells_classes_and_variables_and_no_value(applied, tmp_path):
    secret = tmp_path / "token"
    secret.write_text("from-a-file\n")

    applied(Shop, environ={"SHOP_NAME": "Ada's", "SHOP_TOKEN_FILE": str(secret)}, module={"SHOP": {}}, OWN=1)

    record = records.latest()
    assert record is not None
    assert record.is_settled
    assert record.origins["NAME"] == records.Origin(("Shop",), ("SHOP_NAME",))
    assert record.origins["SHELVES"] == records.Origin(("Shop",))
    assert record.origins["SHOP"] == records.Origin(("Shop",), ("SHOP_TOKEN_FILE",), is_secret=True)
    assert record.origins["OWN"] == records.Origin(("Settings",))
    assert "from-a-file" not in repr(record)


def test_a_refused_class_is_recorded_too():
    with pytest.raises(SettingsError):
        Shop.apply({"__name__": "site.settings"}, {})

    record = records.latest()
    assert record is not None
    assert (record.cls, record.module, record.is_settled) == (Shop, "site.settings", False)
