"""``[tool.prodready]`` and ``prodready.toml``: read, or refused with what to change."""

from __future__ import annotations

import datetime

import pytest

from django_prodready.reporting.errors import ConfigurationError
from django_prodready.reporting.project_config import Ignore, ProjectConfig, parse_date, read_project_config

DAY = datetime.date(2027, 3, 1)

CONFIGURATION = """
fail-level = "warning"
baseline = "quality/baseline.json"
ignore = [
    {check = "hsts.subdomains", reason = " The shop has no subdomains. ", until = 2027-03-01},
    {check = "hosts.wildcard", reason = "Behind a strict proxy.", subject = "ALLOWED_HOSTS[*]"},
]
"""


def problems(root) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read_project_config(root)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("prodready.toml", CONFIGURATION),
        ("pyproject.toml", f"[project]\nname = 'x'\n[tool.prodready]\n{CONFIGURATION}"),
    ],
)
def test_both_files_are_read_alike(tmp_path, file, text):
    (tmp_path / file).write_text(text)

    assert read_project_config(tmp_path) == ProjectConfig(
        source=tmp_path / file,
        fail_level="warning",
        baseline=tmp_path / "quality/baseline.json",
        ignores=(
            Ignore(
                check="hsts.subdomains",
                reason="The shop has no subdomains.",
                until=DAY,
                place=f"{file}: ignore entry 1",
            ),
            Ignore(
                check="hosts.wildcard",
                reason="Behind a strict proxy.",
                subject="ALLOWED_HOSTS[*]",
                place=f"{file}: ignore entry 2",
            ),
        ),
    )


def test_a_byte_order_mark_is_no_obstacle(tmp_path):
    (tmp_path / "prodready.toml").write_text('fail-level = "never"', "utf-8-sig")

    assert read_project_config(tmp_path).fail_level == "never"


@pytest.mark.parametrize("pyproject", [None, "", "tool = 3", "[tool.other]\nx = 1", "[tool.prodready]"])
def test_a_project_without_configuration_has_an_empty_one(tmp_path, pyproject):
    if pyproject is not None:
        (tmp_path / "pyproject.toml").write_text(pyproject)
    (tmp_path / "prodready.toml").write_text("# nothing yet\n")

    assert read_project_config(tmp_path) == ProjectConfig()


def test_two_configurations_are_refused(tmp_path):
    (tmp_path / "prodready.toml").write_text('fail-level = "error"')
    (tmp_path / "pyproject.toml").write_text("[tool.prodready]\nfail-level = 'error'")

    assert problems(tmp_path) == (
        (
            "prodready.toml and [tool.prodready] of pyproject.toml both configure prodready. "
            "Move everything to one of them."
        ),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fail_level = 'error'", "prodready.toml: unknown key 'fail_level'. Did you mean 'fail-level'?"),
        ("ignores = []", "prodready.toml: unknown key 'ignores'. Did you mean 'ignore'?"),
        ("zzz = 1", "prodready.toml: unknown key 'zzz'. Known are ignore, baseline, fail-level."),
        (
            "[tool.prodready]\nbaseline = 'x'",
            (
                "prodready.toml: unknown key 'tool'. "
                "In this file the keys stand at the top, without [tool.prodready]."
            ),
        ),
        (
            "fail-level = 'high'",
            "prodready.toml: fail-level must be one of critical, error, warning, info, never.",
        ),
        (
            "fail-level = 3",
            "prodready.toml: fail-level must be one of critical, error, warning, info, never.",
        ),
        (
            "baseline = ' '",
            'prodready.toml: baseline must be the path of a file, such as "prodready-baseline.json".',
        ),
        (
            "baseline = 1",
            'prodready.toml: baseline must be the path of a file, such as "prodready-baseline.json".',
        ),
        (
            "ignore = 'hsts.subdomains'",
            'prodready.toml: ignore must be a list, such as [{check = "hsts.subdomains", reason = "…"}].',
        ),
        (
            "ignore = ['hsts.subdomains']",
            (
                "prodready.toml: ignore entry 1: must be a table, such as "
                '{check = "hsts.subdomains", reason = "…"}.'
            ),
        ),
        (
            "ignore = [{check = 'hsts.subdomains'}]",
            "prodready.toml: ignore entry 1: reason is missing; say why the finding is acceptable.",
        ),
        (
            "ignore = [{check = 'hsts.subdomains', reason = ' '}]",
            (
                "prodready.toml: ignore entry 1: reason must be a text that is not blank; "
                "say why the finding is acceptable."
            ),
        ),
        (
            "ignore = [{reason = 'x'}]",
            "prodready.toml: ignore entry 1: check is missing; name one, such as hsts.subdomains.",
        ),
        (
            "ignore = [{check = 'hosts.probe_rejected', reason = 'x'}]",
            (
                "prodready.toml: ignore entry 1: 'hosts.probe_rejected' is no check's name. "
                "Write family.slug, such as hsts.subdomains."
            ),
        ),
        (
            "ignore = [{check = 'a.b', reason = 'x', untill = 2027-03-01}]",
            "prodready.toml: ignore entry 1: unknown key 'untill'. Did you mean 'until'?",
        ),
        (
            "ignore = [{check = 'a.b', reason = 'x', until = 'spring'}]",
            "prodready.toml: ignore entry 1: until is no date. Write a day, such as 2027-03-01.",
        ),
        (
            "ignore = [{check = 'a.b', reason = 'x', subject = 3}]",
            (
                "prodready.toml: ignore entry 1: subject must be a text that is not blank; "
                "name what the finding is about, or leave it out."
            ),
        ),
    ],
)
def test_each_mistake_is_named_with_what_to_change(tmp_path, text, expected):
    (tmp_path / "prodready.toml").write_text(text)

    assert problems(tmp_path) == (expected,)


def test_all_mistakes_are_named_at_once(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        "[tool.prodready]\nfail-level = 'x'\nignore = [{check = 'a.b', reason = 'x'}, {check = 'a'}]"
    )

    assert len(problems(tmp_path)) == 3


def test_a_tool_entry_that_is_no_table_is_refused(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool]\nprodready = true")

    assert problems(tmp_path) == (
        "pyproject.toml: tool.prodready is no table. Write it as [tool.prodready].",
    )


def test_a_file_that_is_no_toml_is_refused(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool\n")

    (problem,) = problems(tmp_path)
    assert problem.startswith("pyproject.toml is not valid TOML: ")
    assert "line 1" in problem


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "prodready.toml").write_bytes(b"\xff\xfe\x00")

    assert problems(tmp_path) == ("prodready.toml is not UTF-8 text. Save it as UTF-8.",)


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "prodready.toml").mkdir()

    assert problems(tmp_path) == ("prodready.toml cannot be read: Is a directory.",)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (DAY, DAY),
        ("2027-03-01", DAY),
        ("2027-02-30", None),
        ("20270301", None),
        (datetime.datetime(2027, 3, 1, tzinfo=datetime.UTC), None),
        (datetime.time(1, 2), None),
        (7, None),
        (None, None),
    ],
)
def test_dates(value, expected):
    assert parse_date(value) == expected
