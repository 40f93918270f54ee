"""docs/configuration.md names what the code reads."""

import dataclasses
import re
from pathlib import Path

from django_prodready.conf import Config, problems
from django_prodready.health.version import VARIABLES

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text()


def test_every_key_is_on_the_page_and_no_other():
    headings = re.findall(r"^### `(\w+)`$", PAGE, re.MULTILINE)
    rows = re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE)
    assert sorted(headings + rows) == sorted(field.name.upper() for field in dataclasses.fields(Config))


def test_every_fact_is_on_the_page_and_no_other():
    (unknown,) = problems({"FACTS": {3: None}})
    assert re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE) == list(unknown.known)


def test_every_variable_that_tells_a_version_is_on_the_page():
    assert [name for name in VARIABLES if f"`{name}`" not in PAGE] == []
