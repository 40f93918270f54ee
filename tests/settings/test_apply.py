"""A class becomes settings of a plain module: what wins over what, and nothing happens before."""

import copy
import json
import pickle
import re
import sys
import threading
import traceback
from functools import cached_property

import pytest
from django.core.exceptions import ImproperlyConfigured

from django_prodready.settings import (
    OMIT,
    PermissionsPolicy,
    Production,
    Security,
    SettingsError,
    SettingsMixin,
    computed,
    env,
    fixed,
    option,
    records,
)
from django_prodready.settings.declared import Declared
from django_prodready.settings.environment.field import Field
from django_prodready.settings.environment.reading import Reading
from django_prodready.settings.settling import fields_of, settle


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


def test_properties_and_methods_are_settings(applied):
    class Banners(Shop):
        BANNER = property(lambda settings: f"{settings.NAME}!")

        @cached_property
        def SIGN(self):  # noqa: N802 - a setting
            return f"{self.NAME}?"

        def POSTER(self):  # noqa: N802 - a setting
            return [self.NAME]

        @classmethod
        def FLYER(cls):  # noqa: N802 - a setting
            return cls.__name__

    found = applied(Banners, environ=SOUND)

    assert (found["BANNER"], found["SIGN"], found["POSTER"], found["FLYER"]) == (
        "Ada's!",
        "Ada's?",
        ["Ada's"],
        "Settings",
    )


def test_a_field_of_the_module_itself_is_read(applied):
    found = applied(environ={"PLAN": "7"}, module={"PLAN": env.int("PLAN"), "plan": env.int("NOT_READ")})

    assert found["PLAN"] == 7


def test_a_field_of_the_module_that_the_class_overrides_is_not_read(applied):
    assert applied(module={"PLAN": env.int("PLAN")}, PLAN=5)["PLAN"] == 5


def test_a_field_of_two_classes_is_a_variable_of_both(applied):
    shared = env.int("PLAN")
    first = type("First", (SettingsMixin,), {"PLAN": shared})
    second = type("Second", (SettingsMixin,), {"SCHEME": shared})

    assert [*fields_of(first)] == [*fields_of(second)] == [shared]
    assert applied(second, environ={"PLAN": "7"})["SCHEME"] == 7


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


def test_what_is_fixed_and_the_default_of_an_option_are_nobody_else_s(applied):
    class Policy(SettingsMixin):
        CAMERA = fixed({"camera": [], "sizes": ({"a": 1}, {2})})
        ROOMS = option([], help="Which.")

        def transform(self, draft):
            self.ROOMS.append("hall")
            draft.set("COUNT", len(self.ROOMS))

    found = applied(Policy)
    found["CAMERA"]["camera"].append("self")
    found["CAMERA"]["sizes"][0]["b"] = 2
    found["CAMERA"]["sizes"][1].add(3)

    assert applied(Policy)["CAMERA"] == {"camera": [], "sizes": ({"a": 1}, {2})}
    assert applied(Policy)["COUNT"] == 0


def test_streams_and_locks_in_a_setting_stay_what_they_are(applied):
    class Locked(Production):
        LOCK = env.custom("LOCK", parse=lambda _: threading.Lock())

        def transform(self, draft):
            assert draft.mapping("LOGGING")["handlers"]["file"]["stream"] is sys.stderr

    handlers = {"file": {"class": "logging.StreamHandler", "stream": sys.stderr}}
    environ = {"SECRET_KEY": "0123456789" * 6, "ALLOWED_HOSTS": "site.example", "LOCK": "x"}

    found = applied(Locked, environ=environ, module={"LOGGING": {"version": 1, "handlers": handlers}})

    assert found["LOCK"].acquire(blocking=False)


@pytest.mark.parametrize(
    "apps", [["django_prodready"], ["blog", "django_prodready.apps.ProdreadyConfig"], ("django_prodready",)]
)
def test_the_app_is_added_once_under_either_name(applied, apps):
    assert applied(module={"INSTALLED_APPS": apps})["INSTALLED_APPS"] == apps


def test_an_instance_that_nobody_settled_has_its_attributes():
    assert {"NAME", "SIZE", "apply"} <= {*dir(object.__new__(Shop))}


def test_a_declaration_of_no_kind_has_no_value():
    with pytest.raises(NotImplementedError):
        Declared().value_for(object())


