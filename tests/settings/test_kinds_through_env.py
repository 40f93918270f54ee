"""Every kind of variable, through a class: no text ever raises anything but ImproperlyConfigured."""

import math
import re
from pathlib import Path

import dj_database_url
import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given, settings
from hypothesis import strategies as st

from django_prodready.settings import SettingsMixin, env

BOOLEANS = dict.fromkeys(("true", "1", "yes", "on"), True) | dict.fromkeys(("false", "0", "no", "off"), False)
TEXTS = st.text(max_size=40) | st.from_regex(
    r"\A(true|NO|on|[+-]?[0-9]{1,9}(\.[0-9]{1,3})?(e[0-9]{1,3})?|inf|nan|a=1, ?b=2|[ ,a-c]{0,12}"
    r"|(https?|postgres|redis|rediss|sqlite)://[a-z:@/#?%.0-9]{0,30})\Z"
)


class Every(SettingsMixin):
    TEXT = env.str("TEXT", default=None)
    SWITCH = env.bool("SWITCH", default=None)
    WHOLE = env.int("WHOLE", default=None)
    NUMBER = env.float("NUMBER", default=None)
    ITEMS = env.list("ITEMS", default=None)
    PAIRS = env.dict("PAIRS", default=None)
    ADDRESS = env.url("ADDRESS", default=None)
    PLACE = env.path("PLACE", default=None)
    KEY = env.secret("KEY", default=None)
    PLAN = env.choice("PLAN", choices=("small", "large"), default=None)
    DATABASE = env.database("DATABASE", default=None)
    REDIS = env.redis("REDIS", default=None)


def oracle_float(text):
    return None if not math.isfinite(value := float(text)) else value


ORACLES = {
    "TEXT": lambda text: text,
    "SWITCH": lambda text: BOOLEANS[text.strip().lower()],
    "WHOLE": int,
    "NUMBER": oracle_float,
    "ITEMS": lambda text: [item for item in re.split(r"\s*,\s*", text.strip()) if item],
    "PAIRS": lambda text: dict(
        tuple(part.strip() for part in pair.split("=", 1)) for pair in text.split(",") if pair.strip()
    ),
    "ADDRESS": lambda text: text.strip(),
    "PLACE": Path,
    "KEY": lambda text: text,
    "PLAN": lambda text: text.strip(),
    "DATABASE": dj_database_url.parse,
    "REDIS": lambda text: text.strip(),
}


@pytest.mark.parametrize("name", sorted(ORACLES))
@settings(max_examples=60)
@given(text=TEXTS)
def test_any_text_is_refused_properly_or_means_what_an_oracle_says(name, text):
    module = {}
    try:
        Every.apply(module, {name: text})
    except ImproperlyConfigured:
        return
    assert module[name] == (ORACLES[name](text) if text.strip() else None)


@settings(max_examples=60)
@given(environ=st.dictionaries(st.sampled_from(sorted(ORACLES)), TEXTS))
def test_any_environment_is_read_or_refused_as_a_whole(environ):
    module = {"KEPT": 1}
    try:
        Every.apply(module, environ)
    except ImproperlyConfigured:
        assert module == {"KEPT": 1}
