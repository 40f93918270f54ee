"""Files and folders."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds import path


@pytest.mark.parametrize("said", ["/srv/media", "media", "/srv/my media", "./x", "/ä"])
def test_a_path_is_kept(said):
    assert path(said) == Path(said)


@pytest.mark.parametrize(
    ("said", "options", "rule"),
    [
        ("", {}, "expected a path, without blanks around it"),
        (" /srv", {}, "expected a path, without blanks around it"),
        ("/srv ", {}, "expected a path, without blanks around it"),
        ("/srv\n", {}, "expected text without control characters, tabs and line breaks among them"),
        ("/srv\x00", {}, "expected text without control characters, tabs and line breaks among them"),
        ("/srv\udcff", {}, "expected text in UTF-8"),
        ("~/media", {}, "expected a path without ~, which only a shell expands"),
        ("media", {"absolute": True}, "expected an absolute path, one that begins with /"),
        (
            "/there/is/none",
            {"must_exist": True},
            "expected the path of something that exists and is within reach of this process",
        ),
        (
            "x" * 5000,
            {"must_exist": True},
            "expected the path of something that exists and is within reach of this process",
        ),
    ],
)
def test_a_path_that_cannot_be_meant_is_refused(said, options, rule):
    with pytest.raises(Invalid) as raised:
        path(said, **options)
    assert raised.value.rule == rule
    assert raised.value.__context__ is None


def test_a_path_that_exists_is_found(tmp_path):
    assert path(str(tmp_path), must_exist=True, absolute=True) == tmp_path


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=8), st.booleans(), st.booleans())
def test_any_text_is_its_own_path_or_invalid(said, must_exist, absolute):
    try:
        found = path(said, must_exist=must_exist, absolute=absolute)
    except Invalid:
        return
    assert found == Path(said)