def test_each_class_of_a_diamond_transforms_once_whatever_kind_of_method_it_has(applied):
    class Counting(SettingsMixin):
        def transform(self, draft):
            draft.set("COUNT", draft.get("COUNT", 0) + 1)

    class Left(Counting):
        @staticmethod
        def transform(draft):
            draft.set("LEFT", 1)

    class Right(Counting):
        @classmethod
        def transform(cls, draft):
            draft.set("RIGHT", cls.__name__)

    found = applied(Left, Right)

    assert (found["COUNT"], found["LEFT"], found["RIGHT"]) == (1, 1, "Settings")


def test_parts_of_production_may_be_named_behind_it(applied, sound):
    assert applied(Production, Security, PermissionsPolicy, environ=sound) == applied(
        Production, environ=sound
    )


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

    def test_no_value_is_in_the_locals_of_the_traceback(self, monkeypatch):
        def refused(text):
            raise RuntimeError(text)

        kinds = {
            "A": env.int("A"),
            "B": env.custom("B", parse=refused, secret=True),
            "C": env.secret("C", min_length=99),
            "D": env.database("D"),
            "E": env.url("E_FILE"),
            "F": env.dict("F"),
            "G": env.custom("G", parse=int),
            "H": env.choice("H", choices=("x",)),
            "I": env.secret("I"),
            "J": env.redis("J"),
        }
        for name in (*kinds, "E_FILE", "I_FILE"):
            monkeypatch.setenv(name, "%zqxwv%")

        with pytest.raises(SettingsError) as caught:
            type("Site", (SettingsMixin,), kinds).apply({})

        told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        assert "zqx" not in "".join(told.format()).replace("%zqxwv%", "", 1)
        assert len(caught.value.problems) == len(kinds)
        assert (caught.value.__cause__, caught.value.__context__) == (None, None)
        assert not hasattr(caught.value, "__notes__")
        assert "zqx" not in repr([vars(caught.value), *kinds.values(), records.latest()])

    def test_no_value_is_in_the_repr_of_what_is_settled(self):
        reading = Reading({"SHOP_NAME": "zqx", "SHOP_TOKEN": "zqx"}, may_build=False)
        instance = object.__new__(Shop)

        settled = settle(instance, {}, reading)

        assert settled.values["NAME"] == "zqx"
        assert "zqx" not in repr([settled, instance, reading])

    @pytest.mark.parametrize(
        "value",
        [
            {"default": env.str("X")},
            [env.str("X")],
            ("a", [{"b": fixed(1)}]),
        ],
    )
    def test_a_declaration_within_another_value_is_told(self, problems, value):
        rule = (
            "holds a declaration in a list or dict, where nothing reads it: "
            "declare it under a name of its own, and this as computed(...)"
        )

        assert problems(PLACES=value) == [("PLACES", rule)]
        assert problems(module={"PLACES": value}) == [("PLACES", rule)]

    def test_what_fails_is_told_by_its_place_and_not_by_its_text(self):
        class Failing(SettingsMixin):
            CODE = env.secret("CODE")
            NUMBER = computed(lambda settings: int(settings.CODE))
            ROOMS = property(lambda settings: {}[settings.CODE])
            FLOORS = option(1, help="How many.")
            OTHER = env.int("OTHER")

            @cached_property
            def DOORS(self):  # noqa: N802 - a setting
                return json.loads(self.CODE)

            def transform(self, draft):
                draft.set("CODES", [getattr(self, self.CODE)])

        class Failed(Failing):
            FLOORS = computed(lambda settings: float(settings.CODE))

        environ = {"CODE": "hunter2", "OTHER": "x"}
        with pytest.raises(SettingsError) as caught:
            Failed.apply({"MIDDLEWARE": [["unhashable"]]}, environ)

        told = {problem.variable: problem.rule for problem in caught.value.problems}
        assert {name: rule.partition(" at ")[0] for name, rule in told.items()} == {
            "DOORS": "fails with JSONDecodeError",
            "FLOORS": "fails with ValueError",
            "NUMBER": "fails with ValueError",
            "OTHER": "expected a whole number, in digits alone",
            "ROOMS": "fails with KeyError",
            "Failing": "fails with AttributeError",
        }
        places = [rule.partition(" at ")[2] for rule in told.values() if " at " in rule]
        assert all(re.fullmatch(r"test_apply\.py:\d+", place) for place in places)
        assert "hunter" not in "".join(traceback.format_exception(caught.value))

    def test_what_fails_in_a_setting_of_another_shape_is_told(self, problems):
        [(name, rule)] = problems(PermissionsPolicy, module={"MIDDLEWARE": [["unhashable"]]})

        assert name == "PermissionsPolicy"
        assert re.fullmatch(r"fails with TypeError at \w+\.py:\d+", rule)

    def test_a_message_of_the_project_s_own_is_let_through(self, applied):
        class Own(SettingsMixin):
            def transform(self, draft):
                raise ImproperlyConfigured("Name the rooms in ROOMS.")

        with pytest.raises(ImproperlyConfigured, match=r"^Name the rooms in ROOMS\.$"):
            applied(Own)

    def test_a_declaration_of_the_module_that_is_no_variable_is_told(self, problems):
        assert problems(module={"RATE": fixed(1), "rate": fixed(1), "PLAN": env.int("PLAN")}) == [
            ("PLAN", "required, not set"),
            ("RATE", "is declared outside of a class: move it into one"),
        ]

    def test_hundreds_are_told_in_their_columns(self, problems):
        names = [f"N{'X' * (number % 9)}{number}" for number in range(400)]
        fields = {name: env.int(name, help="größer", example="größer als 3") for name in names}

        assert [name for name, _ in problems(**fields)] == sorted(names)

    def test_middleware_without_its_place_is_told_with_both_lists(self, problems):
        [(name, rule)] = problems(PermissionsPolicy, module={"MIDDLEWARE": ["a.B"]})

        assert name == "MIDDLEWARE"
        assert "MIDDLEWARE holds ['a.B']; the order asked for is ['django_prodready.middleware." in rule

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

    @pytest.mark.parametrize("name", ["HSTS_STAGES", "HST_STAGE", "HSTS_STAGGE"])
    def test_an_attribute_that_is_nearly_an_option_is_told(self, problems, name):
        class Staged(SettingsMixin):
            HSTS_STAGE = option("hour", help="How long.")

        assert problems(Staged, **{name: "day"}) == [(name, "is no option: is HSTS_STAGE meant?")]

    @pytest.mark.parametrize("name", ["STAGE", "HSTS_STATE_OF_PLAY", "SECURE_HSTS_SECONDS", "TAXES"])
    def test_other_names_are_settings_of_the_project_s_own(self, applied, name):
        class Staged(SettingsMixin):
            HSTS_STAGE = option("hour", help="How long.")
            TAX = option("none", help="Which.")

        assert applied(Staged, **{name: 1})[name] == 1

    def test_beside_the_option_itself_a_like_name_is_meant(self, applied):
        class Staged(SettingsMixin):
            HSTS_STAGE = option("hour", help="How long.")

        assert applied(Staged, HSTS_STAGE="day", HSTS_STAGES=["hour"])["HSTS_STAGES"] == ["hour"]

    def test_an_option_that_the_module_was_given_is_told(self, problems, applied):
        module = {"SIZE": "large"}

        assert problems(Shop, environ=SOUND, module=module) == [
            ("SIZE", "is an option of Shop: move it into the class")
        ]
        assert applied(Shop, environ=SOUND, module=module, SIZE="small")["SHELVES"] == 3

    def test_what_could_be_no_value_of_the_option_is_the_project_s_own(self, applied):
        assert applied(Shop, environ=SOUND, module={"SIZE": (3, 4)})["SIZE"] == (3, 4)

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
            ("HOUSES", {"a": {}, "b": None, "c": "d"}, "expected a dict of dicts"),
        ],
    )
    def test_a_setting_of_another_shape_is_told(self, problems, name, value, rule):
        class Changing(SettingsMixin):
            def transform(self, draft):
                draft.mapping("SHOP")
                draft.sequence("MIDDLEWARE")
                draft.entries("HOUSES")

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

    def test_entries_that_are_none_are_empty(self, applied):
        class Reading(SettingsMixin):
            def transform(self, draft):
                assert draft.entries("CACHES") == {"a": {}, "b": {"c": 1}}

        assert applied(Reading, module={"CACHES": {"a": None, "b": {"c": 1}}})

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
